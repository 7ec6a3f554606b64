"""The claim ledger's data: 36 claims of two trend articles, in the course's own words.

Each has one home lesson, and the course's answer, which is shown only when asked for. It is the
course's own reading of the sources that it names; no expert has signed it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from exocourse.knowledge.card import Card, Link, Row, Shown, row
from exocourse.knowledge.data_files import (
    Key,
    check_choice,
    check_keys,
    data_text,
    entries,
    parse_toml,
)
from exocourse.knowledge.errors import KnowledgeError, UnknownId
from exocourse.knowledge.references import citations

FILE = "claims.toml"

VERDICTS = {
    "supported": "supported",
    "partly": "partly or contested",
    "unsupported": "unsupported",
    "contradicted": "contradicted",
    "uncheckable": "not checkable as written",
    "opinion": "opinion or signal (nothing to check)",
}
TYPES = (
    "definition",
    "mechanism",
    "effect",
    "comparison",
    "delivery",
    "duration",
    "safety",
    "authority",
    "availability",
    "caveat",
    "forecast",
    "provenance",
)
HEDGES = ("flat", "can or promises", "clearly hedged")
SOURCES = ("none", "anonymous experts", "named without affiliation", "unnamed study")
LESSONS = (
    *("0.1",),
    *("1.1", "1.2", "1.3"),
    *("2.1", "2.2", "2.3"),
    *("3.1", "3.2", "3.3"),
    *("4.1", "4.2", "4.3", "4.4", "4.5"),
)
# In place of references: the reasons need none, because they are about the sentence itself.
LOGIC = ("logic",)

_HEAD = {
    "read_on": Key(date),
    "made_by": Key(str),
    "dispute": Key(str),
    "claim": Key(object),
}
_KEYS = {
    "id": Key(str),
    "text": Key(str),
    "type": Key(str),
    "hedge": Key(int, required=False),
    "source_given": Key(str),
    "to_settle": Key(str),
    "verdict": Key(str),
    "reasons": Key(list),
    "references": Key(list),
    "would_change": Key(str),
    "home": Key(str),
    "anchor": Key(bool, required=False),
}
_CITED = re.compile(r"\s*\[([A-Za-z0-9]+(?:, [A-Za-z0-9]+)*)\]")


@dataclass(frozen=True, repr=False)
class Answer(Shown):
    """The course's reading of a claim.

    Attributes
    ----------
    claim_id : str
        Such as ``"S4-02"``.
    verdict : str
        One of `VERDICTS`.
    reasons : tuple of str
        Two to four sentences; keys in square brackets say what a sentence rests on, and become
        links where the answer is shown.
    references : tuple of str
        All keys that the reasons cite, or ``("logic",)``.
    would_change : str
        What finding would change the answer.
    date : datetime.date
        When the sources were read.
    made_by : str
        Whose reading it is.
    dispute : str
        How to dispute it.
    """

    claim_id: str
    verdict: str
    reasons: tuple[str, ...]
    references: tuple[str, ...]
    would_change: str
    date: date
    made_by: str
    dispute: str

    @property
    def verdict_words(self) -> str:
        """The verdict in words: "partly or contested"."""
        return VERDICTS[self.verdict]

    def card(self) -> Card:
        """Return verdict, reasons with their sources, what would change it, and whose it is."""
        rows = [Row("why", tuple(_with_links(reason) for reason in self.reasons))]
        if self.references == LOGIC:
            rows.append(row("rests on", "logic: the reasons are about the sentence itself"))
        rows += [
            row("what would change it", self.would_change),
            row("made by", f"{self.made_by}, {self.date.isoformat()}. {self.dispute}"),
        ]
        return Card(f"{self.claim_id}, the course's reading: {self.verdict_words}", tuple(rows))


@dataclass(frozen=True, repr=False)
class Claim(Shown):
    """Something that an article says, in the course's own words.

    It shows itself without the course's verdict; that is in its `answer`.

    Attributes
    ----------
    id : str
        Such as ``"S4-02"``.
    text : str
        What is claimed, paraphrased.
    type : str
        One of `TYPES`.
    hedge : int or None
        Index into `HEDGES`: 0 flat, 1 can or promises, 2 clearly hedged. None where the
        claim is no sentence of the article but something seen on its page.
    source_given : str
        One of `SOURCES`: whom the article names for it.
    to_settle : str
        What would settle it.
    verdict : str
        One of `VERDICTS`.
    reasons, references, would_change, date, made_by, dispute
        See `Answer`.
    home : str
        The lesson that answers it.
    anchor : bool
        Whether it is one of the ten that lesson 0.1 asks about.
    """

    id: str
    text: str
    type: str
    hedge: int | None
    source_given: str
    to_settle: str
    verdict: str
    reasons: tuple[str, ...]
    references: tuple[str, ...]
    home: str
    anchor: bool
    date: date
    made_by: str
    would_change: str
    dispute: str

    @property
    def answer(self) -> Answer:
        """The course's reading of it."""
        return Answer(
            claim_id=self.id,
            verdict=self.verdict,
            reasons=self.reasons,
            references=self.references,
            would_change=self.would_change,
            date=self.date,
            made_by=self.made_by,
            dispute=self.dispute,
        )

    @property
    def hedge_words(self) -> str:
        """How firmly it is said, in words: "flat"."""
        return "not a sentence" if self.hedge is None else HEDGES[self.hedge]

    def card(self) -> Card:
        """Return the claim without the course's verdict."""
        return Card(
            f"{self.id}: {self.text}",
            (
                row("type", self.type),
                row("said", self.hedge_words),
                row("source given", self.source_given),
                row("what would settle it", self.to_settle),
                row("answered in lesson", self.home),
            ),
        )


