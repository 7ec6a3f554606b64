import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exocourse.knowledge import UnknownId, fact, facts
from exocourse.vesicles.centrifugation import (
    Rotor,
    floated_share,
    full_pelleting_minutes,
    pelleted_share,
    sedimentation_coefficient_svedberg,
)
from exocourse.vesicles.geometry import sphere_volume_nm3
from exocourse.vesicles.isolation import (
    SAMPLES,
    SIZES_PER_CLASS,
    DensityStep,
    ParticleClass,
    SizeExclusion,
    Spin,
    Wash,
    example_protocols,
    mixture,
    particle_classes,
    protein_density_difference_g_per_ml,
    purity_of,
    run_protocol,
    sample,
    sample_counts,
    vesicle_density_difference_g_per_ml,
)

NAMES = tuple(kind.name for kind in particle_classes())
FLOATS = ("VLDL", "chylomicron")
EVERYTHING = mixture(dict.fromkeys(NAMES, 1e9))

rotor_names = st.sampled_from(["SW 40 Ti", "MLS-50", "Type 45 Ti", "TLA-110"])
spin_numbers = {
    "rotor": rotor_names,
    "g": st.floats(min_value=1, max_value=1e6),
    "minutes": st.floats(min_value=0.1, max_value=1e4),
}
carry_overs = st.one_of(st.none(), st.floats(min_value=0, max_value=0.99))
steps = st.one_of(
    st.builds(
        Spin,
        **spin_numbers,
        keep=st.sampled_from(["pellet", "supernatant"]),
        carry_over=carry_overs,
    ),
    st.builds(Wash, **spin_numbers, carry_over=carry_overs),
    st.builds(
        SizeExclusion,
        cut_off_nm=st.one_of(st.none(), st.floats(min_value=1, max_value=1000)),
        carry_over=carry_overs,
    ),
    st.builds(
        DensityStep,
        from_g_per_ml=st.floats(min_value=0.9, max_value=1.1),
        to_g_per_ml=st.floats(min_value=1.11, max_value=1.5),
        carry_over=carry_overs,
    ),
)
protocols = st.lists(steps, min_size=1, max_size=6)
count = st.one_of(st.just(0.0), st.floats(min_value=1, max_value=1e18))
mixtures = st.dictionaries(st.sampled_from(NAMES), count, min_size=1).filter(
    lambda counts: any(counts.values())
)


# ---- Conservation --------------------------------------------------------------------------------


@settings(deadline=None)
@given(mixtures, protocols)
def test_no_particle_is_lost_or_made(counts, protocol):
    start = mixture(counts)
    result = run_protocol(start, protocol)
    put_in, let_go = start, np.zeros_like(start.numbers)
    for step in result.steps:
        total = sum(part.numbers for part in step.fractions.values())
        np.testing.assert_allclose(total, put_in.numbers, rtol=1e-12)
        assert all(np.all(part.numbers >= 0) for part in step.fractions.values())
        let_go += sum(part.numbers for name, part in step.fractions.items() if name != step.kept)
        put_in = step.contents
    # What is kept at the end and what was let go on the way is what was put in.
    np.testing.assert_allclose(result.contents.numbers + let_go, start.numbers, rtol=1e-9)
    assert result.start is start


@settings(deadline=None)
@given(mixtures, protocols)
def test_protein_yields_and_time_add_up(counts, protocol):
    result = run_protocol(mixture(counts), protocol)
    protein_in = sum(result.start.protein_ug.values())
    minutes = 0.0
    for step in result.steps:
        protein = sum(sum(part.protein_ug.values()) for part in step.fractions.values())
        assert protein == pytest.approx(protein_in)
        assert step.purity.protein_ug <= protein_in * (1 + 1e-9)
        protein_in = step.purity.protein_ug
        minutes += step.step.time_min
        assert step.minutes == pytest.approx(minutes)
        assert set(step.yields) == {name for name, n in counts.items() if n}
        assert all(0 <= share <= 1 + 1e-12 for share in step.yields.values())
        assert 0 <= step.purity.vesicle_share_of_counted <= 1 + 1e-12
        assert 0 <= step.purity.vesicle_share_of_protein <= 1 + 1e-12
    ends = [list(step.yields.values()) for step in result.steps]
    assert np.all(np.diff(np.array(ends), axis=0) <= 1e-12)
    assert result.minutes == pytest.approx(minutes)


