from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from exocourse.vesicles import diffusion
from exocourse.vesicles.diffusion import (
    apparent_diameter_nm,
    diameter_at_assumed_temperature_nm,
    mean_squared_displacement_um2,
    stokes_einstein_diameter_nm,
    stokes_einstein_diffusion_um2_s,
    water_viscosity_pa_s,
)

FRAME_S = 1 / 30
# Viscosity of water along its vapour pressure, uPa s, typed from a handbook's steam table.
HANDBOOK_UPA_S = {
    280: 1433.7,
    290: 1084.0,
    300: 853.84,
    310: 693.54,
    320: 577.02,
    330: 489.49,
    340: 421.97,
    350: 368.77,
    360: 326.10,
    370: 291.36,
}

temperatures = st.floats(min_value=0, max_value=100)
diameters = st.floats(min_value=1, max_value=1e4)
lags = st.floats(min_value=1e-4, max_value=1e4)


def as_printed(cell):
    """The number, and half a unit of its last printed digit."""
    number = Decimal(cell)
    return pytest.approx(float(number), rel=0, abs=0.5 * 10.0 ** number.as_tuple().exponent)


@pytest.mark.parametrize(
    ("temperature_c", "mpa_s"), [(4, "1.567"), (20, "1.0016"), (25, "0.8900"), (37, "0.6913")]
)
def test_viscosity_of_water(temperature_c, mpa_s):
    assert 1e3 * water_viscosity_pa_s(temperature_c) == as_printed(mpa_s)


@pytest.mark.parametrize("kelvin", HANDBOOK_UPA_S)
def test_viscosity_of_water_in_another_table(kelvin):
    viscosity = 1e6 * water_viscosity_pa_s(kelvin - 273.15)
    assert viscosity == pytest.approx(HANDBOOK_UPA_S[kelvin], rel=1e-3)


@given(temperatures, temperatures)
def test_warmer_water_is_thinner(one, other):
    cold, warm = sorted((one, other))
    assert water_viscosity_pa_s(cold) >= water_viscosity_pa_s(warm)
    if warm - cold > 1e-6:
        assert water_viscosity_pa_s(cold) > water_viscosity_pa_s(warm)


@pytest.mark.parametrize(
    ("diameter_nm", "temperature_c", "um2_s"),
    [(100, 25, "4.907"), (100, 37, "6.572"), (50, 25, "9.815")],
)
def test_diffusion_coefficients(diameter_nm, temperature_c, um2_s):
    assert stokes_einstein_diffusion_um2_s(diameter_nm, temperature_c) == as_printed(um2_s)


@pytest.mark.parametrize(
    ("temperature_c", "um2", "rms_um"), [(25, "0.654", "0.81"), (37, "0.876", "0.94")]
)
def test_how_far_a_100_nm_particle_gets_in_a_frame(temperature_c, um2, rms_um):
    msd = mean_squared_displacement_um2(
        stokes_einstein_diffusion_um2_s(100, temperature_c), FRAME_S
    )
    assert msd == as_printed(um2)
    assert np.sqrt(msd) == as_printed(rms_um)


def test_how_far_a_100_nm_particle_gets_in_an_hour_of_free_water():
    msd = mean_squared_displacement_um2(stokes_einstein_diffusion_um2_s(100, 25), 3600, 3)
    assert np.sqrt(msd) == as_printed("326")


@pytest.mark.parametrize(
    ("true_c", "assumed_c", "nm"), [(37, 25, "74.7"), (22, 25, "108.3"), (25, 25, "100.0")]
)
def test_the_wrong_temperature_gives_the_wrong_size(true_c, assumed_c, nm):
    assert diameter_at_assumed_temperature_nm(100, true_c, assumed_c) == as_printed(nm)
    moves = stokes_einstein_diffusion_um2_s(100, true_c)
    assert stokes_einstein_diameter_nm(moves, assumed_c) == as_printed(nm)


@given(diameters, temperatures, temperatures)
def test_a_temperature_error_undone(diameter_nm, true_c, assumed_c):
    read = diameter_at_assumed_temperature_nm(diameter_nm, true_c, assumed_c)
    back = diameter_at_assumed_temperature_nm(read, assumed_c, true_c)
    assert back == pytest.approx(diameter_nm, rel=1e-12)
    if true_c > assumed_c + 1e-6:
        assert read < diameter_nm


@given(diameters, temperatures)
def test_size_to_motion_and_back(diameter_nm, temperature_c):
    moves = stokes_einstein_diffusion_um2_s(diameter_nm, temperature_c)
    assert stokes_einstein_diameter_nm(moves, temperature_c) == pytest.approx(diameter_nm)


