"""hint: one after another, the same on every run, usable by keyboard."""

import html.parser
import sys

import pytest

from exocourse.learning.hint import hint
from exocourse.learning.question import Number, Question

HINTS = ("First <one>.", "Second & more.", "Third.")
QUESTION = Question("1.1.a", "How many?", Number(5.0), hints=HINTS)


@pytest.fixture(autouse=True)
def own_progress(monkeypatch, tmp_path):
    monkeypatch.setenv("EXOCOURSE_PROGRESS", str(tmp_path / "progress"))


@pytest.fixture
def shown(monkeypatch):
    import IPython

    bundles = []
    monkeypatch.setattr(IPython, "get_ipython", object)
    monkeypatch.setattr("IPython.display.display", lambda bundle, raw: bundles.append(bundle))
    return bundles


class Folds(html.parser.HTMLParser):
    """Depth, state and text of each hint."""

    def __init__(self, markup):
        super().__init__()
        self.depth, self.found, self.inside = 0, [], ""
        self.feed(markup)
        self.close()

    def handle_starttag(self, tag, attributes):
        if tag == "details":
            self.depth += 1
            self.found.append([self.depth, "open" in dict(attributes), ""])
        self.inside = tag

    def handle_endtag(self, tag):
        self.depth -= tag == "details"
        self.inside = ""

    def handle_data(self, data):
        if self.inside == "p" and self.found:
            self.found[-1][2] += data


@pytest.mark.parametrize(("number", "opened"), [(None, 1), (1, 1), (2, 2), (3, 3)])
def test_each_hint_is_folded_into_the_one_before(shown, number, opened):
    assert hint(QUESTION, number) is None
    folds = Folds(shown[0]["text/html"])
    assert folds.depth == 0
    assert folds.found == [
        [place, place <= opened, text] for place, text in enumerate(HINTS, start=1)
    ]


def test_the_text_names_one_hint_and_the_next_step(shown):
    hint(QUESTION)
    hint(QUESTION, 3)
    assert shown[0]["text/plain"] == '1.1.a, hint 1 of 3: First <one>.\nNext: exo.hint("1.1.a", 2)'
    assert shown[1]["text/plain"] == "1.1.a, hint 3 of 3: Third."


def test_asking_again_shows_the_same(shown):
    for _ in range(3):
        hint(QUESTION)
    assert shown[0] == shown[1] == shown[2]


@pytest.mark.parametrize("number", [0, 4, -1, "2", 1.0, True, object()])
def test_a_hint_that_is_not_there_is_said_and_nothing_stops(shown, number):
    hint(QUESTION, number)
    words = "Hints of 1.1.a are numbered from 1 to 3."
    assert shown[0]["text/plain"].startswith(f"{words}\n1.1.a, hint 1 of 3")
    assert words in shown[0]["text/html"]


def test_a_question_without_hints_says_so(shown):
    hint(Question("1.1.f", "Why?", Number(5.0)))
    assert shown[0]["text/plain"] == "There are no hints for 1.1.f."


def test_outside_a_notebook_it_prints(capsys, monkeypatch):
    monkeypatch.delitem(sys.modules, "IPython", raising=False)
    hint(QUESTION, 3)
    assert capsys.readouterr().out == "1.1.a, hint 3 of 3: Third.\n"
