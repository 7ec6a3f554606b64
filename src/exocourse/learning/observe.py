"""From a learner's answer to plain data that can cross a process border as JSON.

What is judged is this data and never the learner's object: an object that calls itself equal to
everything gains nothing. Values are read by exact type; of a subclass, what the built-in type
holds, whatever the subclass overrides.

An observation is a dictionary with a ``kind``:

``{"kind": "missing"}``
    No answer was given at all.
``{"kind": "nothing"}``
    The answer is None (or ``...``).
``{"kind": "value", "value": ...}``
    None, booleans, finite numbers, text and lists stand for themselves. The rest are dictionaries
    with one key: ``{"float": "nan"}`` (or ``"inf"``, ``"-inf"``), ``{"set": [...]}``,
    ``{"pairs": [[key, value], ...]}`` for a dictionary, and for anything else
    ``{"unsupported": "an object of type DataFrame"}``.
``{"kind": "callable", "name": "f"}``
    A function where a value was expected.
``{"kind": "function", "name": "f", "results": [...]}``
    A function that was tried on cases. Each result is one of ``{"value": ...}``,
    ``{"raised": {"type", "message", "line", "code", "calling"}}``, ``{"stopped": seconds}``,
    ``{"skipped": true}``.
"""

from __future__ import annotations

import contextlib
import copy
import io
import linecache
import math
import sys
import warnings
from collections.abc import Callable, Iterable
from types import BuiltinFunctionType, CodeType, FunctionType
from typing import Any

from exocourse.learning.limits import LIMIT_S, TimeUp, call_with_limit, is_library
from exocourse.learning.question import Cases, Question

MISSING = object()

_MAX_VALUES = 100_000
_MAX_TEXT = 10_000
_MAX_DEPTH = 8
_MAX_MESSAGE = 200


class _TooLarge(Exception):
    """More than an answer can hold; the words say what."""


def observe(question: Question, answer: Any = MISSING, seconds: float = LIMIT_S) -> dict[str, Any]:
    """Return an answer as plain data.

    Parameters
    ----------
    question : Question
        If it expects `Cases`, a function is called on them, here and now.
    answer : object
        Whatever the learner gave.
    seconds : float
        Time limit of each call, in seconds.

    Returns
    -------
    dict
        See the module's description. It is the same after a round trip through JSON.
    """
    if answer is MISSING:
        return {"kind": "missing"}
    if answer is None or answer is ...:
        return {"kind": "nothing"}
    if not callable(answer):
        return {"kind": "value", "value": as_primitive(answer)}
    if isinstance(question.expects, Cases):
        return _observe_function(question.expects, answer, seconds)
    return {"kind": "callable", "name": _name(answer)}


def as_primitive(value: Any) -> Any:
    """Return a value as plain data; what cannot be carried becomes ``{"unsupported": words}``.

    Parameters
    ----------
    value : object
        Booleans, numbers, text, lists, tuples, sets, dictionaries, NumPy scalars and arrays and
        pandas Series are carried.
    """
    try:
        return _Reader().read(value, 0)
    except _TooLarge as large:
        return {"unsupported": str(large)}
    except Exception:
        # Reading a subclass of a pandas type may run the learner's own methods.
        return {"unsupported": _of_type(type(value))}


