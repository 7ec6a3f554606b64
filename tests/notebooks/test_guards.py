"""Each guard passes a good notebook and fails a bad one, in the cell that is bad."""

from __future__ import annotations

import copy
import io
import json
import tarfile
import zipfile

import pytest
from tiny_notebooks import code, graded, markdown, notebook, write

from exocourse.teaching import guards

WELSH = "[Welsh et al., 2024](https://doi.org/10.1002/jev2.12404)"
BIBLIOGRAPHY = {
    "Welsh24": "10.1002/jev2.12404",
    "Colombo14": "10.1146/x-y",
    "FDA19": "https://www.fda.gov/x",
}
LABELS = {
    "Welsh24": "Welsh et al., 2024",
    "Colombo14": "Colombo et al., 2014",
    "FDA19": "FDA, 2019",
}


def shown(text: str) -> list[dict]:
    return [{"output_type": "display_data", "metadata": {}, "data": {"text/plain": text}}]


def lesson():
    """Return a lesson that every guard passes."""
    return notebook(
        markdown("title", "# What is an exosome?\n\nOne question.", "title"),
        markdown("objectives", "## You will\n\n1. name it", "objectives"),
        code(
            "setup",
            'import exocourse as exo\n\nexo.require("0.1")',
            "setup",
            count=1,
            outputs=shown("ready"),
        ),
        code("predict", 'exo.predict("1.1")', "predict", count=2, outputs=shown("A question")),
        markdown("theory-1", f"## Names\n\nSay EV {WELSH}. $d^2$", "theory"),
        markdown("theory-2", "### Sizes\n\n![A ruler](ruler.png)", "theory"),
        code("explore-1", "exo.VesicleSize()", "explore", count=3, outputs=shown("100 nm")),
        code("data-1", "print(1)", "data", count=4, outputs=shown("1")),
        markdown("worked-1", "## Worked", "worked"),
        code("claims-1", 'exo.weigh("1.1")', "claims", count=5, outputs=shown("S0-01")),
        code("quiz-1", 'exo.quiz("1.1")', "quiz", count=6, outputs=shown("Three items")),
        markdown("keypoints", "## Key points", "keypoints"),
        code("references", 'exo.cite("Welsh24")', "references", count=7, outputs=shown("Welsh")),
    )


def exercise():
    return notebook(
        markdown("title", "# Exercise"),
        code("answer-a", "a = None\npass  # your answer", nbgrader=graded("s-a", solution=True)),
        code("check-a", 'exo.check("1.1.a", a)', nbgrader=graded("q-1-1-a", points=1)),
    )


def solution():
    return notebook(
        markdown("notes", "The rubric.", "instructor"),
        markdown("title", "# Exercise"),
        code(
            "answer-a",
            "a = None\n### BEGIN SOLUTION\na = 4\n### END SOLUTION",
            count=1,
            nbgrader=graded("s-a", solution=True),
        ),
        code(
            "answer-b",
            "def f(x):\n    ### BEGIN SOLUTION\n    return x\n    ### END SOLUTION",
            count=2,
            nbgrader=graded("s-b", solution=True),
        ),
        code(
            "check-a",
            'exo.check("1.1.a", a)',
            count=3,
            outputs=shown("right"),
            nbgrader=graded("q-1-1-a", points=1),
        ),
    )


GOOD = {"lessons": lesson, "exercises": exercise, "solutions": solution}


def cell(nb, cell_id):
    return next(cell for cell in nb["cells"] if cell["id"] == cell_id)


def change(cell_id, **values):
    return lambda nb: cell(nb, cell_id).update(values)


def say(cell_id, source):
    return change(cell_id, source=source)


def output(cell_id, **fields):
    return change(cell_id, outputs=[fields])


def display(cell_id, **data):
    names = {"html": "text/html", "png": "image/png", "plain": "text/plain", "svg": "image/svg+xml"}
    bundle = {names.get(name, name): value for name, value in data.items()}
    return output(cell_id, output_type="display_data", metadata={}, data=bundle)


