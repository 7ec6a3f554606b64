from decimal import Decimal

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from exocourse.knowledge import fact
from exocourse.vesicles.purity import (
    AG_PER_UG,
    largest_high_purity_diameter_nm,
    particle_to_protein_ratio,
    purity_band,
    short_number,
    soluble_share_for_ratio,
    vesicle_protein_ag,
    vesicle_ratio,
)

masses = st.floats(min_value=1e-3, max_value=1e6)
shares = st.floats(min_value=0, max_value=1)
sizes = st.floats(min_value=12, max_value=2000)


def as_printed(cell):
    """The number, and half a unit of its last printed digit."""
    number = Decimal(cell)
    return pytest.approx(float(number), rel=0, abs=0.5 * 10.0 ** number.as_tuple().exponent)


def test_the_threshold_is_one_vesicle_of_33_attograms():
    each_ag = AG_PER_UG / fact("purity-high").value
    assert each_ag == as_printed("33")
    assert particle_to_protein_ratio(100 / 3) == pytest.approx(3e10)


@pytest.mark.parametrize(("soluble", "ratio"), [(0.5, "1.5e10"), (0.9, "3e9"), (0.99, "3e8")])
def test_soluble_protein_brings_the_ratio_down(soluble, ratio):
    assert particle_to_protein_ratio(100 / 3, soluble) == pytest.approx(float(ratio))


@pytest.mark.parametrize(
    ("diameter_nm", "ratio"), [(50, "1.5e11"), (80, "2.8e10"), (100, "1.3e10"), (150, "3.5e9")]
)
def test_pure_vesicles_of_four_sizes(diameter_nm, ratio):
    # Lumen like cytosol, 0.2 g/mL; shell of 5 nm.
    assert vesicle_ratio(diameter_nm) == as_printed(ratio)
    assert vesicle_ratio(diameter_nm, 0, 5, 0.2) == as_printed(ratio)


def test_large_vesicles_miss_the_threshold_though_nothing_else_is_there():
    threshold = fact("purity-high").value
    assert vesicle_ratio(70) > threshold > vesicle_ratio(80)
    limit = largest_high_purity_diameter_nm()
    assert 70 < limit < 80
    assert vesicle_ratio(limit) == pytest.approx(threshold)


@settings(deadline=None)
@given(st.floats(min_value=1, max_value=20), st.floats(min_value=1e-3, max_value=1), masses)
def test_the_limiting_diameter_by_hand(thickness, content, mass):
    limit = largest_high_purity_diameter_nm(thickness, content, AG_PER_UG / mass)
    # 1 g/mL is 1e-3 ag in a cubic nanometre.
    assert np.pi / 6 * (limit - 2 * thickness) ** 3 * content * 1e-3 == pytest.approx(mass)


def test_protein_of_a_vesicle_by_hand():
    # A lumen of 90 nm: 3.817e5 nm3, 0.2 g/mL.
    assert vesicle_protein_ag(100) == pytest.approx(3.817e5 * 0.2 * 1e-3, rel=1e-3)


@settings(deadline=None)
@given(sizes, st.floats(min_value=1.01, max_value=10), shares)
def test_size_and_soluble_protein_both_lower_the_ratio(diameter_nm, factor, soluble):
    assert vesicle_ratio(diameter_nm * factor) < vesicle_ratio(diameter_nm)
    assert vesicle_ratio(diameter_nm, soluble) <= vesicle_ratio(diameter_nm)


@settings(deadline=None)
@given(masses, shares)
def test_the_soluble_share_comes_back_from_the_ratio(mass, soluble):
    ratio = particle_to_protein_ratio(mass, soluble)
    assume(ratio > 0)
    assert soluble_share_for_ratio(ratio, mass) == pytest.approx(soluble, abs=1e-9)


