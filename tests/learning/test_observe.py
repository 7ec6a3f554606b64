"""From answers to plain data: every type, objects that lie, and functions that misbehave."""

import enum
import fractions
import io
import json
import math
import sys
import warnings

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from exocourse.learning.observe import MISSING, as_primitive, observe
from exocourse.learning.question import Cases, Number, Question

NUMBER = Question("1.1.a", "How large?", Number(314.0))


def function_question(*cases, reference=abs):
    return Question("1.1.g", "Write f.", Cases("f", cases, reference))


def results(function, *cases, seconds=2.0):
    observation = observe(function_question(*cases), function, seconds)
    assert json.loads(json.dumps(observation, allow_nan=False)) == observation
    assert observation["kind"] == "function"
    return observation["results"]


def defined(source, name="f", **space):
    exec(compile(source, "/tmp/ipykernel_1/cell.py", "exec"), space)
    return space[name]


class AlwaysEqual:
    def __eq__(self, other):
        return True

    __hash__ = None


class EqualFloat(float):
    def __eq__(self, other):
        return True

    def __float__(self):
        return 314.0

    def __sub__(self, other):
        return 0.0

    __rsub__ = __sub__
    __hash__ = float.__hash__


class EqualText(str):
    def __eq__(self, other):
        return True

    def __str__(self):
        return "the answer"

    def casefold(self):
        return "the answer"

    __hash__ = str.__hash__


class LyingList(list):
    def __iter__(self):
        return iter([314.0])

    def __len__(self):
        return 1


class LyingArray(np.ndarray):
    def tolist(self):
        return 314.0

    def __array__(self, *args, **kwargs):
        return np.array(314.0)

    def astype(self, *args, **kwargs):
        return np.array(314.0)

    @property
    def dtype(self):
        return "f8"


class LyingScalar(np.float32):
    def item(self):
        return 314.0

    def __eq__(self, other):
        return True

    __hash__ = None


class LyingSeries(pd.Series):
    def to_numpy(self, *args, **kwargs):
        return np.array([314.0])


class LyingClass:
    @property
    def __class__(self):
        return float

    def __float__(self):
        return 314.0


class Colour(enum.IntEnum):
    RED = 7


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, None),
        (..., None),
        (True, True),
        (3, 3),
        (2.5, 2.5),
        ("100 nm", "100 nm"),
        (Colour.RED, 7),
        (np.float64(2.5), 2.5),
        (np.float32(2.5), 2.5),
        (np.longdouble(2.5), 2.5),
        (np.int8(3), 3),
        (np.bool_(True), True),
        (np.str_("x"), "x"),
        (np.array(2.5), 2.5),
        (np.array([[1, 2], [3, 4]]), [[1, 2], [3, 4]]),
        (np.array([1.0, np.nan]), [1.0, {"float": "nan"}]),
        (np.array([1, "x", None], dtype=object), [1, "x", None]),
        (np.array(["x", "y"]), ["x", "y"]),
        (pd.Series([1.5, 2.5]), [1.5, 2.5]),
        (pd.Index(["x", "y"]), ["x", "y"]),
        ([1, (2.0, "x")], [1, [2.0, "x"]]),
        (range(3), [0, 1, 2]),
        ({"b", "a"}, {"set": ["a", "b"]}),
        (frozenset({2, 1}), {"set": [1, 2]}),
        ({"x": 1, 2: (3,)}, {"pairs": [["x", 1], [2, [3]]]}),
        (math.nan, {"float": "nan"}),
        (-math.inf, {"float": "-inf"}),
        (np.float32("inf"), {"float": "inf"}),
        (10**400, {"float": "inf"}),
        (-(10**4000), {"float": "-inf"}),
    ],
)
def test_plain_data(value, expected):
    primitive = as_primitive(value)
    assert primitive == expected
    assert type(primitive) is type(expected)


@pytest.mark.parametrize(
    ("value", "word"),
    [
        (AlwaysEqual(), "AlwaysEqual"),
        (LyingClass(), "LyingClass"),
        (2j, "complex"),
        (np.complex128(2j), "complex128"),
        (np.array([2j]), "complex128"),
        (fractions.Fraction(1, 3), "Fraction"),
        (b"100", "bytes"),
        (pd.DataFrame({"x": [1]}), "DataFrame"),
        (np.datetime64("2024-01-01"), "datetime64"),
        (iter([1]), "list_iterator"),
        (np.zeros(200_000), "200000"),
        (list(range(200_000)), "more than"),
        ("x" * 20_000, "20000 characters"),
    ],
    ids=lambda one: one if isinstance(one, str) and len(one) < 40 else type(one).__name__,
)
def test_what_cannot_be_carried_is_named(value, word):
    primitive = as_primitive(value)
    assert list(primitive) == ["unsupported"]
    assert word in primitive["unsupported"]


def test_an_integer_too_long_to_print():
    assert as_primitive(10**5000) == {"float": "inf"}


def test_a_list_that_holds_itself_ends():
    knot = []
    knot.append(knot)
    assert "nested" in as_primitive(knot)["unsupported"]


def test_objects_that_lie_about_themselves_are_read_as_what_they_hold():
    assert as_primitive(EqualFloat(1.0)) == 1.0
    assert type(as_primitive(EqualFloat(1.0))) is float
    assert type(as_primitive(EqualText("mine"))) is str
    assert as_primitive(EqualText("mine")) == "mine"
    assert as_primitive(LyingList([1.0, 2.0])) == [1.0, 2.0]
    assert as_primitive(np.array([1.0, 2.0]).view(LyingArray)) == [1.0, 2.0]
    assert as_primitive(LyingScalar(1.0)) == 1.0
    assert as_primitive(LyingSeries([1.0, 2.0])) == [1.0, 2.0]