@settings(deadline=None)
@given(protocols)
def test_twice_the_sample_is_twice_of_everything(protocol):
    once, twice = (run_protocol(sample("blood plasma", ml), protocol) for ml in (1, 2))
    for name, n in once.contents.counts.items():
        assert twice.contents.counts[name] == pytest.approx(2 * n)
    for name in once.yields:
        assert twice.yields[name] == pytest.approx(once.yields[name])


# ---- Limits --------------------------------------------------------------------------------------


@pytest.mark.parametrize("rotor", ["SW 28", "Type 45 Ti"])
def test_a_spin_without_end_pellets_all_that_sinks_and_nothing_that_floats(rotor):
    spin = Spin(rotor, 1e6, 1e6, carry_over=0)
    step = run_protocol(EVERYTHING, [spin]).steps[0]
    for name in NAMES:
        share = step.yields[name]
        assert share == (0 if name in FLOATS else 1)
        assert step.floated[name] == pytest.approx(1e9 if name in FLOATS else 0)
    supernatant = step.fractions["supernatant"].counts
    assert {name for name, n in supernatant.items() if n} == set(FLOATS)


def test_what_floats_never_pellets_however_it_is_spun():
    for g in (300, 100_000):
        for minutes in (1, 70, 10_000):
            spin = Spin("Type 45 Ti", g, minutes, carry_over=0)
            pellet = run_protocol(EVERYTHING, [spin]).contents.counts
            assert pellet["VLDL"] == pellet["chylomicron"] == 0
    # With liquid left over the pellet, some of it stays: but no more than that liquid held.
    pellet = run_protocol(EVERYTHING, [Spin("Type 45 Ti", 300, 1, carry_over=0.1)]).contents
    assert 0 < pellet.counts["VLDL"] <= 0.1 * 1e9


def test_a_spin_that_does_nothing_leaves_the_liquid_where_it_was():
    step = run_protocol(EVERYTHING, [Spin("SW 28", 1, 1e-3, "supernatant", carry_over=0.25)])
    for share in step.yields.values():
        assert share == pytest.approx(0.75, abs=1e-6)


def test_size_exclusion_parts_by_size_and_by_nothing_else():
    column = [SizeExclusion(cut_off_nm=50, carry_over=0)]
    yields = run_protocol(EVERYTHING, column).yields
    assert yields["large EV"] > 0.999
    assert yields["chylomicron"] > 0.999
    assert yields["soluble protein"] < 1e-6
    assert yields["HDL"] < 1e-6
    # Equal size, equal fate: half of what is as large as the cut-off.
    light = ParticleClass("light", False, 50, 50, -0.1, 0.1, 1.0, 1.1)
    heavy = ParticleClass("heavy", False, 50, 50, 0.4, 0.9, 1.0, 1.1)
    yields = run_protocol(mixture({"light": 1, "heavy": 1}, classes=[light, heavy]), column).yields
    assert yields["light"] == yields["heavy"] == pytest.approx(0.5)


def test_the_edge_of_the_column_is_that_of_the_fact():
    edge = fact("size-exclusion-cut-off")
    for diameter, share in ((edge.low, 0.025), (edge.high, 0.975)):
        # The fact's middle is not quite the geometric mean of its ends.
        kind = ParticleClass("ball", False, diameter, diameter, 0.1, 0.1, 1.0, 1.1)
        start = mixture({"ball": 1}, classes=[kind])
        kept = run_protocol(start, [SizeExclusion(carry_over=0)]).yields["ball"]
        assert kept == pytest.approx(share, abs=0.02)


