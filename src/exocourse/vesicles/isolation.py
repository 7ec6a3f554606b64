"""Isolation: a mixture of particles, taken through the steps of a protocol.

A mixture holds classes of particles: vesicles, lipoproteins, protein aggregates, soluble protein.
A step divides every class in two, by sinking (`Spin`, `Wash`), by size (`SizeExclusion`) or by
density (`DensityStep`), and the protocol goes on with one of the two.  Nothing is lost: what is
not kept is in the other fraction.

Sizes and densities of lipoproteins are from Busatto20, sinking is by Livshits15
(`exocourse.vesicles.centrifugation`).  The rest is assumed by the course, number by number, as
facts: how many particles there are, how much protein they hold, how sharp a separation is.  What
the model shows is which way a step pulls, not what a laboratory will find.

Left out: vesicles that stick to the wall, break or clump; the protein around them (corona); the
diffusion that keeps soluble protein from packing into a pellet.  Yields are upper ends.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import log, sqrt
from statistics import NormalDist

import numpy as np
from numpy.typing import ArrayLike

from exocourse.knowledge import UnknownId, fact
from exocourse.knowledge.card import Card, Row, Shown, row
from exocourse.vesicles.centrifugation import (
    Rotor,
    find_rotor,
    finite,
    floated_share,
    one_number,
    pelleted_share,
)
from exocourse.vesicles.checked import FloatOrArray, plain
from exocourse.vesicles.geometry import AVOGADRO_PER_MOL, lumen_fraction, sphere_volume_nm3
from exocourse.vesicles.purity import (
    AG_PER_NM3_PER_G_PER_ML,
    AG_PER_UG,
    PurityBand,
    purity_band,
    short_number,
    vesicle_protein_ag,
)

# Each class is spread over this many sizes, equally many particles at each.
SIZES_PER_CLASS = 15

SAMPLES = ("conditioned medium", "blood plasma")
PELLET, SUPERNATANT = "pellet", "supernatant"

# More than a cubic kilometre of blood holds: a slip, and its squares might overflow.
_MOST_PARTICLES = 1e33

_ML_PER_NM3 = 1e-21
_AG_PER_MG = 1e15
_NORMAL = NormalDist()
# A band of 95 % is this many standard deviations wide.
_WIDTH_95 = 2 * _NORMAL.inv_cdf(0.975)


# ---- Particles ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class ParticleClass:
    """A kind of particle, and what a separation can take hold of.

    Attributes
    ----------
    name : str
        Such as ``"small EV"``.
    is_vesicle : bool
        Whether it counts as an extracellular vesicle.
    smallest_nm, largest_nm : float
        Diameters, nm: 95 % lie between them, spread log-normally.  Equal where all are alike.
    density_difference_g_per_ml : float or None
        Density minus that of the liquid, g/mL; negative for what floats.  None for a vesicle whose
        density follows from its shell and its lumen, and so depends on its size.
    protein_g_per_ml : float or None
        Protein in the particle's own volume, g/mL.  None for a vesicle: protein in its lumen.
    rests_from_g_per_ml, rests_to_g_per_ml : float
        Density at which it comes to rest in a density step, g/mL: for 95 % between these.
    fact_ids : tuple of str
        The facts that the numbers come from.
    """

    name: str
    is_vesicle: bool
    smallest_nm: float
    largest_nm: float
    density_difference_g_per_ml: float | None
    protein_g_per_ml: float | None
    rests_from_g_per_ml: float
    rests_to_g_per_ml: float
    fact_ids: tuple[str, ...] = ()

    def __post_init__(self):
        for name in ("smallest_nm", "rests_from_g_per_ml"):
            one_number(getattr(self, name), name)
        for low, high in (
            ("smallest_nm", "largest_nm"),
            ("rests_from_g_per_ml", "rests_to_g_per_ml"),
        ):
            if one_number(getattr(self, high), high) < getattr(self, low):
                raise ValueError(f"{self.name}: {low} lies above {high}; swap them")
        if self.density_difference_g_per_ml is not None:
            finite(self.density_difference_g_per_ml, "density_difference_g_per_ml")
        if self.protein_g_per_ml is not None:
            one_number(self.protein_g_per_ml, "protein_g_per_ml")
        if not self.is_vesicle and None in (
            self.density_difference_g_per_ml,
            self.protein_g_per_ml,
        ):
            raise ValueError(
                f"{self.name}: only a vesicle has a shell and a lumen to work out its density and "
                "protein from; give density_difference_g_per_ml and protein_g_per_ml"
            )

    @property
    def diameters_nm(self) -> np.ndarray:
        """Diameters that stand for the class, equally many particles at each; nm, ascending."""
        middle = sqrt(self.smallest_nm * self.largest_nm)
        width = log(self.largest_nm / self.smallest_nm) / _WIDTH_95
        scores = [_NORMAL.inv_cdf((i + 0.5) / SIZES_PER_CLASS) for i in range(SIZES_PER_CLASS)]
        return middle * np.exp(width * np.array(scores))


def particle_classes() -> tuple[ParticleClass, ...]:
    """List the classes of particles, with the numbers that the course's facts have now.

    Returns
    -------
    tuple of ParticleClass
        Vesicles first, then lipoproteins from dense to light, then protein.
    """
    return (
        _vesicles("small EV", "small-ev-diameters"),
        _vesicles("large EV", "large-ev-diameters"),
        _lipoprotein("HDL"),
        _lipoprotein("LDL"),
        _lipoprotein("VLDL"),
        _lipoprotein("chylomicron"),
        _protein("protein aggregate", "aggregate-diameters", "aggregate-protein-content"),
        _protein("soluble protein", "soluble-protein-diameter", "soluble-protein-content"),
    )


def vesicle_density_difference_g_per_ml(
    diameter_nm: ArrayLike,
    shell_difference_g_per_ml: float | None = None,
    lumen_protein_g_per_ml: float | None = None,
) -> FloatOrArray:
    """Density of a vesicle minus that of the liquid: shell and lumen, each by its volume.

    ``f D_lumen + (1 - f) D_shell`` with the lumen's share ``f`` of the volume.  A small vesicle is
    mostly shell and so denser than a large one, which is mostly water.

    Parameters
    ----------
    diameter_nm : float or array_like
        Outer diameter, nm.
    shell_difference_g_per_ml : float, optional
        Density of the shell minus that of the liquid, g/mL.  Default: the fact
        ``vesicle-shell-density-difference`` (assumed).
    lumen_protein_g_per_ml : float, optional
        Protein in the lumen, g/mL.  Default: the fact ``lumen-protein-content`` (assumed).

    Returns
    -------
    float or numpy.ndarray
        g/mL.

    Raises
    ------
    TypeError, ValueError
        Where a parameter is not a finite number, or a vesicle has no lumen.
    """
    if shell_difference_g_per_ml is None:
        shell_difference_g_per_ml = fact("vesicle-shell-density-difference").value
    if lumen_protein_g_per_ml is None:
        lumen_protein_g_per_ml = fact("lumen-protein-content").value
    lumen_share = lumen_fraction(diameter_nm)
    shell = finite(shell_difference_g_per_ml, "shell_difference_g_per_ml")
    lumen = protein_density_difference_g_per_ml(lumen_protein_g_per_ml)
    return plain(lumen_share * lumen + (1 - lumen_share) * shell)


def protein_density_difference_g_per_ml(protein_g_per_ml: float) -> float:
    """How much denser than the liquid a space is that holds protein, ``c (1 - v rho)``.

    Parameters
    ----------
    protein_g_per_ml : float
        Protein ``c`` in that space, g/mL; the rest of it is liquid.

    Returns
    -------
    float
        g/mL, with the volume ``v`` of protein from the fact ``protein-volume-per-dalton``
        [Erickson09] and the liquid's density from ``buffer-density`` (assumed).

    Raises
    ------
    TypeError, ValueError
        Where it is not a finite number above zero.
    """
    ml_per_g = fact("protein-volume-per-dalton").value * AVOGADRO_PER_MOL * _ML_PER_NM3
    return one_number(protein_g_per_ml, "protein_g_per_ml") * (
        1 - ml_per_g * fact("buffer-density").value
    )


# ---- Mixtures -----------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False, repr=False)
class Mixture(Shown):
    """Particles of several classes in one tube.  Make one with `mixture` or `sample`.

    Attributes
    ----------
    classes : tuple of ParticleClass
        The classes, also those of which there are no particles.
    numbers : numpy.ndarray, shape (classes, SIZES_PER_CLASS)
        How many particles there are of each class and size.
    diameters_nm : numpy.ndarray, shape as `numbers`
        Diameter of each class and size, nm.
    density_differences_g_per_ml : numpy.ndarray, shape as `numbers`
        Density minus that of the liquid, g/mL; negative for what floats.
    protein_each_ag : numpy.ndarray, shape as `numbers`
        Protein in one particle, ag.
    """

    classes: tuple[ParticleClass, ...]
    numbers: np.ndarray
    diameters_nm: np.ndarray
    density_differences_g_per_ml: np.ndarray
    protein_each_ag: np.ndarray

    @property
    def counts(self) -> dict[str, float]:
        """Number of particles by class."""
        return self._by_class(self.numbers)

    @property
    def protein_ug(self) -> dict[str, float]:
        """Protein by class, µg."""
        return self._by_class(self.numbers * self.protein_each_ag / AG_PER_UG)

    def share(self, shares: ArrayLike) -> "Mixture":
        """Return the part of the mixture that these shares of each class and size make up."""
        return replace(self, numbers=self.numbers * shares)

    def _by_class(self, amounts):
        sums = amounts.sum(axis=1)
        return {kind.name: float(amount) for kind, amount in zip(self.classes, sums, strict=True)}

    def card(self) -> Card:
        """Return the particles and the protein of each class that is there."""
        protein = self.protein_ug
        return Card(
            "Mixture",
            tuple(
                row(
                    name,
                    f"{short_number(count)} particles, {short_number(protein[name])} µg of protein",
                )
                for name, count in self.counts.items()
                if count
            ),
        )


def mixture(
    counts: Mapping[str, float],
    density_differences: Mapping[str, float] | None = None,
    classes: Sequence[ParticleClass] | None = None,
) -> Mixture:
    """Mix particles.

    Parameters
    ----------
    counts : mapping of str to float
        Particles of each class, such as ``{"small EV": 1e10, "LDL": 1e12}``.
    density_differences : mapping of str to float, optional
        Density minus that of the liquid, g/mL, for classes that are to have another one; the same
        for all sizes of the class, and negative for what floats.
    classes : sequence of ParticleClass, optional
        Classes to choose from.  Default: `particle_classes`.

    Returns
    -------
    Mixture
        Each class spread over its sizes.

    Raises
    ------
    UnknownId
        Where there is no such class; it names the nearest ones.
    TypeError
        Where a number is none.
    ValueError
        Where a count is negative or not finite, a difference is not finite, or there are no
        particles at all.
    """
    chosen = particle_classes() if classes is None else tuple(classes)
    names = [kind.name for kind in chosen]
    differences = density_differences or {}
    for name in (*counts, *differences):
        if name not in names:
            raise UnknownId.nearest(name, names, "class of particles", "particle_classes()")
    totals = np.array([_count(counts.get(name, 0.0), name) for name in names])
    if not totals.sum() > 0:
        raise ValueError(
            'there are no particles; give counts above zero, such as {"small EV": 1e10}'
        )
    chosen = tuple(
        replace(kind, density_difference_g_per_ml=float(differences[kind.name]))
        if kind.name in differences
        else kind
        for kind in chosen
    )
    return Mixture(
        classes=chosen,
        numbers=np.repeat(totals[:, None] / SIZES_PER_CLASS, SIZES_PER_CLASS, axis=1),
        diameters_nm=np.array([kind.diameters_nm for kind in chosen]),
        density_differences_g_per_ml=np.array([_density_differences(kind) for kind in chosen]),
        protein_each_ag=np.array([_protein_each_ag(kind) for kind in chosen]),
    )


def sample_counts(name: str, volume_ml: float = 1.0) -> dict[str, float]:
    """Count the particles of a sample, by the course's assumptions.

    Parameters
    ----------
    name : {"conditioned medium", "blood plasma"}
        The sample.
    volume_ml : float
        How much of it, mL.

    Returns
    -------
    dict of str to float
        Particles by class; 0 for a class that is not in it.

    Raises
    ------
    UnknownId
        Where there is no such sample.
    TypeError, ValueError
        Where the volume is not a finite number above zero.
    """
    if name not in SAMPLES:
        raise UnknownId.nearest(name, SAMPLES, "sample")
    per_ml = {kind.name: 0.0 for kind in particle_classes()}
    if name == "conditioned medium":
        protein_mg = fact("medium-soluble-protein").value
        ids = {
            "small EV": "medium-small-ev-count",
            "large EV": "medium-large-ev-count",
            "protein aggregate": "medium-aggregate-count",
        }
    else:
        protein_mg = fact("plasma-soluble-protein").value
        ids = {
            "small EV": "plasma-vesicle-concentration",
            "large EV": "plasma-large-ev-count",
            "HDL": "plasma-hdl-count",
            "LDL": "plasma-ldl-count",
            "VLDL": "plasma-vldl-count",
            "chylomicron": "plasma-chylomicron-count",
            "protein aggregate": "plasma-aggregate-count",
        }
    per_ml |= {kind: fact(fact_id).value for kind, fact_id in ids.items()}
    soluble = next(kind for kind in particle_classes() if kind.name == "soluble protein")
    each_ag = (
        soluble.protein_g_per_ml * AG_PER_NM3_PER_G_PER_ML * sphere_volume_nm3(soluble.smallest_nm)
    )
    per_ml["soluble protein"] = protein_mg * _AG_PER_MG / each_ag
    volume = one_number(volume_ml, "volume_ml")
    return {kind: volume * count for kind, count in per_ml.items()}


def sample(
    name: str, volume_ml: float = 1.0, density_differences: Mapping[str, float] | None = None
) -> Mixture:
    """Take a sample, by the course's assumptions: `mixture` of its `sample_counts`.

    Parameters
    ----------
    name : {"conditioned medium", "blood plasma"}
        The sample.
    volume_ml : float
        How much of it, mL.
    density_differences : mapping of str to float, optional
        As in :func:`mixture`.

    Returns
    -------
    Mixture
        Its particles.

    Raises
    ------
    UnknownId, TypeError, ValueError
        As :func:`sample_counts` and :func:`mixture`.
    """
    return mixture(sample_counts(name, volume_ml), density_differences)


@dataclass(frozen=True)
class Purity:
    """What is counted, what is weighed, and what that says of the vesicles.

    Attributes
    ----------
    counted : float
        Particles that a counter sees: of any kind, from a smallest diameter on.
    protein_ug : float
        All protein, µg.
    ratio_per_ug : float
        Counted particles per microgram of protein: what a laboratory can measure.
    band : PurityBand or None
        What that ratio was proposed to mean; None where nothing was counted.
    vesicle_share_of_counted, vesicle_share_of_protein : float
        What a laboratory wants to know and the ratio does not say: 0 to 1.
    """

    counted: float
    protein_ug: float
    ratio_per_ug: float
    band: PurityBand | None
    vesicle_share_of_counted: float
    vesicle_share_of_protein: float


def purity_of(contents: Mixture, counted_from_nm: float | None = None) -> Purity:
    """Count and weigh a mixture.

    Parameters
    ----------
    contents : Mixture
        What is in the tube.
    counted_from_nm : float, optional
        Smallest diameter that the counter sees, nm.  Default: the fact
        ``counter-smallest-diameter`` (assumed).

    Returns
    -------
    Purity
        Shares are 0 where nothing is counted or weighed.

    Raises
    ------
    TypeError, ValueError
        Where the diameter is not a finite number above zero.
    """
    if counted_from_nm is None:
        counted_from_nm = fact("counter-smallest-diameter").value
    seen = contents.diameters_nm >= one_number(counted_from_nm, "counted_from_nm")
    counted = (contents.numbers * seen).sum(axis=1)
    protein = np.array(list(contents.protein_ug.values()))
    vesicles = np.array([kind.is_vesicle for kind in contents.classes])
    ratio = _ratio(counted.sum(), protein.sum())
    return Purity(
        counted=float(counted.sum()),
        protein_ug=float(protein.sum()),
        ratio_per_ug=ratio,
        band=purity_band(ratio) if ratio else None,
        vesicle_share_of_counted=_ratio(counted[vesicles].sum(), counted.sum()),
        vesicle_share_of_protein=_ratio(protein[vesicles].sum(), protein.sum()),
    )


# ---- Steps --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Spin:
    """A spin, after which the pellet or the supernatant is kept.

    The liquid is well mixed at the start, and poured off at the end but for a rest that stays with
    the pellet.

    Attributes
    ----------
    rotor : str or Rotor
        A rotor's name, or one of your own.
    g : float
        Relative centrifugal force at the mean radius.
    minutes : float
        Time at full speed.
    keep : {"pellet", "supernatant"}
        What the protocol goes on with.
    carry_over : float or None
        Share of the liquid that stays with the pellet, from 0 to below 1.  None: the fact
        ``separation-carry-over`` (assumed).

    Raises
    ------
    UnknownId
        Where there is no rotor of this name.
    TypeError, ValueError
        Where ``g`` or ``minutes`` is not a finite number above zero, ``keep`` is something else,
        or the carry-over is not a share.
    """

    rotor: str | Rotor
    g: float
    minutes: float
    keep: str = PELLET
    carry_over: float | None = None

    def __post_init__(self):
        _check_spin(self)
        if self.keep not in (PELLET, SUPERNATANT):
            raise ValueError(f"keep must be 'pellet' or 'supernatant', not {self.keep!r}")

    @property
    def words(self) -> str:
        """The step in words."""
        return f"{_spin_words(self)}, keep the {self.keep}"

    @property
    def time_min(self) -> float:
        """How long it takes, minutes."""
        return float(self.minutes)

    def parts(self, contents: Mixture, viscosity_pa_s: float | None) -> "Parts":
        """Divide a mixture into pellet and supernatant."""
        return _spin_parts(self, contents, viscosity_pa_s, self.keep)


@dataclass(frozen=True)
class Wash:
    """The pellet taken up in fresh liquid and spun again; the pellet is kept.

    What stayed behind in the old liquid is diluted away, and what sinks slowly is left behind
    once more.  Some of the vesicles are, too.

    Attributes
    ----------
    rotor, g, minutes, carry_over
        As in `Spin`.
    """

    rotor: str | Rotor
    g: float
    minutes: float
    carry_over: float | None = None

    def __post_init__(self):
        _check_spin(self)

    @property
    def words(self) -> str:
        """The step in words."""
        return f"wash: {_spin_words(self)}, keep the pellet"

    @property
    def time_min(self) -> float:
        """How long it takes, minutes."""
        return float(self.minutes)

    def parts(self, contents: Mixture, viscosity_pa_s: float | None) -> "Parts":
        """Divide a mixture into pellet and supernatant."""
        return _spin_parts(self, contents, viscosity_pa_s, PELLET)


@dataclass(frozen=True)
class SizeExclusion:
    """A column of porous beads: large particles pass first and are kept, small ones come later.

    It parts by size alone, so it keeps everything that is large, vesicle or not.

    Attributes
    ----------
    cut_off_nm : float or None
        Diameter of which half come first, nm.  None: the fact ``size-exclusion-cut-off``, which
        also says how soft the edge is (assumed).
    carry_over : float or None
        Share of the smallest that comes first all the same, from 0 to below 1.  None: the fact
        ``separation-carry-over`` (assumed).

    Raises
    ------
    TypeError, ValueError
        Where the cut-off is not a finite number above zero, or the carry-over is not a share.
    """

    cut_off_nm: float | None = None
    carry_over: float | None = None

    def __post_init__(self):
        if self.cut_off_nm is not None:
            one_number(self.cut_off_nm, "cut_off_nm")
        _check_carry_over(self.carry_over)

    @property
    def words(self) -> str:
        """The step in words."""
        return f"size exclusion, edge at {self._cut_off_nm:,.3g} nm, keep the first fractions"

    @property
    def time_min(self) -> float:
        """How long it takes, minutes."""
        return fact("size-exclusion-minutes").value

    @property
    def _cut_off_nm(self):
        return fact("size-exclusion-cut-off").value if self.cut_off_nm is None else self.cut_off_nm

    def parts(self, contents: Mixture, viscosity_pa_s: float | None) -> "Parts":
        """Divide a mixture into first and later fractions; viscosity plays no part."""
        edge = fact("size-exclusion-cut-off")
        width = log(edge.high / edge.low) / _WIDTH_95
        early = _normal_shares(np.log(contents.diameters_nm / self._cut_off_nm) / width)
        kept = _with_carry_over(early, self.carry_over)
        return Parts("first fractions", "later fractions", kept, kept_first=True)


@dataclass(frozen=True)
class DensityStep:
    """A density gradient, spun until every particle rests at its own density; one band is kept.

    It parts by density alone, so it keeps everything that is as dense as vesicles are.

    Attributes
    ----------
    from_g_per_ml, to_g_per_ml : float or None
        The band that is collected, g/mL.  None: the fact ``exosome-density`` [Kumar24].
    carry_over : float or None
        Share of what rests elsewhere that is collected all the same, from 0 to below 1.  None: the
        fact ``separation-carry-over`` (assumed).

    Raises
    ------
    TypeError, ValueError
        Where a density is not a finite number above zero, the band has no width, or the carry-over
        is not a share.
    """

    from_g_per_ml: float | None = None
    to_g_per_ml: float | None = None
    carry_over: float | None = None

    def __post_init__(self):
        low, high = self._band
        if one_number(low, "from_g_per_ml") >= one_number(high, "to_g_per_ml"):
            raise ValueError(
                f"the band from {low:g} to {high:g} g/mL has no width; give the lighter end first"
            )
        _check_carry_over(self.carry_over)

    @property
    def words(self) -> str:
        """The step in words."""
        low, high = self._band
        return f"density gradient, keep {low:.3f} to {high:.3f} g/mL"

    @property
    def time_min(self) -> float:
        """How long it takes, minutes."""
        return fact("density-step-minutes").value

    @property
    def _band(self):
        usual = fact("exosome-density")
        return (
            usual.low if self.from_g_per_ml is None else self.from_g_per_ml,
            usual.high if self.to_g_per_ml is None else self.to_g_per_ml,
        )

    def parts(self, contents: Mixture, viscosity_pa_s: float | None) -> "Parts":
        """Divide a mixture into the band and the rest; viscosity only delays it."""
        low, high = self._band
        inside = np.array([_share_between(kind, low, high) for kind in contents.classes])
        kept = _with_carry_over(
            np.broadcast_to(inside[:, None], contents.numbers.shape), self.carry_over
        )
        return Parts("band", "rest of the gradient", kept, kept_first=True)


Step = Spin | Wash | SizeExclusion | DensityStep


@dataclass(frozen=True, eq=False)
class Parts:
    """How a step divides a mixture in two.

    Attributes
    ----------
    first, second : str
        Names of the two fractions, such as "pellet" and "supernatant".
    first_shares : numpy.ndarray
        Share of each class and size that is in the first; the rest is in the second.
    kept_first : bool
        Whether the protocol goes on with the first.
    floated_shares : numpy.ndarray or float
        Share of each class and size that a spin brought to the top of the liquid.
    """

    first: str
    second: str
    first_shares: np.ndarray
    kept_first: bool
    floated_shares: np.ndarray | float = 0.0


# ---- Protocols ----------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class StepResult:
    """What a step made of what was put into it.

    Attributes
    ----------
    step : Spin, Wash, SizeExclusion or DensityStep
        The step.
    fractions : dict of str to Mixture
        The two fractions by name, such as "pellet" and "supernatant"; together what was put in.
    kept : str
        Name of the fraction that the protocol goes on with.
    floated : dict of str to float
        Particles of each class at the top of the liquid after a spin: a part of the supernatant.
    yields : dict of str to float
        Share of each class of the start that is kept after this step, 0 to 1; only classes of
        which there were any.
    purity : Purity
        Of the kept fraction.
    minutes : float
        Time since the start of the protocol.
    """

    step: Step
    fractions: dict[str, Mixture]
    kept: str
    floated: dict[str, float]
    yields: dict[str, float]
    purity: Purity
    minutes: float

    @property
    def contents(self) -> Mixture:
        """What the protocol goes on with."""
        return self.fractions[self.kept]


@dataclass(frozen=True, eq=False, repr=False)
class ProtocolResult(Shown):
    """What a protocol made of a mixture.

    Attributes
    ----------
    start : Mixture
        What was put in.
    start_purity : Purity
        Of what was put in.
    steps : tuple of StepResult
        One for each step, in order.
    """

    start: Mixture
    start_purity: Purity
    steps: tuple[StepResult, ...]

    @property
    def contents(self) -> Mixture:
        """What is kept at the end."""
        return self.steps[-1].contents

    @property
    def purity(self) -> Purity:
        """Purity of what is kept at the end."""
        return self.steps[-1].purity

    @property
    def yields(self) -> dict[str, float]:
        """Share of each class of the start that is kept at the end."""
        return self.steps[-1].yields

    @property
    def minutes(self) -> float:
        """Time that all steps take together, without the hands' work between them."""
        return self.steps[-1].minutes

    def table(self) -> list[dict]:
        """Return one row for each step, fraction and class: ready for a data frame.

        Returns
        -------
        list of dict
            Keys: step (from 1), words, fraction, kept, particle_class, particles, protein_ug,
            share_of_start (0 to 1).  Classes of which there were none are left out.
        """
        start = self.start.counts
        rows = []
        for number, result in enumerate(self.steps, start=1):
            for name, contents in result.fractions.items():
                counts, protein = contents.counts, contents.protein_ug
                rows += [
                    {
                        "step": number,
                        "words": result.step.words,
                        "fraction": name,
                        "kept": name == result.kept,
                        "particle_class": kind,
                        "particles": counts[kind],
                        "protein_ug": protein[kind],
                        "share_of_start": counts[kind] / start[kind],
                    }
                    for kind in result.yields
                ]
        return rows

    def card(self) -> Card:
        """Return yields and purity after each step."""
        rows = [
            Row(f"{number}. {result.step.words}", tuple((line,) for line in _lines(result)))
            for number, result in enumerate(self.steps, start=1)
        ]
        return Card(f"Protocol of {len(self.steps)} steps, {self.minutes:,.0f} min", tuple(rows))


