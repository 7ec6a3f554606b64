from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from exocourse.knowledge import fact
from exocourse.vesicles.scattering import (
    bead_scattering,
    detection_limit_nm,
    equivalent_bead_diameter_nm,
    form_factor,
    is_visible,
    vesicle_scattering,
)

WATER, POLYSTYRENE = 1.333, 1.633
URINE_VESICLE = 1.374

sizes = st.floats(min_value=11, max_value=100)
indices = st.floats(min_value=1.34, max_value=1.7)


def as_printed(cell):
    """The number, and half a unit of its last printed digit."""
    number = Decimal(cell)
    return pytest.approx(float(number), rel=0, abs=0.5 * 10.0 ** number.as_tuple().exponent)


def exponent(function, small_nm, large_nm):
    """Exponent of the power law through two sizes."""
    ratio = function(large_nm) / function(small_nm)
    return np.log(ratio) / np.log(large_nm / small_nm)


def coated_sphere_amplitude(outer, inner, shell_index, core_index, medium_index):
    """The dipole of a coated sphere in an even field, by solving for the potential.

    Potential: -A r cos in the core, -(B r - C / r^2) cos in the shell, -(r - P / r^2) cos outside;
    it and the normal displacement are continuous at both faces.
    """
    core, shell, medium = (index**2 for index in (core_index, shell_index, medium_index))
    a, b = inner, outer
    equations = [
        [a, -a, 1 / a**2, 0],
        [core, -shell, -2 * shell / a**3, 0],
        [0, b, -1 / b**2, 1 / b**2],
        [0, shell, 2 * shell / b**3, -2 * medium / b**3],
    ]
    return np.linalg.solve(equations, [0, 0, b, medium])[3]


def test_a_bead_of_half_the_size_gives_a_64th():
    assert bead_scattering(50) / bead_scattering(100) == pytest.approx(1 / 64)
    assert exponent(bead_scattering, 20, 90) == pytest.approx(6)


def test_the_reference_bead_is_the_unit():
    assert bead_scattering(100) == pytest.approx(1)
    assert bead_scattering(100, medium_index=1.4) == pytest.approx(1)


def test_a_vesicle_taken_for_a_bead_looks_half_as_large():
    assert 100 * bead_scattering(100, URINE_VESICLE) == as_printed("2.0")
    assert equivalent_bead_diameter_nm(bead_scattering(100, URINE_VESICLE)) == as_printed("52")


@pytest.mark.parametrize(
    ("core_index", "one_in", "power"), [(1.345, "25", "4.65"), (1.38, "39", "5.27")]
)
def test_a_hollow_vesicle_of_half_the_size_gives_a_25th_to_a_39th(core_index, one_in, power):
    def brightness(diameter_nm):
        return vesicle_scattering(diameter_nm, 5, 1.48, core_index)

    assert brightness(100) / brightness(50) == as_printed(one_in)
    assert exponent(brightness, 50, 100) == as_printed(power)


def test_an_empty_thin_shell_goes_as_the_fourth_power():
    def thin(diameter_nm):
        return vesicle_scattering(diameter_nm, 0.001, 1.48, WATER)

    assert exponent(thin, 50, 100) == pytest.approx(4, abs=1e-3)


@given(sizes, st.floats(min_value=1.001, max_value=2), indices, indices)
def test_a_shell_around_a_lighter_core_lies_between_4_and_6(size, factor, one, other):
    core, shell = sorted((one, other))

    def brightness(diameter_nm):
        return vesicle_scattering(diameter_nm, 5, shell, core)

    larger = min(size * factor, 100.0)
    if larger > size * 1.001:
        assert 4 - 1e-6 < exponent(brightness, size, larger) < 6 + 1e-6


@given(sizes, st.floats(min_value=0.5, max_value=5), indices, indices, indices)
def test_the_coated_sphere_solves_the_boundary_conditions(size, thickness, shell, core, medium):
    amplitude = coated_sphere_amplitude(size, size - 2 * thickness, shell, core, medium)
    ratio = (POLYSTYRENE / medium) ** 2
    if abs(ratio - 1) < 1e-3:  # the reference bead scatters next to nothing
        return
    unit = 100**3 * (ratio - 1) / (ratio + 2)
    assert vesicle_scattering(size, thickness, shell, core, medium) == pytest.approx(
        (amplitude / unit) ** 2, rel=1e-6, abs=1e-12
    )


