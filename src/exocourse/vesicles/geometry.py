"""A vesicle as a hollow sphere: surface, lumen, lipids, and how much fits inside.

The vesicle is a sphere of outer diameter ``d`` with a shell of even thickness ``t``; what the
shell encloses is the lumen.  Everything here is geometry: it says what fits, never what is there.

Every function takes floats or arrays (which broadcast against each other) and gives back a float
for floats, an array for arrays.  A parameter left at ``None`` is looked up among the course's
facts when the function is called, so that the number, its source and its status stay together.
"""

from dataclasses import dataclass, fields
from numbers import Real

import numpy as np
from numpy.typing import ArrayLike

from exocourse.knowledge import fact
from exocourse.vesicles.checked import (
    FloatOrArray,
    checked_diameter,
    given_or_fact,
    plain,
    positive,
)

# Exact since 2019: it defines the mole.
AVOGADRO_PER_MOL = 6.02214076e23

_CUBIC_NM_PER_CUBIC_UM = 1e9
_LITRES_PER_CUBIC_NM = 1e-24
_MICROMOLAR_PER_MOLAR = 1e6


@dataclass(frozen=True)
class VesicleGeometry:
    """What follows from a vesicle's diameter and the thickness of its membrane.

    Every field is a float, or an array where the diameter or the thickness was an array.

    Attributes
    ----------
    diameter_nm, membrane_thickness_nm : float or numpy.ndarray
        What was put in: outer diameter and thickness of the shell, nm.
    surface_nm2 : float or numpy.ndarray
        Outer surface, square nm.
    volume_nm3, lumen_volume_nm3 : float or numpy.ndarray
        Volume within the outer surface, and within the inner one, cubic nm.
    lumen_fraction : float or numpy.ndarray
        Lumen volume over total volume, between 0 and 1.
    lipid_count : float or numpy.ndarray
        Lipids of both leaflets if the membrane were all of one lipid and nothing else.
    cytosol_like_protein_count_low, cytosol_like_protein_count_high : float or numpy.ndarray
        Proteins in the lumen if it were as crowded as cytosol: both ends of the range.
    packed_protein_count : float or numpy.ndarray
        Equal protein spheres in the lumen if it were packed full.
    """

    diameter_nm: FloatOrArray
    membrane_thickness_nm: FloatOrArray
    surface_nm2: FloatOrArray
    volume_nm3: FloatOrArray
    lumen_volume_nm3: FloatOrArray
    lumen_fraction: FloatOrArray
    lipid_count: FloatOrArray
    cytosol_like_protein_count_low: FloatOrArray
    cytosol_like_protein_count_high: FloatOrArray
    packed_protein_count: FloatOrArray

    def __repr__(self):
        # Four digits: enough for a model of this kind, and the same text on every machine.
        lines = (
            f"    {field.name}={_four_digits(getattr(self, field.name))},\n"
            for field in fields(self)
        )
        return f"VesicleGeometry(\n{''.join(lines)})"


def vesicle_geometry(
    diameter_nm: ArrayLike, membrane_thickness_nm: ArrayLike | None = None
) -> VesicleGeometry:
    """Work out everything that the hollow-sphere model says of a vesicle.

    Parameters
    ----------
    diameter_nm : float or array_like
        Outer diameter, nm; more than twice the membrane thickness.
    membrane_thickness_nm : float or array_like, optional
        Thickness of the shell, nm.  Default: the fact ``vesicle-shell-thickness``, a rounded
        shell of bilayer, head groups and protein, assumed by the course.

    Returns
    -------
    VesicleGeometry
        Surface, volumes, lipid count and capacities, with the course's facts for lipid area,
        cytosol, packing and protein mass.  Each has a function of its own in this module, where
        those can be changed and where its equation and sources stand.

    Raises
    ------
    TypeError
        Where a size is not a number or an array of numbers.
    ValueError
        Where a size is not finite, not above zero, or leaves no lumen.
    """
    diameter, thickness = _sizes_with_lumen(diameter_nm, membrane_thickness_nm)
    cytosol_low, cytosol_high = cytosol_like_protein_count(diameter, thickness)
    return VesicleGeometry(
        diameter_nm=plain(diameter),
        membrane_thickness_nm=plain(thickness),
        surface_nm2=sphere_surface_nm2(diameter),
        volume_nm3=sphere_volume_nm3(diameter),
        lumen_volume_nm3=lumen_volume_nm3(diameter, thickness),
        lumen_fraction=lumen_fraction(diameter, thickness),
        lipid_count=lipid_count(diameter, thickness),
        cytosol_like_protein_count_low=cytosol_low,
        cytosol_like_protein_count_high=cytosol_high,
        packed_protein_count=packed_protein_count(diameter, thickness),
    )