def run_protocol(
    start: Mixture,
    steps: Sequence[Step],
    viscosity_pa_s: float | None = None,
    counted_from_nm: float | None = None,
) -> ProtocolResult:
    """Take a mixture through the steps of a protocol.

    Parameters
    ----------
    start : Mixture
        What is put in, such as ``sample("conditioned medium", volume_ml=50)``.
    steps : sequence of Spin, Wash, SizeExclusion or DensityStep
        In order; at least one.
    viscosity_pa_s : float, optional
        Viscosity of the liquid, Pa s.  Default: the fact ``spin-viscosity``.
    counted_from_nm : float, optional
        As in :func:`purity_of`.

    Returns
    -------
    ProtocolResult
        The fractions, yields and purity after each step, and the time.

    Raises
    ------
    TypeError
        Where ``start`` is no `Mixture`, or a step is none.
    ValueError
        Where there is no step, or a number is not finite and above zero.
    """
    if not isinstance(start, Mixture):
        raise TypeError(
            'run_protocol takes a Mixture, such as sample("conditioned medium"), not '
            f"{type(start).__name__}"
        )
    if isinstance(steps, Step) or not isinstance(steps, Sequence):
        raise TypeError(f"steps must be a list of steps, such as [{_EXAMPLE}], not {steps!r}")
    if not steps:
        raise ValueError(f"the protocol is empty; give at least one step, such as {_EXAMPLE}")
    for number, step in enumerate(steps, start=1):
        if not isinstance(step, Step):
            raise TypeError(f"step {number} is {step!r}; give a step, such as {_EXAMPLE}")
    if viscosity_pa_s is not None:
        one_number(viscosity_pa_s, "viscosity_pa_s")
    begun = {name: count for name, count in start.counts.items() if count}
    contents, minutes, results = start, 0.0, []
    for step in steps:
        minutes += step.time_min
        parts = step.parts(contents, viscosity_pa_s)
        fractions = {
            parts.first: contents.share(parts.first_shares),
            parts.second: contents.share(1 - parts.first_shares),
        }
        kept = parts.first if parts.kept_first else parts.second
        floated = contents.share(parts.floated_shares).counts
        contents = fractions[kept]
        counts = contents.counts
        results.append(
            StepResult(
                step=step,
                fractions=fractions,
                kept=kept,
                floated=floated,
                yields={name: counts[name] / count for name, count in begun.items()},
                purity=purity_of(contents, counted_from_nm),
                minutes=minutes,
            )
        )
    return ProtocolResult(start, purity_of(start, counted_from_nm), tuple(results))