@given(diameters, temperatures, st.floats(min_value=0.1, max_value=10))
def test_motion_goes_as_one_over_size_and_viscosity(diameter_nm, temperature_c, factor):
    moves = stokes_einstein_diffusion_um2_s(diameter_nm, temperature_c)
    larger = stokes_einstein_diffusion_um2_s(factor * diameter_nm, temperature_c)
    thicker = stokes_einstein_diffusion_um2_s(
        diameter_nm, temperature_c, factor * water_viscosity_pa_s(temperature_c)
    )
    assert larger == pytest.approx(moves / factor)
    assert thicker == pytest.approx(moves / factor)


def test_at_one_viscosity_motion_goes_as_the_absolute_temperature():
    cold, warm = (stokes_einstein_diffusion_um2_s(100, celsius, 1e-3) for celsius in (0, 100))
    assert warm / cold == pytest.approx(373.15 / 273.15)


def test_a_ball_that_can_be_worked_out_by_hand():
    # k T / (3 pi eta d) with T = 300 K, eta = 1 mPa s, d = 100 nm: 4.1419e-21 / 9.4248e-10 m2/s.
    assert stokes_einstein_diffusion_um2_s(100, 26.85, 1e-3) == as_printed("4.395")


@given(st.floats(min_value=1e-3, max_value=1e3), lags)
def test_space_has_as_many_brownian_motions_as_axes(diffusion_um2_s, lag_s):
    along_one = mean_squared_displacement_um2(diffusion_um2_s, lag_s, 1)
    assert along_one == pytest.approx(2 * diffusion_um2_s * lag_s)
    for axes in (2, 3):
        assert mean_squared_displacement_um2(diffusion_um2_s, lag_s, axes) == pytest.approx(
            axes * along_one
        )


@given(
    st.floats(min_value=1e-3, max_value=1e3),
    lags,
    st.floats(min_value=0, max_value=1),
    st.floats(min_value=0, max_value=100),
)
def test_error_adds_4_s2_and_drift_adds_v2_t2(diffusion_um2_s, lag_s, error_um, drift_um_s):
    still = mean_squared_displacement_um2(diffusion_um2_s, lag_s)
    both = mean_squared_displacement_um2(
        diffusion_um2_s, lag_s, localisation_error_um=error_um, drift_um_s=drift_um_s
    )
    assert both == pytest.approx(still + 4 * error_um**2 + drift_um_s**2 * lag_s**2)


def test_a_position_has_no_distance_from_itself():
    assert mean_squared_displacement_um2(5, 0, localisation_error_um=1, drift_um_s=9) == 0.0


@given(
    diameters,
    temperatures,
    st.floats(min_value=1e-3, max_value=10),
    st.floats(min_value=0, max_value=1),
    st.floats(min_value=0, max_value=100),
)
def test_all_motion_taken_for_brownian_motion(diameter_nm, celsius, lag_s, error_um, drift_um_s):
    seen = mean_squared_displacement_um2(
        stokes_einstein_diffusion_um2_s(diameter_nm, celsius),
        lag_s,
        localisation_error_um=error_um,
        drift_um_s=drift_um_s,
    )
    read = apparent_diameter_nm(diameter_nm, lag_s, celsius, error_um, drift_um_s)
    assert read == pytest.approx(stokes_einstein_diameter_nm(seen / (4 * lag_s), celsius))
    assert read <= diameter_nm * (1 + 1e-12)


def test_what_error_and_drift_do_at_the_course_s_example():
    # 4 D t = 0.6543 um2; 4 * 0.05^2 = 0.01; (5 / 30)^2 = 0.0278.
    assert apparent_diameter_nm(100, FRAME_S, 25, 0.05) == as_printed("98.5")
    assert apparent_diameter_nm(100, FRAME_S, 25, 0, 5) == as_printed("95.9")


def test_a_longer_lag_helps_against_error_and_not_against_drift():
    lag_s = np.array([1, 10, 100]) * FRAME_S
    assert np.all(np.diff(apparent_diameter_nm(100, lag_s, 25, 0.2)) > 0)
    assert np.all(np.diff(apparent_diameter_nm(100, lag_s, 25, 0, 5)) < 0)
    assert apparent_diameter_nm(100, 1e6, 25, 0.2) == pytest.approx(100, rel=1e-6)


def test_large_particles_suffer_most_from_error():
    shares = apparent_diameter_nm([50, 100, 200], FRAME_S, 25, 0.1) / np.array([50, 100, 200])
    assert np.all(np.diff(shares) < 0)