def sphere_surface_nm2(diameter_nm: ArrayLike) -> FloatOrArray:
    """Surface of a sphere, ``A = pi d^2``.

    Parameters
    ----------
    diameter_nm : float or array_like
        Diameter, nm.

    Returns
    -------
    float or numpy.ndarray
        Surface, square nm, in the shape of the diameter.

    Raises
    ------
    TypeError, ValueError
        As :func:`vesicle_geometry`, without the condition on the lumen.
    """
    diameter = checked_diameter(diameter_nm)
    return plain(np.pi * diameter**2)


def sphere_volume_nm3(diameter_nm: ArrayLike) -> FloatOrArray:
    """Volume of a sphere, ``V = pi d^3 / 6``.

    Parameters
    ----------
    diameter_nm : float or array_like
        Diameter, nm.

    Returns
    -------
    float or numpy.ndarray
        Volume, cubic nm, in the shape of the diameter.

    Raises
    ------
    TypeError, ValueError
        As :func:`vesicle_geometry`, without the condition on the lumen.
    """
    diameter = checked_diameter(diameter_nm)
    return plain(np.pi * diameter**3 / 6)


def lumen_volume_nm3(
    diameter_nm: ArrayLike, membrane_thickness_nm: ArrayLike | None = None
) -> FloatOrArray:
    """Volume inside the membrane, ``V_lumen = pi (d - 2 t)^3 / 6``.

    Parameters
    ----------
    diameter_nm : float or array_like
        Outer diameter ``d``, nm.
    membrane_thickness_nm : float or array_like, optional
        Thickness ``t`` of the shell, nm.  Default: the fact ``vesicle-shell-thickness``.

    Returns
    -------
    float or numpy.ndarray
        Volume of the lumen, cubic nm.

    Raises
    ------
    TypeError, ValueError
        As :func:`vesicle_geometry`.
    """
    diameter, thickness = _sizes_with_lumen(diameter_nm, membrane_thickness_nm)
    return sphere_volume_nm3(diameter - 2 * thickness)


def lumen_fraction(
    diameter_nm: ArrayLike, membrane_thickness_nm: ArrayLike | None = None
) -> FloatOrArray:
    """Share of the vesicle's volume that is lumen, ``(1 - 2 t / d)^3``.

    Parameters
    ----------
    diameter_nm : float or array_like
        Outer diameter ``d``, nm.
    membrane_thickness_nm : float or array_like, optional
        Thickness ``t`` of the shell, nm.  Default: the fact ``vesicle-shell-thickness``.

    Returns
    -------
    float or numpy.ndarray
        A number between 0 and 1; times 100 it is a percentage.

    Raises
    ------
    TypeError, ValueError
        As :func:`vesicle_geometry`.
    """
    diameter, thickness = _sizes_with_lumen(diameter_nm, membrane_thickness_nm)
    return plain(((diameter - 2 * thickness) / diameter) ** 3)


