"""The bibliography: what the course cites, and where it can be read.

The entries stand in ``data/references.bib``. They are read by pybtex, which is imported when the
first reference is asked for: a fact's number must not cost a learner that wait.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from exocourse.knowledge.card import Card, Link, Row, Shown
from exocourse.knowledge.data_files import check_choice, data_text
from exocourse.knowledge.errors import KnowledgeError, UnknownId

if TYPE_CHECKING:
    from pybtex.database import Entry, Person

FILE = "references.bib"
DOI = re.compile(r"10\.\d{4,9}/\S+")

# status -> what is said of it beside the reference ("" where there is nothing to say)
STATUSES = {
    "verified": "",
    "title-seen": "title or abstract seen, DOI from memory",
    "recalled": "as recalled, not looked up",
}
_FIELDS = {"title", "journal", "year", "volume", "pages", "doi", "url", "status", "note"}
_MOST_NAMES = 3


@dataclass(frozen=True, repr=False)
class Reference(Shown):
    """Something that can be read elsewhere.

    Attributes
    ----------
    key : str
        What ``cite`` takes, such as ``"Welsh24"``.
    authors : tuple of str
        As ``"Family, Initials"``; an organisation as its name.
    and_others : bool
        Whether there are authors that are not listed.
    year : int or None
        None for a page without a date.
    title : str
        Ends in an ellipsis where the course knows only its beginning.
    journal, volume, pages : str or None
        Where it stands.
    doi, url : str or None
        At most one is needed; neither where `note` says how to find it.
    status : str
        ``"verified"``, ``"title-seen"`` or ``"recalled"``.
    note : str or None
        Anything else a reader should know.
    """

    key: str
    authors: tuple[str, ...]
    and_others: bool
    year: int | None
    title: str
    journal: str | None
    volume: str | None
    pages: str | None
    doi: str | None
    url: str | None
    status: str
    note: str | None

    @property
    def label(self) -> str:
        """How it is cited in a text: "Welsh et al., 2024".

        A letter after the year in the key tells two papers of one year apart, and is cited too.
        """
        families = [author.split(",")[0] for author in self.authors]
        if self.and_others or len(families) > 2:
            who = f"{families[0]} et al."
        else:
            who = " and ".join(families)
        letter = re.search(r"\d\d([a-z]?)$", self.key)
        return f"{who}, {self.year or 'undated'}{letter[1] if letter else ''}"

    @property
    def link(self) -> str | None:
        """Its address: the DOI's, else the page's, else None."""
        return f"https://doi.org/{self.doi}" if self.doi else self.url

    @property
    def markdown_link(self) -> str:
        """The citation as a lesson writes it: "[Welsh et al., 2024](https://doi.org/...)"."""
        return f"[{self.label}]({self.link})" if self.link else self.label

    @property
    def citation(self) -> str | Link:
        """The citation as a piece of a card."""
        return Link(self.label, self.link) if self.link else self.label

    @property
    def entry(self) -> tuple[str | Link, ...]:
        """The full entry of a reference list, as pieces of a card."""
        names = "; ".join(self.authors[:_MOST_NAMES])
        if self.and_others or len(self.authors) > _MOST_NAMES:
            names += " et al."
        words = f"{names} ({self.year or 'undated'}). {self.title}"
        words += "" if words.endswith(("?", "…")) else "."
        if self.journal:
            number = ":".join(part for part in (self.volume, self.pages) if part)
            words += f" {self.journal}{' ' if number else ''}{number}."
        pieces: list[str | Link] = [words]
        if self.link:
            pieces += [" ", Link(f"doi:{self.doi}" if self.doi else self.link, self.link)]
        remarks = "; ".join(part for part in (STATUSES[self.status], self.note) if part)
        return (*pieces, f" ({remarks})") if remarks else tuple(pieces)

    def card(self) -> Card:
        """Return the citation and the full entry."""
        return Card(self.label, (Row("", (self.entry,)),))


@dataclass(frozen=True, repr=False)
class References(Shown):
    """A list of references, in the order in which they were asked for."""

    items: tuple[Reference, ...]

    def __iter__(self) -> Iterator[Reference]:
        return iter(self.items)

    def __len__(self) -> int:
        return len(self.items)

    def card(self) -> Card:
        """Return the list."""
        return Card("References", (Row("", tuple(item.entry for item in self.items)),))


def cite(*keys: str) -> References:
    """Return references by their keys, to be shown as a list with links.

    Parameters
    ----------
    *keys : str
        Such as ``"Welsh24", "vanNiel18"``; one that is named twice is shown once.

    Raises
    ------
    UnknownId
        Where a key is not in the bibliography; it names the nearest ones.
    ValueError
        Where no key is given.
    """
    if not keys:
        raise ValueError('cite needs at least one key, such as cite("Welsh24")')
    return References(tuple(reference(key) for key in dict.fromkeys(keys)))


def reference(key: str) -> Reference:
    """Return one reference; `UnknownId` where there is none with this key."""
    known = _read()
    if key not in known:
        raise UnknownId.nearest(key, known, "reference", "references()")
    return known[key]


def references() -> dict[str, Reference]:
    """Return all references by key, in the order of the file."""
    return dict(_read())


def citations(keys: Iterable[str]) -> tuple[str | Link, ...]:
    """Return the citations of several keys as pieces of a card, with semicolons between."""
    pieces: list[str | Link] = []
    for key in keys:
        pieces += ["; ", reference(key).citation]
    return tuple(pieces[1:])


def with_citations(text: str) -> tuple[str | Link, ...]:
    """Return a sentence as pieces of a card, each reference's key in it shown as a citation."""
    pieces = re.split(r"\b([A-Za-z]+\d{2}[a-z]?)\b", text)
    known = _read()
    return tuple(known[one].citation if one in known else one for one in pieces if one)