def test_a_density_step_parts_by_density_and_by_nothing_else():
    band = run_protocol(EVERYTHING, [DensityStep(carry_over=0)]).yields
    # The band of the fact is that of 95 % of the vesicles.
    assert band["small EV"] == band["large EV"] == pytest.approx(0.95)
    assert band["LDL"] < 1e-3
    assert band["chylomicron"] == 0
    assert band["soluble protein"] < 1e-3
    # HDL is as dense as vesicles: half of it comes along.
    assert 0.3 < band["HDL"] < 0.7
    everything = run_protocol(EVERYTHING, [DensityStep(0.5, 2.0, carry_over=0)]).yields
    assert all(share == pytest.approx(1) for share in everything.values())


@settings(deadline=None)
@given(carry_overs)
def test_carry_over_is_the_least_that_stays(carry_over):
    least = fact("separation-carry-over").value if carry_over is None else carry_over
    for step in (SizeExclusion(carry_over=carry_over), DensityStep(carry_over=carry_over)):
        yields = run_protocol(EVERYTHING, [step]).yields
        assert min(yields.values()) >= least * (1 - 1e-9)
        assert yields["soluble protein"] == pytest.approx(least, abs=2e-3)


def test_a_wash_is_a_spin_of_the_pellet():
    spin = Spin("Type 45 Ti", 100_000, 70)
    twice = run_protocol(EVERYTHING, [spin, spin])
    washed = run_protocol(EVERYTHING, [spin, Wash("Type 45 Ti", 100_000, 70)])
    assert washed.yields == twice.yields
    once = run_protocol(EVERYTHING, [spin])
    assert washed.yields["soluble protein"] == pytest.approx(
        once.yields["soluble protein"] ** 2, rel=1e-9
    )
    assert washed.yields["small EV"] < once.yields["small EV"] * (1 + 1e-12)


def test_a_step_does_to_each_size_what_the_model_of_the_spin_says():
    spin = Spin("Type 45 Ti", 20_000, 15, carry_over=0.02)
    pellet = run_protocol(EVERYTHING, [spin]).contents
    for row, kind in enumerate(EVERYTHING.classes):
        for column in (0, SIZES_PER_CLASS - 1):
            size = EVERYTHING.diameters_nm[row, column]
            difference = EVERYTHING.density_differences_g_per_ml[row, column]
            sunk = pelleted_share("Type 45 Ti", 20_000, 15, size, difference)
            risen = floated_share("Type 45 Ti", 20_000, 15, size, difference)
            expected = sunk + 0.02 * (1 - sunk - risen)
            share = pellet.numbers[row, column] / EVERYTHING.numbers[row, column]
            assert share == pytest.approx(expected), kind.name


def test_a_thicker_liquid_pellets_less():
    spin = [Spin("Type 45 Ti", 20_000, 15)]
    thin, thick = (run_protocol(EVERYTHING, spin, eta).yields for eta in (1e-3, 3e-3))
    assert thick["small EV"] < thin["small EV"]
    assert thick["LDL"] < thin["LDL"]


# ---- What the lesson shows -----------------------------------------------------------------------


def test_a_hundred_nanometres_are_down_in_a_quarter_of_an_hour():
    # The published time, for one size and one density difference.
    kind = ParticleClass("ball", False, 100, 100, 0.15, 0.2, 1.0, 1.1)
    start = mixture({"ball": 1e9}, classes=[kind])
    for minutes, share in ((13.2, 1), (6.6, 0.609)):
        spin = Spin("Type 45 Ti", 100_000, minutes, carry_over=0)
        # Half the way in a round tube: (2 / pi) (asin 1/2 + sqrt(3) / 4) = 0.609.
        assert run_protocol(start, [spin]).yields["ball"] == pytest.approx(share, abs=3e-3)


def test_protein_pellets_with_the_vesicles_and_a_wash_takes_it_off():
    spins, washed = (
        run_protocol(sample("conditioned medium", 50), example_protocols()[name])
        for name in ("spins", "spins and a wash")
    )
    assert spins.yields["small EV"] > 0.5
    assert spins.yields["protein aggregate"] > 0.5
    assert spins.purity.vesicle_share_of_protein < 0.1
    assert washed.purity.ratio_per_ug > 5 * spins.purity.ratio_per_ug
    assert washed.minutes > spins.minutes