def test_defaults_come_from_the_facts_when_called(monkeypatch):
    assert water_viscosity_pa_s() == water_viscosity_pa_s(25)
    assert stokes_einstein_diffusion_um2_s(100) == stokes_einstein_diffusion_um2_s(100, 25)
    assert stokes_einstein_diameter_nm(5) == stokes_einstein_diameter_nm(5, 25)
    assert apparent_diameter_nm(100, 1, None, 1) == apparent_diameter_nm(100, 1, 25, 1)
    real = diffusion.fact

    class Warm:
        value = 37.0

    monkeypatch.setattr(
        diffusion, "fact", lambda name: Warm if name == "tracking-temperature" else real(name)
    )
    assert stokes_einstein_diffusion_um2_s(100) == stokes_einstein_diffusion_um2_s(100, 37)


@given(st.lists(diameters, min_size=1, max_size=10), temperatures)
def test_arrays_agree_with_floats(sizes, temperature_c):
    moves = stokes_einstein_diffusion_um2_s(sizes, temperature_c)
    one_by_one = [stokes_einstein_diffusion_um2_s(size, temperature_c) for size in sizes]
    np.testing.assert_allclose(moves, one_by_one, rtol=1e-12)
    np.testing.assert_allclose(stokes_einstein_diameter_nm(moves, temperature_c), sizes)


def test_shapes_broadcast_and_single_numbers_stay_plain():
    table = stokes_einstein_diffusion_um2_s([[50], [100]], [4, 25, 37])
    assert table.shape == (2, 3)
    assert table[1, 1] == stokes_einstein_diffusion_um2_s(100, 25)
    for one in (
        water_viscosity_pa_s(25),
        stokes_einstein_diffusion_um2_s(100),
        stokes_einstein_diameter_nm(5),
        mean_squared_displacement_um2(5, 1),
        diameter_at_assumed_temperature_nm(100, 37, 25),
        apparent_diameter_nm(100, 1),
    ):
        assert type(one) is float


WITH_TEMPERATURE = {
    "temperature_c": [
        water_viscosity_pa_s,
        lambda bad: stokes_einstein_diffusion_um2_s(100, bad),
        lambda bad: stokes_einstein_diffusion_um2_s(100, bad, 1e-3),
        lambda bad: stokes_einstein_diameter_nm(5, bad),
        lambda bad: apparent_diameter_nm(100, 1, bad),
    ],
    "true_temperature_c": [lambda bad: diameter_at_assumed_temperature_nm(100, bad, 25)],
    "assumed_temperature_c": [lambda bad: diameter_at_assumed_temperature_nm(100, 25, bad)],
}


@pytest.mark.parametrize(
    ("name", "function"), [(name, one) for name, many in WITH_TEMPERATURE.items() for one in many]
)
@pytest.mark.parametrize("bad", [-0.1, 100.1, 298.15, float("nan"), float("inf"), [25, 101]])
def test_water_is_liquid_from_0_to_100(name, function, bad):
    with pytest.raises(ValueError, match=rf"^{name} is .* 0 to 100 degrees Celsius.*not in kelvin"):
        function(bad)
    with pytest.raises(TypeError, match=rf"^{name} must be a number"):
        function("25")


def test_both_ends_are_allowed():
    assert water_viscosity_pa_s(0) > water_viscosity_pa_s(100) > 0


@pytest.mark.parametrize("bad", [0, -5, float("nan"), float("inf"), [100, 0]])
def test_sizes_motion_and_viscosity_are_above_zero(bad):
    for function, name in (
        (stokes_einstein_diffusion_um2_s, "diameter_nm"),
        (lambda bad: diameter_at_assumed_temperature_nm(bad, 37, 25), "diameter_nm"),
        (lambda bad: apparent_diameter_nm(bad, 1), "diameter_nm"),
        (lambda bad: apparent_diameter_nm(100, bad), "lag_s"),
        (stokes_einstein_diameter_nm, "diffusion_um2_s"),
        (lambda bad: mean_squared_displacement_um2(bad, 1), "diffusion_um2_s"),
        (lambda bad: stokes_einstein_diffusion_um2_s(100, 25, bad), "viscosity_pa_s"),
    ):
        with pytest.raises(ValueError, match=rf"^{name} is .*above zero"):
            function(bad)


@pytest.mark.parametrize("bad", [-1e-9, float("nan"), float("inf")])
@pytest.mark.parametrize("name", ["lag_s", "localisation_error_um", "drift_um_s"])
def test_lag_error_and_drift_are_not_negative(name, bad):
    with pytest.raises(ValueError, match=rf"^{name} is .*zero or more"):
        mean_squared_displacement_um2(5, **{"lag_s": 1, name: bad})


@pytest.mark.parametrize("bad", [0, 4, "2", 2.5])
def test_space_has_one_two_or_three_dimensions(bad):
    with pytest.raises(ValueError, match="give 1, 2 or 3"):
        mean_squared_displacement_um2(5, 1, bad)
