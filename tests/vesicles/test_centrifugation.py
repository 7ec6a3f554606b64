import math
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exocourse.knowledge import UnknownId, fact
from exocourse.vesicles.centrifugation import (
    FIXED_ANGLE,
    SWING_OUT,
    Rotor,
    cut_off_diameter_nm,
    equivalent_minutes,
    find_rotor,
    floated_share,
    full_pelleting_minutes,
    k_factor,
    k_factor_overestimate,
    pelleted_share,
    pelleting_time_h,
    published_pelleting,
    rotors,
    sedimentation_coefficient_svedberg,
    sedimentation_speed_nm_per_s,
    speed_rpm,
)

# Livshits15, Table 1: R_min, R_max, mean radius and path in mm, as printed.
TABLE_1 = {
    "SW 40 Ti": ("66.7", "158.8", "112.8", None),
    "SW 28": ("75.3", "161.0", "118.2", None),
    "MLS-50": ("47.5", "95.8", "71.7", None),
    "Type 45 Ti": ("35.9", "103.8", "69.9", "41.6"),
    "Type 60 Ti": ("36.9", "89.9", "63.4", "27.3"),
    "Type 70 Ti": ("39.5", "91.9", "65.7", "27.2"),
    "F-45-24-15": ("54", "82", "68", "15.6"),
    "TLA-110": ("26", "48.5", "37.3", "14.7"),
}
# Livshits15, Table 2: d* (nm), then percent pelleted at 150, 120, 100 and 70 nm; 30 min, 10,000 g.
TABLE_2 = """
SW 40 Ti    321   30  20  14   7
SW 28       308   31  21  15   7
MLS-50      230   51  34  25  12
Type 45 Ti  210   62  41  29  14
Type 60 Ti  170   88  61  43  22
Type 70 Ti  169   88  62  43  22
F-45-24-15  128  100  95  73  38
TLA-110     125  100  98  76  40
"""
ROWS = {
    line[:12].strip(): [float(x) for x in line[12:].split()] for line in TABLE_2.split("\n")[1:9]
}
SIZES_NM = (150, 120, 100, 70)

ROTORS = tuple(TABLE_1)
sizes = st.floats(min_value=1, max_value=5000)
differences = st.floats(min_value=1e-3, max_value=1)
forces = st.floats(min_value=1, max_value=1e6)
times = st.floats(min_value=0.1, max_value=1e5)
some_rotor = st.sampled_from(ROTORS)


def as_printed(cell):
    """The number, and half a unit of its last printed digit."""
    number = Decimal(cell)
    return pytest.approx(float(number), rel=0, abs=0.5 * 10.0 ** number.as_tuple().exponent)


# ---- Published values ----------------------------------------------------------------------------


@pytest.mark.parametrize("name", ROTORS)
def test_rotors_are_those_of_the_table(name):
    low, high, mean, path = TABLE_1[name]
    rotor = find_rotor(name)
    assert (rotor.r_min_mm, rotor.r_max_mm) == (float(low), float(high))
    assert rotor.path_mm == (None if path is None else float(path))
    # The printed means are rounded halves.
    assert rotor.r_mean_mm == pytest.approx(float(mean), abs=0.0501)
    assert rotor.kind == ("fixed-angle" if path else "swing-out")
    assert fact(f"rotor-{name.lower().replace(' ', '-')}-radius").value == float(mean)


def test_the_list_of_rotors_has_each_once():
    assert tuple(rotor.name for rotor in rotors()) == (*SWING_OUT, *FIXED_ANGLE) == ROTORS
    assert find_rotor(find_rotor("TLA-110")) == find_rotor("TLA-110")


@pytest.mark.parametrize("name", ROTORS)
def test_cut_off_of_the_pelleting_table(name):
    assert cut_off_diameter_nm(name, 10_000, 30) == pytest.approx(ROWS[name][0], abs=1)


