import dataclasses
import itertools
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exocourse.knowledge import references
from exocourse.vesicles.nomenclature import (
    CONTRADICTIONS,
    EP,
    EV,
    MIMETIC,
    RULES,
    SUBCELLULAR_ORIGINS,
    PreparationEvidence,
    PreparationName,
    name_preparation,
)

# The three parts of the definition of an EV.
AN_EV = {"released_from_cells": True, "lipid_bilayer": True, "cannot_replicate": True}

CASES = {
    "a count from a particle counter, nothing else": (
        {"diameter_nm": 110, "size_method": "NTA"},
        EP,
    ),
    "nothing shown at all": ({}, EP),
    "released, membrane not looked for": ({"released_from_cells": True}, EP),
    "membrane, release not shown": ({"lipid_bilayer": True}, EP),
    "a marker only": ({"markers": ("CD63",)}, EP),
    "an origin without the rest": ({"subcellular_origin_shown": "endosome"}, EP),
    "no membrane": ({"lipid_bilayer": False}, "non-vesicular extracellular particles (NVEP)"),
    "exomeres": (
        {
            "released_from_cells": True,
            "lipid_bilayer": False,
            "diameter_nm": 35,
            "size_method": "AF4",
        },
        "non-vesicular extracellular particles (NVEP)",
    ),
    "the definition, no size": (AN_EV, EV),
    "replication not looked at": ({"released_from_cells": True, "lipid_bilayer": True}, EV),
    "a size without its method": ({**AN_EV, "diameter_nm": 120}, EV),
    "a 120-nm CD63+ pellet": (
        {**AN_EV, "diameter_nm": 120, "size_method": "NTA", "markers": ("CD63",)},
        "small EV (<200 nm by NTA)",
    ),
    "a 450-nm pellet": (
        {**AN_EV, "diameter_nm": 450, "size_method": "TRPS"},
        "large EV (>200 nm by TRPS)",
    ),
    "exactly on the line": ({**AN_EV, "diameter_nm": 200, "size_method": "NTA"}, EV),
    "these vesicles were shown to come from an endosome": (
        {**AN_EV, "subcellular_origin_shown": "endosome"},
        "exosomes",
    ),
    "these vesicles were shown to have budded": (
        {**AN_EV, "subcellular_origin_shown": "plasma membrane"},
        "ectosomes",
    ),
    "large, but shown to come from an endosome": (
        {
            **AN_EV,
            "subcellular_origin_shown": "endosome",
            "diameter_nm": 250,
            "size_method": "electron microscopy",
        },
        "exosomes",
    ),
    "cells pressed through a filter": (
        {"made_by_disruption": True, "lipid_bilayer": True},
        "artificial cell-derived vesicles (ACDV), a kind of EV mimetic",
    ),
    "a blended plant, small and CD63+": (
        {
            "made_by_disruption": True,
            "lipid_bilayer": True,
            "diameter_nm": 120,
            "size_method": "NTA",
            "markers": ("CD63",),
        },
        "artificial cell-derived vesicles (ACDV), a kind of EV mimetic",
    ),
    "a liposome with peptides": (
        {"fully_synthetic": True, "lipid_bilayer": True},
        "synthetic vesicles, a kind of EV mimetic",
    ),
    "peptides and lipids, stirred": (
        {"fully_synthetic": True},
        "artificial particles, membrane not shown",
    ),
    "a blended plant, small and CD63+, membrane not looked for": (
        {
            "made_by_disruption": True,
            "diameter_nm": 120,
            "size_method": "NTA",
            "markers": ("CD63",),
        },
        "artificial particles, membrane not shown",
    ),
    "polymer beads": (
        {"fully_synthetic": True, "lipid_bilayer": False},
        "artificial particles, not vesicles",
    ),
    "granules from broken cells": (
        {"made_by_disruption": True, "lipid_bilayer": False},
        "artificial particles, not vesicles",
    ),
    "vesicles within a cell": (
        {"released_from_cells": False, "lipid_bilayer": True},
        "intracellular particles, not EVs",
    ),
    "bacteria": (
        {"released_from_cells": True, "lipid_bilayer": True, "cannot_replicate": False},
        "cells or micro-organisms, not EVs",
    ),
}


@pytest.mark.parametrize(("shown", "term"), CASES.values(), ids=CASES.keys())
def test_the_name_that_the_evidence_bears(shown, term):
    assert name_preparation(PreparationEvidence(**shown)).term == term


def test_the_cases_use_every_rule():
    used = {name_preparation(PreparationEvidence(**shown)).short for shown, _ in CASES.values()}
    assert used == {rule.short for rule in RULES} | {"small EV", "large EV"}


def test_a_120_nm_cd63_pellet_is_no_exosome_and_says_why():
    name = name_preparation(
        PreparationEvidence(**AN_EV, diameter_nm=120, size_method="NTA", markers=("CD63",))
    )
    assert name.short == "small EV"
    assert name.may_also_say == (EV, EP)
    reasons = " ".join(name.reasons)
    assert "Size does not prove origin" in reasons
    assert "Markers (CD63) do not prove the route" in reasons
    assert "as recalled, not re-checked" in reasons
    assert [sentence for sentence in name.missing if "exosome" in sentence] == [
        "For 'exosome' or 'ectosome': that the vesicles in this preparation came by that route; "
        "live imaging shows that the cells use it (Verweij18), not that these vesicles did."
    ]


