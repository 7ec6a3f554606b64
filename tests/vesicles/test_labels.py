import re

import pytest

from exocourse.knowledge import UnknownId, references
from exocourse.vesicles.labels import (
    COUNT_IS_NOT,
    GROUPS,
    QUALITY_BOXES,
    WORDS,
    Label,
    labels,
    particle_volume_nl,
    read_label,
)
from exocourse.vesicles.nomenclature import PreparationEvidence

# Read by hand: the short name (None for a liquid), the group.
EXPECTED = {
    "medium": (None, "mixture"),
    "ev": ("small EV", "vesicles"),
    "lysate": (None, "mixture"),
    "plant": ("ACDV", "mimetic"),
    "milk": ("EP", "particles"),
    "platelet": ("EP", "particles"),
    "lyophilised": ("EP", "particles"),
    "mimetic": ("synthetic vesicles", "mimetic"),
}
# A key of the bibliography, and not a tetraspanin.
KEY = re.compile(r"\b(?!CD\d)[A-Za-z]+\d\d[a-z]?\b")


def a_label(**changes):
    """A label that says nothing but its name."""
    given = {
        "id": "test",
        "printed": "Particles.",
        "comes_with": "Nothing.",
        "words": (),
        "shown": (),
        "boxes": (),
        "evidence": PreparationEvidence(),
    }
    return Label(**given | changes)


def test_there_are_eight_and_their_names_are_those_read_by_hand():
    found = {}
    for one in labels().values():
        reading = read_label(one)
        found[one.id] = (reading.naming and reading.naming.short, reading.group)
    assert found == EXPECTED
    assert {group for _, group in EXPECTED.values()} == set(GROUPS)


@pytest.mark.parametrize("label_id", EXPECTED)
def test_no_honest_name_is_bolder_than_the_evidence(label_id):
    reading = read_label(label_id)
    assert "exosome" not in reading.honest_name.lower()
    if reading.naming:
        assert reading.honest_name == reading.naming.term
        assert reading.label.liquid is None
    else:
        assert reading.honest_name == reading.label.liquid


@pytest.mark.parametrize("label_id", EXPECTED)
def test_words_are_on_the_label_and_shown_words_are_among_them(label_id):
    label = labels()[label_id]
    assert set(label.shown) <= set(label.words) <= set(WORDS)
    assert set(label.boxes) <= set(QUALITY_BOXES)
    printed = label.printed.lower()
    stems = {
        "exosomes": "exosome",
        "stem cells": "stem cell",
        "platelets": "platelet",
        "biomimetic": "biomimetic",
    }
    assert all(stems.get(word, word) in printed for word in label.words)
    # And the other way: no word of the list stands on a label unread.
    assert {word for word in WORDS if stems.get(word, word) in printed} == set(label.words)


def test_every_word_is_on_some_label_and_exosome_is_shown_on_none():
    used = {word for label in labels().values() for word in label.words}
    assert used == set(WORDS)
    assert not any("exosomes" in label.shown for label in labels().values())


def test_no_label_fills_every_box_and_each_box_is_empty_somewhere():
    readings = [read_label(one) for one in labels()]
    assert all(reading.empty_boxes for reading in readings)
    for box in QUALITY_BOXES:
        assert any(box in reading.empty_boxes for reading in readings)
        assert any(box not in reading.empty_boxes for reading in readings)
    assert set(QUALITY_BOXES) == {"identity", "purity", "sterility", "potency", "stability"}


def test_counts_are_on_labels_that_speak_of_them():
    for label in labels().values():
        assert (label.particles is not None) == ("billion particles" in label.words)
        if label.particles:
            assert f"{label.particles / 1e9:g} billion particles" in label.printed


def test_the_plain_label_and_its_sheet_do_not_give_the_reading_away():
    for one in labels().values():
        shown = repr(one)
        assert one.printed in shown
        assert one.comes_with in shown
        assert "invented" in shown
        if EXPECTED[one.id][0]:
            assert read_label(one).honest_name not in shown


@pytest.mark.parametrize("label_id", EXPECTED)
def test_the_reading_takes_every_word_and_names_sources(label_id):
    reading = read_label(label_id)
    label = reading.label
    for shown in (repr(reading), reading._repr_html_().replace("&#x27;", "'")):
        for word in label.words:
            state = "shown" if word in label.shown else "not shown"
            assert f"'{word}' ({state})" in shown
        assert GROUPS[reading.group] in shown
        assert ("the count is not" in shown) == bool(label.particles)
        assert not set(KEY.findall(re.sub(r"10\.\d{4,9}/\S+", "", shown))) & set(references())


def test_every_word_and_every_caution_names_a_source_of_the_course():
    for text in (*(word.evidence for word in WORDS.values()), *COUNT_IS_NOT.values()):
        keys = set(KEY.findall(text))
        assert keys, text
        assert keys <= set(references()), text
        assert not any(references()[key].status == "recalled" for key in keys)
    assert set(COUNT_IS_NOT) == {"identity", "dose", "potency"}


def test_labels_are_invented():
    for one in labels().values():
        text = one.printed + one.comes_with
        assert not re.search(r"[®™]|https?:|\bwww\b|\bInc\b|\bLtd\b", text)


def test_ten_billion_balls_are_a_few_nanolitres():
    assert particle_volume_nl(1e10, 100) == pytest.approx(5.2, abs=0.05)
    # A million balls of a millimetre: pi / 6 of a litre.
    assert particle_volume_nl(1e6, 1e6) == pytest.approx(0.5236e9, rel=1e-3)


@pytest.mark.parametrize("bad", [0, -1, float("nan"), float("inf")])
def test_a_count_is_above_zero(bad):
    with pytest.raises(ValueError, match="particles"):
        particle_volume_nl(bad, 100)
    with pytest.raises(ValueError, match="diameter_nm"):
        particle_volume_nl(1e10, bad)


@pytest.mark.parametrize(
    ("evidence", "group"),
    [
        ({}, "particles"),
        ({"lipid_bilayer": False, "released_from_cells": True}, "particles"),
        ({"lipid_bilayer": True, "released_from_cells": True}, "vesicles"),
        (
            {
                "lipid_bilayer": True,
                "released_from_cells": True,
                "subcellular_origin_shown": "endosome",
            },
            "vesicles",
        ),
        ({"made_by_disruption": True, "lipid_bilayer": False}, "mimetic"),
        ({"made_by_disruption": True}, "mimetic"),
    ],
)
def test_a_label_of_your_own(evidence, group):
    reading = read_label(a_label(evidence=PreparationEvidence(**evidence)))
    assert reading.group == group
    assert reading.empty_boxes == tuple(QUALITY_BOXES)
    assert "the count is not" not in repr(reading)


@pytest.mark.parametrize(
    ("asked", "nearest"), [("platelets", "platelet"), ("lyophilized", "lyophilised")]
)
def test_an_unknown_label_names_the_nearest(asked, nearest):
    with pytest.raises(UnknownId, match=f"There is no label '{asked}'") as caught:
        read_label(asked)
    assert nearest in caught.value.near


def test_what_a_caller_changes_is_not_the_course():
    labels().clear()
    assert len(labels()) == 8