def test_a_better_ratio_can_hide_fewer_vesicles():
    # On plasma the column keeps VLDL and chylomicrons: more counts a microgram, hardly a vesicle.
    plasma = sample("blood plasma")
    spins, column = (
        run_protocol(plasma, example_protocols()[name]).purity
        for name in ("spins and a wash", "column")
    )
    assert column.ratio_per_ug > 10 * spins.ratio_per_ug
    assert column.vesicle_share_of_counted < 0.02 < spins.vesicle_share_of_counted


def test_two_methods_part_what_one_does_not():
    plasma = sample("blood plasma")
    column, both, gradient = (
        run_protocol(plasma, steps).purity.vesicle_share_of_protein
        for steps in (
            [SizeExclusion()],
            [SizeExclusion(), DensityStep()],
            [DensityStep()],
        )
    )
    assert both > 10 * max(column, gradient)


def test_every_example_runs_on_every_sample():
    for name in SAMPLES:
        for steps in example_protocols().values():
            result = run_protocol(sample(name), steps)
            assert 0 < result.yields["small EV"] < 1
            assert result.purity.band is not None


# ---- Particles -----------------------------------------------------------------------------------


def test_the_classes():
    assert NAMES == (
        "small EV",
        "large EV",
        "HDL",
        "LDL",
        "VLDL",
        "chylomicron",
        "protein aggregate",
        "soluble protein",
    )
    assert [kind.name for kind in particle_classes() if kind.is_vesicle] == ["small EV", "large EV"]
    known = set(facts())
    for kind in particle_classes():
        assert kind.fact_ids
        assert set(kind.fact_ids) <= known


def test_lipoproteins_lie_where_the_review_has_them():
    # Busatto20: g/mL and nm, as printed.  Liquid: 1.006 g/mL.
    for name, densities, diameters in (
        ("HDL", (1.063, 1.210), (5, 10)),
        ("LDL", (1.019, 1.063), (20, 20)),
        ("VLDL", (0.930, 1.006), (30, 80)),
        ("chylomicron", (0.950, 0.950), (80, 1000)),
    ):
        kind = next(one for one in particle_classes() if one.name == name)
        assert (kind.rests_from_g_per_ml, kind.rests_to_g_per_ml) == densities
        assert (kind.smallest_nm, kind.largest_nm) == diameters
        assert kind.density_difference_g_per_ml == pytest.approx(sum(densities) / 2 - 1.006)
        assert (kind.density_difference_g_per_ml < 0) == (name in FLOATS)


def test_sizes_are_spread_as_the_class_says():
    for kind in particle_classes():
        sizes = kind.diameters_nm
        assert sizes.shape == (SIZES_PER_CLASS,)
        middle = math.sqrt(kind.smallest_nm * kind.largest_nm)
        assert np.median(sizes) == pytest.approx(middle)
        # Fifteen equal parts: the outermost stand for 1/30 on either side, just inside 95 %.
        assert np.all((sizes >= kind.smallest_nm * 0.999) & (sizes <= kind.largest_nm * 1.001))
        if kind.smallest_nm < kind.largest_nm:
            assert np.all(np.diff(sizes) > 0)
            assert sizes[-1] > 0.8 * kind.largest_nm


def test_the_soluble_protein_sinks_as_one_like_albumin_does():
    kind = particle_classes()[-1]
    svedberg = sedimentation_coefficient_svedberg(
        kind.smallest_nm, kind.density_difference_g_per_ml, viscosity_pa_s=1.0016e-3
    )
    assert svedberg == pytest.approx(4.3, abs=0.1)
    dalton = kind.protein_g_per_ml * 1e-21 * sphere_volume_nm3(kind.smallest_nm) * 6.022e23
    assert dalton == pytest.approx(65_000, rel=0.01)