@pytest.mark.parametrize("column", range(4), ids=[f"{size} nm" for size in SIZES_NM])
@pytest.mark.parametrize("name", ROTORS)
def test_shares_of_the_pelleting_table(name, column):
    percent = 100 * pelleted_share(name, 10_000, 30, SIZES_NM[column])
    assert percent == pytest.approx(ROWS[name][1 + column], abs=1)


def test_the_table_that_lessons_plot_is_the_published_one():
    table = published_pelleting()
    assert [row.rotor for row in table] == list(ROTORS)
    for row in table:
        assert (row.g, row.minutes, row.diameters_nm) == (10_000, 30, SIZES_NM)
        assert [row.cut_off_nm, *row.pelleted_percent] == ROWS[row.rotor]


@pytest.mark.parametrize(("diameter_nm", "svedberg"), [(100, "538"), (50, "134"), (30, "48")])
def test_sedimentation_coefficients(diameter_nm, svedberg):
    assert sedimentation_coefficient_svedberg(diameter_nm) == as_printed(svedberg)
    assert sedimentation_coefficient_svedberg(diameter_nm, 0.15, 1.55e-3) == as_printed(svedberg)


@pytest.mark.parametrize(
    ("diameter_nm", "difference", "minutes"),
    [(100, 0.15, 13.1), (50, 0.15, 52.6), (30, 0.15, 146), (100, 0.05, 39)],
)
def test_time_in_a_type_45_ti(diameter_nm, difference, minutes):
    needed = full_pelleting_minutes("Type 45 Ti", 100_000, diameter_nm, difference)
    assert needed == pytest.approx(minutes, rel=0.015)


def test_on_the_bench_a_vesicle_takes_most_of_a_year_for_a_centimetre():
    speed = sedimentation_speed_nm_per_s(100, 0.10, viscosity_pa_s=1.0016e-3)
    assert speed == as_printed("0.54")
    assert 1e7 / speed / 86_400 == as_printed("213")


@pytest.mark.parametrize(
    ("name", "k"), [("SW 40 Ti", 2774.6), ("MLS-50", 1426), ("Type 45 Ti", 2103.9)]
)
def test_k_factors_of_the_source_s_calculator(name, k):
    # It rounds gravity, so only to a few thousandths.
    assert k_factor(name, 10_000) == pytest.approx(k, rel=3e-3)


# ---- Closed forms --------------------------------------------------------------------------------


@settings(deadline=None)
@given(some_rotor, forces)
def test_g_at_the_mean_radius_and_turns_a_minute(name, g):
    turns_per_s = speed_rpm(name, g) / 60
    radius_m = find_rotor(name).r_mean_mm / 1000
    assert (2 * math.pi * turns_per_s) ** 2 * radius_m / 9.80665 == pytest.approx(g)


@settings(deadline=None)
@given(sizes, differences, st.floats(min_value=1e-4, max_value=1e-1))
def test_the_coefficient_balances_drag_and_weight(diameter_nm, difference, viscosity):
    # 3 pi eta d v = (pi d^3 / 6) delta_rho a, at a = 1 m/s2
    d = diameter_nm * 1e-9
    speed = sedimentation_coefficient_svedberg(diameter_nm, difference, viscosity) * 1e-13
    drag = 3 * math.pi * viscosity * d * speed
    assert drag == pytest.approx(math.pi * d**3 / 6 * difference * 1000)


@settings(deadline=None)
@given(st.sampled_from(SWING_OUT), forces, times, sizes, differences)
def test_swing_out_by_following_the_last_particle(name, g, minutes, diameter_nm, difference):
    # A particle at r grows its distance as r exp(s omega^2 t): who starts beyond r0 arrives.
    rotor = find_rotor(name)
    omega2 = g * 9.80665 / (rotor.r_mean_mm / 1000)
    s = sedimentation_coefficient_svedberg(diameter_nm, difference) * 1e-13
    r0 = max(rotor.r_min_mm, rotor.r_max_mm * math.exp(-s * omega2 * minutes * 60))
    expected = (rotor.r_max_mm - r0) / (rotor.r_max_mm - rotor.r_min_mm)
    assert pelleted_share(name, g, minutes, diameter_nm, difference) == pytest.approx(
        expected, rel=1e-6, abs=1e-9
    )
    top = min(rotor.r_max_mm, rotor.r_min_mm * math.exp(min(s * omega2 * minutes * 60, 50)))
    risen = (top - rotor.r_min_mm) / (rotor.r_max_mm - rotor.r_min_mm)
    assert floated_share(name, g, minutes, diameter_nm, -difference) == pytest.approx(
        risen, rel=1e-6, abs=1e-9
    )


