"""Centrifugation: how fast a particle sinks, and how much of it a spin pellets.

A particle sinks at ``v = s a``: its sedimentation coefficient ``s = d^2 delta_rho / (18 eta)``
times the acceleration.  Both kinds of rotor follow Livshits15, which counts the particles that
reach the wall (or the bottom) of a full tube that was well mixed at the start:

- in a swing-out rotor a particle moves along the tube, from ``R_min`` to ``R_max``;
- in a fixed-angle rotor it crosses the tilted tube, at most a length ``L``.

A lighter particle than the liquid moves the other way: it floats, and never pellets.

What the model leaves out: diffusion, which keeps small proteins from packing into a pellet;
crowding; the time to speed up and to slow down; and what swims off a loose pellet.  It does not
know how fast a rotor may turn, either.  All g values are those at the mean radius.

Functions take floats or arrays of diameters, times and so on, which broadcast against each
other.  A parameter left at ``None`` is looked up among the course's facts when the function is
called.
"""

import tomllib
from dataclasses import dataclass
from importlib.resources import files
from math import isfinite, log, pi, sqrt
from numbers import Real

import numpy as np
from numpy.typing import ArrayLike

from exocourse.knowledge import UnknownId, fact
from exocourse.vesicles.checked import FloatOrArray, as_numbers, checked_diameter, plain, positive

# Exact by definition: what "g" means on a centrifuge.
STANDARD_GRAVITY_M_PER_S2 = 9.80665

SWING_OUT = ("SW 40 Ti", "SW 28", "MLS-50")
FIXED_ANGLE = ("Type 45 Ti", "Type 60 Ti", "Type 70 Ti", "F-45-24-15", "TLA-110")

_M_PER_NM = 1e-9
_NM_PER_M = 1e9
_M_PER_MM = 1e-3
_KG_PER_M3_PER_G_PER_ML = 1e3
_PA_S_PER_MPA_S = 1e-3
_S_PER_SVEDBERG = 1e-13
_S_PER_MIN = 60.0
_S_PER_HOUR = 3600.0

# Beyond any centrifuge, and beyond anybody's patience (19 years): slips of the unit.
_LARGEST_G = 1e7
_LONGEST_MIN = 1e7


@dataclass(frozen=True)
class Rotor:
    """What a rotor's shape says about how far particles have to go.

    Attributes
    ----------
    name : str
        Such as ``"Type 45 Ti"``.
    r_min_mm, r_max_mm : float
        Distance of the liquid from the axis, nearest and farthest, mm.
    path_mm : float or None
        Longest way straight outward to the wall of the tube, mm, in a fixed-angle rotor; None
        for a swing-out rotor, where the way is the length of the liquid.

    Raises
    ------
    TypeError
        Where a distance is not a number.
    ValueError
        Where a distance is not finite or not above zero, or ``r_min_mm`` is not below
        ``r_max_mm``.
    """

    name: str
    r_min_mm: float
    r_max_mm: float
    path_mm: float | None = None

    def __post_init__(self):
        if not isinstance(self.name, str) or not self.name.strip():
            raise TypeError(f"a rotor's name must be a text, not {self.name!r}")
        one_number(self.r_min_mm, "r_min_mm")
        one_number(self.r_max_mm, "r_max_mm")
        if self.path_mm is not None:
            one_number(self.path_mm, "path_mm")
        if self.r_min_mm >= self.r_max_mm:
            raise ValueError(
                f"{self.name}: r_min_mm is {self.r_min_mm:g}, but it must be below r_max_mm, "
                f"{self.r_max_mm:g}; r_min_mm is the end of the liquid that is nearer to the axis"
            )

    @property
    def kind(self) -> str:
        """Either "swing-out" or "fixed-angle"."""
        return "swing-out" if self.path_mm is None else "fixed-angle"

    @property
    def r_mean_mm(self) -> float:
        """The mean radius, at which g is given, mm."""
        return (self.r_min_mm + self.r_max_mm) / 2

    @property
    def clearing(self) -> float:
        """What ``s omega^2 t`` must reach until all particles are at the wall.

        ``ln(R_max / R_min)`` in a swing-out rotor, ``L / R_mean`` in a fixed-angle one.
        """
        if self.path_mm is None:
            return log(self.r_max_mm / self.r_min_mm)
        return self.path_mm / self.r_mean_mm


def rotors() -> tuple[Rotor, ...]:
    """List the rotors of Livshits15, Table 1, as the course's facts have them.

    Returns
    -------
    tuple of Rotor
        Swing-out rotors first.
    """
    return tuple(_listed_rotor(name) for name in (*SWING_OUT, *FIXED_ANGLE))