def lipid_count(
    diameter_nm: ArrayLike,
    membrane_thickness_nm: ArrayLike | None = None,
    lipid_area_nm2: ArrayLike | None = None,
) -> FloatOrArray:
    """Lipids that it takes to cover both leaflets, ``pi [d^2 + (d - 2 t)^2] / a``.

    An upper estimate for phospholipid.  It covers the outer and the inner face of the shell with
    lipid alone: membrane proteins, which take up part of both faces, are ignored, and so is
    cholesterol, which needs less area a molecule and draws its neighbours together.  It also takes
    one area ``a`` for both leaflets, although the lipids of a small vesicle are spread outside and
    crowded inside.

    Parameters
    ----------
    diameter_nm : float or array_like
        Outer diameter ``d``, nm.
    membrane_thickness_nm : float or array_like, optional
        Thickness ``t`` of the shell, nm.  Default: the fact ``vesicle-shell-thickness``.
    lipid_area_nm2 : float or array_like, optional
        Area ``a`` of one lipid in the plane of the membrane, square nm.  Default: the fact
        ``popc-area-per-lipid``, one pure phospholipid at 30 degrees C [Kucerka11].

    Returns
    -------
    float or numpy.ndarray
        Number of lipids, not rounded.

    Raises
    ------
    TypeError, ValueError
        As :func:`vesicle_geometry`; also where the area is not a finite number above zero.
    """
    diameter, thickness = _sizes_with_lumen(diameter_nm, membrane_thickness_nm)
    area = given_or_fact(lipid_area_nm2, "popc-area-per-lipid", "lipid_area_nm2")
    faces_nm2 = sphere_surface_nm2(diameter) + sphere_surface_nm2(diameter - 2 * thickness)
    return plain(faces_nm2 / area)


def cytosol_like_protein_count(
    diameter_nm: ArrayLike,
    membrane_thickness_nm: ArrayLike | None = None,
    low_per_um3: ArrayLike | None = None,
    high_per_um3: ArrayLike | None = None,
) -> tuple[FloatOrArray, FloatOrArray]:
    """Proteins in the lumen if it held them as densely as cytosol does, ``N = c V_lumen``.

    A comparison, not a measurement: nothing says that a vesicle's lumen is cytosol.

    Parameters
    ----------
    diameter_nm : float or array_like
        Outer diameter, nm.
    membrane_thickness_nm : float or array_like, optional
        Thickness of the shell, nm.  Default: the fact ``vesicle-shell-thickness``.
    low_per_um3, high_per_um3 : float or array_like, optional
        Proteins in a cubic micrometre, both ends of the range.  Default: the range of the fact
        ``cytosol-protein-density`` [Milo13].

    Returns
    -------
    low, high : tuple of float or of numpy.ndarray
        Number of proteins at both ends, not rounded.

    Raises
    ------
    TypeError, ValueError
        As :func:`vesicle_geometry`; also where a density is not a finite number above zero, or
        the low end lies above the high one.
    """
    if low_per_um3 is None:
        low_per_um3 = fact("cytosol-protein-density").low
    if high_per_um3 is None:
        high_per_um3 = fact("cytosol-protein-density").high
    low = positive(low_per_um3, "low_per_um3")
    high = positive(high_per_um3, "high_per_um3")
    if np.any(low > high):
        raise ValueError(
            "low_per_um3 lies above high_per_um3; give the smaller density as low_per_um3"
        )
    lumen_um3 = lumen_volume_nm3(diameter_nm, membrane_thickness_nm) / _CUBIC_NM_PER_CUBIC_UM
    return plain(low * lumen_um3), plain(high * lumen_um3)