def claim(claim_id: str) -> Claim:
    """Return a claim of the ledger; its `answer` holds the course's reading.

    Parameters
    ----------
    claim_id : str
        Such as ``"S4-02"``; ``claims()`` lists them all.

    Raises
    ------
    UnknownId
        Where there is no such claim; it names the nearest ids.
    """
    known = _read()
    if claim_id not in known:
        raise UnknownId.nearest(claim_id, known, "claim", "claims()")
    return known[claim_id]


def claims() -> dict[str, Claim]:
    """Return all claims by id, in the order of the file."""
    return dict(_read())


def claims_at(lesson: str) -> tuple[Claim, ...]:
    """Return the claims that are at home in a lesson such as ``"1.1"``; some lessons have none."""
    if lesson not in LESSONS:
        raise UnknownId.nearest(lesson, LESSONS, "lesson")
    return tuple(one for one in _read().values() if one.home == lesson)


def anchors() -> tuple[Claim, ...]:
    """Return the claims that lesson 0.1 asks about."""
    return tuple(one for one in _read().values() if one.anchor)


@cache
def _read() -> dict[str, Claim]:
    return read_claims(FILE, data_text(FILE))


def read_claims(file: str, text: str) -> dict[str, Claim]:
    """Return the claims in a TOML text by id.

    Raises
    ------
    KnowledgeError
        Where an entry does not hold: see `exocourse.knowledge.data_files` and the checks below.
    """
    document = parse_toml(file, text)
    check_keys(file, "the head of the file", document, _HEAD)
    return {
        entry["id"]: _claim(file, entry, document)
        for entry in entries(file, document, "claim", _KEYS)
    }


def _claim(file: str, entry: dict[str, Any], head: dict[str, Any]) -> Claim:
    """Return one checked claim."""
    name = entry["id"]
    check_choice(file, name, "type", entry["type"], TYPES)
    check_choice(file, name, "source_given", entry["source_given"], SOURCES)
    check_choice(file, name, "verdict", entry["verdict"], VERDICTS)
    check_choice(file, name, "home", entry["home"], LESSONS)
    _check_hedge(file, name, entry)
    _check_reasons(file, name, entry)
    return Claim(
        id=name,
        text=entry["text"],
        type=entry["type"],
        hedge=entry.get("hedge"),
        source_given=entry["source_given"],
        to_settle=entry["to_settle"],
        verdict=entry["verdict"],
        reasons=tuple(entry["reasons"]),
        references=tuple(entry["references"]),
        home=entry["home"],
        anchor=entry.get("anchor", False),
        date=head["read_on"],
        made_by=head["made_by"],
        would_change=entry["would_change"],
        dispute=head["dispute"],
    )


def _check_hedge(file: str, name: str, entry: dict[str, Any]) -> None:
    """Raise unless a sentence has its hedge, and what is only seen on a page has none."""
    hedge = entry.get("hedge")
    if entry["type"] == "provenance":
        if hedge is not None:
            raise KnowledgeError(
                file, name, "provenance with a hedge", "Leave 'hedge' out: it is no sentence"
            )
    elif hedge not in range(len(HEDGES)):
        given = "the key 'hedge' is missing" if hedge is None else f"hedge {hedge} is not known"
        raise KnowledgeError(
            file, name, given, "Write 0 (flat), 1 (can or promises) or 2 (clearly hedged)"
        )


def _check_reasons(file: str, name: str, entry: dict[str, Any]) -> None:
    """Raise unless what the reasons cite and what the references list are the same keys."""
    reasons, listed = entry["reasons"], entry["references"]
    if not 2 <= len(reasons) <= 4:
        raise KnowledgeError(
            file, name, f"{len(reasons)} reason(s)", "Give two to four sentences in a list"
        )
    cited = {key for reason in reasons for key in _cited_keys(reason)}
    expected = set() if tuple(listed) == LOGIC else set(listed)
    for key in sorted(cited - expected):
        raise KnowledgeError(
            file, name, f"a reason cites {key}", f"Add '{key}' to the references, or cite another"
        )
    for key in sorted(expected - cited):
        remedy = 'Use ["logic"] alone' if key in LOGIC else f"Write [{key}] behind what rests on it"
        raise KnowledgeError(file, name, f"no reason cites {key}", remedy)


def _cited_keys(text: str) -> list[str]:
    return [key for match in _CITED.finditer(text) for key in match[1].split(", ")]


def _with_links(text: str) -> tuple[str | Link, ...]:
    """Return a sentence as pieces, with its ``[Key]`` as citations in brackets."""
    pieces: list[str | Link] = []
    end = 0
    for match in _CITED.finditer(text):
        pieces += [text[end : match.start()], " (", *citations(match[1].split(", ")), ")"]
        end = match.end()
    return (*pieces, text[end:])