def test_a_vesicle_is_denser_the_smaller_it_is():
    differences = vesicle_density_difference_g_per_ml(np.array([30.0, 50, 100, 200, 1000]))
    assert np.all(np.diff(differences) < 0)
    # Lumen shares 29.6 % and 72.9 %; shell 0.15; lumen 0.2 (1 - 0.7299 * 1.006) = 0.0531 g/mL.
    assert differences[0] == pytest.approx(0.296 * 0.0531 + 0.704 * 0.15, abs=2e-4)
    assert differences[2] == pytest.approx(0.729 * 0.0531 + 0.271 * 0.15, abs=2e-4)
    almost_all_lumen = vesicle_density_difference_g_per_ml(1e6)
    assert almost_all_lumen == pytest.approx(protein_density_difference_g_per_ml(0.2), rel=1e-3)
    same = vesicle_density_difference_g_per_ml(100, protein_density_difference_g_per_ml(0.2))
    assert same == pytest.approx(protein_density_difference_g_per_ml(0.2))


def test_protein_in_a_particle_of_ldl_is_about_its_one_large_protein():
    ldl = mixture({"LDL": 1})
    # 550,000 Da are 0.91 ag.
    assert ldl.protein_ug["LDL"] * 1e12 == pytest.approx(0.91, rel=0.1)


@pytest.mark.parametrize("name", SAMPLES)
def test_samples_hold_what_their_facts_say(name):
    counts = sample_counts(name, 2)
    assert set(counts) == set(NAMES)
    protein_mg = {"conditioned medium": 0.05, "blood plasma": 70}[name]
    assert sample(name, 2).protein_ug["soluble protein"] == pytest.approx(2000 * protein_mg)
    lipoproteins = [counts[kind] for kind in ("HDL", "LDL", "VLDL", "chylomicron")]
    assert all(n > 0 for n in lipoproteins) == (name == "blood plasma")
    if name == "blood plasma":
        assert counts["small EV"] == 2e10
        # Vesicles are few among the particles of plasma.
        assert counts["small EV"] < 1e-3 * counts["LDL"]


def test_a_class_can_have_another_density():
    usual, heavier = (
        mixture({"LDL": 1e9, "small EV": 1e9}, differences)
        for differences in (None, {"LDL": 0.4, "small EV": -0.01})
    )
    spin = [Spin("Type 45 Ti", 100_000, 70, carry_over=0)]
    assert run_protocol(heavier, spin).yields["LDL"] > run_protocol(usual, spin).yields["LDL"]
    assert run_protocol(heavier, spin).yields["small EV"] == 0


# ---- Purity of a mixture -------------------------------------------------------------------------


def test_purity_by_hand():
    # Balls of 100 nm (5.236e5 nm3) with 0.2 g/mL: 104.7 ag; a second kind too small to be counted.
    seen = ParticleClass("seen", True, 100, 100, 0.1, 0.2, 1.1, 1.2)
    unseen = ParticleClass("unseen", False, 10, 10, 0.1, 0.2, 1.1, 1.2)
    purity = purity_of(mixture({"seen": 1e10, "unseen": 1e12}, classes=[seen, unseen]))
    # 1e12 balls of a tenth of the width hold 100 times a thousandth.
    assert purity.protein_ug == pytest.approx(1.047 * 1.1, rel=1e-3)
    assert purity.counted == pytest.approx(1e10)
    assert purity.ratio_per_ug == pytest.approx(1e10 / (1.047 * 1.1), rel=1e-3)
    assert purity.vesicle_share_of_counted == pytest.approx(1)
    assert purity.vesicle_share_of_protein == pytest.approx(1 / 1.1)
    assert purity.band.name == "low purity"


def test_a_counter_that_sees_less_counts_less():
    medium = sample("conditioned medium")
    few, many = (purity_of(medium, limit).counted for limit in (120, 30))
    assert few < many


def test_nothing_to_count_has_no_band():
    purity = purity_of(mixture({"soluble protein": 1e9}))
    assert (purity.counted, purity.ratio_per_ug, purity.band) == (0, 0, None)
    assert purity.vesicle_share_of_counted == 0


# ---- Tables and words ----------------------------------------------------------------------------