def example_protocols() -> dict[str, tuple[Step, ...]]:
    """List protocols to start from: spins of the kind that Thery06 describes, and others.

    Returns
    -------
    dict of str to tuple of steps
        By name.  The numbers are the course's choice, for comparing protocols.
    """
    rotor = "Type 45 Ti"
    clear = tuple(
        Spin(rotor, g, minutes, keep=SUPERNATANT)
        for g, minutes in ((300, 10), (2_000, 10), (10_000, 30))
    )
    return {
        "spins": (*clear, Spin(rotor, 100_000, 70)),
        "spins and a wash": (*clear, Spin(rotor, 100_000, 70), Wash(rotor, 100_000, 70)),
        "column": (*clear, SizeExclusion()),
        "column and gradient": (*clear, SizeExclusion(), DensityStep()),
    }


_EXAMPLE = 'Spin("Type 45 Ti", 100000, 70)'


def _lines(result):
    """Return what a step did, in two lines."""
    yields = ", ".join(
        f"{name} {short_number(100 * share)} %" for name, share in result.yields.items()
    )
    purity = result.purity
    return (
        f"in the {result.kept}, of the start: {yields}",
        f"{short_number(purity.ratio_per_ug)} particles/µg of protein; vesicles are "
        f"{short_number(100 * purity.vesicle_share_of_counted)} % of what is counted and "
        f"{short_number(100 * purity.vesicle_share_of_protein)} % of the protein",
    )