def course(**values):
    return lambda nb: nb["metadata"]["exocourse"].update(values)


def objective(**values):
    return course(objectives=[{"id": "o", "text": "Do.", "met_by": ["1.1.a"]} | values])


def swap(nb):
    nb["cells"][5], nb["cells"][6] = nb["cells"][6], nb["cells"][5]


VIEW = {"application/vnd.jupyter.widget-view+json": {"model_id": "1", "version_major": 2}}
SVG = '<svg role="img"><title>EV</title><desc>A circle.</desc><circle r="1"/></svg>'

# guard, the good notebook it starts from, what is done to it, the cell named, words of the message
BAD = [
    (guards.stable_cell_ids, lesson, change("title", id="setup"), "setup", "two cells"),
    (guards.stable_cell_ids, lesson, change("title", id="3fa85f64"), "3fa85f64", "random"),
    (
        guards.stable_cell_ids,
        lesson,
        change("title", id="3fa85f64-5717-4562-b3fc-2c963f66afa6"),
        "3fa85f64-5717-4562-b3fc-2c963f66afa6",
        "random",
    ),
    (guards.stable_cell_ids, lesson, change("title", id="Title_"), "Title_", "lower case"),
    (guards.executed_in_order, lesson, change("quiz-1", execution_count=None), "quiz-1", "not exe"),
    (guards.executed_in_order, lesson, change("quiz-1", execution_count=9), "quiz-1", "number 9"),
    (guards.executed_in_order, lesson, say("quiz-1", " \n"), "quiz-1", "empty"),
    (guards.outputs_stored, lesson, change("data-1", outputs=[]), "data-1", "no output"),
    (guards.outputs_stored, lesson, change("explore-1", outputs=[]), "explore-1", "no output"),
    (
        guards.no_stored_error,
        lesson,
        output("data-1", output_type="error", ename="KeyError", evalue="x", traceback=[]),
        "data-1",
        "KeyError: x",
    ),
    (
        guards.no_stored_warning,
        lesson,
        output("data-1", output_type="stream", name="stderr", text="FutureWarning: soon\n"),
        "data-1",
        "FutureWarning",
    ),
    (guards.no_widget_state, lesson, display("explore-1", **VIEW), "explore-1", "widget view"),
    (
        guards.no_widget_state,
        lesson,
        lambda nb: nb["metadata"].update(widgets={"x": {"state": {}}}),
        None,
        "widget state",
    ),
    (guards.small_enough, lesson, display("data-1", png="A" * 1_000_000), "data-1", "bytes"),
    (guards.stores_no_outputs, exercise, change("check-a", execution_count=1), "check-a", "stores"),
    (guards.stores_no_outputs, exercise, display("check-a", plain="x"), "check-a", "stores"),
    (guards.code_parses, lesson, say("data-1", "%matplotlib inline"), "data-1", "plain Python"),
    (guards.code_parses, lesson, say("data-1", "print(1"), "data-1", "line 1"),
    (guards.no_trailing_semicolon, lesson, say("data-1", "f(1);\n"), "data-1", "semicolon"),
    (guards.no_network, lesson, say("data-1", "import requests"), "data-1", "requests"),
    (guards.no_network, lesson, say("data-1", "import urllib.request as u"), "data-1", "urllib"),
    (guards.no_network, lesson, say("data-1", "from urllib import request"), "data-1", "urllib"),
    (guards.no_network, lesson, say("data-1", "from http.client import x"), "data-1", "http"),
    (guards.no_network, lesson, say("data-1", "!pip install x"), "data-1", "shell"),
    (guards.no_network, lesson, say("data-1", "%pip install x"), "data-1", "shell"),
    (
        guards.no_network,
        lesson,
        say("data-1", 'import pandas as pd\npd.read_csv("https://example.org/a.csv")'),
        "data-1",
        "example.org",
    ),
    (guards.no_solution_text, exercise, say("answer-a", "### BEGIN SOLUTION"), "answer-a", "BEGIN"),
    (
        guards.no_solution_text,
        exercise,
        display("answer-a", plain="### BEGIN HIDDEN TESTS"),
        "answer-a",
        "HIDDEN",
    ),
    (
        guards.no_instructor_cell,
        exercise,
        change("title", metadata={"tags": ["instructor"]}),
        "title",
        "instructors",
    ),
    (guards.opens_for_instructors, solution, lambda nb: nb["cells"].pop(0), "title", "opens"),
    (guards.opens_for_instructors, solution, lambda nb: nb["cells"].clear(), None, "opens"),
    (
        guards.grade_cells_only_check,
        exercise,
        say("check-a", 'a = 4\nexo.check("1.1.a", a)'),
        "check-a",
        "no more",
    ),
    (guards.grade_cells_only_check, exercise, say("check-a", "assert a == 4"), "check-a", "holds"),
    (
        guards.grade_cells_only_check,
        exercise,
        say("check-a", 'exo.check("1.1.b", a)'),
        "check-a",
        "1.1.b, but its grade id is q-1-1-a",
    ),
    (guards.solutions_are_marked, solution, say("answer-a", "a = 4"), "answer-a", "BEGIN"),
    (
        guards.solutions_are_marked,
        solution,
        say("answer-a", "### BEGIN SOLUTION\na = 4\n### END SOLUTION"),
        "answer-a",
        "NameError",
    ),
    (guards.anatomy, lesson, swap, "theory-2", "theory stands after explore"),
    (
        guards.anatomy,
        lesson,
        lambda nb: nb["cells"].remove(cell(nb, "worked-1")),
        None,
        "tagged worked",
    ),
    (guards.anatomy, lesson, lambda nb: nb["cells"].pop(0), "objectives", "opens with its title"),
    (
        guards.anatomy,
        lesson,
        change("quiz-1", metadata={"tags": ["quiz", "keypoints"]}),
        "quiz-1",
        "two parts",
    ),
    (guards.course_metadata, lesson, lambda nb: nb["metadata"].pop("exocourse"), None, "no exo"),
    (guards.course_metadata, lesson, course(id="1.1.1"), None, "exocourse/id"),
    (guards.course_metadata, lesson, course(color="red"), None, "color"),
    (guards.course_metadata, lesson, course(claims=["S1"]), None, "claims/0"),
    (guards.course_metadata, lesson, course(version=1), None, "version"),
    (guards.course_metadata, lesson, course(prerequisites=["1.1"]), None, "own prerequisite"),
    (
        guards.course_metadata,
        lesson,
        course(minutes={"read": 20, "do": 20, "status": "measured"}),
        None,
        "minutes/status",
    ),
    (
        guards.course_metadata,
        lesson,
        course(minutes={"read": 20, "status": "estimate"}),
        None,
        "minutes: 'do'",
    ),
    (guards.course_metadata, lesson, course(objectives=[]), None, "a lesson has some"),
    (guards.course_metadata, lesson, objective(met_by=[]), None, "met_by"),
    (guards.course_metadata, lesson, objective(text=" "), None, "text"),
    (
        guards.course_metadata,
        lesson,
        course(objectives=[{"id": "o", "text": "Do.", "met_by": ["1.1.a"]}] * 2),
        None,
        "two objectives",
    ),
    (guards.heading_order, lesson, say("theory-2", "#### Deep"), "theory-2", "level 4"),
    (guards.heading_order, lesson, say("theory-2", "# Again"), "theory-2", "second title"),
    (guards.heading_order, lesson, say("title", "## Not a title"), "title", "level 2"),
    (guards.heading_order, lesson, say("theory-2", "##\n"), "theory-2", "empty"),
    (guards.heading_order, exercise, say("title", "No heading"), None, "no heading"),
    (guards.alt_text, lesson, say("theory-2", "![](ruler.png)"), "theory-2", "ruler.png"),
    (guards.alt_text, lesson, say("theory-2", '<img src="a.png">'), "theory-2", "<img>"),
    (guards.alt_text, lesson, say("theory-2", 'So <img alt=" " src="a">'), "theory-2", "<img>"),
    (guards.alt_text, lesson, display("data-1", html='<img src="a">'), "data-1", "<img>"),
    (
        guards.alt_text,
        lesson,
        display("data-1", svg=SVG.replace(' role="img"', "")),
        "data-1",
        "ro",
    ),
    (
        guards.alt_text,
        lesson,
        display("data-1", html=SVG.replace("<title>EV</title>", "")),
        "data-1",
        "SVG without title",
    ),
    (
        guards.alt_text,
        lesson,
        display("data-1", html=SVG.replace("A circle.", "")),
        "data-1",
        "SVG without desc",
    ),
    (
        guards.alt_text,
        lesson,
        display("data-1", png="iVBO", plain="<Figure size 640x480 with 1 Axes>"),
        "data-1",
        "without words",
    ),
    (guards.alt_text, lesson, display("data-1", png="iVBO"), "data-1", "without words"),
    (guards.link_text, lesson, say("theory-2", "Look [here](a.md)."), "theory-2", "here"),
    (guards.link_text, lesson, say("theory-2", "See https://example.org"), "theory-2", "bare"),
    (guards.link_text, lesson, say("theory-2", "See <https://example.org>"), "theory-2", "bare"),
    (guards.link_text, lesson, say("theory-2", "[](https://example.org)"), "theory-2", "not say"),
]


