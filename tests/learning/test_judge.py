"""Verdicts: right, wrong with its reason, not attempted and error, on every kind of answer."""

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exocourse.learning.judge import judge
from exocourse.learning.observe import MISSING, observe
from exocourse.learning.question import (
    ERROR,
    NOT_ATTEMPTED,
    RECORDED,
    RIGHT,
    WRONG,
    Array,
    Cases,
    Choice,
    Choices,
    Misconception,
    Number,
    Question,
    Text,
    Written,
    leaks_answer,
)

OPTIONS = (("a", "An exosome"), ("b", "An EV preparation"), ("c", "A lysate"))


def sphere_nm2(diameter_nm):
    return math.pi * diameter_nm**2


QUESTIONS = {
    question.id: question
    for question in (
        Question(
            "1.1.a",
            "How large is the surface of a 100-nm vesicle?",
            Number(lambda: sphere_nm2(100.0), unit="nm2", low=1e2, high=1e6),
            misconceptions=(
                Misconception(
                    "radius-for-diameter",
                    "You put the diameter where the formula has the radius.",
                    lambda: 4 * sphere_nm2(100.0),
                    partial=0.5,
                ),
                Misconception("volume", "That is the volume.", math.pi * 100.0**3 / 6),
            ),
            hints=("Which formula holds for a sphere?", "Is it the radius or the diameter?"),
            points=2.0,
        ),
        Question(
            "1.1.b",
            "What is in the tube?",
            Choice(OPTIONS, "b"),
            misconceptions=(
                Misconception("size-is-origin", "Size does not show where it was made.", "a"),
            ),
        ),
        Question(
            "1.1.c",
            "What must be shown?",
            Choices(OPTIONS, frozenset({"a", "b"})),
            misconceptions=(Misconception("only-one", "One is not enough.", {"a"}),),
        ),
        Question(
            "1.1.d",
            "What do exosomes come from?",
            Text(("multivesicular body", "MVB")),
            misconceptions=(Misconception("membrane", "That makes ectosomes.", "cell membrane"),),
        ),
        Question(
            "1.1.e",
            "What are the shares?",
            Array(lambda: np.array([0.5, 0.25, 0.125]), rtol=0.001),
            misconceptions=(
                Misconception("complement", "That is the rest.", [0.5, 0.75, 0.875]),
                Misconception("mean", "That is their mean.", 0.875 / 3),
            ),
        ),
        Question("1.1.f", "Why?", Written(("Names a reason", "Names a doubt"), min_words=3)),
        Question(
            "1.1.g",
            "Write surface(diameter_nm).",
            Cases("surface", ((100.0,), (40,), (1.5,)), sphere_nm2),
            misconceptions=(
                Misconception(
                    "radius", "The formula wants the radius.", lambda d: 4 * sphere_nm2(d)
                ),
                Misconception("fails", "Never seen.", lambda d: 1 / 0),
            ),
            part="B",
        ),
    )
}


def outcome(id, answer=MISSING, seconds=0.2):
    return judge(QUESTIONS[id], observe(QUESTIONS[id], answer, seconds))


RIGHT_ANSWERS = {
    "1.1.a": (math.pi * 1e4, 31416, np.float32(31416), np.array(31415.9)),
    "1.1.b": ("b", " B ", "an EV preparation", "b."),
    "1.1.c": (["a", "b"], {"b", "a"}, ("B", "A", "a"), "a, b", np.array(["a", "b"])),
    "1.1.d": ("MVB", "Multivesicular  body", " mvb. "),
    "1.1.e": ([0.5, 0.25, 0.125], (0.5, 0.25, 0.125), pd.Series([0.5, 0.25, 0.125])),
    "1.1.g": (sphere_nm2, lambda d: np.pi * np.square(d), lambda d: np.float64(sphere_nm2(d))),
}


@pytest.mark.parametrize(
    ("id", "answer"), [(id, one) for id, answers in RIGHT_ANSWERS.items() for one in answers]
)
def test_right(id, answer):
    came = outcome(id, answer)
    assert (came.result, came.share, came.misconception) == (RIGHT, 1.0, "")


def stub(*args):
    pass  # your answer


BLANKS = [(id, blank) for id in QUESTIONS for blank in (None, ..., MISSING)]


@pytest.mark.parametrize(("id", "blank"), [*BLANKS, ("1.1.g", stub), ("1.1.f", " "), ("1.1.e", [])])
def test_a_blank_is_not_attempted_and_earns_nothing(id, blank):
    came = outcome(id, blank)
    assert (came.result, came.share) == (NOT_ATTEMPTED, 0.0)


@pytest.mark.parametrize("id", QUESTIONS)
def test_without_an_answer_it_says_how_to_give_one(id):
    message = outcome(id).message
    assert QUESTIONS[id].prompt in message
    assert f'exo.check("{id}", your_answer)' in message
    assert QUESTIONS[id].expects.wanted in message