@settings(deadline=None)
@given(masses)
def test_nothing_but_soluble_protein_has_no_particles(mass):
    assert particle_to_protein_ratio(mass, 1) == 0
    assert particle_to_protein_ratio(mass, 0) == pytest.approx(1e12 / mass)


@pytest.mark.parametrize(
    ("ratio", "name"),
    [
        (1e12, "high purity"),
        (3e10, "high purity"),
        (2.9e10, "between the bands"),
        (2.1e10, "between the bands"),
        (2e10, "low purity"),
        (2e9, "low purity"),
        (1.9e9, "between the bands"),
        (1.5e9, "between the bands"),
        (1.4e9, "unpure"),
        (1.0, "unpure"),
    ],
)
def test_the_bands_and_the_gaps_between_them(ratio, name):
    band = purity_band(ratio)
    assert band.name == name
    assert name in band.words
    assert "as recalled" in band.words


def test_the_bands_are_recalled_and_say_so():
    for fact_id in ("purity-high", "purity-low", "purity-unpure"):
        assert fact(fact_id).status == "recalled"
        assert fact(fact_id).reference == "Webber13"


@pytest.mark.parametrize(
    ("value", "words"),
    [(0, "0"), (0.1234, "0.12"), (5012, "5,000"), (2.18e7, "2.2 × 10⁷"), (1e-6, "1 × 10⁻⁶")],
)
def test_numbers_are_written_as_a_reader_writes_them(value, words):
    assert short_number(value) == words


def test_arrays_agree_with_floats_element_by_element():
    diameters = np.array([50.0, 100.0])
    assert vesicle_ratio(diameters).tolist() == [vesicle_ratio(50), vesicle_ratio(100)]
    table = particle_to_protein_ratio(10.0, np.array([0.0, 0.5]))
    assert table.tolist() == [1e11, 5e10]
    assert type(vesicle_ratio(100)) is float


NOT_POSITIVE = [
    (0, ValueError),
    (-1, ValueError),
    (float("nan"), ValueError),
    (float("inf"), ValueError),
    ("1", TypeError),
    (True, TypeError),
]


@pytest.mark.parametrize(("bad", "error"), NOT_POSITIVE)
def test_masses_and_ratios_are_above_zero(bad, error):
    with pytest.raises(error, match="protein_per_particle_ag"):
        particle_to_protein_ratio(bad)
    with pytest.raises(error, match="protein_per_particle_ag"):
        soluble_share_for_ratio(1e10, bad)
    for call in (
        lambda: purity_band(bad),
        lambda: soluble_share_for_ratio(bad, 10),
        lambda: largest_high_purity_diameter_nm(ratio_per_ug=bad),
    ):
        with pytest.raises(error, match="ratio_per_ug"):
            call()
    with pytest.raises(error, match="lumen_protein_g_per_ml"):
        vesicle_protein_ag(100, lumen_protein_g_per_ml=bad)
    with pytest.raises(error, match="lumen_protein_g_per_ml"):
        largest_high_purity_diameter_nm(lumen_protein_g_per_ml=bad)
    with pytest.raises(error, match="membrane_thickness_nm"):
        largest_high_purity_diameter_nm(bad)
    with pytest.raises(error, match="diameter_nm"):
        vesicle_ratio(bad)


@pytest.mark.parametrize("bad", [-0.1, 1.1, [0.5, 2]])
def test_a_share_is_between_0_and_1(bad):
    with pytest.raises(ValueError, match="soluble_share is a share"):
        particle_to_protein_ratio(10, bad)


def test_a_share_is_a_number():
    with pytest.raises(ValueError, match="soluble_share is nan"):
        particle_to_protein_ratio(10, float("nan"))
    with pytest.raises(TypeError, match="soluble_share must be a number"):
        particle_to_protein_ratio(10, "half")


def test_more_protein_in_the_particles_than_there_is():
    with pytest.raises(ValueError, match=r"hold 3 µg, but the ratio is for 1 µg"):
        soluble_share_for_ratio(3e10, 100)
