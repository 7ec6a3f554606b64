"""From a question and an observation to an outcome: no side effects, nothing of the learner's runs.

No message prints the right answer. Words on a factor, a sign or a place speak of what the learner
gave.
"""

from __future__ import annotations

import copy
import math
import re
from collections.abc import Callable, Iterator
from typing import Any

from exocourse.learning.observe import as_primitive
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
    Outcome,
    Question,
    Text,
    Written,
    normalised,
    resolve,
)

# A mantissa that agrees this well is no accident, however tolerant the question.
_FACTOR_RTOL = 0.02
_MAX_POWER = 30
_FACTORS = {1: "ten", 2: "a hundred", 3: "a thousand", 6: "a million", 9: "a thousand million"}
_NEAR = 3  # Within so many tolerances, an answer is called close.
_NAN_WORDS = (
    'NaN means "not a number". It comes from such things as 0/0, the logarithm of a negative '
    "number, or a missing value in the data"
)
_INFINITE_WORDS = "It comes from a division by zero, or from a result too large for the computer"
_UNREADABLE = Outcome(ERROR, "The answer could not be read.")


def judge(question: Question, observation: Any) -> Outcome:
    """Return the outcome of an answer.

    Parameters
    ----------
    question : Question
        What is expected. Functions in it (right values, reference, wrong functions) are called.
    observation : dict
        What `exocourse.learning.observe.observe` returned, possibly in another process. Nothing
        that it could be makes this raise.
    """
    expects = question.expects
    kind = observation.get("kind") if isinstance(observation, dict) else None
    if kind == "missing":
        return Outcome(NOT_ATTEMPTED, f"No answer was given. {_how_to(question)}")
    if kind == "nothing" or (kind == "value" and _is_blank(observation.get("value"))):
        return Outcome(
            NOT_ATTEMPTED, f"There is no answer yet: it is still None. Expected: {expects.wanted}."
        )
    if kind == "value":
        return _judge_value(question, observation.get("value"))
    if kind == "function" and isinstance(expects, Cases):
        return _judge_function(question, expects, observation.get("results"))
    if kind in ("callable", "function"):
        name = observation.get("name")
        words = (
            f"This is the function {name} itself. Call it, {name}(...), and give what it returns"
        )
        return Outcome(ERROR, f"{words}. Expected: {expects.wanted}.")
    return _UNREADABLE


def _how_to(question: Question) -> str:
    return (
        f"{question.prompt} Put your answer after the question's id: "
        f'exo.check("{question.id}", your_answer). Expected: {question.expects.wanted}.'
    )


def _is_blank(value: Any) -> bool:
    return value is None or value == [] or (isinstance(value, str) and not value.strip())


def _judge_value(question: Question, value: Any) -> Outcome:
    expects = question.expects
    if isinstance(expects, Written):
        return _judge_written(expects, value)
    if isinstance(expects, Cases):
        advice = f'Give the function by its name: exo.check("{question.id}", {expects.function}).'
        return _not_this_kind(expects, value, advice)
    right = _right_value(expects)
    given = _canonical(expects, value)

    def leads_to(one: Misconception) -> Any:
        return _canonical(expects, as_primitive(resolve(one.answer)))

    return _compare(question, given, right, leads_to) or _EXPLAIN[type(expects)](
        expects, given, right
    )


def _right_value(expects: Number | Array | Choice | Choices | Text) -> Any:
    if isinstance(expects, Number | Array):
        return as_primitive(resolve(expects.value))
    if isinstance(expects, Text):
        return expects.answers[0]
    return _canonical(expects, as_primitive(expects.answer))


def _canonical(expects: Any, value: Any) -> Any:
    """Return plain data in the one form in which this kind of answer is compared."""
    if isinstance(expects, Choice) and isinstance(value, str):
        return _option(expects.options, value) or value
    if isinstance(expects, Choices):
        return _chosen(expects, value)
    if isinstance(expects, Text) and isinstance(value, str):
        accepted = {normalised(answer) for answer in expects.answers}
        return expects.answers[0] if normalised(value) in accepted else value
    return value


