"""What the course knows, where that can be read, and what the articles claim.

>>> from exocourse.knowledge import cite, claim, fact
>>> fact("vesicle-shell-thickness").value
5.0
>>> claim("S4-02").home
'1.1'
>>> cite("Welsh24").items[0].label
'Welsh et al., 2024'
"""

# The functions facts, references and claims hide the modules of the same names, so import from
# those by `from exocourse.knowledge.facts import ...`.
from exocourse.knowledge.claims import (
    VERDICTS,
    Answer,
    Claim,
    anchors,
    claim,
    claims,
    claims_at,
)
from exocourse.knowledge.errors import KnowledgeError, UnknownId
from exocourse.knowledge.facts import Fact, fact, facts
from exocourse.knowledge.references import Reference, References, cite, references
from exocourse.knowledge.ties import validate

__all__ = [
    "VERDICTS",
    "Answer",
    "Claim",
    "Fact",
    "KnowledgeError",
    "Reference",
    "References",
    "UnknownId",
    "anchors",
    "cite",
    "claim",
    "claims",
    "claims_at",
    "fact",
    "facts",
    "references",
    "validate",
]
