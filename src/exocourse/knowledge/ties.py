"""Ties between the data files: facts and claims may only name references that exist.

This is a function of its own, and not done on reading, because it needs the bibliography and so
pybtex; the tests call it.
"""

from __future__ import annotations

from collections.abc import Mapping

from exocourse.knowledge.claims import FILE as CLAIMS_FILE
from exocourse.knowledge.claims import LOGIC, Claim
from exocourse.knowledge.errors import KnowledgeError, UnknownId
from exocourse.knowledge.facts import Fact, merge
from exocourse.knowledge.references import FILE as REFERENCES_FILE
from exocourse.knowledge.references import Reference


def validate() -> None:
    """Read all data files and check the ties between them.

    Raises
    ------
    KnowledgeError
        At the first entry that does not hold: file, entry, what to do.
    """
    from exocourse.knowledge.claims import claims
    from exocourse.knowledge.facts import fact_files
    from exocourse.knowledge.references import references

    check_ties(fact_files(), claims(), references())


def check_ties(
    facts: Mapping[str, Mapping[str, Fact]],
    claims: Mapping[str, Claim],
    references: Mapping[str, Reference],
) -> None:
    """Check that what facts and claims cite exists and can carry them.

    Parameters
    ----------
    facts : mapping
        Facts by file, then by id.
    claims : mapping
        Claims by id.
    references : mapping
        References by key.

    Raises
    ------
    KnowledgeError
        Where a reference does not exist, where a number counts as measured though its paper was
        never looked up, or where such a paper is the ground of a verdict.
    """
    merge(facts)
    for file, found in facts.items():
        for one in found.values():
            if one.reference is None:
                continue
            source = _existing(file, one.id, one.reference, references)
            if source.status == "recalled" and one.status != "recalled":
                raise KnowledgeError(
                    file,
                    one.id,
                    f"{source.key} is only recalled, the fact is '{one.status}'",
                    "Look the paper up, or give the fact the status 'recalled'",
                )
    for one in claims.values():
        for key in one.references if one.references != LOGIC else ():
            if _existing(CLAIMS_FILE, one.id, key, references).status == "recalled":
                raise KnowledgeError(
                    CLAIMS_FILE,
                    one.id,
                    f"{key} is only recalled and cannot be the ground of a verdict",
                    "Look the paper up, or rest the verdict on another",
                )


def _existing(file: str, entry: str, key: str, references: Mapping[str, Reference]) -> Reference:
    """Return the reference with this key, or say which keys come near."""
    if key not in references:
        near = UnknownId.nearest(key, references).near
        meant = f"Did you mean {' or '.join(near)}? Else add" if near else "Add"
        raise KnowledgeError(
            file, entry, f"the reference '{key}' is missing", f"{meant} it to {REFERENCES_FILE}"
        )
    return references[key]