@pytest.mark.parametrize(
    ("id", "answer", "name", "share"),
    [
        ("1.1.a", 4 * sphere_nm2(100), "radius-for-diameter", 0.5),
        ("1.1.a", 523_600, "volume", 0.0),
        ("1.1.b", "A", "size-is-origin", 0.0),
        ("1.1.c", ["a"], "only-one", 0.0),
        ("1.1.c", "a", "only-one", 0.0),
        ("1.1.d", "Cell membrane", "membrane", 0.0),
        ("1.1.e", np.array([0.5, 0.75, 0.875]), "complement", 0.0),
        ("1.1.e", 0.875 / 3, "mean", 0.0),
        ("1.1.g", lambda d: 4 * math.pi * d**2, "radius", 0.0),
    ],
)
def test_a_misconception_is_named_and_explained(id, answer, name, share):
    came = outcome(id, answer)
    assert (came.result, came.misconception, came.share) == (WRONG, name, share)
    assert came.message in [one.message for one in QUESTIONS[id].misconceptions]


# --- Bad input, one after another


@pytest.mark.parametrize(
    ("answer", "result", "words"),
    [
        (math.nan, WRONG, "not a number"),
        (np.float64("nan"), WRONG, "not a number"),
        (math.inf, WRONG, "division by zero"),
        (-np.inf, WRONG, "division by zero"),
        (10**400, WRONG, "too large for the computer"),
        ("31416", ERROR, "quotes"),
        ("31416 nm2", ERROR, "without the unit"),
        ("about right", ERROR, "This is a text. Expected: one number, in nm2."),
        (True, ERROR, "This is True. Expected: one number, in nm2."),
        ([31416.0], ERROR, "Take the number out of the list."),
        (np.arange(3.0), ERROR, "a list or array of 3 values. Expected: one number"),
        (np.zeros((2, 3)), ERROR, "2 x 3 values"),
        ([[1], 2], ERROR, "rows of several lengths"),
        ({"surface": 31416.0}, ERROR, "a dictionary"),
        ({31416.0}, ERROR, "a set"),
        (1j, ERROR, "an object of type complex"),
        (pd.DataFrame({"x": [1]}), ERROR, "an object of type DataFrame"),
        (sphere_nm2, ERROR, "This is the function sphere_nm2 itself"),
        (math.pi * 1e1, WRONG, "too small by a factor of a thousand: look at the units"),
        (math.pi * 1e-14, WRONG, "too small by a factor of 10^18: look at the units"),
        (math.pi * 1e6, WRONG, "too large by a factor of a hundred"),
        (-math.pi * 1e4, WRONG, "the wrong sign; apart from that, it is right"),
        (-math.pi * 1e7, WRONG, "wrong sign, and is too large by a factor of a thousand"),
        (3.0, WRONG, "too small to be plausible"),
        (2e7, WRONG, "too large to be plausible"),
        (32_000, WRONG, "Close"),
        (20_000, WRONG, "Not this number. Expected: one number, in nm2."),
        (0, WRONG, "too small to be plausible"),
    ],
)
def test_what_a_number_can_be_instead(answer, result, words):
    came = outcome("1.1.a", answer)
    assert came.result == result
    assert words in came.message
    assert came.share == 0.0
    assert not leaks_answer(Question("1.1.a", "", Number(sphere_nm2(100.0)), hints=(came.message,)))


@pytest.mark.parametrize("power", [-30, -9, -6, -3, -2, -1, 1, 2, 3, 6, 9, 27])
def test_every_power_of_ten_is_seen(power):
    assert "look at the units" in outcome("1.1.a", math.pi * 1e4 * 10.0**power).message


def test_a_tolerant_question_does_not_call_everything_a_power_of_ten():
    tolerant = Question("1.1.a", "How many?", Number(100.0, rtol=0.3))
    assert judge(tolerant, observe(tolerant, 120.0)).right
    assert "factor" in judge(tolerant, observe(tolerant, 10.1)).message
    assert "factor" not in judge(tolerant, observe(tolerant, 12.0)).message


def test_zero_is_right_only_within_the_absolute_tolerance():
    zero = Question("1.1.a", "How many?", Number(0.0, atol=0.01))
    assert judge(zero, observe(zero, 0.009)).right
    assert judge(zero, observe(zero, 0.02)).result == WRONG