class _Reader:
    """Reads one value, and counts what it has read."""

    def __init__(self) -> None:
        self.left = _MAX_VALUES

    def read(self, value: Any, depth: int) -> Any:
        self.left -= 1
        if self.left < 0:
            raise _TooLarge(f"more than {_MAX_VALUES} values")
        if depth > _MAX_DEPTH:
            raise _TooLarge("lists nested too deeply")
        kind = type(value)
        if value is None or value is ...:
            return None
        if kind is bool:
            return value
        # issubclass and the base class's own method: isinstance asks the object, which may lie.
        if issubclass(kind, int):
            return _integer(int.__int__(value))
        if issubclass(kind, float):
            return _real(float.__float__(value))
        if issubclass(kind, str):
            return _text(str.__str__(value))
        if issubclass(kind, list):
            return self.read_all(list.__iter__(value), depth)
        if issubclass(kind, tuple):
            return self.read_all(tuple.__iter__(value), depth)
        if issubclass(kind, range):
            return self.read_all(value, depth)
        if issubclass(kind, set | frozenset):
            base = set if issubclass(kind, set) else frozenset
            return {"set": sorted(self.read_all(base.__iter__(value), depth), key=repr)}
        if issubclass(kind, dict):
            pairs = list(dict.items(value))
            return {"pairs": [self.read_all(pair, depth) for pair in pairs]}
        return self.read_array(value, kind, depth)

    def read_all(self, values: Iterable[Any], depth: int) -> list[Any]:
        return [self.read(one, depth + 1) for one in values]

    def read_array(self, value: Any, kind: type, depth: int) -> Any:
        # Not imported: a value can only be of their types where they are loaded.
        numpy, pandas = sys.modules.get("numpy"), sys.modules.get("pandas")
        array = value
        if pandas is not None and issubclass(kind, pandas.Series):
            array = pandas.Series.to_numpy(value)
        elif pandas is not None and issubclass(kind, pandas.Index):
            array = pandas.Index.to_numpy(value)
        elif numpy is not None and issubclass(kind, numpy.generic):
            array = numpy.generic.reshape(value, 1)  # To no dimension, it would stay a scalar.
        if numpy is None or not issubclass(type(array), numpy.ndarray):
            return {"unsupported": _of_type(kind)}
        array = numpy.ndarray.view(array, numpy.ndarray)
        if array.size > self.left:
            raise _TooLarge(f"an array of {array.size} values")
        if array.dtype.kind == "f":
            array = array.astype(numpy.float64)  # Wider ones have no Python number.
        if array.dtype.kind not in "biufUO":
            return {"unsupported": f"{_of_type(kind)} that holds {array.dtype.name}"}
        if issubclass(kind, numpy.generic):
            array = array[0, ...]
        return self.read(array.tolist(), depth)


def _integer(value: int) -> Any:
    try:
        float(value)
    except OverflowError:
        return {"float": "inf" if value > 0 else "-inf"}
    return value


def _real(value: float) -> Any:
    return value if math.isfinite(value) else {"float": str(value)}


def _text(value: str) -> str:
    if len(value) > _MAX_TEXT:
        raise _TooLarge(f"a text of {len(value)} characters")
    return value


def _type_name(kind: type) -> str:
    return str(type.__dict__["__name__"].__get__(kind))


def _of_type(kind: type) -> str:
    return f"an object of type {_type_name(kind)}"


def _name(function: Any) -> str:
    """Return the name of a function or class; of any other callable, the name of its type."""
    if type(function) in (FunctionType, BuiltinFunctionType):
        return function.__name__
    return _type_name(function if issubclass(type(function), type) else type(function))


def _observe_function(
    expects: Cases, function: Callable[..., Any], seconds: float
) -> dict[str, Any]:
    results: list[dict[str, Any]] = []
    for case in expects.cases:
        if results and ("stopped" in results[-1] or "skipped" in results[-1]):
            results.append({"skipped": True})  # One endless loop is enough to wait for.
        else:
            # A function that changes its arguments must not change the cases.
            results.append(_try(function, copy.deepcopy(case), seconds))
    return {"kind": "function", "name": _name(function), "results": results}


def _try(function: Callable[..., Any], args: tuple[Any, ...], seconds: float) -> dict[str, Any]:
    # nbgrader takes anything on stderr for failure, a warning included.
    with warnings.catch_warnings(), contextlib.redirect_stderr(io.StringIO()):
        warnings.simplefilter("ignore")
        try:
            result = call_with_limit(function, args, seconds)
            primitive = as_primitive(result)
            del result  # An unawaited coroutine warns when it goes: let that be in here.
            return {"value": primitive}
        except KeyboardInterrupt:
            raise  # Somebody pressed Stop.
        except TimeUp as up:
            return {"stopped": up.seconds}
        except BaseException as error:
            return {"raised": _describe(error, seconds)}


def _describe(error: BaseException, seconds: float) -> dict[str, Any]:
    """Return what was raised, and the line of the learner's code where."""
    code: CodeType | None = None
    line = 0
    trace = error.__traceback__
    while trace is not None:
        if not is_library(trace.tb_frame.f_code):
            code, line = trace.tb_frame.f_code, trace.tb_lineno
        trace = trace.tb_next
    return {
        "type": _type_name(type(error)),
        "message": _message(error, seconds),
        "line": line if code else None,
        "code": linecache.getline(code.co_filename, line).strip()[:_MAX_MESSAGE] if code else "",
        "calling": code is None,  # Not one line of it ran: the call itself did not fit.
    }


def _message(error: BaseException, seconds: float) -> str:
    # The learner's own exception may have a __str__ that fails or never ends.
    try:
        words = call_with_limit(str, (error,), seconds)
    except KeyboardInterrupt:
        raise
    except BaseException:
        return ""
    return str.__str__(words)[:_MAX_MESSAGE]
