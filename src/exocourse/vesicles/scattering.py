"""Light scattered by beads and by vesicles: why small vesicles are so hard to see.

A particle much smaller than the wavelength scatters as one dipole (Rayleigh), so its brightness
goes as the square of its polarisability.  That of a uniform sphere goes as ``d^3``, hence the
brightness as ``d^6``.  A vesicle is no uniform sphere but a thin shell around a core that is
nearly water: its brightness goes with an exponent between 4 (an empty shell) and 6.

The unit of brightness here is the course's reference bead, polystyrene of 100 nm, in the same
medium.  The formulas are used up to the fact ``rayleigh-largest-diameter``, 100 nm; above it they
raise, because waves from the two ends of the particle begin to cancel.  :func:`form_factor` says
by how much: it is also why "at most 100 nm" is generous.

Refractive indices of vesicles are usually reported as that of a uniform sphere [Gardiner14,
vdPol14b], and methods that see light, motion or current differ in what they call the size
[vdPol14a].
"""

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
from exocourse.vesicles.diffusion import _not_negative
from exocourse.vesicles.geometry import lumen_fraction

PARTICLES = ("vesicle", "bead")

# The sphere's form factor loses all its digits where sine and cosine nearly cancel.
_SMALL_PHASE = 1e-2
# A root is found by looking at a grid, then at the one gap that it lies in: 1e-10 of the interval.
_GRID, _NARROWINGS = 101, 5


def bead_scattering(
    diameter_nm: ArrayLike,
    refractive_index: ArrayLike | None = None,
    medium_index: ArrayLike | None = None,
) -> FloatOrArray:
    """Brightness of a uniform sphere, ``(d / d_ref)^6 (K / K_ref)^2``.

    Rayleigh scattering with ``K = (m^2 - 1) / (m^2 + 2)`` and ``m`` the ratio of the indices of
    sphere and medium.

    Parameters
    ----------
    diameter_nm : float or array_like
        Diameter ``d``, nm, at most the fact ``rayleigh-largest-diameter`` (100 nm).
    refractive_index : float or array_like, optional
        Of the sphere.  Default: the fact ``polystyrene-refractive-index`` [Gardiner14].
    medium_index : float or array_like, optional
        Of what is around it.  Default: the fact ``water-refractive-index``.

    Returns
    -------
    float or numpy.ndarray
        Relative to a polystyrene bead of the diameter ``reference-bead-diameter`` (100 nm) in the
        same medium.

    Raises
    ------
    TypeError
        Where something is not a number or an array of numbers.
    ValueError
        Where a diameter or an index is not a finite number above zero, or a diameter is outside
        the domain.
    """
    diameter = _in_domain(diameter_nm)
    index = given_or_fact(refractive_index, "polystyrene-refractive-index", "refractive_index")
    medium = _medium(medium_index)
    return plain((diameter**3 * _contrast(index, medium) / _reference(medium)) ** 2)


def vesicle_scattering(
    diameter_nm: ArrayLike,
    membrane_thickness_nm: ArrayLike | None = None,
    shell_index: ArrayLike | None = None,
    core_index: ArrayLike | None = None,
    medium_index: ArrayLike | None = None,
) -> FloatOrArray:
    """Brightness of a core in an even shell, by the polarisability of a coated sphere.

    Rayleigh scattering with, for the squares ``e`` of the indices of core, shell and medium and
    the core's share ``f`` of the volume::

        K = [(e_s - e_m) (e_c + 2 e_s) + f (e_c - e_s) (e_m + 2 e_s)]
            / [(e_s + 2 e_m) (e_c + 2 e_s) + 2 f (e_s - e_m) (e_c - e_s)]

    Parameters
    ----------
    diameter_nm : float or array_like
        Outer diameter, nm, more than two shells and at most the fact
        ``rayleigh-largest-diameter`` (100 nm).
    membrane_thickness_nm : float or array_like, optional
        Thickness of the shell, nm.  Default: the fact ``vesicle-shell-thickness``.
    shell_index, core_index, medium_index : float or array_like, optional
        Refractive indices.  Defaults: the facts ``vesicle-shell-refractive-index``,
        ``vesicle-core-refractive-index`` (both assumed) and ``water-refractive-index``.

    Returns
    -------
    float or numpy.ndarray
        In the unit of :func:`bead_scattering`.

    Raises
    ------
    TypeError, ValueError
        As :func:`bead_scattering`; also where the shell leaves no room for a core.
    """
    diameter = _in_domain(diameter_nm)
    core_share = lumen_fraction(diameter, membrane_thickness_nm)
    medium = _medium(medium_index)
    shell = given_or_fact(shell_index, "vesicle-shell-refractive-index", "shell_index") ** 2
    core = given_or_fact(core_index, "vesicle-core-refractive-index", "core_index") ** 2
    around = medium**2
    above = (shell - around) * (core + 2 * shell) + core_share * (core - shell) * (
        around + 2 * shell
    )
    below = (shell + 2 * around) * (core + 2 * shell) + 2 * core_share * (shell - around) * (
        core - shell
    )
    return plain((diameter**3 * above / below / _reference(medium)) ** 2)