@pytest.mark.parametrize(
    ("id", "answer", "result", "words"),
    [
        ("1.1.b", "d", ERROR, "'d' is not an option"),
        ("1.1.b", 2, ERROR, "This is a number. Expected: one of these"),
        ("1.1.b", ["b"], ERROR, "a list or array of 1 value"),
        ("1.1.b", math.nan, ERROR, "Expected: one of these"),
        ("1.1.b", "c", WRONG, "Not this one."),
        ("1.1.b", stub, ERROR, "the function stub itself"),
        ("1.1.c", ["a", "d"], ERROR, "'d' is not an option"),
        ("1.1.c", [1, 2], ERROR, "Expected: a list of one or more"),
        ("1.1.c", 1, ERROR, "This is a number"),
        ("1.1.c", ["b"], WRONG, "something is missing"),
        ("1.1.c", ["a", "b", "c"], WRONG, "something does not belong"),
        ("1.1.c", ["c"], WRONG, "something is missing and something does not belong"),
        ("1.1.d", 5, ERROR, "Expected: a short text"),
        ("1.1.d", ["MVB"], ERROR, "a list or array"),
        ("1.1.d", "lysosome", WRONG, "spelling"),
        ("1.1.e", 0.5, ERROR, "This is a number"),
        ("1.1.e", "0.5, 0.25", ERROR, "This is a text"),
        ("1.1.e", [0.5, 0.25], WRONG, "has 2 values; expected: 3 values"),
        ("1.1.e", np.zeros((3, 1)), WRONG, "3 x 1 values"),
        ("1.1.e", [[1], 2, 3], ERROR, "rows differ"),
        ("1.1.e", [0.5, "x", 0.1], ERROR, "Value 2 is a text"),
        ("1.1.e", [0.5, True, 0.1], ERROR, "Value 2 is True"),
        ("1.1.e", [0.5, 0.25, math.nan], WRONG, "Value 3 is NaN"),
        ("1.1.e", [50, 25, 12.5], WRONG, "too large by a factor of a hundred"),
        ("1.1.e", [-0.5, -0.25, -0.125], WRONG, "wrong sign"),
        ("1.1.e", [0.125, 0.25, 0.5], WRONG, "another order"),
        ("1.1.e", [0.5, 0.3, 0.1], WRONG, "not right: 2 of 3. The first is value 2."),
        ("1.1.f", 5, ERROR, "This is a number"),
        ("1.1.f", "too short", NOT_ATTEMPTED, "Words so far: 2"),
        ("1.1.f", "This is long enough.", RECORDED, "A person reads"),
        ("1.1.g", 314.0, ERROR, 'exo.check("1.1.g", surface)'),
        ("1.1.g", "surface", ERROR, "without brackets"),
        ("1.1.g", stub, NOT_ATTEMPTED, "end with return"),
        ("1.1.g", print, NOT_ATTEMPTED, "not with print"),
    ],
)
def test_what_other_answers_can_be_instead(id, answer, result, words):
    came = outcome(id, answer)
    assert came.result == result
    assert words in came.message
    assert came.share == 0.0


def endless(d):
    while True:
        pass


def forgets(d):
    if d > 50:
        return sphere_nm2(d)


def fails(d):
    return sphere_nm2(d) / (d - 40)


@pytest.mark.parametrize(
    ("answer", "result", "words"),
    [
        (endless, ERROR, "surface(100) had not returned after 0.2 s and was stopped"),
        (endless, ERROR, "press Stop"),
        (fails, ERROR, "surface(40) stopped with an error. ZeroDivisionError"),
        (fails, ERROR, ": return sphere_nm2(d) / (d - 40)"),
        (lambda: 1.0, ERROR, "surface takes 1 argument."),
        (lambda a, b: 1.0, ERROR, "surface takes 1 argument."),
        (forgets, WRONG, "surface(40) returned nothing (None)"),
        (lambda d: math.nan, WRONG, "What surface(100) returned is NaN"),
        (lambda d: np.inf, WRONG, "is infinite"),
        (lambda d: str(d), WRONG, "surface(100) returned a text. Expected: a number."),
        (lambda d: [d], WRONG, "returned a list or array of 1 value. Expected: a number."),
        (lambda d: True, WRONG, "returned True. Expected: a number."),
        (lambda d: {"d": d}, WRONG, "returned a dictionary"),
        (lambda d: object(), ERROR, "an object of type object"),
        (lambda d: (one for one in [d]), ERROR, "an object of type generator"),
        (lambda d: sphere_nm2(d) * 1e-6, WRONG, "In every case the result is too small"),
        (lambda d: -sphere_nm2(d), WRONG, "wrong sign"),
        (lambda d: sphere_nm2(100), WRONG, "Right in 1 of 3 cases. The first that is not: "),
        (
            lambda d: 7,
            WRONG,
            "Right in 0 of 3 cases. The first that is not: surface(100) returned 7.",
        ),
        (sphere_nm2(1).hex, ERROR, "could not be called"),
    ],
)
def test_what_a_function_can_do_instead(answer, result, words):
    came = outcome("1.1.g", answer)
    assert came.result == result
    assert words in came.message
    assert came.share == 0.0