@pytest.mark.parametrize("shift", [0.05, 0.3, 0.7, 0.95])
def test_fixed_angle_by_throwing_particles_into_a_round_tube(shift):
    # A circle of diameter 1: who starts within `shift` of the far wall, straight outward, arrives.
    rng = np.random.default_rng(20)
    x, y = rng.uniform(-0.5, 0.5, (2, 400_000))
    inside = x**2 + y**2 < 0.25
    arrives = x[inside] + shift > np.sqrt(0.25 - y[inside] ** 2)
    minutes = shift * full_pelleting_minutes("Type 45 Ti", 10_000, 100)
    share = pelleted_share("Type 45 Ti", 10_000, minutes, 100)
    assert share == pytest.approx(arrives.mean(), abs=0.004)


@settings(deadline=None)
@given(some_rotor, forces, sizes, differences)
def test_after_the_full_time_all_of_it_is_in_the_pellet_and_not_before(name, g, size, difference):
    full = full_pelleting_minutes(name, g, size, difference)
    if 0.01 < full < 1e6:
        assert pelleted_share(name, g, 1.000001 * full, size, difference) == pytest.approx(1)
        assert pelleted_share(name, g, 0.9 * full, size, difference) < 1
        assert cut_off_diameter_nm(name, g, full, difference) == pytest.approx(size)


@settings(deadline=None)
@given(some_rotor, forces, times, sizes, st.floats(min_value=-1, max_value=1))
def test_shares_are_shares_and_nothing_both_sinks_and_floats(name, g, minutes, size, difference):
    sunk = pelleted_share(name, g, minutes, size, difference)
    risen = floated_share(name, g, minutes, size, difference)
    assert 0 <= sunk <= 1
    assert 0 <= risen <= 1
    assert sunk == 0 or risen == 0
    assert (sunk > 0) <= (difference > 0)
    assert (risen > 0) <= (difference < 0)


@settings(deadline=None)
@given(some_rotor, forces, times, sizes, differences, st.floats(min_value=1, max_value=10))
def test_longer_faster_larger_denser_pellets_no_less(name, g, minutes, size, difference, factor):
    share = pelleted_share(name, g, minutes, size, difference)
    for other in (
        (g * factor, minutes, size, difference),
        (g, minutes * factor, size, difference),
        (g, minutes, size * factor, difference),
        (g, minutes, size, difference * factor),
    ):
        assert pelleted_share(name, *other) >= share - 1e-12


@pytest.mark.parametrize("name", ROTORS)
def test_limits(name):
    assert pelleted_share(name, 100_000, 1e6, 30) == 1
    assert pelleted_share(name, 1, 1e-3, 30) == pytest.approx(0, abs=1e-9)
    assert pelleted_share(name, 1e6, 1e6, 500, -0.05) == 0
    assert floated_share(name, 1e6, 1e6, 500, -0.05) == 1
    assert pelleted_share(name, 1e6, 1e6, 500, 0) == floated_share(name, 1e6, 1e6, 500, 0) == 0


@settings(deadline=None)
@given(some_rotor, some_rotor, forces, forces, times, differences)
def test_an_equivalent_spin_has_the_same_cut_off(one, other, g_one, g_other, minutes, difference):
    there = equivalent_minutes(one, g_one, minutes, other, g_other)
    assert equivalent_minutes(other, g_other, there, one, g_one) == pytest.approx(minutes)
    if there < 1e6:
        assert cut_off_diameter_nm(other, g_other, there, difference) == pytest.approx(
            cut_off_diameter_nm(one, g_one, minutes, difference)
        )


