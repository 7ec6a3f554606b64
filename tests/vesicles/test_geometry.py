from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from exocourse.vesicles.geometry import (
    VesicleGeometry,
    cytosol_like_protein_count,
    lipid_count,
    lumen_fraction,
    lumen_volume_nm3,
    packed_protein_count,
    single_molecule_concentration_um,
    sphere_surface_nm2,
    sphere_volume_nm3,
    vesicle_geometry,
)

COLUMNS = (
    "diameter_nm",
    "volume_nm3",
    "lumen_volume_nm3",
    "lumen_percent",
    "lipid_count",
    "cytosol_like_protein_count_low",
    "cytosol_like_protein_count_high",
    "packed_protein_count",
)
# Worked out by hand from the course's facts (shell 5 nm, 0.643 nm2 a lipid, 2 to 4 million
# proteins/um3, 50-kDa proteins, 64 % packing).  The digits written are those that must agree.
# (Lipids at 500 nm: 490,100 pi / 0.643 = 2.3945e6, so 2.39e6; rounding twice makes it 2.40e6.)
TABLE = """
  30  1.414e4  4.189e3  29.6  6.35e3  8       17      44
  50  6.545e4  3.351e4  51.2  2.00e4  67      134     354
 100  5.236e5  3.817e5  72.9  8.84e4  763     1.53e3  4.03e3
 150  1.767e6  1.437e6  81.3  2.06e5  2.9e3   5.7e3   1.52e4
 200  4.189e6  3.591e6  85.7  3.72e5  7.2e3   14e3    3.79e4
 500  6.545e7  6.160e7  94.1  2.39e6  1.2e5   2.5e5   6.5e5
1000  5.236e8  5.080e8  97.0  9.67e6  1.0e6   2.0e6   5.4e6
"""
ROWS = [line.split() for line in TABLE.strip().splitlines()]
CELLS = [
    (float(row[0]), column, cell)
    for row in ROWS
    for column, cell in zip(COLUMNS[1:], row[1:], strict=True)
]


def as_printed(cell):
    """The number, and half a unit of its last printed digit."""
    number = Decimal(cell)
    return pytest.approx(float(number), rel=0, abs=0.5 * 10.0 ** number.as_tuple().exponent)


@pytest.mark.parametrize(("diameter_nm", "column", "cell"), CELLS)
def test_every_cell_of_the_geometry_table(diameter_nm, column, cell):
    vesicle = vesicle_geometry(diameter_nm)
    value = 100 * vesicle.lumen_fraction if column == "lumen_percent" else getattr(vesicle, column)
    assert value == as_printed(cell)


def test_from_30_to_100_nm_the_lumen_grows_more_than_the_volume():
    assert sphere_volume_nm3(100) / sphere_volume_nm3(30) == as_printed("37")
    assert lumen_volume_nm3(100, 5) / lumen_volume_nm3(30, 5) == as_printed("91")


def test_twice_the_diameter_is_eleven_times_the_lumen():
    assert lumen_volume_nm3(100, 5) / lumen_volume_nm3(50, 5) == as_printed("11.4")


def test_one_molecule_in_a_90_nm_lumen():
    assert single_molecule_concentration_um(100, 5) == as_printed("4.35")


def test_smaller_lipids_such_as_cholesterol_raise_the_count():
    assert lipid_count(100, 5, lipid_area_nm2=0.40) == as_printed("1.42e5")


def test_ten_billion_vesicles_fill_a_few_nanolitres():
    nanolitres_per_cubic_nm = 1e-24 * 1e9
    assert 1e10 * sphere_volume_nm3(100) * nanolitres_per_cubic_nm == as_printed("5.2")


def test_surface_and_volume_of_the_unit_sphere():
    assert sphere_surface_nm2(2) == pytest.approx(4 * np.pi)
    assert sphere_volume_nm3(2) == pytest.approx(4 * np.pi / 3)