@given(sizes, st.floats(min_value=0.1, max_value=5), indices)
def test_limits_of_the_coated_sphere(size, thickness, index):
    near = {"rel": 1e-9, "abs": 1e-15}
    full = vesicle_scattering(size, thickness, index, index)
    assert full == pytest.approx(bead_scattering(size, index), **near)
    only_core = vesicle_scattering(size, thickness, WATER, index)
    assert only_core == pytest.approx(bead_scattering(size - 2 * thickness, index), **near)
    assert vesicle_scattering(size, thickness, WATER, WATER) == pytest.approx(0, abs=1e-15)


@given(sizes, st.floats(min_value=1.001, max_value=5), indices)
def test_larger_is_brighter(size, factor, index):
    larger = min(size * factor, 100.0)
    if larger > size * 1.0001:
        assert bead_scattering(larger, index) > bead_scattering(size, index)
        assert vesicle_scattering(larger) > vesicle_scattering(size)


@given(st.floats(min_value=1, max_value=100), indices)
def test_brightness_to_bead_and_back(size, index):
    brightness = bead_scattering(size, index)
    assert equivalent_bead_diameter_nm(brightness, index) == pytest.approx(size)


def test_a_bead_of_the_medium_s_index_cannot_be_seen():
    assert bead_scattering(100, WATER) == 0.0


def test_rayleigh_fails_at_200_nm():
    assert form_factor(200) == as_printed("0.27")
    assert form_factor(200, 488, 90, WATER) == form_factor(200)
    # What the facts say of where the formulas end.
    note = fact("rayleigh-largest-diameter").note
    assert f"{100 * (1 - form_factor(100)):.0f} % less" in note
    assert f"{100 * (1 - form_factor(200)):.0f} % less" in note


def test_small_spheres_and_light_straight_on_lose_nothing():
    assert form_factor(0.001) == pytest.approx(1, abs=1e-9)
    assert form_factor(500, angle_degrees=1e-6) == pytest.approx(1, abs=1e-9)


@given(st.floats(min_value=0.1, max_value=30), st.floats(min_value=1, max_value=180))
def test_small_spheres_lose_as_guinier_says(diameter_nm, angle):
    # P = 1 - (q R_g)^2 / 3 with R_g^2 = 3 d^2 / 20 for a sphere.
    q = 4 * np.pi * WATER / 488 * np.sin(np.radians(angle / 2))
    loss = (q * diameter_nm) ** 2 / 20
    assert 1 - form_factor(diameter_nm, angle_degrees=angle) == pytest.approx(
        loss, rel=0.1, abs=1e-12
    )


def test_the_form_factor_is_the_mean_phase_over_the_sphere():
    # Slices across the direction of q: area pi (R^2 - z^2), phase q z.
    radius, q = 100.0, 4 * np.pi * WATER / 488 * np.sin(np.pi / 4)
    z = (np.arange(20_000) + 0.5) / 20_000 * 2 * radius - radius
    area = radius**2 - z**2
    mean = np.sum(area * np.cos(q * z)) / np.sum(area)
    assert form_factor(2 * radius) == pytest.approx(mean**2, rel=1e-6)


def test_the_form_factor_has_no_step_where_its_series_ends():
    x = np.geomspace(1e-3, 1e-1, 2001)
    q = 4 * np.pi * WATER / 488 * np.sin(np.pi / 4)
    np.testing.assert_allclose(1 - form_factor(2 * x / q), x**2 / 5, rtol=1e-3, atol=1e-9)


@pytest.mark.parametrize("particle", ["bead", "vesicle"])
@given(st.floats(min_value=1e-5, max_value=0.04))
def test_the_detection_limit_is_as_bright_as_the_threshold(particle, threshold):
    limit = detection_limit_nm(threshold, particle)
    brightness = bead_scattering if particle == "bead" else vesicle_scattering
    assert brightness(limit) == pytest.approx(threshold, rel=1e-6)
    assert is_visible(limit * 1.001, threshold, particle)
    assert not is_visible(limit * 0.999, threshold, particle)


def test_a_limit_measured_with_beads_is_not_that_of_vesicles():
    threshold = bead_scattering(40)
    assert detection_limit_nm(threshold, "bead") == pytest.approx(40)
    assert detection_limit_nm(threshold, "vesicle") > 55


def test_a_threshold_below_every_vesicle_stops_at_two_shells():
    assert detection_limit_nm(1e-9) == pytest.approx(10)