# ---- Helpers ------------------------------------------------------------------------------------


def _vesicles(name, diameters_id):
    sizes, rests = fact(diameters_id), fact("exosome-density")
    return ParticleClass(
        name=name,
        is_vesicle=True,
        smallest_nm=sizes.low,
        largest_nm=sizes.high,
        density_difference_g_per_ml=None,
        protein_g_per_ml=None,
        rests_from_g_per_ml=rests.low,
        rests_to_g_per_ml=rests.high,
        fact_ids=(
            diameters_id,
            "vesicle-shell-density-difference",
            "lumen-protein-content",
            "exosome-density",
        ),
    )


def _lipoprotein(name):
    slug = name.lower()
    ids = tuple(f"{slug}-{what}" for what in ("diameter", "density", "protein-share"))
    (smallest, largest), (light, dense) = (_ends(fact(one)) for one in ids[:2])
    density = (light + dense) / 2
    return ParticleClass(
        name=name,
        is_vesicle=False,
        smallest_nm=smallest,
        largest_nm=largest,
        density_difference_g_per_ml=density - fact("buffer-density").value,
        protein_g_per_ml=density * fact(ids[2]).value,
        rests_from_g_per_ml=light,
        rests_to_g_per_ml=dense,
        fact_ids=(*ids, "buffer-density"),
    )


