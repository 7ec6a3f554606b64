"""Questions: what is asked, what is expected, which errors are known by name, and the outcomes.

A question only declares. `exocourse.learning.observe` turns an answer into plain data,
`exocourse.learning.judge` compares that with what is declared here.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

NOT_ATTEMPTED = "not_attempted"
RIGHT = "right"
WRONG = "wrong"
ERROR = "error"
RECORDED = "recorded"  # Only for written answers, which a person reads: never a score.

_ID = re.compile(r"\d+\.\d+\.[a-z]")


def resolve(value: Any) -> Any:
    """Return `value`, or what it returns if it is a function without arguments.

    Facts are read when an answer is judged, not when a module is imported.
    """
    return value() if callable(value) else value


def normalised(text: str) -> str:
    """Return a text as it is compared: without case, kinds of hyphen, stray spaces and stops."""
    text = unicodedata.normalize("NFKC", text).casefold()
    text = re.sub(r"[\u2010-\u2015\u2212_]", "-", text)
    return " ".join(text.split()).strip(" .,;:!?()\"'`")


@dataclass(frozen=True)
class Number:
    """One number.

    Attributes
    ----------
    value : float or callable
        The right number, or a function without arguments that gives it when judged.
    rtol, atol : float
        It is right within ``max(rtol * abs(value), atol)``.
    unit : str
        The unit in words, such as ``"nm"``; empty for a pure number.
    low, high : float, optional
        Outside these an answer is called implausible.
    """

    value: float | Callable[[], float]
    rtol: float = 0.01
    atol: float = 0.0
    unit: str = ""
    low: float | None = None
    high: float | None = None

    @property
    def wanted(self) -> str:
        """What kind of answer is expected, in words."""
        return f"one number{_in_unit(self.unit)}"


@dataclass(frozen=True)
class Choice:
    """One of several options, given by its key.

    Attributes
    ----------
    options : tuple of (str, str)
        Key and text of each.
    answer : str
        The key of the right one.
    """

    options: tuple[tuple[str, str], ...]
    answer: str

    def __post_init__(self) -> None:
        _check_options(self.options, {self.answer})

    @property
    def wanted(self) -> str:
        """What kind of answer is expected, in words."""
        return f"one of these, in quotes: {_quoted_keys(self.options)}"


@dataclass(frozen=True)
class Choices:
    """Any number of several options, given as a list or set of keys.

    Attributes
    ----------
    options : tuple of (str, str)
        Key and text of each.
    answer : frozenset of str
        The keys of all the right ones.
    """

    options: tuple[tuple[str, str], ...]
    answer: frozenset[str]

    def __post_init__(self) -> None:
        _check_options(self.options, self.answer)

    @property
    def wanted(self) -> str:
        """What kind of answer is expected, in words."""
        return f"a list of one or more of these, in quotes: {_quoted_keys(self.options)}"


@dataclass(frozen=True)
class Text:
    """A short text.

    Attributes
    ----------
    answers : tuple of str
        All that count as right; compared without case, kinds of hyphen and stray spaces.
    """

    answers: tuple[str, ...]

    @property
    def wanted(self) -> str:
        """What kind of answer is expected, in words."""
        return "a short text, in quotes"


@dataclass(frozen=True)
class Array:
    """Numbers in an array, a list or a table's column; nested for more than one dimension.

    Attributes
    ----------
    value : sequence, array or callable
        The right numbers, or a function without arguments that gives them when judged.
    rtol, atol : float
        Each is right within ``max(rtol * abs(value), atol)``.
    unit : str
        The unit in words; empty for pure numbers.
    shape : tuple of int, optional
        Shape named in messages; by default the shape of `value`.
    """

    value: Any
    rtol: float = 0.01
    atol: float = 0.0
    unit: str = ""
    shape: tuple[int, ...] | None = None

    @property
    def wanted(self) -> str:
        """What kind of answer is expected, in words."""
        shape = ""
        if self.shape is not None:
            shape = f" of {' x '.join(map(str, self.shape))} values"
        return f"a list or an array{shape}{_in_unit(self.unit)}"


@dataclass(frozen=True)
class Cases:
    """A function, tried on stated cases and compared with a reference.

    Attributes
    ----------
    function : str
        The name that the learner's function should have.
    cases : tuple of tuple
        The arguments of each call. Each call gets fresh copies.
    reference : callable
        The right function. It is called when an answer is judged.
    rtol, atol : float
        A number is right within ``max(rtol * abs(value), atol)``.
    """

    function: str
    cases: tuple[tuple[Any, ...], ...]
    reference: Callable[..., Any]
    rtol: float = 1e-6
    atol: float = 0.0

    def __post_init__(self) -> None:
        if not self.cases:
            raise ValueError(f"{self.function}: there must be at least one case")

    @property
    def wanted(self) -> str:
        """What kind of answer is expected, in words."""
        return f"the function {self.function} itself, without brackets after its name"


@dataclass(frozen=True)
class Written:
    """An answer in sentences. A person reads it, with the rubric; it is never scored here.

    Attributes
    ----------
    rubric : tuple of str
        What a reader looks for. It is for instructors: no message shows it.
    min_words : int
        Below this, the answer counts as not attempted.
    """

    rubric: tuple[str, ...]
    min_words: int = 1

    @property
    def wanted(self) -> str:
        """What kind of answer is expected, in words."""
        return f"a text of at least {self.min_words} words, in quotes"


Expectation = Number | Choice | Choices | Text | Array | Cases | Written


@dataclass(frozen=True)
class Misconception:
    """A wrong answer that has a name and deserves words of its own.

    Attributes
    ----------
    name : str
        Short, such as ``"radius-for-diameter"``.
    message : str
        What the learner is told. It never prints the answer.
    answer : object
        What this misconception leads to: a value, or a function without arguments that gives it.
        For `Choice` a key, for `Choices` a set of keys, for `Text` a text; for `Cases` the wrong
        function, which takes the arguments of a case.
    partial : float
        Share of the points that it still earns, from 0 up to but not including 1.
    """

    name: str
    message: str
    answer: Any
    partial: float = 0.0

    def __post_init__(self) -> None:
        if not 0.0 <= self.partial < 1.0:
            raise ValueError(f"{self.name}: partial is a share below 1, not {self.partial}")


@dataclass(frozen=True)
class Outcome:
    """What came of an answer.

    Attributes
    ----------
    result : str
        `NOT_ATTEMPTED`, `RIGHT`, `WRONG` or `ERROR`; `RECORDED` for a written answer.
    message : str
        What the learner is told.
    misconception : str
        Name of the misconception that matches, else empty.
    share : float
        Share of the question's points, from 0 to 1.
    """

    result: str
    message: str
    misconception: str = ""
    share: float = 0.0

    @property
    def right(self) -> bool:
        """Whether the answer is right."""
        return self.result == RIGHT


@dataclass(frozen=True)
class Question:
    """One question of an exercise.

    Attributes
    ----------
    id : str
        Lesson and letter, such as ``"1.1.b"``.
    prompt : str
        What is asked, in one or two sentences.
    expects : Number, Choice, Choices, Text, Array, Cases or Written
        What a right answer is.
    misconceptions : tuple of Misconception
        Tried in this order once an answer is not right.
    hints : tuple of str
        From the gentlest to the plainest; none prints the answer.
    points : float
        What a right answer earns.
    part : str
        ``"A"``, which every reader can do, or ``"B"``, for those who code.
    why : str
        What a learner reads whose answer is right: why it is.

    Raises
    ------
    ValueError
        If the id, the part, the points or the misconceptions' names are not valid.
    """

    id: str
    prompt: str
    expects: Expectation
    misconceptions: tuple[Misconception, ...] = ()
    hints: tuple[str, ...] = ()
    points: float = 1.0
    part: str = "A"
    why: str = ""

    def __post_init__(self) -> None:
        if not _ID.fullmatch(self.id):
            raise ValueError(f"a question's id looks like 1.1.b, not {self.id!r}")
        if self.part not in ("A", "B"):
            raise ValueError(f"question {self.id}: part is A or B, not {self.part!r}")
        if not self.points > 0:
            raise ValueError(f"question {self.id}: points must be above 0")
        names = [one.name for one in self.misconceptions]
        if len(set(names)) < len(names):
            raise ValueError(f"question {self.id}: two misconceptions share a name")

    @property
    def grade_id(self) -> str:
        """The nbgrader id, which takes no dots: ``"q-1-1-b"``."""
        return f"q-{self.id.replace('.', '-')}"

    @property
    def has_partial_credit(self) -> bool:
        """Whether some wrong answer still earns points."""
        return any(one.partial > 0 for one in self.misconceptions)


def leaks_answer(question: Question) -> tuple[str, ...]:
    """Return the hints and messages of a question that print its answer; empty when none does.

    For those who write questions: a number counts as printed when it agrees to three significant
    digits or within the question's tolerance, also as a percentage; an option when its text
    appears, or its key in quotes or after a word like "option".
    """
    texts = (*(one.message for one in question.misconceptions), *question.hints)
    return tuple(text for text in texts if _prints(question.expects, text))


def _prints(expects: Expectation, text: str) -> bool:
    if isinstance(expects, Number):
        return _prints_number(float(resolve(expects.value)), expects.rtol, text)
    if isinstance(expects, Array):
        values = list(_flat(resolve(expects.value)))
        return bool(values) and all(_prints_number(one, expects.rtol, text) for one in values)
    if isinstance(expects, Choice | Choices):
        answers = {expects.answer} if isinstance(expects, Choice) else expects.answer
        return any(
            _names_key(key, text) or _has_phrase(words, text)
            for key, words in expects.options
            if key in answers
        )
    if isinstance(expects, Text):
        return any(_has_phrase(answer, text) for answer in expects.answers)
    return False  # The answer is a function or sentences: no short text can print it.


_DIGITS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻−", "0123456789--")
_PRINTED_NUMBER = re.compile(
    r"(?P<number>\d{1,3}(?:[,\u2009\u202f\u00a0 ]\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?|\.\d+)"
    r"(?:e(?P<e>[-+]?\d+)|\s*[x×*·]\s*10\s*(?:\^|\*\*)?\s*(?P<power>[-+]?\d+))?",
    re.IGNORECASE,
)


def _prints_number(value: float, rtol: float, text: str) -> bool:
    for match in _PRINTED_NUMBER.finditer(text.translate(_DIGITS)):
        number = float(re.sub(r"[^\d.]", "", match["number"]))
        number *= 10.0 ** int(match["e"] or match["power"] or 0)
        for scaled in (number, number / 100, number * 100):
            if f"{scaled:.3g}" == f"{abs(value):.3g}":
                return True
            if abs(scaled - abs(value)) <= rtol * abs(value):
                return True
    return False


def _names_key(key: str, text: str) -> bool:
    key = re.escape(key)
    pattern = rf"[\"'`‘“(]{key}[\"'`’”)]|\b(?:option|answer|choice|choose|pick)( is)? {key}\b"
    return re.search(pattern, text, re.IGNORECASE) is not None


def _has_phrase(phrase: str, text: str) -> bool:
    return re.search(rf"\b{re.escape(normalised(phrase))}\b", normalised(text)) is not None


def _flat(values: Any) -> Iterator[float]:
    for value in values:
        if isinstance(value, Sequence) or getattr(value, "ndim", 0):
            yield from _flat(value)
        else:
            yield float(value)


def _in_unit(unit: str) -> str:
    return f", in {unit}" if unit else ""


def _quoted_keys(options: tuple[tuple[str, str], ...]) -> str:
    return ", ".join(f'"{key}"' for key, _ in options)


def _check_options(
    options: tuple[tuple[str, str], ...], answers: set[str] | frozenset[str]
) -> None:
    keys = [normalised(key) for key, _ in options]
    if len(set(keys)) < len(keys):
        raise ValueError("two options share a key")
    if strangers := sorted(answers - {key for key, _ in options}):
        raise ValueError(f"not among the options: {', '.join(strangers)}")