def test_a_function_that_changes_its_arguments_is_judged_on_the_stated_cases():
    question = Question("1.1.g", "Write f.", Cases("f", (([3.0, 1.0],), ([2.0],)), sum))

    def spoils(values):
        total = sum(values)
        values.clear()
        return total

    for _ in range(2):
        assert judge(question, observe(question, spoils)).right


def test_functions_may_return_text_lists_and_dictionaries():
    def name(size):
        return {"size": [size, None], "term": "small EV" if size < 200 else "large EV"}

    question = Question("1.1.g", "Write f.", Cases("f", ((50,), (500,)), name))
    assert judge(question, observe(question, lambda s: dict(reversed(name(s).items())))).right
    assert judge(question, observe(question, lambda s: {**name(s), "term": "EV"})).result == WRONG


def test_the_reference_is_asked_when_judging_and_not_before():
    asked = []
    question = Question("1.1.g", "Write f.", Cases("f", ((1,),), lambda x: asked.append(x) or x))
    observation = observe(question, lambda x: x)
    assert asked == []
    assert judge(question, observation).right
    assert asked == [1]


# --- Objects that claim to be right


class AlwaysEqual:
    def __eq__(self, other):
        return True

    def __sub__(self, other):
        return 0.0

    __rsub__ = __sub__

    def __float__(self):
        return math.pi * 1e4

    __hash__ = None


class EqualFloat(float):
    __eq__ = AlwaysEqual.__eq__
    __sub__ = __rsub__ = AlwaysEqual.__sub__
    __float__ = AlwaysEqual.__float__
    __hash__ = None

    def __abs__(self):
        return 0.0


class EqualText(str):
    __eq__ = AlwaysEqual.__eq__

    def casefold(self):
        return "b"

    __str__ = strip = split = casefold
    __hash__ = None


class EqualArray(np.ndarray):
    __eq__ = AlwaysEqual.__eq__
    __hash__ = None

    def tolist(self):
        return [0.5, 0.25, 0.125]


@pytest.mark.parametrize(
    ("id", "answer"),
    [
        *((id, AlwaysEqual()) for id in QUESTIONS),
        ("1.1.a", EqualFloat(1.0)),
        ("1.1.b", EqualText("c")),
        ("1.1.c", [EqualText("c")]),
        ("1.1.d", EqualText("x")),
        ("1.1.e", np.zeros(3).view(EqualArray)),
        ("1.1.e", [EqualFloat(1.0)] * 3),
        ("1.1.g", lambda d: AlwaysEqual()),
        ("1.1.g", lambda d: EqualFloat(1.0)),
    ],
)
def test_an_object_that_calls_itself_equal_gains_nothing(id, answer):
    came = outcome(id, answer)
    assert came.result in (WRONG, ERROR)
    assert came.share == 0.0


# --- No observation makes it raise

json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=4)
    | st.sampled_from([{"float": "nan"}, {"float": "inf"}, {"unsupported": "x"}, "a", "b", 0.5]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text(max_size=3), inner, max_size=2)
        | st.fixed_dictionaries({"set": inner})
        | st.fixed_dictionaries({"pairs": st.lists(st.lists(inner, max_size=2), max_size=2)})
        | st.fixed_dictionaries({"unsupported": inner})
        | st.fixed_dictionaries({"float": inner})
    ),
    max_leaves=6,
)
result_values = st.one_of(
    json_values,
    st.fixed_dictionaries({"value": json_values}),
    st.fixed_dictionaries({"stopped": json_values}),
    st.fixed_dictionaries({"skipped": json_values}),
    st.fixed_dictionaries(
        {
            "raised": st.fixed_dictionaries(
                {},
                optional=dict.fromkeys(("type", "message", "line", "code", "calling"), json_values),
            )
        }
    ),
)
observations = st.one_of(
    json_values,
    st.fixed_dictionaries(
        {"kind": st.sampled_from(["missing", "nothing", "value", "callable", "function"])},
        optional={
            "value": json_values,
            "name": json_values,
            "results": st.lists(result_values, min_size=3, max_size=3) | json_values,
        },
    ),
)


@settings(max_examples=500, deadline=None)
@given(observations)
def test_no_observation_makes_it_raise(observation):
    for question in QUESTIONS.values():
        came = judge(question, observation)
        assert came.result in (NOT_ATTEMPTED, RIGHT, WRONG, ERROR, RECORDED)
        assert came.message


@settings(max_examples=300, deadline=None)
@given(st.floats())
def test_a_number_is_right_exactly_within_the_tolerance(number):
    right = sphere_nm2(100.0)
    assert outcome("1.1.a", number).right == (abs(number - right) <= 0.01 * right)