@pytest.mark.parametrize(
    ("guard", "good", "spoil", "cell_id", "words"),
    BAD,
    ids=[f"{number}-{row[0].__name__}" for number, row in enumerate(BAD)],
)
def test_a_guard_finds_the_fault_and_names_the_cell(guard, good, spoil, cell_id, words):
    nb = good()
    assert guard(nb, "good.ipynb") == []
    spoil(nb)
    findings = guard(nb, "bad.ipynb")
    assert [finding.cell_id for finding in findings][:1] == [cell_id]
    assert words in findings[0].message
    assert str(findings[0]).startswith("bad.ipynb")


def test_every_guard_that_is_applied_has_a_bad_notebook():
    applied = {guard for folder in guards.FOLDERS.values() for guard in folder}
    assert applied == {row[0] for row in BAD}


@pytest.mark.parametrize("folder", GOOD)
def test_a_good_notebook_passes_every_guard_of_its_folder(folder):
    nb = GOOD[folder]()
    before = copy.deepcopy(nb)
    assert [found for guard in guards.FOLDERS[folder] for found in guard(nb, folder)] == []
    assert nb == before


def test_the_first_lesson_may_lack_data_and_a_worked_example():
    nb = lesson()
    nb["cells"] = [c for c in nb["cells"] if c["id"] not in {"data-1", "worked-1"}]
    assert len(guards.anatomy(nb, "0.1")) == 2
    nb["metadata"]["exocourse"]["kind"] = "start"
    assert guards.anatomy(nb, "0.1") == []
    nb["cells"] = [c for c in nb["cells"] if c["id"] != "quiz-1"]
    assert len(guards.anatomy(nb, "0.1")) == 1


