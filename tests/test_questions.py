"""Every question of the course: blank, solution, misconceptions, hints, words."""

import importlib
import importlib.util
import json
import math
from pathlib import Path

import pytest

from exocourse import finding
from exocourse.learning.judge import judge
from exocourse.learning.observe import observe
from exocourse.learning.question import (
    NOT_ATTEMPTED,
    RIGHT,
    WRONG,
    Cases,
    Choice,
    Number,
    Written,
    leaks_answer,
    resolve,
)

ROOT = Path(__file__).resolve().parents[1]
MODULES = [
    name
    for name in finding.MODULES.values()
    if importlib.util.find_spec(f"exocourse.{name}") is not None
]
QUESTIONS = {
    id: question
    for name in MODULES
    for id, question in importlib.import_module(f"exocourse.{name}.questions").QUESTIONS.items()
}
PREDICTIONS = {
    id: prediction
    for name in MODULES
    for id, prediction in importlib.import_module(f"exocourse.{name}.questions").PREDICTIONS.items()
}
QUIZ_ITEMS = {
    item.id: item
    for name in MODULES
    for items in importlib.import_module(f"exocourse.{name}.quizzes").QUIZZES.values()
    for item in items
}
CHECKED = {id: q for id, q in QUESTIONS.items() if not isinstance(q.expects, Written)}


def solution(question):
    """Return the right answer as the question itself works it out."""
    expects = question.expects
    if isinstance(expects, Cases):
        return expects.reference
    if isinstance(expects, Choice):
        return expects.answer
    return resolve(expects.value)


def wrong(question, misconception):
    """Return what a misconception leads to."""
    if isinstance(question.expects, Cases):
        return misconception.answer
    return resolve(misconception.answer)


def outcome(question, answer):
    return judge(question, observe(question, answer))


@pytest.mark.parametrize("id", CHECKED)
def test_a_blank_is_not_attempted(id):
    question = CHECKED[id]
    assert outcome(question, None).result == NOT_ATTEMPTED
    if isinstance(question.expects, Cases):
        assert outcome(question, lambda *arguments: None).result == NOT_ATTEMPTED


@pytest.mark.parametrize("id", CHECKED)
def test_the_solution_is_right_and_says_why(id):
    found = outcome(CHECKED[id], solution(CHECKED[id]))
    assert found.result == RIGHT
    assert found.share == 1
    assert CHECKED[id].why == found.message != ""


@pytest.mark.parametrize(
    ("id", "name"), [(id, m.name) for id, q in CHECKED.items() for m in q.misconceptions]
)
def test_a_misconception_is_wrong_with_its_own_message(id, name):
    question = CHECKED[id]
    (one,) = (m for m in question.misconceptions if m.name == name)
    found = outcome(question, wrong(question, one))
    assert (found.result, found.misconception, found.message) == (WRONG, name, one.message)
    assert found.share < 1


@pytest.mark.parametrize("id", QUESTIONS)
def test_there_are_two_misconceptions_and_two_hints_and_no_leak(id):
    question = QUESTIONS[id]
    # A written answer is read by a person: its rubric takes the place of misconceptions.
    assert len(question.misconceptions) >= 2 or isinstance(question.expects, Written)
    assert len(question.hints) >= 2
    assert leaks_answer(question) == ()


def exercise_cells():
    """Return the text and the points of each question's cells in the exercises, by id."""
    texts, points = {}, {}
    for path in sorted((ROOT / "exercises").rglob("*.ipynb")):
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        whole = " ".join("".join(cell["source"]) for cell in cells)
        for cell in cells:
            marks = cell["metadata"].get("nbgrader", {})
            if marks.get("grade"):
                id = marks["grade_id"].removeprefix("q-").replace("-", ".")
                texts[id], points[id] = " ".join(whole.split()), marks["points"]
    return texts, points


def test_the_exercise_and_the_library_agree_on_points_and_options():
    texts, points = exercise_cells()
    asked = {id: question for id, question in QUESTIONS.items() if not id.startswith("0.")}
    assert points == {id: question.points for id, question in asked.items()}
    for id, question in asked.items():
        if isinstance(question.expects, Choice):
            for key, option in question.expects.options:
                assert f"- {key}: {option}" in texts[id], f"{id}: option {key} differs"


def test_every_quiz_item_measures_an_objective_that_names_it():
    met_by = {}
    for path in sorted((ROOT / "lessons").rglob("*.ipynb")):
        metadata = json.loads(path.read_text(encoding="utf-8"))["metadata"]["exocourse"]
        met_by |= {objective["id"]: objective["met_by"] for objective in metadata["objectives"]}
    for item in QUIZ_ITEMS.values():
        assert item.id in met_by[item.objective]


@pytest.mark.parametrize("id", [id for id, q in CHECKED.items() if isinstance(q.expects, Number)])
def test_a_number_rounded_to_three_figures_is_right_and_a_neighbour_is_not(id):
    value = float(solution(CHECKED[id]))
    assert outcome(CHECKED[id], float(f"{value:.3g}")).result == RIGHT
    for factor in (0.9, 1.1, -1, 1000):
        assert outcome(CHECKED[id], factor * value).result == WRONG


@pytest.mark.parametrize(
    "id", [id for id, q in QUESTIONS.items() if isinstance(q.expects, Written)]
)
def test_a_written_answer_has_a_rubric_and_no_automatic_points(id):
    question = QUESTIONS[id]
    assert len(question.expects.rubric) == question.points
    assert outcome(question, "word " * 50).share == 0


@pytest.mark.parametrize("id", PREDICTIONS)
def test_a_prediction_comes_out_as_one_of_its_options(id):
    key, words = PREDICTIONS[id].outcome()
    assert key in dict(PREDICTIONS[id].options)
    assert "nan" not in words


@pytest.mark.parametrize("id", QUIZ_ITEMS)
def test_a_quiz_item_explains_every_option_and_its_length_gives_nothing_away(id):
    item = QUIZ_ITEMS[id]
    assert all(len(option.why) > 20 for option in item.options)
    (right,) = (option for option in item.options if option.right)
    assert len(right.text) <= max(len(option.text) for option in item.options if not option.right)


def test_the_right_option_is_not_always_at_the_same_place():
    places = [[o.right for o in item.options].index(True) for item in QUIZ_ITEMS.values()]
    assert len(set(places)) >= 3
    assert max(places.count(place) for place in set(places)) <= math.ceil(len(places) / 2)