def test_a_pandas_subclass_whose_internals_fail_is_named():
    class Broken(pd.Series):
        @property
        def _values(self):
            raise RuntimeError

    assert "Broken" in as_primitive(Broken([1.0]))["unsupported"]


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (MISSING, {"kind": "missing"}),
        (None, {"kind": "nothing"}),
        (..., {"kind": "nothing"}),
        (2, {"kind": "value", "value": 2}),
        (math.sqrt, {"kind": "callable", "name": "sqrt"}),
        (float, {"kind": "callable", "name": "float"}),
        (function_question, {"kind": "callable", "name": "function_question"}),
    ],
)
def test_kinds(answer, expected):
    assert observe(NUMBER, answer) == expected


def test_a_value_where_a_function_is_expected_stays_a_value():
    assert observe(function_question((1,)), 7) == {"kind": "value", "value": 7}
    assert observe(function_question((1,)), None) == {"kind": "nothing"}


def test_results_of_a_function():
    assert results(lambda d: d * 2, (1,), (2.5,)) == [{"value": 2}, {"value": 5.0}]


def test_a_blank_function_returns_nothing():
    assert (
        results(defined("def f(d):\n    pass  # your answer"), (1,), (2,)) == [{"value": None}] * 2
    )


def test_an_exception_names_its_line_in_the_learners_code():
    raised = results(defined("def f(d):\n    x = 0\n    return d / x\n"), (1,))[0]["raised"]
    assert raised["type"] == "ZeroDivisionError"
    assert raised["message"] == "division by zero"
    assert raised["line"] == 3
    assert not raised["calling"]


def test_an_exception_inside_a_library_names_the_learners_line():
    source = "import json\ndef f(d):\n    return json.loads('{')\n"
    raised = results(defined(source), (1,))[0]["raised"]
    assert (raised["type"], raised["line"]) == ("JSONDecodeError", 3)


def test_the_source_line_is_given_where_it_is_known():
    def f(d):
        return d / 0  # a line of this file

    assert results(f, (1,))[0]["raised"]["code"] == "return d / 0  # a line of this file"


def test_wrong_arguments_are_told_from_an_error_inside():
    assert results(lambda: 1, (1,))[0]["raised"]["calling"]
    inside = results(defined("def g(): pass\ndef f(d):\n    return g(d)"), (1,))
    assert not inside[0]["raised"]["calling"]


def test_leaving_python_is_an_error_like_others():
    assert results(lambda d: sys.exit(3), (1,))[0]["raised"]["type"] == "SystemExit"


def test_stop_is_passed_on():
    def f(d):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        observe(function_question((1,)), f)


def test_endless_recursion_is_an_error():
    raised = results(defined("def f(d): return f(d)"), (1,))[0]["raised"]
    assert raised["type"] == "RecursionError"


def test_an_endless_loop_is_waited_for_once():
    source = "def f(d):\n    while d > 1:\n        pass\n    return d"
    assert results(defined(source), (1,), (2,), (3,), (1,), seconds=0.1) == [
        {"value": 1},
        {"stopped": 0.1},
        {"skipped": True},
        {"skipped": True},
    ]


def test_an_exception_whose_words_never_end_or_fail():
    source = """
class Endless(Exception):
    def __str__(self):
        while True: pass
class Failing(Exception):
    def __str__(self):
        return 1 / 0
def f(d):
    raise (Endless if d else Failing)()
"""
    both = results(defined(source), (0,), (1,), seconds=0.1)
    assert [one["raised"]["type"] for one in both] == ["Failing", "Endless"]
    assert [one["raised"]["message"] for one in both] == ["", ""]


def test_changing_the_arguments_does_not_change_the_cases():
    question = function_question(([1, 2, 3],), (np.ones(2),))

    def f(values):
        values[0] = 99
        return len(values)

    observe(question, f)
    assert question.expects.cases[0] == ([1, 2, 3],)
    assert question.expects.cases[1][0].tolist() == [1.0, 1.0]


def test_warnings_are_kept_off_stderr(monkeypatch):
    stderr = io.StringIO()
    monkeypatch.setattr(sys, "stderr", stderr)

    async def waits(d):
        return d

    def f(d):
        warnings.warn("careful", stacklevel=1)
        np.array([1.0]) / 0
        np.log(-np.ones(1))
        return d

    with warnings.catch_warnings():
        warnings.simplefilter("always")
        assert results(f, (1,)) == [{"value": 1}]
        assert "coroutine" in results(waits, (1,))[0]["value"]["unsupported"]
    assert stderr.getvalue() == ""


def test_what_the_function_prints_is_not_hidden(capsys):
    results(lambda d: print("inside"), (1,))
    assert capsys.readouterr().out == "inside\n"


leaves = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(st.characters(), max_size=5)
    | st.complex_numbers()
    | st.binary(max_size=3)
    | hnp.arrays(hnp.scalar_dtypes(), hnp.array_shapes(max_dims=2, max_side=2))
    | st.builds(AlwaysEqual)
    | st.builds(EqualFloat, st.floats())
)
anything = st.recursive(
    leaves,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.tuples(inner, inner)
        | st.dictionaries(st.text(max_size=3) | st.integers(), inner, max_size=3)
        | st.builds(lambda values: pd.Series(values, dtype=object), st.lists(inner, max_size=2))
    ),
    max_leaves=8,
)


@settings(max_examples=300, deadline=None)
@given(anything)
def test_every_observation_survives_json(answer):
    for question in (NUMBER, function_question((1,))):
        observation = observe(question, answer)
        assert json.loads(json.dumps(observation, allow_nan=False)) == observation
    if not callable(answer):
        tried = observe(function_question((1,)), lambda d: answer)
        assert json.loads(json.dumps(tried, allow_nan=False)) == tried