def _compare(
    question: Question, given: Any, right: Any, leads_to: Callable[[Misconception], Any]
) -> Outcome | None:
    """Return the outcome if the answer is right or a misconception explains it, else None."""
    rtol, atol = getattr(question.expects, "rtol", 0.0), getattr(question.expects, "atol", 0.0)
    if _agree(given, right, rtol, atol):
        return Outcome(RIGHT, question.why or "That is the answer.", share=1.0)
    for one in question.misconceptions:
        if _agree(given, leads_to(one), rtol, atol):
            return Outcome(WRONG, one.message, one.name, one.partial)
    return None


def _not_this_kind(expects: Any, value: Any, advice: str = "") -> Outcome:
    words = f"This is {_kind_words(value)}. Expected: {expects.wanted}."
    return Outcome(ERROR, f"{words} {advice}".strip())


# --- Numbers


def _explain_number(expects: Number, value: Any, right: Any) -> Outcome:
    number = _number(value)
    if number is None:
        advice = ""
        if isinstance(value, str) and re.match(r"\s*[-+]?\.?\d", value):
            advice = "Leave out the quotes, and give the number without the unit."
        elif isinstance(value, list) and len(list(_leaves(value))) == 1:
            advice = "Take the number out of the list."
        elif isinstance(value, list):
            advice = (
                "Python reads a comma as the end of one number: write a decimal point, and no "
                "comma between thousands."
            )
        return _not_this_kind(expects, value, advice)
    if not math.isfinite(number):
        return Outcome(WRONG, _not_finite_words("Your answer", number))
    return Outcome(WRONG, _number_words(expects, number, float(right)))


def _number_words(expects: Number, number: float, right: float) -> str:
    if words := _scale_words([number], [right], expects.rtol):
        return f"Your number {words}"
    unit = f" Expected: {expects.wanted}." if expects.unit else ""
    if expects.low is not None and number < expects.low:
        return f"That is too small to be plausible.{unit} Check the formula and the units."
    if expects.high is not None and number > expects.high:
        return f"That is too large to be plausible.{unit} Check the formula and the units."
    if _close(number, right, _NEAR * expects.rtol, _NEAR * expects.atol):
        return (
            "Close, but not within what rounding explains. Give one decimal more, and round only "
            "the result."
        )
    return f"Not this number.{unit} Write down the formula, then put in the values one by one."


def _scale_words(numbers: list[float], rights: list[float], rtol: float) -> str:
    """Return words for a wrong sign or a wrong power of ten, common to all; or nothing."""
    pairs = list(zip(numbers, rights, strict=True))
    ratio = next((number / right for number, right in pairs if right and number), 0.0)
    if not ratio or not math.isfinite(ratio):
        return ""
    power = round(math.log10(abs(ratio)))
    if abs(power) > _MAX_POWER:
        return ""
    factor = math.copysign(10.0**power, ratio)
    rtol = min(rtol, _FACTOR_RTOL) if power else rtol
    if not all(_close(number / factor, right, rtol, 0.0) for number, right in pairs):
        return ""
    sign = "has the wrong sign" if factor < 0 else ""
    if not power:
        return f"{sign}; apart from that, it is right." if sign else ""
    # In words where possible: digits might happen to be the answer's.
    size = _FACTORS.get(abs(power), f"10^{abs(power)}")
    off = f"is too {'large' if power > 0 else 'small'} by a factor of {size}: look at the units."
    if abs(power) == 2:
        off += " A share and a percentage differ by that factor, too."
    return f"{sign}, and {off}" if sign else off


# --- Options and texts


def _explain_choice(expects: Choice, value: Any, right: Any) -> Outcome:
    if not isinstance(value, str):
        return _not_this_kind(expects, value)
    if value not in dict(expects.options):
        return Outcome(ERROR, f"{_short(value)} is not an option. Expected: {expects.wanted}.")
    return Outcome(WRONG, "Not this one.")


