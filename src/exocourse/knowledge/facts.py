"""Facts: every number about the world that a lesson or a model uses, with its source and status.

They stand in ``data/facts/<module>.toml``, one file for each module of the course.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from exocourse.knowledge.card import Card, Shown, row
from exocourse.knowledge.data_files import (
    Key,
    check_choice,
    check_keys,
    data_folder,
    data_text,
    entries,
    parse_toml,
)
from exocourse.knowledge.errors import KnowledgeError, UnknownId
from exocourse.knowledge.references import reference, with_citations

if TYPE_CHECKING:
    from exocourse.knowledge.references import Reference

FOLDER = "facts"

STATUSES = {
    "measured": "measured, as the cited source reports",
    "quoted": "quoted in a review or by convention",
    "estimated": "the cited source's own estimate or model",
    "consensus": "agreed on in the field, in the cited source",
    "recalled": "value as recalled, not re-checked against the paper",
    "assumed": "assumed by the course, not measured",
    "computed": "computed by the course",
    "judgement": "the course's judgement",
}
# Without a source these are bare assertions; without a note those are bare choices.
_NEED_REFERENCE = ("measured", "quoted", "estimated", "consensus", "recalled")
_NEED_NOTE = ("assumed", "computed", "judgement")

_KEYS = {
    "id": Key(str),
    "quantity": Key(str),
    "value": Key(float, required=False),
    "low": Key(float, required=False),
    "high": Key(float, required=False),
    "unit": Key(str),
    "condition": Key(str),
    "reference": Key(str, required=False),
    "status": Key(str),
    "note": Key(str, required=False),
}


@dataclass(frozen=True, repr=False)
class Fact(Shown):
    """A number about the world, or a range, and what is to be known about it.

    Attributes
    ----------
    id : str
        Such as ``"exosome-size"``.
    quantity : str
        What it is a value of.
    value : float or None
        None where only a range is known.
    low, high : float or None
        The range; both or neither.
    unit : str
        In words and signs, such as ``"nm"``.
    condition : str
        What it holds for.
    reference : str or None
        Key of the source.
    status : str
        One of `STATUSES`.
    note : str or None
        What else a reader should know; for an assumption, why this value.
    """

    id: str
    quantity: str
    value: float | None
    low: float | None
    high: float | None
    unit: str
    condition: str
    reference: str | None
    status: str
    note: str | None

    def __float__(self) -> float:
        if self.value is None:
            raise TypeError(f"{self.id} is a range, {self.amount}: use its .low and .high")
        return self.value

    @property
    def amount(self) -> str:
        """Value or range with its unit, in words: "40 to 150 nm"."""
        span = "" if self.low is None else f"{_number(self.low)} to {_number(self.high)}"
        if self.value is None:
            return f"{span} {self.unit}"
        return f"{_number(self.value)}{f' ({span})' if span else ''} {self.unit}"

    @property
    def status_words(self) -> str:
        """The status in words: "assumed by the course, not measured"."""
        return STATUSES[self.status]

    @property
    def source(self) -> Reference | None:
        """The reference that it rests on; None for what the course assumes."""
        return reference(self.reference) if self.reference else None

    def card(self) -> Card:
        """Return quantity, value, condition, status, source and note."""
        rows = [
            row("value", self.amount),
            row("holds for", self.condition),
            row("status", self.status_words),
        ]
        if self.source:
            rows.append(row("source", self.source.citation))
        if self.note:
            rows.append(row("note", *with_citations(self.note)))
        return Card(f"{self.quantity} ({self.id})", tuple(rows))


def fact(fact_id: str) -> Fact:
    """Return a fact.

    Parameters
    ----------
    fact_id : str
        Such as ``"exosome-size"``; ``facts()`` lists them all.

    Raises
    ------
    UnknownId
        Where there is no such fact; it names the nearest ids.
    """
    known = _read()
    if fact_id not in known:
        raise UnknownId.nearest(fact_id, known, "fact", "facts()")
    return known[fact_id]


def facts() -> dict[str, Fact]:
    """Return all facts by id."""
    return dict(_read())


@cache
def fact_files() -> dict[str, dict[str, Fact]]:
    """Return the facts by file and id, as they stand in the data folder."""
    names = sorted(one.name for one in (data_folder() / FOLDER).iterdir())
    files = [f"{FOLDER}/{name}" for name in names if name.endswith(".toml")]
    return {file: read_facts(file, data_text(file)) for file in files}


@cache
def _read() -> dict[str, Fact]:
    return merge(fact_files())


def merge(files: Mapping[str, Mapping[str, Fact]]) -> dict[str, Fact]:
    """Return the facts of all files together; an id in two of them is a KnowledgeError."""
    home: dict[str, str] = {}
    merged: dict[str, Fact] = {}
    for file, found in files.items():
        for fact_id, one in found.items():
            if fact_id in home:
                raise KnowledgeError(
                    file,
                    fact_id,
                    f"this id is used in {home[fact_id]} too",
                    "Give one of the two an id of its own",
                )
            home[fact_id] = file
            merged[fact_id] = one
    return merged


def read_facts(file: str, text: str) -> dict[str, Fact]:
    """Return the facts in a TOML text by id.

    Raises
    ------
    KnowledgeError
        Where an entry does not hold: see `exocourse.knowledge.data_files` and the checks below.
    """
    document = parse_toml(file, text)
    check_keys(file, "the whole file", document, {"fact": Key(object)})
    return {entry["id"]: _fact(file, entry) for entry in entries(file, document, "fact", _KEYS)}


def _fact(file: str, entry: dict[str, Any]) -> Fact:
    """Return one checked fact."""
    name, status = entry["id"], entry["status"]
    check_choice(file, name, "status", status, STATUSES)
    value, low, high = (_float(entry.get(key)) for key in ("value", "low", "high"))
    for number in (value, low, high):
        if number is not None and not math.isfinite(number):
            raise KnowledgeError(file, name, f"{number} is no number", "Write a finite one")
    if (low is None) != (high is None):
        raise KnowledgeError(file, name, "half a range", "Give both low and high, or neither")
    if value is None and low is None:
        raise KnowledgeError(file, name, "it has no number", "Give value, or low and high")
    if low is not None and not low < high:
        raise KnowledgeError(file, name, f"low {low:g} is not below high {high:g}", "Swap them")
    if low is not None and value is not None and not low <= value <= high:
        raise KnowledgeError(file, name, f"value {value:g} is outside its range", "Mend either")
    if status in _NEED_REFERENCE and "reference" not in entry:
        raise KnowledgeError(
            file,
            name,
            f"status '{status}' without a reference",
            'Add \'reference = "Key"\', or say status = "assumed" and why in a note',
        )
    if status in _NEED_NOTE and "note" not in entry:
        raise KnowledgeError(
            file, name, f"status '{status}' without a note", "Say in a note why, or from what"
        )
    return Fact(
        id=name,
        quantity=entry["quantity"],
        value=value,
        low=low,
        high=high,
        unit=entry["unit"],
        condition=entry["condition"],
        reference=entry.get("reference"),
        status=status,
        note=entry.get("note"),
    )


def _float(value: float | None) -> float | None:
    return None if value is None else float(value)


_SUPERSCRIPT = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def _number(value: float) -> str:
    """Return a number as a reader writes it: 5,000 but 1.5 × 10¹²."""
    if value and not 1e-4 <= abs(value) < 1e7:
        mantissa, exponent = f"{value:.6e}".split("e")
        digits = mantissa.rstrip("0").rstrip(".")
        return f"{digits} × 10{str(int(exponent)).translate(_SUPERSCRIPT)}"
    digits = f"{value:,.10f}".rstrip("0").rstrip(".")
    return digits or "0"