def equivalent_bead_diameter_nm(
    scattering: ArrayLike,
    refractive_index: ArrayLike | None = None,
    medium_index: ArrayLike | None = None,
) -> FloatOrArray:
    """Diameter of the bead that is as bright: :func:`bead_scattering` turned round.

    Parameters
    ----------
    scattering : float or array_like
        Brightness in the unit of :func:`bead_scattering`.
    refractive_index, medium_index : float or array_like, optional
        Of the bead and the medium; defaults as :func:`bead_scattering`.

    Returns
    -------
    float or numpy.ndarray
        Diameter, nm.

    Raises
    ------
    TypeError
        Where something is not a number or an array of numbers.
    ValueError
        Where something is not a finite number above zero, the bead has the index of the medium
        (it scatters nothing), or the answer lies outside the domain.
    """
    brightness = positive(scattering, "scattering")
    index = given_or_fact(refractive_index, "polystyrene-refractive-index", "refractive_index")
    medium = _medium(medium_index)
    if np.any(index == medium):
        raise ValueError(
            "refractive_index is that of the medium: such a bead scatters nothing, at any size; "
            "give another index"
        )
    contrast = np.abs(_contrast(index, medium))
    return plain(
        _in_domain(np.cbrt(np.sqrt(brightness) * _reference(medium) / contrast), "the bead")
    )


def is_visible(
    diameter_nm: ArrayLike, detection_threshold: float, particle: str = "vesicle"
) -> bool | np.ndarray:
    """Whether a particle scatters at least as much as a camera needs to see it.

    Particles above the domain of the formulas are taken to be at least as bright as the largest
    one inside it.  So the threshold itself must lie inside the domain where there are such.

    Parameters
    ----------
    diameter_nm : float or array_like
        Diameter, nm; above 100 nm too.
    detection_threshold : float
        Least brightness that is seen, in the unit of :func:`bead_scattering`; 0 sees everything.
    particle : {"vesicle", "bead"}, optional
        A core in a shell or a polystyrene bead, with the course's facts for both.

    Returns
    -------
    bool or numpy.ndarray of bool
        In the shape of the diameter.

    Raises
    ------
    TypeError, ValueError
        As :func:`vesicle_scattering`; also where the threshold is negative, not a single number,
        or above what a particle of 100 nm scatters while some are larger; or where there is no
        such particle.
    """
    brightness_of = _brightness_function(particle)
    diameter, threshold = checked_diameter(diameter_nm), _threshold(detection_threshold)
    if threshold == 0:
        seen = np.ones(diameter.shape, dtype=bool)
    else:
        largest = fact("rayleigh-largest-diameter").value
        if np.any(diameter > largest):
            _check_reachable(threshold, particle)
        seen = brightness_of(np.minimum(diameter, largest)) >= threshold
    return seen if np.ndim(seen) else bool(seen)


def detection_limit_nm(detection_threshold: float, particle: str = "vesicle") -> float:
    """Smallest particle that is bright enough to be seen.

    Parameters
    ----------
    detection_threshold : float
        Least brightness that is seen, in the unit of :func:`bead_scattering`, above zero.
    particle : {"vesicle", "bead"}, optional
        As :func:`is_visible`.

    Returns
    -------
    float
        Diameter, nm.  For a vesicle never less than two shells: no vesicle is smaller.

    Raises
    ------
    TypeError
        Where the threshold is not a number.
    ValueError
        Where it is not a single finite number above zero, or above what a particle of 100 nm
        scatters; or where there is no such particle.
    """
    brightness_of = _brightness_function(particle)
    threshold = _threshold(detection_threshold)
    if threshold == 0:
        raise ValueError("a detection_threshold of 0 sees everything and has no limit")
    _check_reachable(threshold, particle)
    if particle == "bead":
        return equivalent_bead_diameter_nm(threshold)
    # A vesicle has a lumen, so the interval starts a hair above two shells.
    low = 2 * fact("vesicle-shell-thickness").value * (1 + 1e-9)
    high = fact("rayleigh-largest-diameter").value
    for _ in range(_NARROWINGS):
        grid = np.linspace(low, high, _GRID)
        first = int(np.argmax(brightness_of(grid) >= threshold))
        low, high = grid[max(first - 1, 0)], grid[first]
    return float(high)