def _protein(name, diameters_id, content_id):
    smallest, largest = _ends(fact(diameters_id))
    content, rests = fact(content_id).value, fact("protein-band-density")
    return ParticleClass(
        name=name,
        is_vesicle=False,
        smallest_nm=smallest,
        largest_nm=largest,
        density_difference_g_per_ml=protein_density_difference_g_per_ml(content),
        protein_g_per_ml=content,
        rests_from_g_per_ml=rests.low,
        rests_to_g_per_ml=rests.high,
        fact_ids=(diameters_id, content_id, "protein-band-density", "buffer-density"),
    )


def _density_differences(kind):
    if kind.density_difference_g_per_ml is None:
        return vesicle_density_difference_g_per_ml(kind.diameters_nm)
    return np.full(SIZES_PER_CLASS, kind.density_difference_g_per_ml)


def _protein_each_ag(kind):
    if kind.protein_g_per_ml is None:
        return vesicle_protein_ag(kind.diameters_nm)
    return kind.protein_g_per_ml * AG_PER_NM3_PER_G_PER_ML * sphere_volume_nm3(kind.diameters_nm)


def _ends(one):
    """Return both ends of a fact's range; a single value is both."""
    return (one.value, one.value) if one.low is None else (one.low, one.high)


def _count(value, name):
    count = float(finite(value, f"the count of {name}"))
    if not 0 <= count <= _MOST_PARTICLES:
        raise ValueError(
            f"the count of {name} is {count:g}; give a number from 0 to {_MOST_PARTICLES:g}"
        )
    return count


