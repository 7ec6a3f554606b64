"""What a preparation may be called, by the evidence given.

A name is a claim: "exosome" says where a vesicle came from, "vesicle" that it has a membrane,
"extracellular" that a cell let it go.  :data:`RULES` is the table of names that the course
teaches; :func:`name_preparation` reads it from the top and takes the first rule that the evidence
meets.

The table follows MISEV2023 [Welsh24], expert consensus on words and reporting.  It is a small part
of it in the course's own words.  What the course could not re-read in the paper is marked
"as recalled"; what it concludes by itself is marked "the course's reading".
"""

from collections.abc import Callable
from dataclasses import dataclass
from math import isfinite
from numbers import Real

from exocourse.knowledge import fact
from exocourse.knowledge.card import Card, Row, Shown, row
from exocourse.knowledge.references import with_citations

SUBCELLULAR_ORIGINS = ("endosome", "plasma membrane")
MOST_MISSING = 4  # a longer list is not read


@dataclass(frozen=True, kw_only=True)
class PreparationEvidence:
    """What has been shown about a preparation.

    Three findings can come out either way: True is "shown", False is "looked for, and the opposite
    was found", None is "nobody looked".  Not having looked is never evidence of absence.

    Attributes
    ----------
    released_from_cells : bool or None
        True: living cells let the particles go.  False: they were still inside the cells.
    lipid_bilayer : bool or None
        True: a lipid bilayer encloses them.  False: there is none.
    cannot_replicate : bool or None
        True: they cannot multiply on their own.  False: they can.
    made_by_disruption : bool
        Cells were broken up to make the particles (extruded, blended, sonicated).
    fully_synthetic : bool
        The particles were assembled from their molecules, without a cell.
    subcellular_origin_shown : {"endosome", "plasma membrane"} or None
        Where in the cell the vesicles of this preparation were shown to come from.  Live imaging
        of a multivesicular body that fuses with the plasma membrane shows that the cells use that
        route, not that these vesicles took it.  A marker is not enough either.
    diameter_nm : float or None
        Their typical diameter, nm.
    size_method : str or None
        How it was measured, such as ``"NTA"``.
    markers : tuple of str
        Proteins found, such as ``("CD63",)``.  They never change the name: that is the point.
    non_vesicular_controls : bool
        Lipoproteins, protein aggregates and soluble protein were controlled for.

    Raises
    ------
    TypeError
        Where a field is of the wrong kind, such as ``"yes"`` for True.
    ValueError
        Where a value cannot be, or two findings contradict each other; it says which and why.
    """

    released_from_cells: bool | None = None
    lipid_bilayer: bool | None = None
    cannot_replicate: bool | None = None
    made_by_disruption: bool = False
    fully_synthetic: bool = False
    subcellular_origin_shown: str | None = None
    diameter_nm: float | None = None
    size_method: str | None = None
    markers: tuple[str, ...] = ()
    non_vesicular_controls: bool = False

    def __post_init__(self):
        for name in ("released_from_cells", "lipid_bilayer", "cannot_replicate"):
            if not isinstance(getattr(self, name), bool | None):
                raise TypeError(
                    f"{name} must be True (shown), False (the opposite was shown) or None (nobody "
                    f"looked), not {getattr(self, name)!r}"
                )
        for name in ("made_by_disruption", "fully_synthetic", "non_vesicular_controls"):
            if not isinstance(getattr(self, name), bool):
                raise TypeError(f"{name} must be True or False, not {getattr(self, name)!r}")
        if self.subcellular_origin_shown not in (*SUBCELLULAR_ORIGINS, None):
            raise ValueError(
                "subcellular_origin_shown must be 'endosome', 'plasma membrane' or None, not "
                f"{self.subcellular_origin_shown!r}"
            )
        if not isinstance(self.markers, tuple) or not all(isinstance(m, str) for m in self.markers):
            raise TypeError(
                f'markers must be a tuple of names, such as ("CD63",), not {self.markers!r}'
            )
        _check_size(self.diameter_nm, self.size_method)
        for contradicts, why in CONTRADICTIONS:
            if contradicts(self):
                raise ValueError(why)

    @property
    def is_artificial(self) -> bool:
        """Whether the particles were made rather than released."""
        return self.made_by_disruption or self.fully_synthetic