@cache
def _read() -> dict[str, Reference]:
    return read_references(FILE, data_text(FILE))


def read_references(file: str, text: str) -> dict[str, Reference]:
    """Return the references in a BibTeX text by key.

    Raises
    ------
    KnowledgeError
        Where it is not BibTeX, a key or a DOI is used twice, a field is unknown or missing, a
        status is not known or a DOI does not look like one.
    """
    from pybtex.database.input.bibtex import Parser
    from pybtex.exceptions import PybtexError

    try:
        entries = Parser().parse_string(text).entries
    except PybtexError as error:
        raise KnowledgeError(
            file, "the whole file", f"it is not valid BibTeX: {error}", "Mend what it names"
        ) from error
    found: dict[str, Reference] = {}
    by_doi: dict[str, str] = {}
    for key, entry in entries.items():
        one = _reference(file, key, entry)
        if one.doi and (other := by_doi.setdefault(one.doi.lower(), key)) != key:
            raise KnowledgeError(
                file, key, f"its DOI is that of {other}", "Keep one entry, and one key, for a paper"
            )
        found[key] = one
    return found


def _reference(file: str, key: str, entry: Entry) -> Reference:
    """Return one checked reference."""
    fields = {name.lower(): " ".join(value.split()) for name, value in entry.fields.items()}
    unknown = sorted(set(fields) - _FIELDS)
    if unknown:
        near = UnknownId.nearest(unknown[0], _FIELDS).near
        remedy = f"Did you mean '{near[0]}'?" if near else f"Known: {', '.join(sorted(_FIELDS))}"
        raise KnowledgeError(file, key, f"the field '{unknown[0]}' is unknown", remedy)
    names = [_name(person) for person in entry.persons.get("author", ())]
    and_others = "others" in names
    authors = tuple(name for name in names if name != "others")
    for name, value in (("author", authors), ("title", fields.get("title"))):
        if not value:
            raise KnowledgeError(file, key, f"it has no {name}", f"Add '{name} = {{...}},'")
    check_choice(file, key, "status", fields.get("status", "(none)"), STATUSES)
    for value in (*authors, *fields.values()):
        if re.search(r"[{}\\]", value):
            raise KnowledgeError(
                file, key, f"{value!r} is spelled in LaTeX", "Type accents and signs as they are"
            )
    year, doi, url = (fields.get(name) for name in ("year", "doi", "url"))
    if year is not None and not re.fullmatch(r"\d{4}", year):
        raise KnowledgeError(file, key, f"year '{year}' is not a year", "Write four digits")
    if doi and not DOI.fullmatch(doi):
        raise KnowledgeError(
            file, key, f"'{doi}' is not a DOI", "Write it as 10.1002/jev2.12404, without the https"
        )
    if url and not url.startswith("https://"):
        raise KnowledgeError(file, key, f"'{url}' is not a web address", "Start it with https://")
    if not (doi or url or fields.get("note")):
        raise KnowledgeError(
            file, key, "nobody can find it", "Add a doi, a url or a note that says where it stands"
        )
    return Reference(
        key=key,
        authors=authors,
        and_others=and_others,
        year=int(year) if year else None,
        title=fields["title"],
        journal=fields.get("journal"),
        volume=fields.get("volume"),
        pages=fields.get("pages"),
        doi=doi,
        url=url,
        status=fields["status"],
        note=fields.get("note"),
    )


def _name(person: Person) -> str:
    """Return "Family, Initials"; an organisation, which BibTeX wants in braces, as its name."""
    family = " ".join([*person.prelast_names, *person.last_names]).strip("{}")
    given = " ".join([*person.first_names, *person.middle_names])
    return f"{family}, {given}" if given else family
