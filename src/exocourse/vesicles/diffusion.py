"""Brownian motion: how fast a particle wanders, and what size one reads from that.

A particle of diameter ``d`` in a liquid of viscosity ``eta`` at the absolute temperature ``T``
diffuses with ``D = k T / (3 pi eta d)`` [Einstein05].  Particle tracking measures ``D`` and turns
the equation round [Filipe10]: what it calls a size is the diameter of a smooth hard sphere that
would wander as far, and it is only as right as the temperature and viscosity that were assumed.

Every function takes floats or arrays (which broadcast against each other) and gives back a float
for floats, an array for arrays.  A parameter left at ``None`` is looked up among the course's
facts when the function is called.
"""

import numpy as np
from numpy.typing import ArrayLike

from exocourse.knowledge import fact
from exocourse.vesicles.checked import FloatOrArray, as_numbers, checked_diameter, plain, positive

# Exact since 2019: it defines the kelvin.
BOLTZMANN_J_PER_K = 1.380649e-23

_ZERO_CELSIUS_K = 273.15
_FREEZES_C, _BOILS_C = 0.0, 100.0
_VISCOSITY_SCALE_K = 300.0
_VISCOSITY_TERMS = range(1, 5)
_PA_S_PER_UPA_S = 1e-6
_UM2_PER_M2 = 1e12
_NM_PER_M = 1e9


def water_viscosity_pa_s(temperature_c: ArrayLike | None = None) -> FloatOrArray:
    """Viscosity of liquid water at the pressure of the air.

    Four powers of the absolute temperature, ``sum of a_i (T / 300 K)^b_i``, a short form for this
    pressure that comes with the full formulation [Huber09].  The coefficients are the facts
    ``water-viscosity-amplitude-1`` to ``-4`` and ``water-viscosity-exponent-1`` to ``-4``.

    Parameters
    ----------
    temperature_c : float or array_like, optional
        Temperature, degrees Celsius, 0 to 100.  Default: the fact ``tracking-temperature``.

    Returns
    -------
    float or numpy.ndarray
        Viscosity, Pa s.  Salt, sugar or protein in the water raise it.

    Raises
    ------
    TypeError
        Where the temperature is not a number or an array of numbers.
    ValueError
        Where it is not finite, or outside 0 to 100 degrees Celsius.
    """
    ratio = _kelvin(temperature_c) / _VISCOSITY_SCALE_K
    terms = (
        fact(f"water-viscosity-amplitude-{number}").value
        * ratio ** fact(f"water-viscosity-exponent-{number}").value
        for number in _VISCOSITY_TERMS
    )
    return plain(sum(terms) * _PA_S_PER_UPA_S)


def stokes_einstein_diffusion_um2_s(
    diameter_nm: ArrayLike,
    temperature_c: ArrayLike | None = None,
    viscosity_pa_s: ArrayLike | None = None,
) -> FloatOrArray:
    """Diffusion coefficient of a sphere, ``D = k T / (3 pi eta d)`` [Einstein05].

    Parameters
    ----------
    diameter_nm : float or array_like
        Diameter ``d`` of the sphere that moves, with whatever moves along with it, nm.
    temperature_c : float or array_like, optional
        Temperature, degrees Celsius, 0 to 100.  Default: the fact ``tracking-temperature``.
    viscosity_pa_s : float or array_like, optional
        Viscosity ``eta`` of the liquid, Pa s.  Default: that of water at this temperature.

    Returns
    -------
    float or numpy.ndarray
        Diffusion coefficient, square um per second, in free liquid.

    Raises
    ------
    TypeError
        Where something is not a number or an array of numbers.
    ValueError
        Where a diameter or viscosity is not a finite number above zero, or a temperature is
        outside 0 to 100 degrees Celsius.
    """
    return plain(
        _diffusion_times_diameter(temperature_c, viscosity_pa_s) / checked_diameter(diameter_nm)
    )


def stokes_einstein_diameter_nm(
    diffusion_um2_s: ArrayLike,
    temperature_c: ArrayLike | None = None,
    viscosity_pa_s: ArrayLike | None = None,
) -> FloatOrArray:
    """Diameter of the sphere that diffuses so, ``d = k T / (3 pi eta D)`` [Einstein05].

    Parameters
    ----------
    diffusion_um2_s : float or array_like
        Diffusion coefficient ``D``, square um per second.
    temperature_c, viscosity_pa_s : float or array_like, optional
        As :func:`stokes_einstein_diffusion_um2_s`: what one believes them to be.

    Returns
    -------
    float or numpy.ndarray
        Hydrodynamic diameter, nm.

    Raises
    ------
    TypeError, ValueError
        As :func:`stokes_einstein_diffusion_um2_s`.
    """
    diffusion = positive(diffusion_um2_s, "diffusion_um2_s")
    return plain(_diffusion_times_diameter(temperature_c, viscosity_pa_s) / diffusion)