def test_what_is_said_of_sizes_and_counters_rests_on_papers_that_show_it():
    sized = name_preparation(PreparationEvidence(diameter_nm=90, size_method="NTA"))
    counter, size = sized.reasons
    assert "vesicles and other particles alike (Sodar16, Johnsen19)" in counter
    assert "the sizes of the classes overlap (Bebelman20, Kumar24, Mathieu21)" in size


def test_exosomes_may_also_be_called_by_the_wider_words():
    name = name_preparation(
        PreparationEvidence(
            **AN_EV, subcellular_origin_shown="endosome", diameter_nm=90, size_method="NTA"
        )
    )
    assert name.may_also_say == ("small EV (<200 nm by NTA)", EV)


def test_mimetics_may_be_called_mimetics():
    for made in ("made_by_disruption", "fully_synthetic"):
        shown = PreparationEvidence(lipid_bilayer=True, **{made: True})
        assert MIMETIC in name_preparation(shown).may_also_say


def test_what_people_made_is_asked_for_its_membrane_before_it_is_called_a_vesicle():
    for made in ("made_by_disruption", "fully_synthetic"):
        name = name_preparation(PreparationEvidence(**{made: True}))
        assert "vesicle" not in " ".join((name.term, name.short, *name.may_also_say))
        assert "bilayer" in name.missing[0]


def test_nothing_is_missing_where_all_was_shown():
    everything = PreparationEvidence(
        **AN_EV,
        subcellular_origin_shown="endosome",
        diameter_nm=90,
        size_method="NTA",
        non_vesicular_controls=True,
    )
    assert name_preparation(everything).missing == ()


def test_the_definition_is_asked_for_first_and_each_thing_once():
    nothing_shown = name_preparation(PreparationEvidence()).missing
    assert len(nothing_shown) == 4
    words = ("bilayer", "released", "replicate", "lipoproteins")
    for word, sentence in zip(words, nothing_shown, strict=True):
        assert word in sentence
        assert " ".join(nothing_shown).count(word) == 1
    defined = name_preparation(PreparationEvidence(**AN_EV)).missing
    words = ("lipoproteins", "large", "live imaging")
    assert all(word in sentence for word, sentence in zip(words, defined, strict=True))
    with_size = name_preparation(PreparationEvidence(**AN_EV, diameter_nm=100)).missing
    assert "By which method the diameter was measured (Welsh24)." in with_size


def test_an_ev_whose_replication_nobody_looked_at_is_asked_for_that_first():
    for evidence in ALL_EVIDENCE:
        name = name_preparation(evidence)
        if name.short in {"EV", "small EV", "large EV", "exosomes", "ectosomes"}:
            asked = ["replicate" in sentence for sentence in name.missing]
            assert asked.count(True) == (evidence.cannot_replicate is None)
            if evidence.cannot_replicate is None:
                assert asked[0]


def test_what_is_shown_stays_short():
    for evidence in ALL_EVIDENCE:
        marked = dataclasses.replace(evidence, markers=("CD63", "CD9"))
        name = name_preparation(marked)
        assert len(re.findall(r"[.](?: |$)", "\n".join(name.reasons), re.MULTILINE)) <= 3
        assert len(name.missing) <= 4
        assert len(set(name.missing)) == len(name.missing)


def test_a_made_vesicle_is_not_asked_for_its_route():
    missing = name_preparation(PreparationEvidence(made_by_disruption=True)).missing
    assert any("bilayer" in sentence for sentence in missing)
    assert not any("live imaging" in s or "released" in s for s in missing)


def test_what_is_settled_asks_for_nothing():
    assert name_preparation(PreparationEvidence(released_from_cells=False)).missing == ()
    assert name_preparation(PreparationEvidence(cannot_replicate=False)).missing == ()


@pytest.mark.parametrize(
    ("shown", "why"),
    [
        ({"released_from_cells": True, "fully_synthetic": True}, "never released"),
        ({"released_from_cells": True, "made_by_disruption": True}, "not released by it"),
        ({"made_by_disruption": True, "fully_synthetic": True}, "hybrid"),
        ({"subcellular_origin_shown": "endosome", "made_by_disruption": True}, "living cell"),
        ({"subcellular_origin_shown": "plasma membrane", "fully_synthetic": True}, "living cell"),
        ({"subcellular_origin_shown": "endosome", "released_from_cells": False}, "not left"),
        ({"subcellular_origin_shown": "endosome", "lipid_bilayer": False}, "membrane"),
        ({"fully_synthetic": True, "cannot_replicate": False}, "micro-organisms"),
    ],
)
def test_contradictory_evidence_is_refused_with_the_reason(shown, why):
    with pytest.raises(ValueError, match="contradict") as error:
        PreparationEvidence(**shown)
    assert why in str(error.value)


