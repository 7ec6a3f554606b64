"""Numbers that stand in the prose of lesson 1.1 are worked out again here."""

import json
import math
from pathlib import Path

import pytest

from exocourse.knowledge import fact
from exocourse.vesicles.geometry import (
    lipid_count,
    lumen_fraction,
    lumen_volume_nm3,
    sphere_surface_nm2,
    sphere_volume_nm3,
)

LESSON = Path(__file__).parents[2] / "lessons" / "1-vesicles" / "1.1-what-is-an-exosome.ipynb"


@pytest.fixture(scope="module")
def cells():
    notebook = json.loads(LESSON.read_text(encoding="utf-8"))
    return {cell["id"]: " ".join("".join(cell["source"]).split()) for cell in notebook["cells"]}


def percent(diameter_nm, membrane_nm=None):
    return f"{100 * lumen_fraction(diameter_nm, membrane_nm):.0f}"


def significant(number, digits):
    return f"{float(f'{number:.{digits}g}'):,.0f}"


SENTENCES = {
    "theory-4": lambda: [
        f"{fact('popc-area-per-lipid').value:g} nm²",
        f"{fact('popc-hydrocarbon-thickness').value:g} nm thick",
        f"about {fact('lipid-width').value:.1f} nm wide",
        f"some {significant(100 / fact('lipid-width').value, 2)} lipids across",
        f"cell of {fact('cell-diameter').value / 1000:g} µm",
        f"is {fact('cell-diameter').value / 100:.0f} such vesicles across",
        f"**assume** {fact('vesicle-shell-thickness').value:g} nm",
        f"or {percent(50)} %; at 30 nm it is only {percent(30)} %",
    ],
    "explore-note": lambda: [
        f"falls from {percent(100)} to {percent(50)} %",
        f"From {percent(50, 4)} to {percent(50, 6)} % at 50 nm",
        f"from {percent(200, 4)} to {percent(200, 6)} % at 200 nm",
        "2-4 million proteins",
    ],
    "data-sizes-text": lambda: [f"would give them {percent(fact('exomere-size').value)} %"],
    "data-release-text": lambda: [
        f"lasted {fact('release-signal-cd63').value:g} s",
        f"against {fact('release-signal-npy').value:g} s",
        f"and {fact('release-signal-vamp2').value:g} s",
        f"{fact('release-signal-cd63').value / fact('release-signal-vamp2').value:.0f} times",
    ],
    "worked-1": lambda: [
        f"The vesicle: {significant(sphere_volume_nm3(100), 4)} nm³",
        f"Its lumen: {significant(lumen_volume_nm3(100), 4)} nm³",
        f"= {lumen_fraction(100):.3f}, or {percent(100)} %",
        f"Outer sheet {sphere_surface_nm2(100):,.0f} nm²",
        f"inner sheet {sphere_surface_nm2(90):,.0f} nm²",
        f"together {sphere_surface_nm2(100) + sphere_surface_nm2(90):,.0f} nm²",
        f"about {significant(lipid_count(100), 3)} lipids",
        f"{fact('lipid-area-with-cholesterol').value:.2f} nm² a molecule (assumed) it would be "
        f"{significant(lipid_count(100, lipid_area_nm2=0.4), 3)}",
    ],
    "keypoints": lambda: [f"{percent(100)} % of a 100-nm one"],
    "limits": lambda: [f"runs from {percent(50, 4)} to {percent(50, 6)} %"],
    "further": lambda: [
        f"multiplies the lumen by {lumen_volume_nm3(1000) / lumen_volume_nm3(500):.1f} only"
    ],
}


@pytest.mark.parametrize("cell", SENTENCES)
def test_the_numbers_in_the_text_are_those_of_the_facts_and_the_model(cells, cell):
    for words in SENTENCES[cell]():
        assert words in cells[cell], f"{cell}: the text should say {words!r}"


def test_half_of_the_volume_is_lumen_between_48_and_49_nm():
    assert lumen_fraction(48) < 0.5 < lumen_fraction(49)
    thickness = fact("vesicle-shell-thickness").value
    assert math.isclose(2 * thickness / (1 - 0.5 ** (1 / 3)), 48.47, abs_tol=0.01)
