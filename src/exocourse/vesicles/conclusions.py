"""What an isolation has to report, and what an effect may be put down to.

A pellet that does something is a finding about the pellet.  What in it did it is another question,
which controls answer: take the vesicles away and look whether the effect goes; look whether the
soluble part alone does it too.  :data:`CONCLUSIONS` is the table; :func:`may_conclude` reads it
from the top and takes the first line that the controls meet.

The table is the course's reading of Whittaker20 and Thery18.  What Welsh24 asks for is printed as
recalled, not re-checked against the paper.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from exocourse.knowledge import fact
from exocourse.knowledge.card import Card, Row, Shown, row
from exocourse.knowledge.references import with_citations
from exocourse.vesicles.centrifugation import find_rotor, k_factor, speed_rpm
from exocourse.vesicles.isolation import DensityStep, SizeExclusion, Spin, Step, Wash


@dataclass(frozen=True, kw_only=True)
class Controls:
    """What was found when a preparation was tested for an effect.

    Each finding is True, False (looked for, and the opposite was found) or None (nobody looked).

    Attributes
    ----------
    effect_seen : bool
        The preparation did something that the untreated sample did not.
    lost_by_depletion : bool or None
        True: the effect went when the vesicles were taken out of the preparation.  False: it
        stayed.
    soluble_part_active : bool or None
        True: the same amount of what is not vesicles (the soluble fractions) did it too.
    blank_active : bool or None
        True: fresh medium, taken through the same protocol, did it too (procedural blank).
    vesicles_shown : bool or None
        True: the particles were shown to be vesicles, with markers and a check for contaminants.

    Raises
    ------
    TypeError
        Where a finding is something else than True, False or None.
    """

    effect_seen: bool
    lost_by_depletion: bool | None = None
    soluble_part_active: bool | None = None
    blank_active: bool | None = None
    vesicles_shown: bool | None = None

    def __post_init__(self):
        if not isinstance(self.effect_seen, bool):
            raise TypeError(f"effect_seen must be True or False, not {self.effect_seen!r}")
        for name in ("lost_by_depletion", "soluble_part_active", "blank_active", "vesicles_shown"):
            if not isinstance(getattr(self, name), bool | None):
                raise TypeError(
                    f"{name} must be True, False or None (nobody looked), not "
                    f"{getattr(self, name)!r}"
                )


@dataclass(frozen=True)
class Rule:
    """One line of the table of conclusions.

    Attributes
    ----------
    short : str
        The conclusion in one or two words, for comparing.
    holds : callable
        Whether the line holds, as a function of `Controls`.
    claim : str
        What may be said.
    reason : str
        Why, with the reference key.
    """

    short: str
    holds: Callable[[Controls], bool]
    claim: str
    reason: str


# Read from the top: the first line that holds gives the conclusion.
CONCLUSIONS = (
    Rule(
        "no effect seen",
        lambda c: not c.effect_seen,
        "No effect was found in this test.",
        "Not finding an effect does not show that there is none: dose, time and test decide.",
    ),
    Rule(
        "the procedure",
        lambda c: c.blank_active is True,
        "The effect may come from the procedure itself.",
        "Medium without vesicles, taken through the same steps, did it too: a procedural blank "
        "is asked for to find just that (Welsh24, as recalled).",
    ),
    Rule(
        "not the vesicles",
        lambda c: c.lost_by_depletion is False,
        "The vesicles are not needed for the effect.",
        "It stayed when they were taken out. In one careful study of stem-cell medium the soluble "
        "factors were necessary and sufficient (Whittaker20).",
    ),
    Rule(
        "vesicles or soluble",
        lambda c: c.soluble_part_active is True,
        "The preparation has the effect; so has its soluble part, and the vesicles' own share is "
        "open.",
        "Soluble factors travel with vesicles through many protocols and can do it alone "
        "(Whittaker20).",
    ),
    Rule(
        "the preparation",
        lambda c: c.lost_by_depletion is None or c.soluble_part_active is None,
        "The preparation has the effect. What in it does, is not known.",
        "A function of vesicles needs more than the effect of a crude, possibly contaminated "
        "preparation (Thery18).",
    ),
    Rule(
        "the particles",
        lambda c: c.vesicles_shown is not True,
        "What is removed together with the particles has the effect. Whether they are vesicles is "
        "not shown.",
        "Lipoproteins and aggregates travel with vesicles and would be removed with them "
        "(Sodar16, Johnsen19).",
    ),
    Rule(
        "the vesicles",
        lambda c: True,
        "The effect goes with the vesicles, in this test and at this dose.",
        "It went when they were taken out, and the soluble part did not do it. What sticks to "
        "their surface counts as theirs here (Toth21 calls it a corona).",
    ),
)


@dataclass(frozen=True, repr=False)
class Conclusion(Shown):
    """What may be concluded, why, and what is missing for more.

    Attributes
    ----------
    short : str
        One of the ``short`` names in :data:`CONCLUSIONS`.
    claim : str
        What may be said.
    reason : str
        Why; reference keys in brackets.
    missing : tuple of str
        Controls that nobody did; empty where none would change the conclusion.
    """

    short: str
    claim: str
    reason: str
    missing: tuple[str, ...]

    def card(self) -> Card:
        """Return the claim, the reason and what is missing."""
        rows = [Row("why", (with_citations(self.reason),))]
        if self.missing:
            rows.append(Row("still missing", tuple((one,) for one in self.missing)))
        return Card(self.claim, tuple(rows))


def may_conclude(controls: Controls) -> Conclusion:
    """Say what an effect may be put down to, given the controls that were done.

    Parameters
    ----------
    controls : Controls
        What was found.

    Returns
    -------
    Conclusion
        The claim, the reason, and the controls that are missing.

    Raises
    ------
    TypeError
        Where it is given something else than `Controls`.
    """
    if not isinstance(controls, Controls):
        raise TypeError(
            "may_conclude takes Controls, such as Controls(effect_seen=True), not "
            f"{type(controls).__name__}"
        )
    rule = next(rule for rule in CONCLUSIONS if rule.holds(controls))
    return Conclusion(rule.short, rule.claim, rule.reason, _missing(controls))


def _missing(controls):
    settled = (
        not controls.effect_seen
        or controls.blank_active is True
        or controls.lost_by_depletion is False
    )
    if settled:
        return ()
    wants = (
        (controls.lost_by_depletion, "the preparation without its vesicles (depletion)"),
        (controls.soluble_part_active, "the soluble part alone, at the same amount"),
        (controls.blank_active, "fresh medium taken through the same steps (procedural blank)"),
        (controls.vesicles_shown, "that the particles are vesicles: markers, contaminants"),
    )
    return tuple(words for finding, words in wants if finding is None)


@dataclass(frozen=True, repr=False)
class Reporting(Shown):
    """What a paper on an isolation has to say, so that others can judge and repeat it.

    Attributes
    ----------
    steps : tuple of str
        One sentence for each step of the protocol, with its numbers.
    always : tuple of str
        What is asked for whatever the protocol; reference keys in brackets.
    """

    steps: tuple[str, ...]
    always: tuple[str, ...]

    def card(self) -> Card:
        """Return both lists."""
        return Card(
            "What ought to be reported",
            (
                Row("of the protocol", tuple((one,) for one in self.steps)),
                Row("of the sample", tuple(with_citations(one) for one in self.always)),
                row("note", "Complete reporting is not quality: it lets others judge it."),
            ),
        )


def what_to_report(steps: Sequence[Step]) -> Reporting:
    """List what ought to be reported of a protocol.

    Parameters
    ----------
    steps : sequence of Spin, Wash, SizeExclusion or DensityStep
        The protocol.

    Returns
    -------
    Reporting
        Sentences on its steps, and on the sample.

    Raises
    ------
    TypeError
        Where a step is none.
    """
    markers, methods = fact("misev2018-positive-markers"), fact("misev2018-single-vesicle-methods")
    return Reporting(
        steps=tuple(f"Step {i}: {_step_report(step)}" for i, step in enumerate(steps, start=1)),
        always=(
            "Source, how it was collected and what was done to it before; how much was used "
            "(Welsh24, as recalled).",
            "Particles and protein of what was put in and of what came out, with the method and "
            "the size range that it sees (Thery18).",
            f"At least {markers.value:g} protein markers of vesicles, and one of what should not "
            "be there (Thery18).",
            f"At least {methods.value:g} methods that look at single vesicles (Thery18).",
            "All of it where others find it: a public register scores how complete a report is, "
            "not how good the vesicles are (VanDeun17). Most laboratories did not check their "
            "samples before or after isolation (Royo20).",
        ),
    )


def _step_report(step):
    match step:
        case Spin() | Wash():
            rotor = find_rotor(step.rotor)
            return (
                f"rotor {rotor.name} ({rotor.kind}), {step.g:,.6g} g at the mean radius of "
                f"{rotor.r_mean_mm:.3g} mm ({speed_rpm(rotor, step.g):,.0f} rpm, k-factor "
                f"{k_factor(rotor, step.g):,.0f}), {step.minutes:,.4g} min; tube, how full, "
                "temperature, brake; what was kept, and in how much of what it was taken up."
            )
        case SizeExclusion():
            return (
                "the column: material, pore, bed volume; how much was put on, which fractions were "
                "kept, and how they were chosen."
            )
        case DensityStep():
            return (
                "the gradient: what it is made of, its densities and volumes, loaded from above or "
                "below, rotor, g and hours; the measured density of the fractions kept."
            )
    raise TypeError(f"{step!r} is no step of a protocol")
