"""The still pictures of module 1."""

import re
from xml.etree import ElementTree

import pytest

from exocourse.knowledge import fact
from exocourse.vesicles.pictures import (
    biogenesis_diagram,
    plot_release_events,
    plot_size_ranges,
)

PICTURES = [biogenesis_diagram, plot_size_ranges, plot_release_events]


@pytest.mark.parametrize("draw", PICTURES)
def test_a_picture_is_the_same_each_time_and_small(draw):
    first, second = draw(), draw()
    assert first == second
    assert len(first.data) < 150_000


@pytest.mark.parametrize("draw", PICTURES)
def test_a_picture_shows_itself_with_its_words(draw):
    bundle = draw().bundle()
    assert bundle["text/plain"] == draw().alt
    assert re.search(r'<img [^>]*alt="[^"]{80,}"', bundle["text/html"])


def test_the_diagram_is_labelled_svg_and_its_labels_name_the_steps():
    root = ElementTree.fromstring(biogenesis_diagram().data)
    space = "{http://www.w3.org/2000/svg}"
    assert root.get("role") == "img"
    assert root.find(f"{space}title").text
    assert "ectosome" in root.find(f"{space}desc").text
    words = " ".join("".join(text.itertext()) for text in root.iter(f"{space}text"))
    for label in ("plasma membrane", "body (MVB)", "exosomes", "ectosome", "endosome"):
        assert label in words


def test_the_plots_say_the_numbers_of_the_facts():
    alt = plot_release_events().alt
    for name in ("npy", "vamp2", "cd63"):
        assert f"{fact(f'release-signal-{name}').value:g} s" in alt