def test_the_table_has_a_row_for_each_step_fraction_and_class():
    result = run_protocol(sample("blood plasma"), example_protocols()["column and gradient"])
    rows = result.table()
    assert len(rows) == 5 * 2 * 8
    for number, step in enumerate(result.steps, start=1):
        mine = [row for row in rows if row["step"] == number]
        assert {row["fraction"] for row in mine if row["kept"]} == {step.kept}
        kept = {row["particle_class"]: row for row in mine if row["kept"]}
        assert {name: row["share_of_start"] for name, row in kept.items()} == step.yields
        assert sum(row["protein_ug"] for row in mine if row["kept"]) == pytest.approx(
            step.purity.protein_ug
        )
    medium = run_protocol(sample("conditioned medium"), [SizeExclusion()]).table()
    assert len(medium) == 2 * 4


def test_it_shows_itself_the_same_every_time():
    protocol = [Spin("Type 45 Ti", 100_000, 70), SizeExclusion(), DensityStep()]
    first, again = (repr(run_protocol(sample("blood plasma"), protocol)) for _ in range(2))
    assert first == again
    assert "1. Type 45 Ti, 100,000 g, 70 min, keep the pellet" in first
    assert "size exclusion, edge at 50 nm, keep the first fractions" in first
    assert "density gradient, keep 1.130 to 1.190 g/mL" in first
    assert "chylomicron 0 %" in first
    assert repr(mixture({"LDL": 1e12})).startswith("Mixture\n  LDL: 1 × 10¹² particles, ")
    assert "HDL" not in repr(mixture({"LDL": 1e12}))
    assert Wash("SW 28", 1000, 5).words == "wash: SW 28, 1,000 g, 5 min, keep the pellet"


def test_your_own_rotor_goes_through_a_protocol():
    own = Rotor("a rotor of mine", 50, 100, 20)
    size, difference = 150.0, 0.2
    minutes = full_pelleting_minutes(own, 20_000, size, difference) + 1
    kind = ParticleClass("ball", False, size, size, difference, 0.2, 1.0, 1.1)
    start = mixture({"ball": 1}, classes=[kind])
    result = run_protocol(start, [Spin(own, 20_000, minutes)])
    assert result.yields["ball"] == 1
    assert "a rotor of mine" in repr(result)


# ---- Bad input -----------------------------------------------------------------------------------


def test_an_empty_protocol():
    with pytest.raises(ValueError, match=r"the protocol is empty; give at least one step, such as"):
        run_protocol(EVERYTHING, [])


@pytest.mark.parametrize("bad", [None, "spin", 3, Spin("SW 28", 100, 1)])
def test_a_protocol_is_a_list_of_steps(bad):
    with pytest.raises(TypeError, match="step"):
        run_protocol(EVERYTHING, bad)


def test_a_step_that_is_none():
    with pytest.raises(TypeError, match="step 2 is 'shake'; give a step"):
        run_protocol(EVERYTHING, [SizeExclusion(), "shake"])


def test_a_protocol_starts_with_a_mixture():
    with pytest.raises(TypeError, match="run_protocol takes a Mixture"):
        run_protocol({"LDL": 1}, [SizeExclusion()])


@pytest.mark.parametrize("step", [Spin, Wash])
@pytest.mark.parametrize(
    ("bad", "error"),
    [
        (0, ValueError),
        (-5, ValueError),
        (float("nan"), ValueError),
        (float("inf"), ValueError),
        (1e300, ValueError),
        ("10", TypeError),
        ([1, 2], TypeError),
        (True, TypeError),
    ],
)
def test_a_spin_has_possible_numbers(step, bad, error):
    with pytest.raises(error, match=r"\bg\b"):
        step("SW 28", bad, 10)
    with pytest.raises(error, match="minutes"):
        step("SW 28", 1000, bad)


@pytest.mark.parametrize("step", [Spin, Wash])
def test_a_spin_has_a_rotor(step):
    with pytest.raises(UnknownId, match=r"There is no rotor 'Type 46 Ti'\. Nearest: .*Type 45 Ti"):
        step("Type 46 Ti", 1000, 10)
    with pytest.raises(ValueError, match="must be below r_max_mm"):
        step(Rotor("mine", 90, 80), 1000, 10)


def test_a_spin_keeps_one_of_two():
    with pytest.raises(ValueError, match="keep must be 'pellet' or 'supernatant', not 'both'"):
        Spin("SW 28", 1000, 10, keep="both")


