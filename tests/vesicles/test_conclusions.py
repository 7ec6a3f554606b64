import dataclasses
import itertools
import re

import pytest

from exocourse.knowledge import references
from exocourse.vesicles.conclusions import (
    CONCLUSIONS,
    Controls,
    may_conclude,
    what_to_report,
)
from exocourse.vesicles.isolation import DensityStep, SizeExclusion, Spin, Wash

FINDINGS = ("lost_by_depletion", "soluble_part_active", "blank_active", "vesicles_shown")
ALL_CONTROLS = [
    Controls(effect_seen=seen, **dict(zip(FINDINGS, values, strict=True)))
    for seen in (True, False)
    for values in itertools.product((True, False, None), repeat=4)
]
DONE = {
    "lost_by_depletion": True,
    "soluble_part_active": False,
    "blank_active": False,
    "vesicles_shown": True,
}

CASES = {
    "nothing happened": ({"effect_seen": False}, "no effect seen"),
    "a pellet heals a scratch, no control": ({}, "the preparation"),
    "markers alone": ({"vesicles_shown": True}, "the preparation"),
    "depletion, but the soluble part not tried": (
        {"lost_by_depletion": True, "vesicles_shown": True},
        "the preparation",
    ),
    "the soluble part not active, but no depletion": (
        {"soluble_part_active": False, "vesicles_shown": True},
        "the preparation",
    ),
    "the effect stays without vesicles": ({"lost_by_depletion": False}, "not the vesicles"),
    "the soluble part does it too": ({"soluble_part_active": True}, "vesicles or soluble"),
    "both do it": ({**DONE, "soluble_part_active": True}, "vesicles or soluble"),
    "fresh medium does it too": ({**DONE, "blank_active": True}, "the procedure"),
    "all controls, but what the particles are": (
        {**DONE, "vesicles_shown": None},
        "the particles",
    ),
    "the particles are no vesicles": ({**DONE, "vesicles_shown": False}, "the particles"),
    "all controls": (DONE, "the vesicles"),
}


@pytest.mark.parametrize(("found", "short"), CASES.values(), ids=CASES.keys())
def test_what_may_be_concluded(found, short):
    assert may_conclude(Controls(**{"effect_seen": True} | found)).short == short


def test_the_cases_use_every_line():
    assert {short for _, short in CASES.values()} == {rule.short for rule in CONCLUSIONS}
    assert all(CONCLUSIONS[-1].holds(controls) for controls in ALL_CONTROLS)


def test_vesicles_are_named_only_where_both_controls_were_done():
    for controls in ALL_CONTROLS:
        if may_conclude(controls).short == "the vesicles":
            assert controls.effect_seen
            assert controls.lost_by_depletion is True
            assert controls.soluble_part_active is False
            assert controls.blank_active is not True
            assert controls.vesicles_shown is True


def test_what_is_missing_is_what_nobody_looked_at():
    missing = may_conclude(Controls(effect_seen=True)).missing
    assert len(missing) == 4
    assert may_conclude(Controls(effect_seen=True, **DONE)).missing == ()
    blank_open = dataclasses.replace(Controls(effect_seen=True, **DONE), blank_active=None)
    assert "blank" in may_conclude(blank_open).missing[0]
    assert may_conclude(Controls(effect_seen=False)).missing == ()


def test_a_conclusion_shows_itself_with_its_sources():
    for rule in CONCLUSIONS:
        keys = set(re.findall(r"\b[A-Z]\w+\d\d\b", rule.reason))
        assert keys <= set(references())
        assert keys or rule.short == "no effect seen"
    shown = repr(may_conclude(Controls(effect_seen=True)))
    assert "What in it does, is not known." in shown
    assert "Théry et al., 2018" in shown
    assert "still missing" in shown


@pytest.mark.parametrize("bad", ["yes", 1, 0.5])
def test_a_finding_is_true_false_or_none(bad):
    with pytest.raises(TypeError, match="effect_seen must be True or False"):
        Controls(effect_seen=bad)
    for name in FINDINGS:
        with pytest.raises(TypeError, match=f"{name} must be True, False or None"):
            Controls(effect_seen=True, **{name: bad})


def test_a_conclusion_needs_controls():
    with pytest.raises(TypeError, match="may_conclude takes Controls"):
        may_conclude(True)


def test_a_report_names_every_step_with_its_numbers():
    steps = [
        Spin("Type 45 Ti", 10_000, 30, keep="supernatant"),
        SizeExclusion(),
        DensityStep(),
        Wash("SW 28", 100_000, 70),
    ]
    report = what_to_report(steps)
    assert len(report.steps) == len(steps)
    # 2 pi 11,315 / 60 squared, times 69.85 mm, is 10,000 g.
    assert "Type 45 Ti (fixed-angle), 10,000 g at the mean radius" in report.steps[0]
    assert "11,315 rpm, k-factor 2,101), 30 min" in report.steps[0]
    assert "column" in report.steps[1]
    assert "gradient" in report.steps[2]
    assert "SW 28 (swing-out), 100,000 g" in report.steps[3]
    shown = repr(report)
    assert "At least 3 protein markers" in shown
    assert "Van Deun et al., 2017" in shown
    for sentence in report.always:
        assert set(re.findall(r"\b[A-Z]\w+\d\d\b", sentence)) <= set(references())


def test_a_report_of_something_else():
    with pytest.raises(TypeError, match="'shake' is no step"):
        what_to_report(["shake"])