# ---- The k-factor and its limits -----------------------------------------------------------------


@settings(deadline=None)
@given(some_rotor, forces, sizes, differences)
def test_the_k_factor_holds_in_swing_out_rotors_only(name, g, size, difference):
    svedberg = sedimentation_coefficient_svedberg(size, difference)
    by_k = 60 * pelleting_time_h(k_factor(name, g), svedberg)
    by_model = full_pelleting_minutes(name, g, size, difference)
    assert by_k / by_model == pytest.approx(k_factor_overestimate(name))


def test_in_fixed_angle_rotors_it_is_too_long_by_half_to_twice():
    assert all(k_factor_overestimate(name) == 1 for name in SWING_OUT)
    assert all(1.5 < k_factor_overestimate(name) < 2.1 for name in FIXED_ANGLE)


def test_conversion_by_k_factor_misses_the_cut_off_in_a_fixed_angle_rotor():
    # The example of the source: 30 min in an MLS-50 at 10,000 g, taken to a Type 45 Ti.
    by_k = 30 * k_factor("Type 45 Ti", 10_000) / k_factor("MLS-50", 10_000)
    assert cut_off_diameter_nm("MLS-50", 10_000, 30) == pytest.approx(230, abs=1)
    assert cut_off_diameter_nm("Type 45 Ti", 10_000, by_k) == pytest.approx(173, abs=1)
    right = equivalent_minutes("MLS-50", 10_000, 30, "Type 45 Ti", 10_000)
    assert cut_off_diameter_nm("Type 45 Ti", 10_000, right) == pytest.approx(230, abs=1)


# ---- Shapes, defaults ----------------------------------------------------------------------------


def test_arrays_agree_with_floats_element_by_element():
    diameters = np.array([30.0, 100.0, 400.0])
    spin = ("Type 45 Ti", 20_000, 20)
    for share, difference in ((pelleted_share, 0.1), (floated_share, -0.1)):
        result = share(*spin, diameters, difference)
        assert result.tolist() == [share(*spin, float(d), difference) for d in diameters]
    by_time = pelleted_share("Type 45 Ti", 20_000, np.array([[1.0], [10.0]]), diameters)
    assert by_time.shape == (2, 3)
    assert by_time[1, 2] == pelleted_share("Type 45 Ti", 20_000, 10, 400)
    assert type(pelleted_share(*spin, 100)) is float
    assert type(cut_off_diameter_nm(*spin)) is float
    assert cut_off_diameter_nm("SW 28", 1000, [10, 40])[0] == pytest.approx(
        2 * cut_off_diameter_nm("SW 28", 1000, 40)
    )


def test_defaults_are_looked_up_when_called(monkeypatch):
    class Thin:
        value = 0.5

    monkeypatch.setattr("exocourse.vesicles.centrifugation.fact", lambda fact_id: Thin)
    given_values = sedimentation_coefficient_svedberg(100, 0.5, 0.5e-3)
    assert sedimentation_coefficient_svedberg(100) == pytest.approx(given_values)


def test_your_own_rotor():
    own = Rotor("mine", 50, 100)
    assert own.clearing == pytest.approx(math.log(2))
    assert pelleted_share(own, 1000, 1e6, 1000) == 1
    assert Rotor("mine", 50, 100, 15).clearing == pytest.approx(0.2)


# ---- Bad input -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "nearest"),
    [
        ("45Ti", "Type 45 Ti"),
        ("type 70 ti", "Type 70 Ti"),
        ("SW40Ti", "SW 40 Ti"),
        ("TLA110", "TLA-110"),
    ],
)
def test_an_unknown_rotor_names_the_nearest(asked, nearest):
    for call in (
        lambda: find_rotor(asked),
        lambda: pelleted_share(asked, 1000, 10, 100),
        lambda: k_factor(asked, 1000),
    ):
        with pytest.raises(UnknownId, match=f"There is no rotor '{asked}'") as caught:
            call()
        assert nearest in caught.value.near