def test_defaults_come_from_the_facts():
    assert vesicle_geometry(100) == vesicle_geometry(100, 5)
    assert lipid_count(100) == lipid_count(100, 5, 0.643)
    assert cytosol_like_protein_count(100) == cytosol_like_protein_count(100, 5, 2e6, 4e6)
    assert packed_protein_count(100) == packed_protein_count(100, 5, 50_000, 0.64, 1.212e-3)
    assert single_molecule_concentration_um(100) == single_molecule_concentration_um(100, 5)


def test_defaults_are_looked_up_when_called(monkeypatch):
    class Thicker:
        value = 8.0

    monkeypatch.setattr("exocourse.vesicles.checked.fact", lambda fact_id: Thicker)
    assert lumen_volume_nm3(100) == lumen_volume_nm3(100, 8)


def test_the_whole_agrees_with_its_parts():
    vesicle = vesicle_geometry(80, 6)
    low, high = cytosol_like_protein_count(80, 6)
    assert vesicle == VesicleGeometry(
        diameter_nm=80.0,
        membrane_thickness_nm=6.0,
        surface_nm2=sphere_surface_nm2(80),
        volume_nm3=sphere_volume_nm3(80),
        lumen_volume_nm3=lumen_volume_nm3(80, 6),
        lumen_fraction=lumen_fraction(80, 6),
        lipid_count=lipid_count(80, 6),
        cytosol_like_protein_count_low=low,
        cytosol_like_protein_count_high=high,
        packed_protein_count=packed_protein_count(80, 6),
    )


thicknesses = st.floats(min_value=1.0, max_value=20.0)
# How much wider than two membranes, relative to them.
widths = st.floats(min_value=1.001, max_value=1e4)
QUANTITIES = (
    lumen_volume_nm3,
    lumen_fraction,
    lipid_count,
    packed_protein_count,
    lambda d, t: cytosol_like_protein_count(d, t)[0],
    lambda d, t: cytosol_like_protein_count(d, t)[1],
    lambda d, t: 1 / single_molecule_concentration_um(d, t),
)


@given(thicknesses, widths, st.floats(min_value=1.001, max_value=10.0))
def test_a_wider_vesicle_has_more_of_everything(thickness_nm, width, factor):
    diameter_nm = 2 * thickness_nm * width
    for quantity in QUANTITIES:
        assert quantity(diameter_nm * factor, thickness_nm) > quantity(diameter_nm, thickness_nm)
    for quantity in (sphere_surface_nm2, sphere_volume_nm3):
        assert quantity(diameter_nm * factor) > quantity(diameter_nm)


@given(thicknesses, widths)
def test_the_lumen_is_a_part_of_the_vesicle(thickness_nm, width):
    diameter_nm = 2 * thickness_nm * width
    lumen = lumen_volume_nm3(diameter_nm, thickness_nm)
    total = sphere_volume_nm3(diameter_nm)
    share = lumen_fraction(diameter_nm, thickness_nm)
    assert 0 < lumen < total
    assert 0 < share < 1
    assert share * total == pytest.approx(lumen)


@given(thicknesses, widths)
def test_the_shell_is_the_sum_of_its_layers(thickness_nm, width):
    # Simpson's rule is exact for the quadratic surface of the layers between both faces.
    outer = 2 * thickness_nm * width
    inner = outer - 2 * thickness_nm
    middle = (outer + inner) / 2
    layers = (
        thickness_nm
        / 6
        * (sphere_surface_nm2(outer) + 4 * sphere_surface_nm2(middle) + sphere_surface_nm2(inner))
    )
    shell = sphere_volume_nm3(outer) - lumen_volume_nm3(outer, thickness_nm)
    assert shell == pytest.approx(layers, rel=1e-6)


def test_the_share_of_the_lumen_tends_to_one():
    shares = lumen_fraction(np.geomspace(20, 1e8, 30), 5)
    assert np.all(np.diff(shares) > 0)
    assert shares[-1] == pytest.approx(1, abs=1e-6)


@given(st.floats(min_value=10, max_value=1e6))
def test_without_a_membrane_the_lumen_is_the_whole_sphere(diameter_nm):
    almost_none = 1e-9 * diameter_nm
    surface = sphere_surface_nm2(diameter_nm)
    assert lumen_fraction(diameter_nm, almost_none) == pytest.approx(1, abs=1e-8)
    assert lumen_volume_nm3(diameter_nm, almost_none) == pytest.approx(
        sphere_volume_nm3(diameter_nm), rel=1e-8
    )
    # Both leaflets then have the same area.
    assert lipid_count(diameter_nm, almost_none, 0.5) == pytest.approx(2 * surface / 0.5)