def _explain_choices(expects: Choices, value: Any, right: Any) -> Outcome:
    keys = value.get("set") if isinstance(value, dict) else None
    if not isinstance(keys, list) or not all(isinstance(key, str) for key in keys):
        return _not_this_kind(expects, value)
    if strangers := [key for key in keys if key not in dict(expects.options)]:
        words = f"{_short(strangers[0])} is not an option"
        return Outcome(ERROR, f"{words}. Expected: {expects.wanted}.")
    faults = []
    if expects.answer - set(keys):
        faults.append("something is missing")
    if set(keys) - expects.answer:
        faults.append("something does not belong")
    return Outcome(WRONG, f"Not quite: {' and '.join(faults)}.")


def _chosen(expects: Choices, value: Any) -> Any:
    """Return what was chosen as a set of keys, as far as it can be understood."""
    given = value
    if isinstance(given, dict):
        given = given.get("set")
    if isinstance(given, str):
        whole = _option(expects.options, given)
        given = [given] if whole else [part for part in re.split(r"[,;\s]+", given) if part]
    if not isinstance(given, list) or not all(isinstance(one, str) for one in given):
        return value
    return {"set": sorted({_option(expects.options, one) or one for one in given})}


def _option(options: tuple[tuple[str, str], ...], given: str) -> str | None:
    """Return the key of the option that was given by its key or by its text."""
    by_name = {normalised(text): key for key, text in options}
    by_name |= {normalised(f"{key}: {text}"): key for key, text in options}
    by_name |= {normalised(key): key for key, _ in options}
    return by_name.get(normalised(given))


def _explain_text(expects: Text, value: Any, right: Any) -> Outcome:
    if not isinstance(value, str):
        return _not_this_kind(expects, value)
    return Outcome(WRONG, "Not this. Check the spelling, and look at how the lesson puts it.")


def _judge_written(expects: Written, value: Any) -> Outcome:
    if not isinstance(value, str):
        return _not_this_kind(expects, value)
    count = len(value.split())
    if count < expects.min_words:
        return Outcome(NOT_ATTEMPTED, f"Words so far: {count}; at least {expects.min_words}.")
    return Outcome(RECORDED, f"Words: {count}. A person reads a written answer; no score here.")


# --- Arrays


def _explain_array(expects: Array, value: Any, right: Any) -> Outcome:
    shape, right_shape = _shape(value), _shape(right)
    if shape == ():
        return _not_this_kind(expects, value)
    if shape is None:
        return Outcome(ERROR, f"The rows differ in length. Expected: {expects.wanted}.")
    theirs, ours = list(_leaves(value)), list(_leaves(right))
    wanted = _kind(ours[0])
    for place, one in enumerate(theirs, start=1):
        if _kind(one) != wanted:
            words = f"Value {place} is {_kind_words(one)}; expected: {wanted}."
            return Outcome(ERROR, words)
    if shape != right_shape:
        words = f"Your answer has {_shape_words(shape)}; expected: {_shape_words(right_shape)}."
        return Outcome(WRONG, words)
    for place, (one, other) in enumerate(zip(theirs, ours, strict=True), start=1):
        if _is_not_finite(one) and not _agree(one, other, 0.0, 0.0):
            return Outcome(WRONG, _not_finite_words(f"Value {place}", _number(one)))
    return Outcome(WRONG, _array_words(expects, theirs, ours))


def _array_words(expects: Array, theirs: list[Any], ours: list[Any]) -> str:
    tolerances = (expects.rtol, expects.atol)
    numbers, rights = _finite(theirs), _finite(ours)
    if numbers and rights:
        if words := _scale_words(numbers, rights, expects.rtol):
            return f"Your array {words}"
        if _agree(sorted(numbers), sorted(rights), *tolerances):
            return "These are the right values in another order."
    wrong = [
        place
        for place, (one, other) in enumerate(zip(theirs, ours, strict=True), start=1)
        if not _agree(one, other, *tolerances)
    ]
    return f"Values that are not right: {len(wrong)} of {len(ours)}. The first is value {wrong[0]}."


def _finite(values: list[Any]) -> list[float] | None:
    """Return all values as numbers, or None if one of them is not a finite number."""
    numbers = [_number(value) for value in values]
    return None if any(one is None or not math.isfinite(one) for one in numbers) else numbers


# --- Functions