def form_factor(
    diameter_nm: ArrayLike,
    wavelength_nm: ArrayLike | None = None,
    angle_degrees: ArrayLike | None = None,
    medium_index: ArrayLike | None = None,
) -> FloatOrArray:
    """Share of the Rayleigh brightness that is left when a sphere is not small.

    ``P = [3 (sin x - x cos x) / x^3]^2`` with ``x = q d / 2`` and
    ``q = 4 pi n sin(angle / 2) / wavelength``: waves from different parts of a uniform sphere that
    bends light little (Rayleigh, Gans, Debye) add up with their phases.  It is 1 for a small
    sphere and for light that goes straight on.  A hollow shell loses more than a full sphere.

    Parameters
    ----------
    diameter_nm : float or array_like
        Diameter ``d``, nm.
    wavelength_nm : float or array_like, optional
        Wavelength in air, nm.  Default: the fact ``tracking-wavelength`` (assumed).
    angle_degrees : float or array_like, optional
        Between the beam and the light looked at, above 0 and at most 180 degrees.  Default: the
        fact ``scattering-angle`` (assumed).
    medium_index : float or array_like, optional
        Refractive index ``n`` around the sphere.  Default: the fact ``water-refractive-index``.

    Returns
    -------
    float or numpy.ndarray
        Between 0 and 1.

    Raises
    ------
    TypeError
        Where something is not a number or an array of numbers.
    ValueError
        Where something is not a finite number above zero, or an angle is above 180 degrees.
    """
    wavelength = given_or_fact(wavelength_nm, "tracking-wavelength", "wavelength_nm")
    angle = given_or_fact(angle_degrees, "scattering-angle", "angle_degrees")
    if np.any(angle > 180):
        raise ValueError(
            f"angle_degrees is {angle[angle > 180][0]:g}; give at most 180, straight back"
        )
    wave_number = 4 * np.pi * _medium(medium_index) * np.sin(np.radians(angle) / 2) / wavelength
    phase = wave_number * checked_diameter(diameter_nm) / 2
    safe = np.maximum(phase, _SMALL_PHASE)
    amplitude = 3 * (np.sin(safe) - safe * np.cos(safe)) / safe**3
    return plain(np.where(phase < _SMALL_PHASE, 1 - phase**2 / 10, amplitude) ** 2)


def _contrast(index, medium):
    """Return the polarisability of a uniform sphere for each unit of its volume."""
    ratio = (index / medium) ** 2
    return (ratio - 1) / (ratio + 2)


def _reference(medium):
    """Return the amplitude that counts as 1: that of the reference bead in this medium."""
    contrast = _contrast(fact("polystyrene-refractive-index").value, medium)
    if np.any(contrast == 0):
        raise ValueError(
            "medium_index is that of the reference bead, which scatters nothing there, so there is "
            "nothing to compare with; give another medium"
        )
    return fact("reference-bead-diameter").value ** 3 * contrast


def _medium(value):
    return given_or_fact(value, "water-refractive-index", "medium_index")


def _in_domain(diameter_nm, what="the particle"):
    diameter = checked_diameter(diameter_nm)
    largest = fact("rayleigh-largest-diameter").value
    # A hair above the limit is the limit, after a round trip through the equations.
    if np.any(diameter > largest * (1 + 1e-9)):
        raise ValueError(
            f"{what} has {diameter[diameter > largest][0]:g} nm, but Rayleigh scattering is used "
            f"up to {largest:g} nm only: beyond, it overstates the light (see form_factor); "
            f"use a diameter of at most {largest:g} nm"
        )
    return diameter


def _brightness_function(particle):
    if particle not in PARTICLES:
        raise ValueError(f"particle is {particle!r}; give one of {', '.join(map(repr, PARTICLES))}")
    return bead_scattering if particle == "bead" else vesicle_scattering


def _threshold(value):
    threshold = _not_negative(value, "detection_threshold")
    if threshold.ndim:
        raise ValueError("detection_threshold is an array; give a single number")
    return float(threshold)


def _check_reachable(threshold, particle):
    largest = fact("rayleigh-largest-diameter").value
    brightest = _brightness_function(particle)(largest)
    if threshold > brightest:
        raise ValueError(
            f"detection_threshold is {threshold:.3g}, above the {brightest:.3g} of a {particle} of "
            f"{largest:g} nm, beyond which brightness is not modelled; give a lower threshold"
        )
