"""check: what is shown, what is recorded, what nbgrader makes of it."""

import html
import re
import sys
import warnings

import nbformat
import pytest
from nbclient import NotebookClient
from nbgrader.utils import determine_grade

from exocourse.learning import progress
from exocourse.learning.check import CheckFailed, check
from exocourse.learning.question import Cases, Choice, Misconception, Number, Question, Written

SURFACE = Question(
    "1.1.a",
    "How large is the surface?",
    Number(31416.0, unit="nm2"),
    misconceptions=(
        Misconception("diameter", "The formula wants the <radius> & not more.", 125664.0),
        Misconception("half", "That is half of it.", 15708.0, partial=0.5),
    ),
    hints=("Which formula?", "Radius or diameter?"),
    points=2.0,
)
TUBE = Question("1.1.b", "What is it?", Choice((("a", "An EV"), ("b", "A lysate")), "a"))
WHY = Question("1.1.c", "Why?", Written(("A reason",)))
DOUBLE = Question("1.1.g", "Write double.", Cases("double", ((1,), (2.5,)), lambda x: 2 * x))


@pytest.fixture(autouse=True)
def own_progress(monkeypatch, tmp_path):
    monkeypatch.setenv("EXOCOURSE_PROGRESS", str(tmp_path / "progress"))
    monkeypatch.delenv("NBGRADER_EXECUTION", raising=False)


@pytest.fixture
def shown(monkeypatch):
    """The bundles that are displayed, as in a notebook."""
    import IPython

    bundles = []
    monkeypatch.setattr(IPython, "get_ipython", object)
    monkeypatch.setattr(
        "IPython.display.display", lambda bundle, raw: bundles.append(bundle) if raw else None
    )
    return bundles


def text_of(markup):
    return html.unescape(" ".join(re.sub(r"<[^>]+>", " ", markup).split()))


ANSWERS = [31416, 125664.0, 15708, 3.1416, "31416 nm2", [1, 2], None, float("nan"), object()]


@pytest.mark.parametrize("answer", ANSWERS)
def test_it_returns_none_so_that_the_notebook_runs_on(shown, answer):
    assert check(SURFACE, answer) is None
    assert len(shown) == 1


def test_given_nothing_it_says_how(shown):
    assert check(SURFACE) is None
    words = shown[0]["text/plain"]
    assert words.startswith("1.1.a: Not attempted. No answer was given.")
    assert 'exo.check("1.1.a", your_answer)' in words


@pytest.mark.parametrize("answer", ANSWERS)
def test_text_and_html_say_the_same_in_words(shown, answer):
    check(SURFACE, answer)
    words, markup = shown[0]["text/plain"], shown[0]["text/html"]
    assert set(shown[0]) == {"text/plain", "text/html"}
    said, _, call = words.partition("\nNext: ")
    assert " ".join(said.split()) in re.sub(r"^. ", "", text_of(markup))
    assert all(hint in text_of(markup) for hint in SURFACE.hints) == bool(call)
    assert markup.startswith('<div role="status"')
    assert 'aria-hidden="true"' in markup
    assert "31416" not in words.replace("31416 nm2", "")


def test_what_is_shown_is_escaped(shown):
    check(SURFACE, 125664.0)
    assert "&lt;radius&gt; &amp; not more" in shown[0]["text/html"]
    assert "<radius> & not more" in shown[0]["text/plain"]


def test_the_card_is_readable_on_light_and_dark_pages(shown):
    for answer in ANSWERS:
        check(SURFACE, answer)
    assert not any(re.search(r"#[0-9a-f]{3}|rgb|background", one["text/html"]) for one in shown)


def test_a_next_step_is_offered_until_it_is_right(shown):
    for answer in (None, 1.0, "x", 31416):
        check(SURFACE, answer)
    check(TUBE, "b")
    offered = ['exo.hint("1.1.a")' in one["text/plain"] for one in shown]
    assert offered == [True, True, True, False, False]
    assert "hint" not in shown[4]["text/plain"]


def test_what_is_shown_does_not_depend_on_progress(shown):
    for answer in (1.0, 31416, 1.0, 31416):
        check(SURFACE, answer)
    assert shown[0] == shown[2]
    assert shown[1] == shown[3]


def test_trouble_in_recording_is_shown_but_not_stored_as_text(shown, monkeypatch):
    check(SURFACE, 1.0)
    monkeypatch.setattr(progress, "record", lambda *args, **extra: "The disk is <full>.")
    check(SURFACE, 1.0)
    assert shown[0]["text/plain"] == shown[1]["text/plain"]
    assert '<p role="alert">The disk is &lt;full&gt;.</p>' in shown[1]["text/html"]


def test_outside_a_notebook_it_prints(capsys, monkeypatch):
    monkeypatch.delitem(sys.modules, "IPython", raising=False)
    monkeypatch.setattr(progress, "record", lambda *args, **extra: "The disk is full.")
    check(SURFACE, 15708)
    assert capsys.readouterr().out == (
        '1.1.a: Not right yet. That is half of it.\nNext: exo.hint("1.1.a")\nThe disk is full.\n'
    )