@pytest.mark.parametrize(
    ("numbers", "error", "message"),
    [
        ((100, 50), ValueError, "r_min_mm is 100, but it must be below r_max_mm, 50"),
        ((100, 100), ValueError, "must be below r_max_mm"),
        ((0, 50), ValueError, "r_min_mm is 0, but it must be a finite number above zero"),
        ((-1, 50), ValueError, "above zero"),
        ((50, float("nan")), ValueError, "r_max_mm is nan"),
        ((50, float("inf")), ValueError, "r_max_mm is inf"),
        ((50, 100, 0), ValueError, "path_mm is 0"),
        (("50", 100), TypeError, "r_min_mm must be one number"),
        ((True, 100), TypeError, "r_min_mm must be one number"),
    ],
)
def test_a_rotor_that_cannot_be(numbers, error, message):
    with pytest.raises(error, match=message):
        Rotor("mine", *numbers)


def test_a_rotor_has_a_name():
    with pytest.raises(TypeError, match="must be a text"):
        Rotor("", 50, 100)


BAD = [
    (0, ValueError),
    (-1, ValueError),
    (float("nan"), ValueError),
    (float("inf"), ValueError),
    (1e300, ValueError),
    ("10", TypeError),
    (True, TypeError),
    (None, TypeError),
]


@pytest.mark.parametrize(("bad", "error"), BAD)
def test_force_and_time_are_above_zero_and_possible(bad, error):
    for call in (
        lambda: pelleted_share("SW 28", bad, 10, 100),
        lambda: cut_off_diameter_nm("SW 28", bad, 10),
        lambda: full_pelleting_minutes("SW 28", bad, 100),
        lambda: k_factor("SW 28", bad),
        lambda: speed_rpm("SW 28", bad),
        lambda: sedimentation_speed_nm_per_s(100, g=bad),
        lambda: equivalent_minutes("SW 28", bad, 10, "SW 28", 1000),
    ):
        with pytest.raises(error, match=r"\bg\b"):
            call()
    for call in (
        lambda: pelleted_share("SW 28", 1000, bad, 100),
        lambda: floated_share("SW 28", 1000, bad, 100),
        lambda: cut_off_diameter_nm("SW 28", 1000, bad),
    ):
        with pytest.raises(error, match="minutes"):
            call()


@pytest.mark.parametrize(("bad", "error"), BAD)
def test_a_diameter_is_a_length(bad, error):
    with pytest.raises(error, match="diameter_nm"):
        sedimentation_coefficient_svedberg(bad)


@pytest.mark.parametrize(
    ("bad", "error"), [pair for pair in BAD if pair[0] is not None and pair[0] != 1e300]
)
def test_a_viscosity_is_above_zero(bad, error):
    with pytest.raises(error, match="viscosity_pa_s"):
        sedimentation_coefficient_svedberg(100, 0.1, bad)


@pytest.mark.parametrize(
    ("bad", "error"), [(float("nan"), ValueError), (float("inf"), ValueError), ("0.1", TypeError)]
)
def test_a_density_difference_is_a_number(bad, error):
    with pytest.raises(error, match="density_difference_g_per_ml"):
        sedimentation_coefficient_svedberg(100, bad)


@pytest.mark.parametrize("difference", [0, -0.05, [0.1, -0.1]])
def test_what_floats_has_no_cut_off_and_no_pelleting_time(difference):
    for call in (
        lambda: cut_off_diameter_nm("SW 28", 1000, 10, difference),
        lambda: full_pelleting_minutes("SW 28", 1000, 100, difference),
        lambda: pelleting_time_h(100, difference),
    ):
        with pytest.raises(ValueError, match="never pelleted"):
            call()


def test_shapes_that_do_not_go_together():
    with pytest.raises(ValueError, match="do not go together"):
        sedimentation_coefficient_svedberg([100, 200], [0.1, 0.1, 0.1])
