"""Purity as particles counted for each microgram of protein, and why that depends on size.

A preparation in which a share ``x`` of the protein is soluble, not in vesicles, and in which every
vesicle holds a mass ``m`` of protein, has ``(1 - x) / m`` vesicles for each microgram of protein.
Webber13 proposed bands for that ratio.  A larger vesicle holds more protein, so the same ratio
does not mean the same purity: large vesicles fall below the band although nothing else is there,
and particles that are no vesicles, such as lipoproteins, raise the count.

The bands are printed as recalled, not re-checked against the paper.  A parameter left at ``None``
is looked up among the course's facts when the function is called.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from exocourse.knowledge import fact
from exocourse.knowledge.facts import _number
from exocourse.vesicles.centrifugation import finite, one_number
from exocourse.vesicles.checked import FloatOrArray, given_or_fact, plain, positive
from exocourse.vesicles.geometry import lumen_volume_nm3

# 1 g = 1e18 ag (attogram); 1 nm3 = 1e-21 mL; so 1 g/mL = 1e-3 ag/nm3.
AG_PER_NM3_PER_G_PER_ML = 1e-3
AG_PER_UG = 1e12

HIGH, LOW, UNPURE, BETWEEN = "high purity", "low purity", "unpure", "between the bands"


def vesicle_protein_ag(
    diameter_nm: ArrayLike,
    membrane_thickness_nm: ArrayLike | None = None,
    lumen_protein_g_per_ml: ArrayLike | None = None,
) -> FloatOrArray:
    """Protein in a vesicle whose lumen holds it at one concentration, ``m = c V_lumen``.

    The protein of the membrane is left out, and nothing says that a lumen is like cytosol.

    Parameters
    ----------
    diameter_nm : float or array_like
        Outer diameter, nm.
    membrane_thickness_nm : float or array_like, optional
        Thickness of the shell, nm.  Default: the fact ``vesicle-shell-thickness``.
    lumen_protein_g_per_ml : float or array_like, optional
        Protein in the lumen, g/mL.  Default: the fact ``lumen-protein-content`` (assumed).

    Returns
    -------
    float or numpy.ndarray
        Attograms (1 ag = 1e-18 g).

    Raises
    ------
    TypeError, ValueError
        Where a parameter is not a finite number above zero, or the vesicle has no lumen.
    """
    content = given_or_fact(
        lumen_protein_g_per_ml, "lumen-protein-content", "lumen_protein_g_per_ml"
    )
    lumen_nm3 = lumen_volume_nm3(diameter_nm, membrane_thickness_nm)
    return plain(content * AG_PER_NM3_PER_G_PER_ML * lumen_nm3)


def particle_to_protein_ratio(
    protein_per_particle_ag: ArrayLike, soluble_share: ArrayLike = 0.0
) -> FloatOrArray:
    """Particles for each microgram of protein, ``(1 - x) / m``.

    Parameters
    ----------
    protein_per_particle_ag : float or array_like
        Protein ``m`` in one particle, ag.
    soluble_share : float or array_like
        Share ``x`` of all protein that is not in the particles; from 0 to 1.

    Returns
    -------
    float or numpy.ndarray
        Particles per microgram.

    Raises
    ------
    TypeError, ValueError
        Where the protein is not a finite number above zero, or the share is not between 0 and 1.
    """
    mass = positive(protein_per_particle_ag, "protein_per_particle_ag")
    share = finite(soluble_share, "soluble_share")
    if np.any((share < 0) | (share > 1)):
        raise ValueError("soluble_share is a share of the protein: give it between 0 and 1")
    return plain((1 - share) * AG_PER_UG / mass)


def vesicle_ratio(
    diameter_nm: ArrayLike,
    soluble_share: ArrayLike = 0.0,
    membrane_thickness_nm: ArrayLike | None = None,
    lumen_protein_g_per_ml: ArrayLike | None = None,
) -> FloatOrArray:
    """Particles per microgram of protein in a preparation of vesicles of one size.

    Parameters
    ----------
    diameter_nm, membrane_thickness_nm, lumen_protein_g_per_ml : float or array_like
        As in :func:`vesicle_protein_ag`.
    soluble_share : float or array_like
        Share of all protein that is soluble; 0 for nothing but vesicles.

    Returns
    -------
    float or numpy.ndarray
        Particles per microgram.

    Raises
    ------
    TypeError, ValueError
        As :func:`vesicle_protein_ag` and :func:`particle_to_protein_ratio`.
    """
    mass = vesicle_protein_ag(diameter_nm, membrane_thickness_nm, lumen_protein_g_per_ml)
    return particle_to_protein_ratio(mass, soluble_share)


def soluble_share_for_ratio(ratio_per_ug: float, protein_per_particle_ag: float) -> float:
    """Share of soluble protein that a ratio tells of, ``x = 1 - ratio m``.

    Parameters
    ----------
    ratio_per_ug : float
        Particles per microgram of protein.
    protein_per_particle_ag : float
        Protein in one particle, ag: known only if the size is, and what is in it.

    Returns
    -------
    float
        Between 0 and 1.

    Raises
    ------
    TypeError
        Where a parameter is not a number.
    ValueError
        Where one is not finite or not above zero, or the particles would hold more protein than
        there is.
    """
    ratio = one_number(ratio_per_ug, "ratio_per_ug")
    mass = one_number(protein_per_particle_ag, "protein_per_particle_ag")
    share = 1 - ratio * mass / AG_PER_UG
    # A ratio that was worked out from the same mass may miss 0 by a rounding.
    if share < -1e-9:
        raise ValueError(
            f"{ratio:.3g} particles of {mass:.3g} ag hold {ratio * mass / AG_PER_UG:.3g} µg, but "
            "the ratio is for 1 µg of protein: either there are particles with less protein among "
            "them, such as lipoproteins, or each holds less than that"
        )
    return max(share, 0.0)


def largest_high_purity_diameter_nm(
    membrane_thickness_nm: float | None = None,
    lumen_protein_g_per_ml: float | None = None,
    ratio_per_ug: float | None = None,
) -> float:
    """Diameter above which vesicles alone, with nothing beside them, miss a ratio.

    ``d = 2 t + (6 m / (pi c))^(1/3)`` with ``m = 1 / ratio``.

    Parameters
    ----------
    membrane_thickness_nm, lumen_protein_g_per_ml : float, optional
        As in :func:`vesicle_protein_ag`.
    ratio_per_ug : float, optional
        The ratio to reach.  Default: the fact ``purity-high`` (as recalled).

    Returns
    -------
    float
        Diameter, nm.

    Raises
    ------
    TypeError, ValueError
        Where a parameter is not a finite number above zero.
    """
    thickness = one_number(
        _or_fact(membrane_thickness_nm, "vesicle-shell-thickness"), "membrane_thickness_nm"
    )
    content = one_number(
        _or_fact(lumen_protein_g_per_ml, "lumen-protein-content"), "lumen_protein_g_per_ml"
    )
    ratio = one_number(_or_fact(ratio_per_ug, "purity-high"), "ratio_per_ug")
    volume_nm3 = AG_PER_UG / ratio / (content * AG_PER_NM3_PER_G_PER_ML)
    return 2 * thickness + float(np.cbrt(6 * volume_nm3 / np.pi))


@dataclass(frozen=True)
class PurityBand:
    """What a particle-to-protein ratio was proposed to mean.

    Attributes
    ----------
    name : str
        "high purity", "low purity", "unpure" or "between the bands".
    words : str
        What stands behind it, and what does not.
    """

    name: str
    words: str


def purity_band(ratio_per_ug: float) -> PurityBand:
    """Find the band of a particle-to-protein ratio [Webber13, as recalled].

    Parameters
    ----------
    ratio_per_ug : float
        Particles per microgram of protein.

    Returns
    -------
    PurityBand
        The band.  Two gaps of the proposal, below "high" and above "unpure", are named as such.

    Raises
    ------
    TypeError, ValueError
        Where the ratio is not a finite number above zero.
    """
    ratio = one_number(ratio_per_ug, "ratio_per_ug")
    high, low, unpure = fact("purity-high"), fact("purity-low"), fact("purity-unpure")
    if ratio >= high.value:
        name, where = HIGH, f"at least {short_number(high.value)}"
    elif low.low <= ratio <= low.high:
        name, where = LOW, f"from {short_number(low.low)} to {short_number(low.high)}"
    elif ratio < unpure.value:
        name, where = UNPURE, f"below {short_number(unpure.value)}"
    else:
        name, where = BETWEEN, "in a gap of the proposal"
    return PurityBand(
        name,
        f"{short_number(ratio)} particles/µg is {where}: '{name}' in one paper's proposal "
        "(Webber13, as recalled), which leaves the size of the particles and their kind out of "
        "account.",
    )


def short_number(value: float, digits: int = 2) -> str:
    """Write a number with few digits, as a reader writes it: 0.12, 5,000, 2.2 × 10⁷."""
    return _number(float(f"{value:.{digits}g}"))


def _or_fact(value, fact_id):
    return fact(fact_id).value if value is None else value