def mean_squared_displacement_um2(
    diffusion_um2_s: ArrayLike,
    lag_s: ArrayLike,
    dimensions: int = 2,
    localisation_error_um: ArrayLike = 0.0,
    drift_um_s: ArrayLike = 0.0,
) -> FloatOrArray:
    """Mean squared displacement, ``2 n D t + 2 n s^2 + v^2 t^2``.

    The first term is Brownian motion in ``n`` dimensions.  The others are what a camera adds: an
    error ``s`` of each position along each axis enters twice, at the start and at the end; a
    steady flow ``v`` carries everything along.  In two dimensions they are ``4 s^2`` and
    ``v^2 t^2``.  The blur of a long exposure is left out.

    Parameters
    ----------
    diffusion_um2_s : float or array_like
        Diffusion coefficient ``D``, square um per second.
    lag_s : float or array_like
        Time ``t`` between the two positions, s, zero or more.
    dimensions : int, optional
        Number ``n`` of axes along which one looks: 1, 2 (a picture) or 3.
    localisation_error_um : float or array_like, optional
        Standard deviation ``s`` of one measured coordinate, um.  Default: none.
    drift_um_s : float or array_like, optional
        Speed ``v`` of the flow within these dimensions, um per second.  Default: none.

    Returns
    -------
    float or numpy.ndarray
        Square um.  Zero at a lag of zero: a position has no distance from itself.

    Raises
    ------
    TypeError
        Where something is not a number or an array of numbers.
    ValueError
        Where a diffusion coefficient is not above zero, a lag, error or drift is negative, or the
        number of dimensions is not 1, 2 or 3.
    """
    if dimensions not in (1, 2, 3):
        raise ValueError(f"dimensions is {dimensions!r}; give 1, 2 or 3")
    diffusion = positive(diffusion_um2_s, "diffusion_um2_s")
    lag = _not_negative(lag_s, "lag_s")
    error = _not_negative(localisation_error_um, "localisation_error_um")
    drift = _not_negative(drift_um_s, "drift_um_s")
    blur = np.where(lag > 0, 2 * dimensions * error**2, 0.0)
    return plain(2 * dimensions * diffusion * lag + blur + (drift * lag) ** 2)


def diameter_at_assumed_temperature_nm(
    diameter_nm: ArrayLike, true_temperature_c: ArrayLike, assumed_temperature_c: ArrayLike
) -> FloatOrArray:
    """Diameter that one reads who takes the sample to be at another temperature than it is.

    ``d' = d (T' / eta') / (T / eta)``, the dash for what is assumed: warm water is thinner, so a
    sample that is warmer than assumed moves faster and reads too small.

    Parameters
    ----------
    diameter_nm : float or array_like
        True diameter, nm.
    true_temperature_c, assumed_temperature_c : float or array_like
        Temperature of the sample, and the one in the calculation, degrees Celsius, 0 to 100.

    Returns
    -------
    float or numpy.ndarray
        Diameter as read, nm.

    Raises
    ------
    TypeError, ValueError
        As :func:`stokes_einstein_diffusion_um2_s`.
    """
    true = _diffusion_times_diameter(_temperature(true_temperature_c, "true_temperature_c"))
    assumed = _diffusion_times_diameter(
        _temperature(assumed_temperature_c, "assumed_temperature_c")
    )
    return plain(checked_diameter(diameter_nm) * assumed / true)


def apparent_diameter_nm(
    diameter_nm: ArrayLike,
    lag_s: ArrayLike,
    temperature_c: ArrayLike | None = None,
    localisation_error_um: ArrayLike = 0.0,
    drift_um_s: ArrayLike = 0.0,
) -> FloatOrArray:
    """Diameter that one reads who takes all motion in a picture for Brownian motion.

    ``d' = d 4 D t / (4 D t + 4 s^2 + v^2 t^2)``: error and drift both add motion, so both make
    particles look smaller, the large and slow ones most.  A longer lag lessens the part of the
    error and adds to that of the drift.

    Parameters
    ----------
    diameter_nm : float or array_like
        True diameter ``d``, nm.
    lag_s : float or array_like
        Time ``t`` between the positions compared, s, above zero.
    temperature_c : float or array_like, optional
        Temperature, degrees Celsius, known.  Default: the fact ``tracking-temperature``.
    localisation_error_um, drift_um_s : float or array_like, optional
        As :func:`mean_squared_displacement_um2`.

    Returns
    -------
    float or numpy.ndarray
        Diameter as read from the average over very many steps, nm.

    Raises
    ------
    TypeError, ValueError
        As :func:`mean_squared_displacement_um2` and :func:`stokes_einstein_diffusion_um2_s`.
    """
    lag = positive(lag_s, "lag_s")
    diffusion = stokes_einstein_diffusion_um2_s(diameter_nm, temperature_c)
    seen = mean_squared_displacement_um2(
        diffusion, lag, localisation_error_um=localisation_error_um, drift_um_s=drift_um_s
    )
    return plain(
        checked_diameter(diameter_nm) * mean_squared_displacement_um2(diffusion, lag) / seen
    )


def _diffusion_times_diameter(temperature_c, viscosity_pa_s=None):
    """Return ``k T / (3 pi eta)`` in square um per second times nm."""
    if viscosity_pa_s is None:
        viscosity_pa_s = water_viscosity_pa_s(temperature_c)
    viscosity = positive(viscosity_pa_s, "viscosity_pa_s")
    energy = BOLTZMANN_J_PER_K * _kelvin(temperature_c)
    return energy / (3 * np.pi * viscosity) * _UM2_PER_M2 * _NM_PER_M


def _kelvin(temperature_c):
    return _temperature(temperature_c) + _ZERO_CELSIUS_K


def _temperature(value, name="temperature_c"):
    """Return a temperature at which water is liquid, in degrees Celsius, as an array."""
    celsius = as_numbers(fact("tracking-temperature").value if value is None else value, name)
    outside = ~((celsius >= _FREEZES_C) & (celsius <= _BOILS_C))
    if np.any(outside):
        raise ValueError(
            f"{name} is {celsius[outside][0]:g}, but water is liquid from {_FREEZES_C:g} to "
            f"{_BOILS_C:g} degrees Celsius; give the temperature in degrees Celsius, not in kelvin"
        )
    return celsius


def _not_negative(value, name):
    """Return the value as an array of floats, every one finite and not below zero."""
    numbers = as_numbers(value, name)
    bad = ~(np.isfinite(numbers) & (numbers >= 0))
    if np.any(bad):
        raise ValueError(f"{name} is {numbers[bad][0]:g}; give a finite number, zero or more")
    return numbers