def _ratio(part, whole):
    return float(part / whole) if whole else 0.0


def _check_spin(step):
    one_number(step.minutes, "minutes")
    # The model of a spin knows what is wrong with the rest: one try says it at once.
    pelleted_share(step.rotor, step.g, step.minutes, 1.0)
    _check_carry_over(step.carry_over)


def _check_carry_over(share):
    if share is None:
        return
    value = float(finite(share, "carry_over"))
    if not 0 <= value < 1:
        raise ValueError(f"carry_over is {value:g}, but it is a share: from 0 to below 1")


def _carry_over(share):
    return fact("separation-carry-over").value if share is None else float(share)


def _with_carry_over(shares, carry_over):
    """Add to the shares that belong in a fraction what strays into it."""
    return shares + _carry_over(carry_over) * (1 - shares)


def _spin_words(step):
    return f"{find_rotor(step.rotor).name}, {step.g:,.6g} g, {step.minutes:,.4g} min"


def _spin_parts(step, contents, viscosity_pa_s, keep):
    spin = (
        step.rotor,
        step.g,
        step.minutes,
        contents.diameters_nm,
        contents.density_differences_g_per_ml,
        viscosity_pa_s,
    )
    pelleted, floated = pelleted_share(*spin), floated_share(*spin)
    # The liquid over the pellet holds what has neither sunk nor risen.
    in_pellet = pelleted + _carry_over(step.carry_over) * (1 - pelleted - floated)
    return Parts(PELLET, SUPERNATANT, in_pellet, keep == PELLET, floated)


def _share_between(kind, low, high):
    """Return the share of a class that comes to rest between two densities."""
    middle = (kind.rests_from_g_per_ml + kind.rests_to_g_per_ml) / 2
    width = (kind.rests_to_g_per_ml - kind.rests_from_g_per_ml) / _WIDTH_95
    if not width:
        return float(low <= middle <= high)
    spread = NormalDist(middle, width)
    return spread.cdf(high) - spread.cdf(low)


def _normal_shares(scores):
    """Return the standard normal distribution's share below each score of a table."""
    return np.array([[_NORMAL.cdf(score) for score in line] for line in scores])