def find_rotor(name: str | Rotor) -> Rotor:
    """Find a rotor by its name; a `Rotor` is given back as it is.

    Parameters
    ----------
    name : str or Rotor
        Such as ``"Type 45 Ti"``; `rotors` lists them.  Make a `Rotor` for any other.

    Raises
    ------
    UnknownId
        Where there is no such rotor; it names the nearest ones.
    """
    if isinstance(name, Rotor):
        return name
    known = (*SWING_OUT, *FIXED_ANGLE)
    if name not in known:
        raise UnknownId.nearest(name, known, "rotor", "rotors()")
    return _listed_rotor(name)


def speed_rpm(rotor: str | Rotor, g: float) -> float:
    """Give the turns a minute for a g at the mean radius, ``omega^2 = g a / R_mean``.

    Parameters
    ----------
    rotor : str or Rotor
        Name of a rotor, or one of your own.
    g : float
        Relative centrifugal force at the mean radius.

    Returns
    -------
    float
        Revolutions per minute.

    Raises
    ------
    TypeError, ValueError
        Where ``g`` is not a finite number above zero.
    """
    return sqrt(_omega_squared(find_rotor(rotor), g)) * _S_PER_MIN / (2 * pi)


def sedimentation_coefficient_svedberg(
    diameter_nm: ArrayLike,
    density_difference_g_per_ml: ArrayLike | None = None,
    viscosity_pa_s: ArrayLike | None = None,
) -> FloatOrArray:
    """Sedimentation coefficient of a ball, ``s = d^2 delta_rho / (18 eta)`` [Livshits15].

    Parameters
    ----------
    diameter_nm : float or array_like
        Diameter ``d``, nm.
    density_difference_g_per_ml : float or array_like, optional
        Density of the particle minus that of the liquid, g/mL; negative for what floats.
        Default: the fact ``spin-density-difference``.
    viscosity_pa_s : float or array_like, optional
        Viscosity ``eta`` of the liquid, Pa s.  Default: the fact ``spin-viscosity``.

    Returns
    -------
    float or numpy.ndarray
        In svedberg (1e-13 s); negative for what floats.

    Raises
    ------
    TypeError
        Where a parameter is not a number or an array of numbers.
    ValueError
        Where one is not finite, diameter or viscosity is not above zero, or shapes do not go
        together.
    """
    diameter = checked_diameter(diameter_nm)
    if density_difference_g_per_ml is None:
        density_difference_g_per_ml = fact("spin-density-difference").value
    difference = finite(density_difference_g_per_ml, "density_difference_g_per_ml")
    if viscosity_pa_s is None:
        viscosity_pa_s = fact("spin-viscosity").value * _PA_S_PER_MPA_S
    viscosity = positive(viscosity_pa_s, "viscosity_pa_s")
    try:
        np.broadcast_shapes(diameter.shape, difference.shape, viscosity.shape)
    except ValueError:
        raise ValueError(
            f"diameter_nm has the shape {diameter.shape}, density_difference_g_per_ml "
            f"{difference.shape} and viscosity_pa_s {viscosity.shape}, which do not go together; "
            "give one number, or one for each diameter"
        ) from None
    seconds = (
        (diameter * _M_PER_NM) ** 2 * (difference * _KG_PER_M3_PER_G_PER_ML) / (18 * viscosity)
    )
    return plain(seconds / _S_PER_SVEDBERG)


def sedimentation_speed_nm_per_s(
    diameter_nm: ArrayLike,
    density_difference_g_per_ml: ArrayLike | None = None,
    viscosity_pa_s: ArrayLike | None = None,
    g: float = 1.0,
) -> FloatOrArray:
    """Speed of sinking, ``v = s a``; at 1 g that of a tube left on the bench.

    Parameters
    ----------
    diameter_nm, density_difference_g_per_ml, viscosity_pa_s : float or array_like
        As in :func:`sedimentation_coefficient_svedberg`.
    g : float
        Acceleration in units of the standard gravity.

    Returns
    -------
    float or numpy.ndarray
        nm/s; negative for what rises.

    Raises
    ------
    TypeError, ValueError
        As :func:`sedimentation_coefficient_svedberg`; also where ``g`` is not a finite number
        above zero.
    """
    svedberg = sedimentation_coefficient_svedberg(
        diameter_nm, density_difference_g_per_ml, viscosity_pa_s
    )
    return svedberg * (_S_PER_SVEDBERG * _NM_PER_M * _g(g) * STANDARD_GRAVITY_M_PER_S2)