def _judge_function(question: Question, expects: Cases, results: Any) -> Outcome:
    if not isinstance(results, list) or len(results) != len(expects.cases):
        return _UNREADABLE
    for place, result in enumerate(results):
        if not isinstance(result, dict):
            return _UNREADABLE
        if isinstance(result.get("raised"), dict):
            return Outcome(ERROR, _raised_words(expects, place, result["raised"]))
        if "stopped" in result:
            return Outcome(ERROR, _stopped_words(_call(expects, place), result["stopped"]))
        if "value" not in result:
            return _UNREADABLE
    values = [result["value"] for result in results]
    if all(value is None for value in values):
        words = (
            f"{expects.function} returns nothing yet (None). If you have written it: does it end "
            "with return, and not with print?"
        )
        return Outcome(NOT_ATTEMPTED, words)
    rights = [as_primitive(expects.reference(*copy.deepcopy(case))) for case in expects.cases]

    def leads_to(one: Misconception) -> list[Any]:
        return [_wrong_result(one, case) for case in expects.cases]

    return _compare(question, values, rights, leads_to) or _explain_function(
        expects, values, rights
    )


def _wrong_result(one: Misconception, case: tuple[Any, ...]) -> Any:
    try:
        return as_primitive(one.answer(*copy.deepcopy(case)))
    except Exception:
        # A wrong function may well divide by zero in some case: then it is not what was given.
        return {"raised": True}


def _explain_function(expects: Cases, values: list[Any], rights: list[Any]) -> Outcome:
    agree = [
        _agree(value, right, expects.rtol, expects.atol)
        for value, right in zip(values, rights, strict=True)
    ]
    first = agree.index(False)
    call, value, right = _call(expects, first), values[first], rights[first]
    if value is None:
        words = "Does every way through the function end with return?"
        return Outcome(WRONG, f"{call} returned nothing (None). {words}")
    if _is_not_finite(value):
        return Outcome(WRONG, _not_finite_words(f"What {call} returned", _number(value)))
    if _kind(value) != _kind(right) or _shape(value) != _shape(right):
        result = ERROR if _kind(value) == _UNKNOWN else WRONG
        expected = _kind_words(right) if isinstance(right, list) else _kind(right)
        return Outcome(result, f"{call} returned {_kind_words(value)}. Expected: {expected}.")
    numbers, right_numbers = _finite(list(_leaves(values))), _finite(list(_leaves(rights)))
    if (
        numbers
        and right_numbers
        and len(numbers) == len(right_numbers)
        and (words := _scale_words(numbers, right_numbers, expects.rtol))
    ):
        return Outcome(WRONG, f"In every case the result {words}")
    words = f"Right in {agree.count(True)} of {len(agree)} cases. The first that is not: {call}"
    return Outcome(WRONG, f"{words} returned {_short(value)}.")


def _raised_words(expects: Cases, place: int, raised: dict[str, Any]) -> str:
    call, kind = _call(expects, place), str(raised.get("type"))
    what = f"{kind}: {raised['message']}" if raised.get("message") else kind
    if raised.get("calling") is True and kind == "TypeError":
        count = len(expects.cases[place])
        takes = "1 argument" if count == 1 else f"{count} arguments"
        return f"{call} could not be called ({what}). {expects.function} takes {takes}."
    words = f"{call} stopped with an error. {what}."
    if raised.get("line"):
        words += f" It happened in line {raised['line']} of the code"
        words += f": {raised['code']}" if raised.get("code") else "."
    return words


def _stopped_words(call: str, seconds: Any) -> str:
    return (
        f"{call} had not returned after {_short(seconds)} s and was stopped. Is there a loop whose "
        "end is never reached? (Only Python code can be stopped like this. Work inside compiled "
        "code, such as sleep or a library's own loop, goes on until it is done or you press "
        "Stop, the square button above the notebook.)"
    )


def _call(expects: Cases, place: int) -> str:
    arguments = ", ".join(_short(as_primitive(one)) for one in expects.cases[place])
    return f"{expects.function}({arguments})"


# --- Plain data