def test_what_is_seen():
    assert is_visible(11, 0) is True
    assert is_visible([20, 1000], 0).tolist() == [True, True]
    assert is_visible([30, 60, 90, 150, 1000], bead_scattering(40)).tolist() == [
        False,
        False,
        True,
        True,
        True,
    ]
    assert is_visible(39, bead_scattering(40), "bead") is False


def test_a_threshold_that_needs_what_is_not_modelled():
    assert is_visible([30, 100], 0.5).tolist() == [False, False]
    with pytest.raises(ValueError, match=r"is 0\.5, above the 0\.0423 .* 100 nm"):
        is_visible([30, 101], 0.5)
    with pytest.raises(ValueError, match="give a lower threshold"):
        detection_limit_nm(0.5)
    with pytest.raises(ValueError, match="above the 1 of a bead"):
        detection_limit_nm(1.5, "bead")


def test_defaults_come_from_the_facts():
    assert bead_scattering(80) == bead_scattering(80, POLYSTYRENE, WATER)
    assert vesicle_scattering(80) == vesicle_scattering(80, 5, 1.48, 1.36, WATER)


def test_arrays_broadcast_and_single_numbers_stay_plain():
    grid = vesicle_scattering([[50], [100]], core_index=[1.345, 1.36, 1.38])
    assert grid.shape == (2, 3)
    assert grid[0, 1] == vesicle_scattering(50)
    for one in (
        bead_scattering(50),
        vesicle_scattering(50),
        equivalent_bead_diameter_nm(0.01),
        form_factor(50),
        detection_limit_nm(0.01),
        detection_limit_nm(0.01, "bead"),
    ):
        assert type(one) is float


@pytest.mark.parametrize("function", [bead_scattering, vesicle_scattering])
def test_larger_than_100_nm_is_outside_the_domain(function):
    for bad in (100.1, [50, 200]):
        with pytest.raises(ValueError, match=r"up to 100 nm only.*form_factor"):
            function(bad)
    function(100)


def test_brighter_than_the_largest_bead_has_no_equivalent():
    with pytest.raises(ValueError, match=r"the bead has .* up to 100 nm only"):
        equivalent_bead_diameter_nm(1.1)
    with pytest.raises(ValueError, match="that of the medium"):
        equivalent_bead_diameter_nm(0.1, WATER)
    with pytest.raises(ValueError, match="nothing to compare with"):
        bead_scattering(50, 1.5, POLYSTYRENE)


@pytest.mark.parametrize("bad", [0, -1, float("nan"), float("inf")])
@pytest.mark.parametrize(
    ("function", "name"),
    [
        (bead_scattering, "diameter_nm"),
        (vesicle_scattering, "diameter_nm"),
        (form_factor, "diameter_nm"),
        (equivalent_bead_diameter_nm, "scattering"),
        (lambda bad: is_visible(bad, 0.01), "diameter_nm"),
        (lambda bad: bead_scattering(50, bad), "refractive_index"),
        (lambda bad: bead_scattering(50, medium_index=bad), "medium_index"),
        (lambda bad: vesicle_scattering(50, bad), "membrane_thickness_nm"),
        (lambda bad: vesicle_scattering(50, shell_index=bad), "shell_index"),
        (lambda bad: vesicle_scattering(50, core_index=bad), "core_index"),
        (lambda bad: form_factor(50, bad), "wavelength_nm"),
        (lambda bad: form_factor(50, angle_degrees=bad), "angle_degrees"),
    ],
)
def test_everything_is_a_finite_number_above_zero(function, name, bad):
    with pytest.raises(ValueError, match=rf"^{name} is .*above zero"):
        function(bad)
    with pytest.raises(TypeError, match=rf"^{name} must be a number"):
        function("1")


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: vesicle_scattering(9), "no lumen"),
        (lambda: form_factor(50, angle_degrees=200), "at most 180"),
        (lambda: is_visible(50, -1), "detection_threshold is -1; give a finite number, zero"),
        (lambda: is_visible(50, [0.1, 0.2]), "give a single number"),
        (lambda: is_visible(50, 0.1, "cell"), "give one of 'vesicle', 'bead'"),
        (lambda: detection_limit_nm(0), "sees everything"),
        (lambda: detection_limit_nm(0.1, "cell"), "give one of 'vesicle', 'bead'"),
    ],
)
def test_what_cannot_be_is_said(call, message):
    with pytest.raises(ValueError, match=message):
        call()