@dataclass(frozen=True, repr=False)
class PreparationName(Shown):
    """What a preparation may be called, and why.

    Attributes
    ----------
    term : str
        The most exact name that the evidence bears.
    short : str
        The same name in a few words, for comparing: one of the ``short`` names in
        :data:`RULES`, or "small EV" or "large EV".
    may_also_say : tuple of str
        Other names that are honest too, such as the wider ones.
    reasons : tuple of str
        Why this name, and why not a bolder one, in at most three sentences; reference keys in
        brackets.
    missing : tuple of str
        What would have to be shown for a fuller or bolder name: at most four things, what matters
        most first.  Empty where nothing is missing.
    """

    term: str
    short: str
    may_also_say: tuple[str, ...]
    reasons: tuple[str, ...]
    missing: tuple[str, ...]

    def card(self) -> Card:
        """Return the name, what else may be said, why, and what is missing."""
        rows = []
        if self.may_also_say:
            rows.append(row("may also be called", "; ".join(self.may_also_say)))
        for title, sentences in (("why", self.reasons), ("still missing", self.missing)):
            if sentences:
                rows.append(Row(title, tuple(with_citations(one) for one in sentences)))
        return Card(self.term, tuple(rows))


@dataclass(frozen=True)
class NamingRule:
    """One line of the table of names.

    Attributes
    ----------
    condition : str
        When the rule holds, in words.
    holds : callable
        The same as a function of `PreparationEvidence`.
    short, term : str
        The name in a few words, and in full.
    reason : str
        Why, with the reference key.
    may_also_say : tuple of str
        Wider names that hold too.
    """

    condition: str
    holds: Callable[[PreparationEvidence], bool]
    short: str
    term: str
    reason: str
    may_also_say: tuple[str, ...] = ()


EP = "extracellular particles (EP)"
EV = "extracellular vesicles (EV)"
MIMETIC = "EV mimetics"

# Read from the top: the first rule that holds gives the name.
RULES = (
    NamingRule(
        condition="they can replicate on their own",
        holds=lambda e: e.cannot_replicate is False,
        short="cells",
        term="cells or micro-organisms, not EVs",
        reason="An EV cannot replicate on its own (Welsh24); what can is a cell.",
    ),
    NamingRule(
        condition="made by people, and no lipid bilayer",
        holds=lambda e: e.is_artificial and e.lipid_bilayer is False,
        short="artificial particles",
        term="artificial particles, not vesicles",
        reason="Without a membrane nothing is a vesicle, and without release nothing is "
        "extracellular: only the plain word is left (the course's reading of Welsh24).",
    ),
    NamingRule(
        condition="assembled from molecules, with a lipid bilayer",
        holds=lambda e: e.fully_synthetic and e.lipid_bilayer is True,
        short="synthetic vesicles",
        term="synthetic vesicles, a kind of EV mimetic",
        reason="Vesicles made from scratch, or as hybrids, are synthetic vesicles; 'mimetic' is "
        "preferred over 'exosome-like' (Welsh24).",
        may_also_say=(MIMETIC,),
    ),
    NamingRule(
        condition="made by breaking up cells, with a lipid bilayer",
        holds=lambda e: e.made_by_disruption and e.lipid_bilayer is True,
        short="ACDV",
        term="artificial cell-derived vesicles (ACDV), a kind of EV mimetic",
        reason="Vesicles that form when cells are forced apart are made, not released (Welsh24); "
        "that blending a plant is such a disruption is the course's reading.",
        may_also_say=(MIMETIC,),
    ),
    NamingRule(
        condition="made by people, membrane not shown",
        holds=lambda e: e.is_artificial,
        short="artificial, membrane not shown",
        term="artificial particles, membrane not shown",
        reason="What people made may be called a vesicle only where a lipid bilayer is shown (the "
        "course's reading of Welsh24).",
    ),
    NamingRule(
        condition="still inside the cells",
        holds=lambda e: e.released_from_cells is False,
        short="intracellular",
        term="intracellular particles, not EVs",
        reason="An EV has left its cell by definition (Welsh24); inside a multivesicular body the "
        "later exosome is still an intraluminal vesicle (Colombo14).",
    ),
    NamingRule(
        condition="no lipid bilayer",
        holds=lambda e: e.lipid_bilayer is False,
        short="NVEP",
        term="non-vesicular extracellular particles (NVEP)",
        reason="Released assemblies without a bilayer are not vesicles (Welsh24); exomeres and "
        "lipoproteins are such particles (Zhang18, Sodar16).",
        may_also_say=(EP,),
    ),
    NamingRule(
        condition="released, with a bilayer, and shown to come from an endosome",
        holds=lambda e: _is_ev(e) and e.subcellular_origin_shown == "endosome",
        short="exosomes",
        term="exosomes",
        reason="'Exosome' names a route: a multivesicular body fuses with the plasma membrane and "
        "lets its vesicles out (Colombo14, vanNiel18), and that was shown for these vesicles.",
        may_also_say=(EV,),
    ),
    NamingRule(
        condition="released, with a bilayer, and shown to bud from the plasma membrane",
        holds=lambda e: _is_ev(e) and e.subcellular_origin_shown == "plasma membrane",
        short="ectosomes",
        term="ectosomes",
        reason="'Ectosome' names a route: budding outward from the plasma membrane (Meldolesi18), "
        "and that was shown for these vesicles.",
        may_also_say=(EV,),
    ),
    NamingRule(
        condition="released, with a bilayer",
        holds=lambda e: _is_ev(e),
        short="EV",
        term=EV,
        reason="Released from cells and bounded by a lipid bilayer: the default word is EV "
        "(Welsh24); 'exosome' and 'ectosome' are discouraged unless the subcellular origin is "
        "shown (Welsh24, as recalled, not re-checked against the paper).",
        may_also_say=(EP,),
    ),
    NamingRule(
        condition="anything else: membrane or release not shown",
        holds=lambda e: True,
        short="EP",
        term=EP,
        reason="As long as membrane or release is not shown, the umbrella term is the honest one "
        "(Welsh24): a particle counter sees vesicles and other particles alike (Sodar16, "
        "Johnsen19).",
    ),
)