def _number(value: Any) -> float | None:
    """Return plain data as a number, or None if it is not one."""
    if isinstance(value, dict) and value.get("float") in ("nan", "inf", "-inf"):
        return float(value["float"])
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        return float(value)
    except OverflowError:
        return math.inf if value > 0 else -math.inf


def _is_not_finite(value: Any) -> bool:
    number = _number(value)
    return number is not None and not math.isfinite(number)


def _close(number: float, right: float, rtol: float, atol: float) -> bool:
    return abs(number - right) <= max(rtol * abs(right), atol)


def _agree(value: Any, right: Any, rtol: float, atol: float) -> bool:
    """Return whether two pieces of plain data are the same, numbers within a tolerance."""
    number, right_number = _number(value), _number(right)
    if number is not None and right_number is not None:
        if not math.isfinite(number) or not math.isfinite(right_number):
            return str(number) == str(right_number)
        return _close(number, right_number, rtol, atol)
    if isinstance(value, list) and isinstance(right, list):
        return len(value) == len(right) and all(
            _agree(one, other, rtol, atol) for one, other in zip(value, right, strict=True)
        )
    if isinstance(value, str) and isinstance(right, str):
        return normalised(value) == normalised(right)
    if isinstance(value, dict) and isinstance(right, dict) and value.keys() == right.keys():
        if isinstance(value.get("pairs"), list):
            # The order of a dictionary's entries says nothing.
            value, right = ({"pairs": sorted(one["pairs"], key=repr)} for one in (value, right))
        return all(_agree(value[key], right[key], rtol, atol) for key in right)
    return type(value) is type(right) and value == right


def _leaves(value: Any) -> Iterator[Any]:
    if isinstance(value, list):
        for one in value:
            yield from _leaves(one)
    else:
        yield value


def _shape(value: Any) -> tuple[int, ...] | None:
    """Return the shape of nested lists, ``()`` of anything else, None if rows differ."""
    if not isinstance(value, list):
        return ()
    shapes = {_shape(one) for one in value}
    if len(shapes) > 1 or None in shapes:
        return None
    return (len(value), *(shapes.pop() if shapes else ()))


def _shape_words(shape: tuple[int, ...]) -> str:
    words = " x ".join(map(str, shape))
    return f"{words} value" if shape == (1,) else f"{words} values"


_UNKNOWN = "something else"
_KINDS = {bool: "True or False", str: "a text", type(None): "nothing (None)", list: "a list"}


def _kind(value: Any) -> str:
    if _number(value) is not None:
        return "a number"
    if isinstance(value, dict):
        return "a set" if "set" in value else "a dictionary" if "pairs" in value else _UNKNOWN
    return _KINDS.get(type(value), _UNKNOWN)


def _kind_words(value: Any) -> str:
    """Return what a value is, in words, as in "This is ..."."""
    if isinstance(value, dict) and isinstance(name := value.get("unsupported"), str):
        return name
    if isinstance(value, bool):
        return str(value)
    if isinstance(value, list):
        shape = _shape(value)
        return f"a list or array of {_shape_words(shape) if shape else 'rows of several lengths'}"
    return _kind(value)


def _not_finite_words(subject: str, number: float | None) -> str:
    if number is not None and math.isnan(number):
        return f"{subject} is NaN. {_NAN_WORDS}."
    return f"{subject} is infinite. {_INFINITE_WORDS}."


def _short(value: Any, limit: int = 60) -> str:
    """Return plain data as a learner would write it, cut where it gets long."""
    number = _number(value)
    if number is not None:
        words = str(value) if isinstance(value, int) and abs(number) < 1e15 else f"{number:.6g}"
    elif isinstance(value, list):
        # Longer lists would be cut anyway.
        words = f"[{', '.join(_short(one, limit) for one in value[:limit])}]"
    elif isinstance(value, dict):
        words = _kind_words(value)
    else:
        words = repr(value)
    return words if len(words) <= limit else f"{words[: limit - 3]}..."


_EXPLAIN: dict[type, Callable[[Any, Any, Any], Outcome]] = {
    Number: _explain_number,
    Choice: _explain_choice,
    Choices: _explain_choices,
    Text: _explain_text,
    Array: _explain_array,
}