def pelleted_share(
    rotor: str | Rotor,
    g: float,
    minutes: ArrayLike,
    diameter_nm: ArrayLike,
    density_difference_g_per_ml: ArrayLike | None = None,
    viscosity_pa_s: ArrayLike | None = None,
) -> FloatOrArray:
    """Share of the particles of a size that a spin pellets [Livshits15].

    Swing-out: ``P = R_max (1 - exp(-s omega^2 t)) / (R_max - R_min)``.  Fixed-angle:
    ``P = (2 / pi) (asin x + x sqrt(1 - x^2))`` with ``x = s omega^2 R_mean t / L``, the overlap of
    the round tube with itself, shifted.  Both stop at 1.

    Parameters
    ----------
    rotor : str or Rotor
        Name of a rotor, or one of your own.
    g : float
        Relative centrifugal force at the mean radius.
    minutes : float or array_like
        Time at full speed.
    diameter_nm, density_difference_g_per_ml, viscosity_pa_s : float or array_like
        As in :func:`sedimentation_coefficient_svedberg`.

    Returns
    -------
    float or numpy.ndarray
        Between 0 and 1; 0 for what floats.

    Raises
    ------
    UnknownId
        Where there is no rotor of this name.
    TypeError, ValueError
        As :func:`sedimentation_coefficient_svedberg`; also where ``g`` or ``minutes`` is not a
        finite number above zero.
    """
    used = find_rotor(rotor)
    done = _way_done(used, g, minutes, diameter_nm, density_difference_g_per_ml, viscosity_pa_s)
    done = np.clip(done, 0, 1)
    if used.path_mm is not None:
        return plain(_overlap(done))
    share = -used.r_max_mm * np.expm1(-used.clearing * done) / (used.r_max_mm - used.r_min_mm)
    return plain(_whole_at_the_end(share, done))


def floated_share(
    rotor: str | Rotor,
    g: float,
    minutes: ArrayLike,
    diameter_nm: ArrayLike,
    density_difference_g_per_ml: ArrayLike | None = None,
    viscosity_pa_s: ArrayLike | None = None,
) -> FloatOrArray:
    """Share of the particles of a size that a spin brings to the top.

    The mirror image of :func:`pelleted_share`, for particles lighter than the liquid.  Swing-out:
    ``R_min (exp(-s omega^2 t) - 1) / (R_max - R_min)``, with the negative ``s`` of what floats.

    Parameters
    ----------
    rotor, g, minutes, diameter_nm, density_difference_g_per_ml, viscosity_pa_s
        As in :func:`pelleted_share`.

    Returns
    -------
    float or numpy.ndarray
        Between 0 and 1; 0 for what sinks.

    Raises
    ------
    UnknownId, TypeError, ValueError
        As :func:`pelleted_share`.
    """
    used = find_rotor(rotor)
    done = _way_done(used, g, minutes, diameter_nm, density_difference_g_per_ml, viscosity_pa_s)
    done = np.clip(-done, 0, 1)
    if used.path_mm is not None:
        return plain(_overlap(done))
    share = used.r_min_mm * np.expm1(used.clearing * done) / (used.r_max_mm - used.r_min_mm)
    return plain(_whole_at_the_end(share, done))


def cut_off_diameter_nm(
    rotor: str | Rotor,
    g: float,
    minutes: ArrayLike,
    density_difference_g_per_ml: ArrayLike | None = None,
    viscosity_pa_s: ArrayLike | None = None,
) -> FloatOrArray:
    """Smallest diameter that a spin pellets completely [Livshits15].

    ``d* = sqrt(18 eta c / (delta_rho omega^2 t))`` with the rotor's ``clearing`` ``c``.

    Parameters
    ----------
    rotor, g, minutes, viscosity_pa_s
        As in :func:`pelleted_share`.
    density_difference_g_per_ml : float or array_like, optional
        As in :func:`sedimentation_coefficient_svedberg`, and above zero.

    Returns
    -------
    float or numpy.ndarray
        Diameter, nm.  Smaller particles are in the pellet too, in part: it is no sieve.

    Raises
    ------
    UnknownId, TypeError, ValueError
        As :func:`pelleted_share`; also where the density difference is not above zero, because
        what floats is never pelleted.
    """
    used = find_rotor(rotor)
    per_nm2 = sedimentation_coefficient_svedberg(1.0, density_difference_g_per_ml, viscosity_pa_s)
    _must_sink(per_nm2)
    seconds = _minutes(minutes) * _S_PER_MIN
    needed_s = used.clearing / (_omega_squared(used, g) * seconds)
    return plain(np.sqrt(needed_s / (per_nm2 * _S_PER_SVEDBERG)))