@pytest.mark.parametrize(
    ("field", "value", "error"),
    [
        ("released_from_cells", "yes", TypeError),
        ("lipid_bilayer", 1, TypeError),
        ("made_by_disruption", None, TypeError),
        ("subcellular_origin_shown", "nucleus", ValueError),
        ("markers", "CD63", TypeError),
        ("markers", (63,), TypeError),
        ("diameter_nm", "120", TypeError),
        ("diameter_nm", True, TypeError),
        ("diameter_nm", float("nan"), ValueError),
        ("diameter_nm", float("inf"), ValueError),
        ("diameter_nm", 0, ValueError),
        ("diameter_nm", -5.0, ValueError),
        ("size_method", "NTA", ValueError),  # of what?
    ],
)
def test_what_cannot_be_evidence_is_refused_by_name(field, value, error):
    with pytest.raises(error, match=field):
        PreparationEvidence(**{field: value})


@pytest.mark.parametrize(
    ("method", "error"), [("", ValueError), ("  ", ValueError), (5, TypeError)]
)
def test_a_size_method_has_a_name(method, error):
    with pytest.raises(error, match="size_method"):
        PreparationEvidence(diameter_nm=100, size_method=method)


def test_name_preparation_wants_evidence():
    with pytest.raises(TypeError, match="PreparationEvidence"):
        name_preparation({"lipid_bilayer": True})


def test_evidence_is_given_by_name_and_cannot_be_changed():
    with pytest.raises(TypeError):
        PreparationEvidence(True)
    with pytest.raises(dataclasses.FrozenInstanceError):
        PreparationEvidence().lipid_bilayer = True


def consistent_evidence():
    """Every combination of findings that does not contradict itself."""
    three, two = (True, False, None), (True, False)
    sizes = ((None, None), (120, None), (120, "NTA"), (450, "NTA"))
    for released, bilayer, no_copies, disrupted, synthetic, origin, size in itertools.product(
        three, three, three, two, two, (*SUBCELLULAR_ORIGINS, None), sizes
    ):
        try:
            yield PreparationEvidence(
                released_from_cells=released,
                lipid_bilayer=bilayer,
                cannot_replicate=no_copies,
                made_by_disruption=disrupted,
                fully_synthetic=synthetic,
                subcellular_origin_shown=origin,
                diameter_nm=size[0],
                size_method=size[1],
            )
        except ValueError:
            continue


ALL_EVIDENCE = tuple(consistent_evidence())


def test_no_name_says_more_than_was_shown():
    for evidence in ALL_EVIDENCE:
        name = name_preparation(evidence)
        if name.short == "exosomes":
            assert evidence.subcellular_origin_shown == "endosome"
        if name.short == "ectosomes":
            assert evidence.subcellular_origin_shown == "plasma membrane"
        if name.short in {"EV", "small EV", "large EV", "exosomes", "ectosomes"}:
            assert evidence.released_from_cells is True
            assert evidence.lipid_bilayer is True
            assert evidence.cannot_replicate is not False
            assert not evidence.is_artificial
        if evidence.lipid_bilayer is not True:
            assert not {EV, MIMETIC} & set(name.may_also_say)
            assert name.short not in {"ACDV", "synthetic vesicles"}


def test_size_and_markers_never_change_the_kind_of_name():
    family = {"small EV": "EV", "large EV": "EV"}
    for evidence in ALL_EVIDENCE:
        bare = dataclasses.replace(evidence, diameter_nm=None, size_method=None, markers=())
        marked = dataclasses.replace(evidence, markers=("CD63", "CD9"))
        short = name_preparation(evidence).short
        assert name_preparation(marked).short == short
        assert name_preparation(bare).short == family.get(short, short)


def test_every_reason_and_every_wish_names_a_source_of_the_course():
    known = set(references())
    for evidence in ALL_EVIDENCE:
        marked = name_preparation(dataclasses.replace(evidence, markers=("CD63",)))
        assert marked.reasons
        for sentence in (*marked.reasons, *marked.missing):
            keys = re.findall(r"\b[A-Z]\w+\d\d\b", sentence.replace("CD63", ""))
            assert keys, sentence
            assert set(keys) <= known, sentence


@given(st.floats(min_value=1e-3, max_value=1e6))
def test_the_size_word_depends_on_the_side_of_the_line_only(diameter_nm):
    name = name_preparation(
        PreparationEvidence(**AN_EV, diameter_nm=diameter_nm, size_method="NTA")
    )
    expected = "EV" if diameter_nm == 200 else "small EV" if diameter_nm < 200 else "large EV"
    assert name.short == expected


def test_the_last_rule_holds_always_and_no_name_stands_twice():
    assert all(RULES[-1].holds(evidence) for evidence in ALL_EVIDENCE)
    assert len({rule.short for rule in RULES}) == len({rule.term for rule in RULES}) == len(RULES)
    assert len({why for _, why in CONTRADICTIONS}) == len(CONTRADICTIONS)


def test_a_name_shows_itself_in_a_notebook():
    shown = PreparationName("EV", "EV", ("EP",), ("Because.",), ())._repr_markdown_()
    assert shown == "**EV**\n\n- *may also be called*: EP\n- *why*: Because."
