"""The explorers of module 1: every corner, every value, and words that say what is shown."""

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exocourse.vesicles.explorers import VesicleSize, three
from exocourse.vesicles.geometry import vesicle_geometry

EXPLORERS = [VesicleSize]


def in_range(control):
    """Return a strategy for the values of a control."""
    ends = control.ends()
    if isinstance(ends[0], str):
        return st.sampled_from(ends)
    return st.floats(ends[0], ends[-1], allow_nan=False)


@pytest.mark.parametrize("explorer_class", EXPLORERS)
def test_every_corner_can_be_reached(explorer_class):
    explorer = explorer_class()
    _ = explorer.widget
    for corner in itertools.product(*(c.ends() for c in explorer_class.controls.values())):
        for name, value in zip(explorer_class.controls, corner, strict=True):
            setattr(explorer, name, value)
        assert explorer.widget.stage.words == explorer.words


@pytest.mark.parametrize("explorer_class", EXPLORERS)
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_any_value_gives_a_picture_and_words(explorer_class, data):
    explorer = _live(explorer_class)
    for name, control in explorer_class.controls.items():
        setattr(explorer, name, data.draw(in_range(control)))
    assert explorer.widget.stage.words == explorer.words
    assert "nan" not in explorer.words
    assert "inf" not in explorer.words


_kept = {}


def _live(explorer_class):
    """Return one live explorer for all examples: making the figure takes most of the time."""
    if explorer_class not in _kept:
        _kept[explorer_class] = explorer_class()
        _ = _kept[explorer_class].widget
    return _kept[explorer_class]


def test_vesicle_size_shows_the_model_and_nothing_of_its_own():
    explorer = VesicleSize(diameter_nm=50, membrane_thickness_nm=4)
    assert explorer.result.vesicle == vesicle_geometry(50, 4)
    assert "lumen 59.3 %" in explorer.words


def test_vesicle_size_names_every_class_that_the_size_leaves_open():
    words = VesicleSize(diameter_nm=120).words
    for name in ("exosome", "ectosome", "apoptotic body"):
        assert name in words
    assert "migrasome" not in words
    assert "rules nothing out" in VesicleSize(diameter_nm=25).words


def test_a_particle_without_a_membrane_is_not_offered_as_a_vesicle():
    assert "exomere" not in VesicleSize(diameter_nm=35).words


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (88434.2, "88,400"),
        (0.7290, "0.729"),
        (5.0, "5"),
        (99.96, "100"),
        (763.4, "763"),
        (0, "0"),
        (1.0e6, "1,000,000"),
        (0.0012345, "0.00123"),
        (-31415.9, "-31,400"),
        (100.0, "100"),
    ],
)
def test_numbers_have_three_figures(number, words):
    assert three(number) == words