@given(thicknesses, widths, st.floats(min_value=0.1, max_value=10.0))
def test_scaling_both_sizes(thickness_nm, width, factor):
    diameter_nm = 2 * thickness_nm * width
    sizes, scaled = (diameter_nm, thickness_nm), (factor * diameter_nm, factor * thickness_nm)
    near = {"rel": 1e-9}
    assert lumen_fraction(*scaled) == pytest.approx(lumen_fraction(*sizes), **near)
    assert lipid_count(*scaled) == pytest.approx(factor**2 * lipid_count(*sizes), **near)
    assert lumen_volume_nm3(*scaled) == pytest.approx(factor**3 * lumen_volume_nm3(*sizes), **near)
    assert single_molecule_concentration_um(*scaled) == pytest.approx(
        single_molecule_concentration_um(*sizes) / factor**3, **near
    )


def test_counts_follow_their_parameters():
    assert lipid_count(100, 5, 0.3) == pytest.approx(2 * lipid_count(100, 5, 0.6))
    count = packed_protein_count(100, 5, 50_000, 0.64, 1.212e-3)
    assert packed_protein_count(100, 5, 25_000, 0.64, 1.212e-3) == pytest.approx(2 * count)
    assert packed_protein_count(100, 5, 50_000, 0.32, 1.212e-3) == pytest.approx(count / 2)
    assert packed_protein_count(100, 5, 50_000, 0.64, 2.424e-3) == pytest.approx(count / 2)
    low, high = cytosol_like_protein_count(100, 5, 1e6, 3e6)
    assert high == pytest.approx(3 * low)


def test_a_mole_of_vesicles_holds_a_mole_of_molecules():
    litres = 6.02214076e23 * lumen_volume_nm3(100, 5) * 1e-24
    assert single_molecule_concentration_um(100, 5) * 1e-6 * litres == pytest.approx(1)


@given(st.lists(st.floats(min_value=11, max_value=1e5), min_size=1, max_size=20))
def test_arrays_agree_with_floats_element_by_element(diameters):
    array = np.array(diameters)
    for quantity in QUANTITIES:
        result = quantity(array, 5.0)
        assert isinstance(result, np.ndarray)
        np.testing.assert_allclose(result, [quantity(d, 5.0) for d in diameters], rtol=1e-12)
    whole = vesicle_geometry(array)
    np.testing.assert_allclose(
        whole.packed_protein_count,
        [vesicle_geometry(d).packed_protein_count for d in diameters],
        rtol=1e-12,
    )


def test_shapes_are_kept_and_broadcast():
    table = lumen_volume_nm3(np.array([[50.0], [100.0]]), np.array([4.0, 5.0, 6.0]))
    assert table.shape == (2, 3)
    assert table[1, 1] == lumen_volume_nm3(100, 5)
    assert vesicle_geometry([50, 100]).lumen_fraction.shape == (2,)
    assert sphere_volume_nm3(np.array([])).shape == (0,)


@pytest.mark.parametrize("diameter", [100, 100.0, np.float64(100), np.int32(100), np.array(100.0)])
def test_a_single_number_gives_plain_floats(diameter):
    vesicle = vesicle_geometry(diameter)
    assert type(vesicle.diameter_nm) is type(vesicle.lipid_count) is float
    assert vesicle == vesicle_geometry(100.0)


def test_the_input_array_is_neither_kept_nor_changed():
    diameters = np.array([50.0, 100.0])
    vesicle = vesicle_geometry(diameters)
    diameters[0] = 70.0
    assert vesicle.diameter_nm[0] == 50.0


ALL_FUNCTIONS = (
    sphere_surface_nm2,
    sphere_volume_nm3,
    lumen_volume_nm3,
    lumen_fraction,
    lipid_count,
    cytosol_like_protein_count,
    packed_protein_count,
    single_molecule_concentration_um,
    vesicle_geometry,
)
WITH_LUMEN = ALL_FUNCTIONS[2:]