def full_pelleting_minutes(
    rotor: str | Rotor,
    g: float,
    diameter_nm: ArrayLike,
    density_difference_g_per_ml: ArrayLike | None = None,
    viscosity_pa_s: ArrayLike | None = None,
) -> FloatOrArray:
    """Time until all particles of a size are pelleted, ``t = c / (s omega^2)``.

    Parameters
    ----------
    rotor, g, diameter_nm, viscosity_pa_s
        As in :func:`pelleted_share`.
    density_difference_g_per_ml : float or array_like, optional
        As in :func:`sedimentation_coefficient_svedberg`, and above zero.

    Returns
    -------
    float or numpy.ndarray
        Minutes.

    Raises
    ------
    UnknownId, TypeError, ValueError
        As :func:`cut_off_diameter_nm`.
    """
    used = find_rotor(rotor)
    svedberg = sedimentation_coefficient_svedberg(
        diameter_nm, density_difference_g_per_ml, viscosity_pa_s
    )
    _must_sink(svedberg)
    rate_per_s = svedberg * _S_PER_SVEDBERG * _omega_squared(used, g)
    return used.clearing / rate_per_s / _S_PER_MIN


def k_factor(rotor: str | Rotor, g: float) -> float:
    """Work out the k-factor, ``k = ln(R_max / R_min) / omega^2 * 1e13 / 3600`` [Cvjetkovic14].

    Parameters
    ----------
    rotor : str or Rotor
        Name of a rotor, or one of your own.
    g : float
        Relative centrifugal force at the mean radius.

    Returns
    -------
    float
        Hours times svedberg: divided by a particle's ``s`` it is a time, see
        :func:`pelleting_time_h`.

    Raises
    ------
    UnknownId, TypeError, ValueError
        As :func:`speed_rpm`.
    """
    used = find_rotor(rotor)
    seconds = log(used.r_max_mm / used.r_min_mm) / _omega_squared(used, g)
    return seconds / _S_PER_SVEDBERG / _S_PER_HOUR


def pelleting_time_h(k: float, svedberg: ArrayLike) -> FloatOrArray:
    """Time to pellet a particle by the k-factor, ``t = k / s`` [Cvjetkovic14].

    It holds for a particle that travels from ``R_min`` to ``R_max``, so in a swing-out rotor.  In
    a fixed-angle rotor it crosses the tube instead, and the k-factor misleads [Livshits15]:
    :func:`k_factor_overestimate` says by how much, :func:`equivalent_minutes` converts properly.

    Parameters
    ----------
    k : float
        From :func:`k_factor`.
    svedberg : float or array_like
        Sedimentation coefficient, above zero.

    Returns
    -------
    float or numpy.ndarray
        Hours.

    Raises
    ------
    TypeError, ValueError
        Where ``k`` or ``svedberg`` is not a finite number above zero.
    """
    coefficient = finite(svedberg, "svedberg")
    _must_sink(coefficient)
    return plain(one_number(k, "k") / coefficient)


def k_factor_overestimate(rotor: str | Rotor) -> float:
    """How many times too long the k-factor takes pelleting to be, ``ln(R_max / R_min) / c``.

    Parameters
    ----------
    rotor : str or Rotor
        Name of a rotor, or one of your own.

    Returns
    -------
    float
        1 for a swing-out rotor; whatever the particle, the liquid and the speed.

    Raises
    ------
    UnknownId
        Where there is no rotor of this name.
    """
    used = find_rotor(rotor)
    return log(used.r_max_mm / used.r_min_mm) / used.clearing


def equivalent_minutes(
    rotor_from: str | Rotor, g_from: float, minutes: float, rotor_to: str | Rotor, g_to: float
) -> float:
    """Time in another rotor that gives the same cut-off diameter [Livshits15].

    The same for every particle and every liquid, but only the cut-off is the same: smaller
    particles may still be pelleted in other shares.  By k-factors it would be ``minutes *
    k_factor(rotor_to, g_to) / k_factor(rotor_from, g_from)``.

    Parameters
    ----------
    rotor_from, rotor_to : str or Rotor
        The rotor of the protocol, and the one at hand.
    g_from, g_to : float
        Relative centrifugal force in each, at the mean radius.
    minutes : float
        Time in the first.

    Returns
    -------
    float
        Minutes in the second.

    Raises
    ------
    UnknownId, TypeError, ValueError
        As :func:`pelleted_share`.
    """
    old, new = find_rotor(rotor_from), find_rotor(rotor_to)
    before = old.clearing / _omega_squared(old, g_from)
    after = new.clearing / _omega_squared(new, g_to)
    return one_number(minutes, "minutes") * after / before