def test_a_cell_without_a_part_belongs_to_the_one_before():
    nb = lesson()
    nb["cells"].insert(6, markdown("aside", "By the way."))
    assert guards.anatomy(nb, "1.1") == []


@pytest.mark.parametrize(
    "source",
    [
        "x = 1",
        "def f():\n    print(1)",
        "if False:\n    print(1)",
        "sns.set_theme()",
    ],
)
def test_code_that_shows_nothing_needs_no_output(source):
    nb = notebook(code("a", source, count=1))
    assert guards.outputs_stored(nb, "a.ipynb") == []


@pytest.mark.parametrize(
    "source", ["print(1)\nx = 2", "display(x)", 'exo.fact("a")', "x", 'f"{x}"', "x + 1", "x, y"]
)
def test_code_that_shows_something_needs_output(source):
    nb = notebook(code("a", source, count=1))
    assert len(guards.outputs_stored(nb, "a.ipynb")) == 1


def test_headings_in_code_and_svg_titles_are_no_headings():
    nb = notebook(markdown("a", "# Title\n\n```\n#### not one\n```\n\n" + SVG))
    assert guards.heading_order(nb, "a.ipynb") == []
    assert guards.alt_text(nb, "a.ipynb") == []


def test_a_hidden_svg_needs_no_name():
    nb = notebook(markdown("a", '# T\n\n<svg aria-hidden="true"><circle/></svg>'))
    assert guards.alt_text(nb, "a.ipynb") == []