def packed_protein_count(
    diameter_nm: ArrayLike,
    membrane_thickness_nm: ArrayLike | None = None,
    protein_mass_da: ArrayLike | None = None,
    packing_fraction: ArrayLike | None = None,
    protein_volume_nm3_per_da: ArrayLike | None = None,
) -> FloatOrArray:
    """Equal protein spheres that fill the lumen, ``N = phi V_lumen / (v M)``.

    An upper bound of a thought experiment: dry balls thrown into a sphere.  It leaves out the
    water that a protein needs, and the wall, against which balls pack less well in a small lumen.

    Parameters
    ----------
    diameter_nm : float or array_like
        Outer diameter, nm.
    membrane_thickness_nm : float or array_like, optional
        Thickness of the shell, nm.  Default: the fact ``vesicle-shell-thickness``.
    protein_mass_da : float or array_like, optional
        Mass ``M`` of one protein, Da.  Default: the fact ``typical-protein-mass`` (assumed).
    packing_fraction : float or array_like, optional
        Share ``phi`` of the lumen that the spheres fill, above 0 and at most 1.  Default: the
        fact ``random-close-packing`` (assumed).
    protein_volume_nm3_per_da : float or array_like, optional
        Volume ``v`` of protein for each dalton, cubic nm.  Default: the fact
        ``protein-volume-per-dalton`` [Erickson09].

    Returns
    -------
    float or numpy.ndarray
        Number of proteins, not rounded.

    Raises
    ------
    TypeError, ValueError
        As :func:`vesicle_geometry`; also where a mass, volume or packing fraction is not a finite
        number above zero, or the packing fraction is above 1.
    """
    mass = given_or_fact(protein_mass_da, "typical-protein-mass", "protein_mass_da")
    packing = given_or_fact(packing_fraction, "random-close-packing", "packing_fraction")
    volume_per_da = given_or_fact(
        protein_volume_nm3_per_da, "protein-volume-per-dalton", "protein_volume_nm3_per_da"
    )
    if np.any(packing > 1):
        raise ValueError(
            "packing_fraction is above 1, but spheres cannot fill more than the whole lumen; "
            "give a share between 0 and 1"
        )
    lumen_nm3 = lumen_volume_nm3(diameter_nm, membrane_thickness_nm)
    return plain(packing * lumen_nm3 / (mass * volume_per_da))


def single_molecule_concentration_um(
    diameter_nm: ArrayLike, membrane_thickness_nm: ArrayLike | None = None
) -> FloatOrArray:
    """Concentration that one molecule amounts to in the lumen, ``c = 1 / (N_A V_lumen)``.

    Parameters
    ----------
    diameter_nm : float or array_like
        Outer diameter, nm; the lumen is narrower by two membranes.
    membrane_thickness_nm : float or array_like, optional
        Thickness of the shell, nm.  Default: the fact ``vesicle-shell-thickness``.

    Returns
    -------
    float or numpy.ndarray
        Concentration, micromolar.

    Raises
    ------
    TypeError, ValueError
        As :func:`vesicle_geometry`.
    """
    lumen_litres = lumen_volume_nm3(diameter_nm, membrane_thickness_nm) * _LITRES_PER_CUBIC_NM
    return plain(_MICROMOLAR_PER_MOLAR / (AVOGADRO_PER_MOL * lumen_litres))


def _sizes_with_lumen(diameter_nm, membrane_thickness_nm):
    """Return both sizes as arrays, checked, and with room between the membranes."""
    diameter = checked_diameter(diameter_nm)
    thickness = given_or_fact(
        membrane_thickness_nm, "vesicle-shell-thickness", "membrane_thickness_nm"
    )
    try:
        diameters, thicknesses = np.broadcast_arrays(diameter, thickness)
    except ValueError:
        raise ValueError(
            f"diameter_nm has the shape {diameter.shape} and membrane_thickness_nm "
            f"{thickness.shape}, which do not go together; give one thickness, or one for each "
            "diameter"
        ) from None
    too_small = diameters <= 2 * thicknesses
    if np.any(too_small):
        small, thick = diameters[too_small][0], thicknesses[too_small][0]
        raise ValueError(
            f"no lumen: a vesicle of {small:g} nm cannot hold two {thick:g} nm membranes; "
            f"use a diameter above {2 * thick:g} nm"
        )
    return diameter, thickness


def _four_digits(value):
    if isinstance(value, Real):
        return f"{value:.4g}"
    return np.array2string(value, separator=", ", formatter={"float_kind": lambda x: f"{x:.4g}"})