@dataclass(frozen=True)
class PublishedPelleting:
    """One rotor's row of Livshits15, Table 2: the source's own calculation.

    Attributes
    ----------
    rotor : str
        Name of the rotor.
    g, minutes : float
        The spin.
    cut_off_nm : float
        Smallest diameter that is pelleted completely, nm.
    diameters_nm, pelleted_percent : tuple of float
        Diameters, and how many percent of each are pelleted.
    """

    rotor: str
    g: float
    minutes: float
    cut_off_nm: float
    diameters_nm: tuple[float, ...]
    pelleted_percent: tuple[float, ...]


def published_pelleting() -> tuple[PublishedPelleting, ...]:
    """Read Livshits15, Table 2: eight rotors, 30 minutes at 10,000 g.

    Returns
    -------
    tuple of PublishedPelleting
        In the order of the table.
    """
    text = (files("exocourse.vesicles") / "data" / "livshits15-table2.toml").read_text("utf-8")
    table = tomllib.loads(text)
    return tuple(
        PublishedPelleting(
            rotor=row["name"],
            g=float(table["g"]),
            minutes=float(table["minutes"]),
            cut_off_nm=float(row["cut_off_nm"]),
            diameters_nm=tuple(float(one) for one in table["diameters_nm"]),
            pelleted_percent=tuple(float(one) for one in row["pelleted_percent"]),
        )
        for row in table["rotor"]
    )


def one_number(value: float, name: str) -> float:
    """Return a single number once it is known to be finite and above zero.

    Raises
    ------
    TypeError
        Where it is not a single number.
    ValueError
        Where it is not finite, or not above zero.
    """
    if isinstance(value, bool) or not isinstance(value, Real):
        raise TypeError(f"{name} must be one number, not {value!r}")
    if not isfinite(value) or value <= 0:
        raise ValueError(f"{name} is {value:g}, but it must be a finite number above zero")
    return float(value)


def finite(value: ArrayLike, name: str) -> np.ndarray:
    """Return numbers as an array of floats once all are known to be finite.

    Raises
    ------
    TypeError
        Where it is not a number or an array of numbers.
    ValueError
        Where one is not finite.
    """
    numbers = as_numbers(value, name)
    if not np.all(np.isfinite(numbers)):
        raise ValueError(f"{name} is {numbers[~np.isfinite(numbers)][0]}; give a finite number")
    return numbers


def _listed_rotor(name):
    slug = name.lower().replace(" ", "-")
    radius = fact(f"rotor-{slug}-radius")
    path_mm = fact(f"rotor-{slug}-path").value if name in FIXED_ANGLE else None
    return Rotor(name, radius.low, radius.high, path_mm)


def _g(g):
    if one_number(g, "g") > _LARGEST_G:
        raise ValueError(
            f"g is {g:g}, more than any centrifuge gives; give it as a multiple of gravity, such "
            "as 100000"
        )
    return float(g)


def _minutes(minutes):
    numbers = positive(minutes, "minutes")
    if np.any(numbers > _LONGEST_MIN):
        raise ValueError(f"minutes is {np.max(numbers):g}, many years; give the time in minutes")
    return numbers


def _omega_squared(used, g):
    """Return the square of the angular speed, per square second."""
    return _g(g) * STANDARD_GRAVITY_M_PER_S2 / (used.r_mean_mm * _M_PER_MM)


def _way_done(used, g, minutes, diameter_nm, density_difference_g_per_ml, viscosity_pa_s):
    """Return ``s omega^2 t`` as a share of what clears the rotor; negative for what floats."""
    seconds = sedimentation_coefficient_svedberg(
        diameter_nm, density_difference_g_per_ml, viscosity_pa_s
    )
    turned = _omega_squared(used, g) * _minutes(minutes) * _S_PER_MIN
    return seconds * _S_PER_SVEDBERG * turned / used.clearing


def _overlap(shift):
    """Return what a circle loses when it is shifted by a share of its own width."""
    return 2 / pi * (np.arcsin(shift) + shift * np.sqrt(1 - shift**2))


def _whole_at_the_end(share, done):
    # All is all: a rounding short of 1 would leave some particles behind.
    return np.where(done >= 1, 1.0, np.minimum(share, 1.0))


def _must_sink(svedberg):
    if np.any(np.asarray(svedberg) <= 0):
        raise ValueError(
            "this particle is not denser than the liquid: it floats or stays where it is, and is "
            "never pelleted; give a density difference above zero"
        )