# Findings that cannot both be true of one kind of particle, and why.
CONTRADICTIONS = (
    (
        lambda e: e.released_from_cells and e.fully_synthetic,
        "released_from_cells and fully_synthetic contradict each other: what was assembled without "
        "a cell was never released by one. For a mixture, describe each part by itself.",
    ),
    (
        lambda e: e.released_from_cells and e.made_by_disruption,
        "released_from_cells and made_by_disruption contradict each other: a vesicle that formed "
        "when its cell was broken up was not released by it. For a mixture, describe each part by "
        "itself.",
    ),
    (
        lambda e: e.made_by_disruption and e.fully_synthetic,
        "made_by_disruption and fully_synthetic contradict each other: one starts from cells, the "
        "other does without. A hybrid of both counts as synthetic: set fully_synthetic only.",
    ),
    (
        lambda e: e.subcellular_origin_shown and e.is_artificial,
        "subcellular_origin_shown contradicts a preparation made by people: it says by which route "
        "a living cell released the vesicles. Leave it at None.",
    ),
    (
        lambda e: e.subcellular_origin_shown and e.released_from_cells is False,
        "subcellular_origin_shown contradicts released_from_cells=False: it says by which route "
        "the vesicles left the cell, and these have not left it. Leave it at None.",
    ),
    (
        lambda e: e.subcellular_origin_shown and e.lipid_bilayer is False,
        "subcellular_origin_shown contradicts lipid_bilayer=False: both routes wrap what they "
        "release in membrane. Check which of the two findings is about these particles.",
    ),
    (
        lambda e: e.fully_synthetic and e.cannot_replicate is False,
        "fully_synthetic contradicts cannot_replicate=False: nothing assembled from its molecules "
        "multiplies on its own yet. Check the preparation for micro-organisms.",
    ),
)


def name_preparation(evidence: PreparationEvidence) -> PreparationName:
    """Say what a preparation may be called on the evidence given.

    Parameters
    ----------
    evidence : PreparationEvidence
        What has been shown.  What has not been shown is left out.

    Returns
    -------
    PreparationName
        The name, others that are honest too, the reasons, and what is missing for a fuller name.

    Raises
    ------
    TypeError
        Where it is given something else than `PreparationEvidence`.
    """
    if not isinstance(evidence, PreparationEvidence):
        raise TypeError(
            "name_preparation takes a PreparationEvidence, such as "
            "PreparationEvidence(released_from_cells=True, lipid_bilayer=True), not "
            f"{type(evidence).__name__}"
        )
    rule = next(rule for rule in RULES if rule.holds(evidence))
    term, short, may_also_say = rule.term, rule.short, rule.may_also_say
    size_word, size_in_words = _size(evidence)
    if _is_ev(evidence) and size_word:
        sized = f"{size_word} EV ({size_in_words})"
        if short == "EV":
            term, short, may_also_say = sized, f"{size_word} EV", (EV, *may_also_say)
        else:
            may_also_say = (sized, *may_also_say)
    return PreparationName(
        term=term,
        short=short,
        may_also_say=may_also_say,
        reasons=(rule.reason, *_cautions(evidence)),
        missing=_missing(evidence),
    )