def test_known_questions_meet_the_objectives():
    assert guards.course_metadata(lesson(), "l", known={"1.1.a"}) == []
    (finding,) = guards.course_metadata(lesson(), "l", known={"1.1.b"})
    assert "met by 1.1.a, unknown" in finding.message


@pytest.mark.parametrize(
    ("homes", "words"),
    [
        ({"S0-01": "1.1", "S4-02": "1.1"}, "S4-02 is at home here"),
        ({"S0-01": "1.3"}, "S0-01, which is at home in 1.3"),
        ({}, "S0-01, which is unknown"),
    ],
)
def test_claims_agree_with_the_claims_data(homes, words):
    assert guards.claims_agree(lesson(), "l", {"S0-01": "1.1", "S4-04": "1.3"}) == []
    (finding,) = guards.claims_agree(lesson(), "l", homes)
    assert words in finding.message


@pytest.mark.parametrize(
    ("spoil", "cell_id", "words"),
    [
        (
            say("theory-2", "[Doe, 2020](https://doi.org/10.1000/unknown)"),
            "theory-2",
            "10.1000/unknown is not in the bibliography",
        ),
        (
            say("theory-2", "[Welsh 2024](https://doi.org/10.1002/JEV2.12404)"),
            "theory-2",
            'Welsh24 is cited as "Welsh 2024"',
        ),
        (
            say("theory-2", "[Colombo et al., 2014](https://doi.org/10.1146/x-y)"),
            "theory-2",
            "no exo.cite lists it",
        ),
        (say("references", 'exo.cite("Welsh24", "Nobody20")'), "references", "not in the bib"),
        (say("references", 'exo.cite("Welsh24", "Colombo14")'), "references", "nothing in the te"),
        (
            display("references", html='<a href="https://doi.org/10.1000/lost">x</a>'),
            "references",
            "10.1000/lost is shown",
        ),
    ],
)
def test_references_tie_both_ways(spoil, cell_id, words):
    nb = lesson()
    assert guards.references_tie(nb, "l", BIBLIOGRAPHY, LABELS) == []
    spoil(nb)
    (finding,) = guards.references_tie(nb, "l", BIBLIOGRAPHY, LABELS)
    assert finding.cell_id == cell_id
    assert words in finding.message


def test_a_source_of_a_fact_may_be_listed_without_being_cited_in_the_text():
    nb = lesson()
    say("references", 'exo.cite("Welsh24", "Colombo14")')(nb)
    assert guards.references_tie(nb, "l", BIBLIOGRAPHY, LABELS, used_elsewhere={"Colombo14"}) == []


def test_a_source_without_a_doi_is_tied_by_its_address():
    nb = lesson()
    say("theory-2", "[FDA, 2019](https://www.fda.gov/x), [a table](table.md)")(nb)
    say("references", 'exo.cite("Welsh24", "FDA19")')(nb)
    assert guards.references_tie(nb, "l", BIBLIOGRAPHY, LABELS) == []
    assert guards.linked_addresses(nb) == {
        "10.1002/jev2.12404",
        "https://www.fda.gov/x",
        "table.md",
    }
    say("theory-2", "[the agency](https://www.fda.gov/x)")(nb)
    (finding,) = guards.references_tie(nb, "l", BIBLIOGRAPHY, LABELS)
    assert 'not "FDA, 2019"' in finding.message