@pytest.mark.parametrize(
    "make",
    [
        lambda share: Spin("SW 28", 1000, 10, carry_over=share),
        lambda share: Wash("SW 28", 1000, 10, carry_over=share),
        lambda share: SizeExclusion(carry_over=share),
        lambda share: DensityStep(carry_over=share),
    ],
)
def test_a_carry_over_is_a_share(make):
    for bad in (-0.1, 1, 2, float("nan")):
        with pytest.raises(ValueError, match="carry_over"):
            make(bad)
    with pytest.raises(TypeError, match="carry_over"):
        make("1 %")


@pytest.mark.parametrize("bad", [0, -1, float("nan"), float("inf")])
def test_cut_offs_and_densities_are_above_zero(bad):
    with pytest.raises(ValueError, match="cut_off_nm"):
        SizeExclusion(bad)
    with pytest.raises(ValueError, match="from_g_per_ml"):
        DensityStep(bad, 1.2)
    with pytest.raises(ValueError, match="to_g_per_ml"):
        DensityStep(1.1, bad)
    for call in (
        lambda: run_protocol(EVERYTHING, [SizeExclusion()], viscosity_pa_s=bad),
        lambda: run_protocol(EVERYTHING, [Spin("SW 28", 1, 1)], viscosity_pa_s=bad),
    ):
        with pytest.raises(ValueError, match="viscosity_pa_s"):
            call()
    with pytest.raises(ValueError, match="counted_from_nm"):
        purity_of(EVERYTHING, bad)
    with pytest.raises(ValueError, match="volume_ml"):
        sample("blood plasma", bad)


def test_a_band_has_a_width():
    for low, high in ((1.2, 1.1), (1.1, 1.1)):
        with pytest.raises(ValueError, match="has no width; give the lighter end first"):
            DensityStep(low, high)


@pytest.mark.parametrize("bad", [-1, float("nan"), float("inf"), 1e40])
def test_counts_are_not_negative_and_possible(bad):
    with pytest.raises(ValueError, match="the count of LDL"):
        mixture({"LDL": bad})


def test_a_mixture_of_nothing():
    for counts in ({}, {"LDL": 0}):
        with pytest.raises(ValueError, match="there are no particles"):
            mixture(counts)


def test_a_count_and_a_difference_are_numbers():
    with pytest.raises(TypeError, match="the count of LDL"):
        mixture({"LDL": "many"})
    with pytest.raises(ValueError, match="density_difference_g_per_ml is nan"):
        mixture({"LDL": 1}, {"LDL": float("nan")})


def test_an_unknown_class_or_sample_names_the_nearest():
    with pytest.raises(
        UnknownId, match=r"There is no class of particles 'small EVs'\. Nearest: sm"
    ):
        mixture({"small EVs": 1e9})
    with pytest.raises(UnknownId, match="There is no class of particles 'ldl'"):
        mixture({"LDL": 1e9}, {"ldl": 0.1})
    with pytest.raises(UnknownId, match="Nearest: blood plasma"):
        sample("plasma")


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"smallest_nm": 0}, "smallest_nm"),
        ({"largest_nm": 40}, "smallest_nm lies above largest_nm"),
        ({"rests_to_g_per_ml": 1.0}, "rests_from_g_per_ml lies above"),
        ({"density_difference_g_per_ml": float("nan")}, "density_difference_g_per_ml"),
        ({"protein_g_per_ml": 0}, "protein_g_per_ml"),
        ({"density_difference_g_per_ml": None}, "only a vesicle has a shell"),
        ({"protein_g_per_ml": None}, "only a vesicle has a shell"),
    ],
)
def test_a_class_that_cannot_be(changes, message):
    given_values = {
        "name": "ball",
        "is_vesicle": False,
        "smallest_nm": 50,
        "largest_nm": 100,
        "density_difference_g_per_ml": 0.1,
        "protein_g_per_ml": 0.2,
        "rests_from_g_per_ml": 1.1,
        "rests_to_g_per_ml": 1.2,
    }
    ParticleClass(**given_values)
    with pytest.raises(ValueError, match=message):
        ParticleClass(**given_values | changes)