def _is_ev(evidence):
    """Return whether the first two parts of the definition are shown, and the third not refuted."""
    return (
        evidence.released_from_cells is True
        and evidence.lipid_bilayer is True
        and evidence.cannot_replicate is not False
    )


def _size(evidence):
    """Return the word for the size and what it means, such as "small", "<200 nm by NTA".

    Both are empty where nothing can be said: a diameter without its method bears neither word.
    """
    limit_nm = fact("small-ev-limit").value
    if evidence.size_method is None or evidence.diameter_nm == limit_nm:
        return "", ""
    word, sign = ("small", "<") if evidence.diameter_nm < limit_nm else ("large", ">")
    return word, f"{sign}{limit_nm:g} nm by {evidence.size_method}"


def _cautions(evidence):
    """Yield why the evidence does not bear a bolder name, where somebody might think it does."""
    origin_open = evidence.subcellular_origin_shown is None
    if evidence.diameter_nm is not None and origin_open:
        yield (
            "Size does not prove origin: the sizes of the classes overlap (Bebelman20, Kumar24, "
            "Mathieu21), and a diameter depends on the method, so always give both (Welsh24)."
        )
    elif evidence.diameter_nm is not None:
        yield "A diameter depends on the method: always give both (Welsh24)."
    if evidence.markers and origin_open:
        yield (
            f"Markers ({', '.join(evidence.markers)}) do not prove the route: tetraspanins, for "
            "one, mark EVs and not exosomes alone (Mathieu21, Kowal16)."
        )


def _missing(evidence):
    """Return what would have to be shown: what matters most, and that first."""
    settled = (
        evidence.cannot_replicate is False
        or evidence.released_from_cells is False
        or (evidence.is_artificial and evidence.lipid_bilayer is False)
    )
    if settled:
        return ()
    could_be_ev = not evidence.is_artificial and evidence.lipid_bilayer is not False
    # The three parts of the definition come first; a route is asked for last, because it is only
    # of use to what is an EV.
    wants = (
        (
            evidence.lipid_bilayer is None,
            "Whether a lipid bilayer encloses the particles (Welsh24).",
        ),
        (
            evidence.released_from_cells is None and not evidence.is_artificial,
            "Whether cells released them, or were broken up (Welsh24).",
        ),
        (
            evidence.cannot_replicate is None and could_be_ev,
            "That they cannot replicate, the third part of the definition: no cells or "
            "micro-organisms (Welsh24).",
        ),
        (
            could_be_ev and not evidence.non_vesicular_controls,
            "A control for what is no vesicle: lipoproteins, aggregates, soluble protein "
            "(Thery18, Johnsen19).",
        ),
        (
            evidence.diameter_nm is None,
            "How large they are, and by which method (Welsh24).",
        ),
        (
            evidence.diameter_nm is not None and evidence.size_method is None,
            "By which method the diameter was measured (Welsh24).",
        ),
        (
            could_be_ev and evidence.subcellular_origin_shown is None,
            "For 'exosome' or 'ectosome': that the vesicles in this preparation came by that "
            "route; live imaging shows that the cells use it (Verweij18), not that these vesicles "
            "did.",
        ),
    )
    return tuple(sentence for wanted, sentence in wants if wanted)[:MOST_MISSING]


def _check_size(diameter_nm, size_method):
    if diameter_nm is not None:
        if isinstance(diameter_nm, bool) or not isinstance(diameter_nm, Real):
            raise TypeError(f"diameter_nm must be a number or None, not {diameter_nm!r}")
        if not isfinite(diameter_nm) or diameter_nm <= 0:
            raise ValueError(
                f"diameter_nm is {diameter_nm}, but it must be a finite number above zero; leave "
                "it at None if the size was not measured"
            )
    if size_method is not None:
        if not isinstance(size_method, str):
            raise TypeError(f"size_method must be a name such as 'NTA', not {size_method!r}")
        if not size_method.strip():
            raise ValueError("size_method is empty; name the method, or leave it at None")
        if diameter_nm is None:
            raise ValueError(
                f"size_method is {size_method!r} without a diameter; give diameter_nm too, or "
                "leave both at None"
            )