@pytest.mark.parametrize(
    "url", ["https://doi.org/10.1016/S0022(99)1-2", "https://doi.org/10.1016/S0022%2899%291-2"]
)
def test_a_doi_may_hold_brackets(url):
    nb = notebook(
        markdown("a", f"# T\n\n[B, 1999](<{url}>)"), code("c", 'exo.cite("B99")', count=1)
    )
    assert guards.references_tie(nb, "a", {"B99": "10.1016/s0022(99)1-2"}, {"B99": "B, 1999"}) == []


def test_words_are_prose_without_code_formulas_markup_and_references():
    nb = notebook(
        markdown("a", f"# Two words\n\n**One** [of us]({'x' * 9}) and `code`, $a^2$ $$b + c$$"),
        markdown(
            "b", "```\nnot prose\n```\n\n<b>tag</b>\n\n| three | more |\n|---|---|\n| 4 | x |"
        ),
        markdown("c", "Not counted.", "references"),
        code("d", "# nor this"),
    )
    assert guards.word_count(nb) == 2 + 5 + 1 + 4


@pytest.mark.parametrize(("words", "faults"), [(3, 1), (4, 0), (6, 0), (7, 1)])
def test_prose_is_within_bounds(words, faults):
    nb = notebook(markdown("a", "word " * words))
    assert len(guards.prose_length(nb, "a.ipynb", least=4, most=6)) == faults


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{", "not JSON"),
        ("[]", "not a JSON object"),
        ('{"cells": [], "nbformat": 3}', "format 3"),
        ('{"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 4}', "format 4.4"),
        (
            '{"cells": [{"cell_type": "raw", "source": ""}], "metadata": {}, '
            '"nbformat": 4, "nbformat_minor": 5}',
            "cell 1 has no id",
        ),
        (
            '{"cells": [{"id": "a", "cell_type": "code", "source": ""}], "metadata": {}, '
            '"nbformat": 4, "nbformat_minor": 5}',
            "not a valid notebook at cells/0",
        ),
    ],
)
def test_what_is_no_valid_notebook_is_named_with_the_reason(tmp_path, text, words):
    path = tmp_path / "bad.ipynb"
    path.write_text(text)
    with pytest.raises(guards.NotebookError, match=r"^bad\.ipynb") as caught:
        guards.read_notebook(path, "bad.ipynb")
    assert words in str(caught.value)


def test_a_missing_notebook_is_named(tmp_path):
    with pytest.raises(guards.NotebookError, match="cannot be read"):
        guards.read_notebook(tmp_path / "none.ipynb")


def test_sources_stored_as_lines_are_read_as_text(tmp_path):
    nb = lesson()
    for each in nb["cells"]:
        each["source"] = each["source"].splitlines(keepends=True)
    write(tmp_path / "a.ipynb", nb)
    assert guards.read_notebook(tmp_path / "a.ipynb")["cells"] == lesson()["cells"]


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("exocourse/vesicles/geometry.py", "'BEGIN SOLUTION'", None),
        ("exocourse/course/exercises/a.ipynb", json.dumps(exercise()), None),
        ("exocourse/course/solutions/a.ipynb", "{}", "carries exocourse/course/solutions"),
        ("exocourse/_hidden/cases.json", "[]", "carries exocourse/_hidden"),
        ("exocourse/course/exercises/a.ipynb", json.dumps(solution()), "BEGIN SOLUTION"),
    ],
)
@pytest.mark.parametrize("kind", ["whl", "tar.gz"])
def test_wheel_and_sdist_carry_no_solution(tmp_path, kind, name, content, words):
    path = tmp_path / f"exocourse-0.1.0.{kind}"
    if kind == "whl":
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr(name, content)
    else:
        with tarfile.open(path, "w:gz") as archive:
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content.encode()))
    findings = guards.archive_carries_no_solution(path)
    if words is None:
        assert findings == []
    else:
        assert words in findings[0].message