def test_answers_are_recorded_and_blanks_are_not(shown):
    for answer in (None, ..., 15708, 31416):
        check(SURFACE, answer)
    check(SURFACE)
    check(WHY, "Because of this.")
    check(TUBE, "x" * 5000)
    check(DOUBLE, lambda x: None)
    wrong, right, written, long = progress.entries("answer")
    assert wrong.value == {
        "result": "wrong",
        "misconception": "half",
        "answer": {"kind": "value", "value": 15708},
    }
    assert (wrong.id, wrong.right, right.right, written.right) == ("1.1.a", False, True, False)
    assert written.value["result"] == "recorded"
    assert "answer" not in long.value


def test_every_answer_can_be_recorded(shown):
    odd = [float("nan"), float("-inf"), 10**5000, {1: {2}}, "\ud800", object(), [[1], 2]]
    for answer in [*ANSWERS, *odd]:
        check(SURFACE, answer)
        check(DOUBLE, lambda x, answer=answer: answer)
    assert len(progress.entries("answer")) == 2 * len(ANSWERS + odd) - 2  # None, both times


# --- Where nbgrader executes


@pytest.fixture
def graded(monkeypatch, shown):
    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")

    def refuse(*args, **extra):
        raise AssertionError("progress must not be touched")

    for name in ("record", "entries", "latest"):
        monkeypatch.setattr(progress, name, refuse)
    return shown


def blank_function(x):
    pass  # your answer


@pytest.mark.parametrize(
    ("question", "answers"),
    [
        (SURFACE, ()),
        (SURFACE, (None,)),
        (SURFACE, (...,)),
        (SURFACE, (1.0,)),
        (SURFACE, ("31416",)),
        (TUBE, ()),
        (TUBE, (None,)),
        (TUBE, ("",)),
        (DOUBLE, ()),
        (DOUBLE, (None,)),
        (DOUBLE, (blank_function,)),
        (DOUBLE, (lambda x: x,)),
        (WHY, (None,)),
        (WHY, ("A reason that only a person can judge.",)),
    ],
)
def test_what_earns_nothing_fails_with_its_message(graded, question, answers):
    with pytest.raises(CheckFailed) as caught:
        check(question, *answers)
    assert str(caught.value) in graded[0]["text/plain"]


def test_points_where_there_is_partial_credit_and_none_elsewhere(graded):
    full, half = check(SURFACE, 31416), check(SURFACE, 15708)
    assert (full, half) == (2.0, 1.0)
    assert type(full) is type(half) is float
    assert check(TUBE, "a") is None
    assert check(DOUBLE, lambda x: x + x) is None


# In a kernel, as nbgrader does it: cell sources, and the points each must get of 2.
SETUP = """
import warnings
from exocourse.learning.check import check
from exocourse.learning.question import *
SURFACE = Question("1.1.a", "?", Number(31416.0), points=2.0, misconceptions=(
    Misconception("half", "That is half of it.", 15708.0, partial=0.5),))
TUBE = Question("1.1.b", "?", Choice((("a", "An EV"), ("b", "A lysate")), "a"), points=2.0)
DOUBLE = Question("1.1.g", "?", Cases("double", ((1,), (2.5,)), lambda x: 2 * x), points=2.0)

class Equal(float):
    def __eq__(self, other): return True
    def __sub__(self, other): return 0.0
    __rsub__ = __sub__

def blank(x):
    pass  # your answer
def warned(x):
    warnings.warn("careful")
    return x + x
def wrong(x):
    return x
def spoiled(x):
    get_ipython().displayhook(2.0)
    raise ValueError
"""
CELLS = {
    "check(SURFACE, 31416)": 2,
    "check(SURFACE, 15708)": 1,
    "check(SURFACE, 5)": 0,
    "check(SURFACE, None)": 0,
    "check(SURFACE)": 0,
    "check(SURFACE, Equal(1))": 0,
    "check(TUBE, 'a')": 2,
    "check(TUBE, 'b')": 0,
    "check(TUBE, None)": 0,
    "check(DOUBLE, lambda x: 2 * x)": 2,
    "check(DOUBLE, warned)": 2,
    "check(DOUBLE, wrong)": 0,
    "check(DOUBLE, blank)": 0,
}


def run(sources, **environment):
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(one) for one in sources])
    client = NotebookClient(notebook, timeout=60, allow_errors=bool(environment))
    client.create_kernel_manager()
    import os

    client.execute(env={**os.environ, **environment})
    return notebook.cells


def test_nbgraders_own_grade_of_executed_cells():
    cells = run([SETUP, *CELLS], NBGRADER_EXECUTION="autograde")
    assert not cells[0].outputs
    got = {}
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for cell in cells[1:]:
            cell.metadata["nbgrader"] = {"grade": True, "solution": False, "points": 2}
            got[cell.source] = determine_grade(cell)[0]
    assert got == CELLS


def test_a_notebook_of_wrong_answers_runs_to_its_end():
    cells = run([SETUP, *CELLS, "check(DOUBLE, spoiled)", "'the end'"])
    kinds = {output.output_type for cell in cells[1:-1] for output in cell.outputs}
    assert kinds <= {"display_data", "execute_result"}
    assert cells[-1].outputs[0]["data"]["text/plain"] == "'the end'"