@pytest.mark.parametrize("function", ALL_FUNCTIONS)
@pytest.mark.parametrize(
    "bad", ["100", "100 nm", True, None, 3 + 4j, [50, True], ["50"], np.array([True]), {}, object()]
)
def test_what_is_no_number_is_a_type_error(function, bad):
    with pytest.raises(TypeError, match="diameter_nm must be a number"):
        function(bad)


@pytest.mark.parametrize("function", ALL_FUNCTIONS)
@pytest.mark.parametrize("bad", [float("nan"), float("inf"), [100, float("nan")]])
def test_a_diameter_is_finite(function, bad):
    with pytest.raises(ValueError, match=r"diameter_nm is .* not a finite number"):
        function(bad)


@pytest.mark.parametrize("function", ALL_FUNCTIONS)
@pytest.mark.parametrize("bad", [0, 0.0, -100, [100, -1]])
def test_a_diameter_is_above_zero(function, bad):
    with pytest.raises(ValueError, match=r"diameter_nm is .* above zero"):
        function(bad)


@pytest.mark.parametrize("function", ALL_FUNCTIONS)
def test_a_diameter_of_more_than_a_metre_is_a_slip_of_the_unit(function):
    with pytest.raises(ValueError, match="in nanometres"):
        function(1e200)


@pytest.mark.parametrize("function", WITH_LUMEN)
def test_no_room_for_a_lumen_says_from_where_on_there_is(function):
    message = (
        "no lumen: a vesicle of 8 nm cannot hold two 5 nm membranes; use a diameter above 10 nm"
    )
    for diameter in (8, [100, 8]):
        with pytest.raises(ValueError, match=message):
            function(diameter, 5)
    with pytest.raises(ValueError, match="no lumen"):
        function(10, 5)  # exactly two membranes
    function(10.001, 5)


@pytest.mark.parametrize("function", WITH_LUMEN)
@pytest.mark.parametrize(
    ("bad", "error", "message"),
    [
        (0, ValueError, "above zero"),
        (-5, ValueError, "above zero"),
        (float("nan"), ValueError, "finite"),
        ("5", TypeError, "number"),
        (False, TypeError, "number"),
        ([4, 5, 6], ValueError, "do not go together"),
    ],
)
def test_a_thickness_that_cannot_be(function, bad, error, message):
    with pytest.raises(error, match=rf"membrane_thickness_nm.*{message}"):
        function([100, 200], bad)


@pytest.mark.parametrize(
    ("function", "name"),
    [
        (lipid_count, "lipid_area_nm2"),
        (cytosol_like_protein_count, "low_per_um3"),
        (cytosol_like_protein_count, "high_per_um3"),
        (packed_protein_count, "protein_mass_da"),
        (packed_protein_count, "packing_fraction"),
        (packed_protein_count, "protein_volume_nm3_per_da"),
    ],
)
def test_other_parameters_are_positive_numbers_too(function, name):
    for bad, error in ((0, ValueError), (-1, ValueError), (float("inf"), ValueError)):
        with pytest.raises(error, match=name):
            function(100, 5, **{name: bad})
    with pytest.raises(TypeError, match=name):
        function(100, 5, **{name: "1"})


def test_spheres_cannot_overfill_and_a_range_has_an_order():
    with pytest.raises(ValueError, match="packing_fraction is above 1"):
        packed_protein_count(100, 5, packing_fraction=64)
    with pytest.raises(ValueError, match="low_per_um3 lies above high_per_um3"):
        cytosol_like_protein_count(100, 5, low_per_um3=4e6, high_per_um3=2e6)


def test_it_shows_itself_to_four_digits_on_every_machine():
    shown = repr(vesicle_geometry(100, 5))
    assert "    lumen_volume_nm3=3.817e+05,\n" in shown
    assert "    lumen_fraction=0.729,\n" in shown
    assert "    volume_nm3=[6.545e+04, 5.236e+05],\n" in repr(vesicle_geometry([50, 100], 5))
