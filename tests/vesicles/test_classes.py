import dataclasses

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from exocourse.knowledge import fact
from exocourse.vesicles.classes import classes_containing, vesicle_classes


def names_at(diameter_nm):
    return {one.name for one in classes_containing(diameter_nm)}


BY_NAME = {one.name: one for one in vesicle_classes()}


@pytest.mark.parametrize(
    ("name", "low_nm", "high_nm"),
    [
        ("exosome", 40, 150),  # Bebelman20
        ("small ectosome", 40, 100),  # the dashed tail, its lower end assumed
        ("ectosome", 100, 1000),  # Kumar24
        ("apoptotic body", 100, 5000),  # Kumar24
        ("migrasome", 500, 3000),  # Kumar24
        ("large oncosome", 1000, 10_000),  # Kumar24
    ],
)
def test_the_reported_sizes(name, low_nm, high_nm):
    assert (BY_NAME[name].low_nm, BY_NAME[name].high_nm) == (low_nm, high_nm)


def test_exomeres_are_small_particles_without_a_membrane():
    without = [one for one in vesicle_classes() if not one.has_membrane]
    assert [one.name for one in without] == ["exomere"]
    assert without[0].low_nm <= 35 <= without[0].high_nm < 60  # Zhang18


def test_there_are_seven_classes_and_one_tail():
    assert len(vesicle_classes()) == len(BY_NAME) == 7
    assert [one.name for one in vesicle_classes() if one.is_tail] == ["small ectosome"]


@pytest.mark.parametrize(
    ("diameter_nm", "names"),
    [
        (10, set()),
        (35, {"exomere"}),
        (40, {"exosome", "small ectosome"}),
        (80, {"exosome", "small ectosome"}),
        (100, {"exosome", "small ectosome", "ectosome", "apoptotic body"}),
        (120, {"exosome", "ectosome", "apoptotic body"}),
        (150, {"exosome", "ectosome", "apoptotic body"}),
        (150.1, {"ectosome", "apoptotic body"}),
        (1000, {"ectosome", "apoptotic body", "migrasome", "large oncosome"}),
        (4000, {"apoptotic body", "large oncosome"}),
        (20_000, set()),
    ],
)
def test_all_classes_of_a_size_are_given(diameter_nm, names):
    assert names_at(diameter_nm) == names


@given(st.floats(min_value=BY_NAME["exosome"].low_nm, max_value=BY_NAME["exosome"].high_nm))
def test_no_size_is_an_exosome_s_own(diameter_nm):
    names = names_at(diameter_nm)
    assert "exosome" in names
    assert names & {"small ectosome", "ectosome"}


@given(st.floats(min_value=1e-3, max_value=1e6))
def test_classes_are_those_whose_ends_enclose_the_diameter(diameter_nm):
    found = classes_containing(diameter_nm)
    for one in vesicle_classes():
        assert (one in found) == (not (diameter_nm < one.low_nm or diameter_nm > one.high_nm))


def test_classes_are_ordered_by_size():
    lows = [one.low_nm for one in vesicle_classes()]
    assert lows == sorted(lows)
    assert all(one.low_nm <= one.high_nm for one in vesicle_classes())


def test_sizes_come_from_the_facts_and_the_facts_are_in_nanometres():
    for one in vesicle_classes():
        size = fact(one.fact_id)
        assert size.unit == "nm"
        assert {one.low_nm, one.high_nm} <= {size.low, size.high, size.value}
    assert fact(BY_NAME["small ectosome"].fact_id).status == "assumed"
    assert "assumed" in BY_NAME["small ectosome"].note


def test_sizes_are_looked_up_when_called(monkeypatch):
    doubled = {}
    for one in vesicle_classes():
        twice = {"low": 2 * one.low_nm, "high": 2 * one.high_nm}
        doubled[one.fact_id] = dataclasses.replace(fact(one.fact_id), **twice)
    monkeypatch.setattr(
        "exocourse.vesicles.classes.fact", lambda fact_id: doubled.get(fact_id, fact(fact_id))
    )
    assert names_at(300) == {"exosome", "ectosome", "apoptotic body"}


@pytest.mark.parametrize("bad", ["100", None, True, [100], np.array([50, 100]), 1j])
def test_one_number_is_wanted(bad):
    with pytest.raises(TypeError, match="diameter_nm must be one number"):
        classes_containing(bad)


@pytest.mark.parametrize("bad", [0, -1, float("nan"), float("inf")])
def test_a_diameter_is_finite_and_above_zero(bad):
    with pytest.raises(ValueError, match=r"diameter_nm is .* above zero"):
        classes_containing(bad)


def test_numpy_numbers_are_numbers():
    assert classes_containing(np.float64(80)) == classes_containing(80)
    assert classes_containing(np.int64(80)) == classes_containing(80)


def test_a_class_cannot_be_changed():
    with pytest.raises(dataclasses.FrozenInstanceError):
        BY_NAME["exosome"].low_nm = 1
