"""Tracks against closed forms, against another library, and against the truth they come from.

Seeds are fixed, so that what is left to chance is the same every time; tolerances are at least four
standard errors of what is compared.
"""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from exocourse.vesicles.diffusion import (
    apparent_diameter_nm,
    diameter_at_assumed_temperature_nm,
    mean_squared_displacement_um2,
    stokes_einstein_diameter_nm,
    stokes_einstein_diffusion_um2_s,
)
from exocourse.vesicles.scattering import bead_scattering, is_visible
from exocourse.vesicles.tracking import (
    MixtureShares,
    Tracks,
    ensemble_msd_um2,
    estimate_drift_um_s,
    mixture_shares,
    simulate_tracks,
    size_distribution,
    size_from_track,
    track_msd_um2,
    tracks_from_table,
)

FRAME_S = 1 / 30
D_100 = stokes_einstein_diffusion_um2_s(100, 25)
# So wide that nobody reaches an edge.
WIDE = (1e8, 1e8)


def free_tracks(count, frames, seed=0, diameter_nm=100.0, **options):
    """Tracks of equal particles that never leave."""
    return simulate_tracks(np.full(count, diameter_nm), frames, rng=seed, field_um=WIDE, **options)


def slow_msd(positions, lag):
    """Mean squared displacement of one track by its definition."""
    moves = positions[lag:] - positions[:-lag]
    return np.mean(np.sum(moves**2, axis=1))


# ---- Simulation: the motion ----------------------------------------------------------------------


def test_every_step_is_normal_with_variance_2_d_t():
    steps = np.diff(free_tracks(2000, 51).positions_um, axis=1)
    unit = steps / np.sqrt(2 * D_100 * FRAME_S)
    # Standard errors of the moments of 100,000 numbers: 0.003, 0.0045, 0.008, 0.015.
    for axis in (0, 1):
        values = unit[:, :, axis].ravel()
        for power, moment, error in ((1, 0, 0.003), (2, 1, 0.0045), (3, 0, 0.012), (4, 3, 0.031)):
            assert np.mean(values**power) == pytest.approx(moment, abs=4 * error)
    assert np.mean(unit[:, :, 0] * unit[:, :, 1]) == pytest.approx(0, abs=0.013)
    assert np.mean(unit[:, 1:] * unit[:, :-1]) == pytest.approx(0, abs=0.01)


def test_each_particle_moves_as_its_own_size_says():
    sizes = np.repeat([40.0, 100.0, 300.0], 1000)
    tracks = simulate_tracks(sizes, 31, rng=1, field_um=WIDE, temperature_c=37)
    found = size_from_track(tracks.positions_um, FRAME_S, 37)
    for size in (40, 100, 300):
        mean = np.mean(found.diffusion_um2_s[tracks.true_diameters_nm == size])
        # One track has a relative error of 1 / sqrt(30), a thousand have 0.6 %.
        assert mean == pytest.approx(stokes_einstein_diffusion_um2_s(size, 37), rel=0.024)


def test_the_mean_squared_displacement_follows_theory():
    msd = ensemble_msd_um2(free_tracks(4000, 41, seed=2).positions_um, 10)
    theory = mean_squared_displacement_um2(D_100, np.arange(1, 11) * FRAME_S)
    np.testing.assert_allclose(msd, theory, rtol=0.025)


def test_localisation_error_adds_4_s2_at_every_lag():
    error_um = 0.3
    tracks = free_tracks(4000, 41, seed=3, localisation_error_um=error_um)
    theory = mean_squared_displacement_um2(
        D_100, np.arange(1, 11) * FRAME_S, localisation_error_um=error_um
    )
    np.testing.assert_allclose(ensemble_msd_um2(tracks.positions_um, 10), theory, rtol=0.025)
    # A particle so large that it stands still leaves nothing but the error.
    still = free_tracks(2000, 41, diameter_nm=1e9, localisation_error_um=error_um)
    msd = ensemble_msd_um2(still.positions_um)
    np.testing.assert_allclose(msd[:20], 4 * error_um**2, rtol=0.04)


def test_drift_adds_v2_t2():
    drift = (30.0, -40.0)
    tracks = free_tracks(4000, 41, seed=4, drift_um_s=drift)
    lag_s = np.arange(1, 11) * FRAME_S
    theory = mean_squared_displacement_um2(D_100, lag_s, drift_um_s=50)
    np.testing.assert_allclose(ensemble_msd_um2(tracks.positions_um, 10), theory, rtol=0.02)
    assert estimate_drift_um_s(tracks.positions_um, FRAME_S) == pytest.approx(drift, abs=0.2)
    # A particle so large that it stands still is carried and nothing else.
    carried = free_tracks(5, 41, diameter_nm=1e9, drift_um_s=drift)
    msd = track_msd_um2(carried.positions_um)
    np.testing.assert_allclose(msd, np.tile((50 * np.arange(1, 41) * FRAME_S) ** 2, (5, 1)), 1e-3)


def test_a_single_drift_goes_along_the_width():
    tracks = free_tracks(2000, 31, drift_um_s=30)
    assert tracks.truth.drift_um_s == (30, 0)
    assert estimate_drift_um_s(tracks.positions_um, FRAME_S) == pytest.approx((30, 0), abs=0.3)


# ---- Simulation: the field, who is in it, who is seen --------------------------------------------


SMALL_FIELD = (12.0, 8.0)


def crowded(**options):
    """Tracks in a field so small that particles keep crossing its edges."""
    return simulate_tracks(np.full(300, 60.0), 61, rng=5, field_um=SMALL_FIELD, **options)


def test_the_field_always_holds_every_particle_once():
    tracks = crowded()
    screen = tracks.on_screen()
    assert screen.shape == (300, 61, 2)
    assert not np.isnan(screen).any()
    assert tracks.lengths.sum() == 300 * 61
    np.testing.assert_array_equal(screen, tracks.truth.paths_um)
    assert np.all((screen >= 0) & (screen <= SMALL_FIELD))


def test_who_leaves_comes_in_on_the_other_side():
    # The same steps in a wide field: the places differ by whole fields and nothing else.
    paths = crowded().truth.paths_um
    free = simulate_tracks(np.full(300, 60.0), 61, rng=5, field_um=WIDE).truth.paths_um
    fields = ((paths - paths[:, :1]) - (free - free[:, :1])) / SMALL_FIELD
    np.testing.assert_allclose(fields, np.round(fields), atol=1e-6)
    assert np.abs(np.round(fields)).max() >= 2


def test_particles_stay_evenly_spread():
    # They start so, and coming in where others leave keeps it so.
    late = crowded().truth.paths_um[:, -1] / SMALL_FIELD
    counts = np.histogram2d(*late.T, bins=3, range=[[0, 1], [0, 1]])[0]
    assert np.sum((counts - 300 / 9) ** 2) / (300 / 9) < 26.1  # chi-square, 8 degrees, 0.1 %
    assert late.mean(axis=0) == pytest.approx([0.5, 0.5], abs=4 / np.sqrt(12 * 300))


def test_nobody_leaps_across_the_field_within_a_track():
    tracks = crowded()
    steps = np.diff(tracks.at_least(2).positions_um, axis=1)
    rms = np.sqrt(2 * stokes_einstein_diffusion_um2_s(60, 25) * FRAME_S)
    assert np.nanmax(np.abs(steps)) < 6 * rms
    assert len(tracks) > 300


def test_as_many_leave_as_steps_over_an_edge_say():
    # A step of length s along an axis of length W leads out for a share |s| / W of the places.
    tracks = simulate_tracks(np.full(2000, 100.0), 61, rng=6, field_um=(20, 15))
    mean_step = np.sqrt(2 * D_100 * FRAME_S) * np.sqrt(2 / np.pi)
    stay = (1 - mean_step / 20) * (1 - mean_step / 15)
    expected = 2000 * 60 * (1 - stay)
    assert len(tracks) - 2000 == pytest.approx(expected, rel=0.05)


def test_edges_hide_long_steps_by_as_much_as_the_docstring_says():
    width = 10.0
    tracks = simulate_tracks(np.full(3000, 100.0), 61, rng=7, field_um=(width, 1e6))
    steps = np.diff(tracks.at_least(2).positions_um, axis=1)
    step = np.sqrt(2 * D_100 * FRAME_S)
    share = step / width
    # E[s^2 (1 - |s| / W)] / E[1 - |s| / W] for normal s.
    mean, cube = np.sqrt(2 / np.pi), 2 * np.sqrt(2 / np.pi)
    expected = (1 - cube * share) / (1 - mean * share)
    across, along = np.nanmean(steps**2, axis=(0, 1)) / step**2
    assert across == pytest.approx(expected, abs=0.014)
    assert along == pytest.approx(1, abs=0.014)
    assert expected == pytest.approx(1 - 0.8 * share, abs=0.005)


def test_a_track_is_a_visit():
    tracks = crowded()
    order = np.lexsort((tracks.first_frames, tracks.truth.particles))
    particle = tracks.truth.particles[order]
    start = tracks.first_frames[order]
    end = start + tracks.lengths[order]
    same = particle[1:] == particle[:-1]
    # One visit begins in the frame after the last one ended.
    np.testing.assert_array_equal(start[1:][same], end[:-1][same])
    assert np.all(start[1:][~same] == 0)
    assert np.all(end[:-1][~same] == 61)


def test_the_longest_track():
    free = free_tracks(50, 100, longest_track=30)
    assert sorted(set(free.lengths)) == [10, 30]
    assert len(free) == 50 * 4
    np.testing.assert_array_equal(free.on_screen(), free_tracks(50, 100).positions_um)
    tracks = crowded(longest_track=7)
    assert tracks.lengths.max() == 7
    assert tracks.lengths.sum() == 300 * 61
    np.testing.assert_array_equal(tracks.on_screen(), crowded().on_screen())


def test_what_is_too_dim_has_no_track_and_changes_nothing_else():
    sizes = np.array([30.0, 60, 80, 100, 150] * 20)
    threshold = bead_scattering(40)
    all_seen = simulate_tracks(sizes, 31, rng=8)
    some = simulate_tracks(sizes, 31, rng=8, detection_threshold=threshold)
    np.testing.assert_array_equal(some.truth.seen, is_visible(sizes, threshold))
    assert some.truth.seen.tolist() == [False, False, True, True, True] * 20
    assert set(some.true_diameters_nm) == {80, 100, 150}
    screen = some.on_screen()
    assert np.isnan(screen[~some.truth.seen]).all()
    np.testing.assert_array_equal(screen[some.truth.seen], all_seen.on_screen()[some.truth.seen])
    np.testing.assert_array_equal(some.truth.paths_um, all_seen.truth.paths_um)
    beads = simulate_tracks(sizes, 31, rng=8, detection_threshold=threshold, particle="bead")
    assert set(beads.true_diameters_nm) == {60, 80, 100, 150}


def test_where_nothing_is_bright_enough_there_is_no_track():
    tracks = simulate_tracks([30, 40], 31, rng=1, detection_threshold=1)
    assert len(tracks) == 0
    assert tracks.on_screen().shape == (2, 31, 2)
    with pytest.raises(ValueError, match="none of the 0 tracks has 5 frames or more"):
        size_distribution(tracks)


def test_measured_positions_differ_from_true_ones_by_the_error():
    tracks = simulate_tracks(np.full(500, 100.0), 61, rng=9, localisation_error_um=0.1)
    difference = tracks.on_screen() - tracks.truth.paths_um
    assert np.std(difference) == pytest.approx(0.1, rel=0.015)
    assert np.mean(difference) == pytest.approx(0, abs=0.002)


def test_the_same_seed_gives_the_same_film():
    one, same = (simulate_tracks([60, 100], 31, rng=3) for _ in range(2))
    np.testing.assert_array_equal(one.positions_um, same.positions_um)
    generator = np.random.default_rng(3)
    first = simulate_tracks([60, 100], 31, rng=generator)
    np.testing.assert_array_equal(one.positions_um, first.positions_um)
    second = simulate_tracks([60, 100], 31, rng=generator)
    assert not np.array_equal(first.truth.paths_um, second.truth.paths_um)


def test_defaults_come_from_the_facts():
    tracks = simulate_tracks(100, rng=1)
    assert tracks.truth.paths_um.shape == (1, 31, 2)
    assert tracks.frame_time_s == FRAME_S
    assert tracks.truth.field_um == (80, 60)
    assert tracks.truth.temperature_c == 25
    same = simulate_tracks(
        100, 31, rng=1, frame_time_s=FRAME_S, temperature_c=25, field_um=(80, 60)
    )
    np.testing.assert_array_equal(tracks.positions_um, same.positions_um)


def test_the_input_is_neither_kept_nor_changed():
    sizes = np.array([60.0, 100.0])
    tracks = simulate_tracks(sizes, 11, rng=1)
    sizes[0] = 1
    assert tracks.truth.diameters_nm.tolist() == [60, 100]


def test_a_table_and_back():
    tracks = crowded()
    table = tracks.table()
    assert list(table) == ["track", "frame", "x_um", "y_um"]
    assert len(table["track"]) == 300 * 61
    back = tracks_from_table(*table.values(), tracks.frame_time_s)
    np.testing.assert_array_equal(back.positions_um, tracks.positions_um)
    np.testing.assert_array_equal(back.first_frames, tracks.first_frames)
    assert back.truth is None
    assert back.true_diameters_nm is None
    shuffled = np.random.default_rng(0).permutation(300 * 61)
    again = tracks_from_table(*(column[shuffled] for column in table.values()), FRAME_S)
    np.testing.assert_array_equal(again.positions_um, tracks.positions_um)


def test_a_table_with_names():
    table = (["b", "a", "a"], [4, 9, 8], [1.0, 2.0, 3.0], [4.0, 5.0, 6.0])
    tracks = tracks_from_table(*table, 0.1)
    assert tracks.first_frames.tolist() == [8, 4]
    assert tracks.lengths.tolist() == [2, 1]
    assert tracks.positions_um[0].tolist() == [[3, 6], [2, 5]]


# ---- Mean squared displacement -------------------------------------------------------------------


def test_msd_by_its_definition_at_every_lag():
    tracks = crowded().at_least(2)
    msd = track_msd_um2(tracks.positions_um)
    assert msd.shape == (len(tracks), 60)
    for track in range(0, len(tracks), 17):
        length = tracks.lengths[track]
        track_positions = tracks.positions_um[track, :length]
        expected = [slow_msd(track_positions, lag) for lag in range(1, length)]
        np.testing.assert_allclose(msd[track, : length - 1], expected, rtol=1e-9, atol=1e-12)
        assert np.isnan(msd[track, length - 1 :]).all()


def test_the_mean_over_all_pairs_of_all_tracks():
    tracks = crowded().at_least(2)
    found = ensemble_msd_um2(tracks.positions_um)
    for lag in (1, 2, 10, 60):
        moves = tracks.positions_um[:, lag:] - tracks.positions_um[:, :-lag]
        assert found[lag - 1] == pytest.approx(np.nanmean(np.sum(moves**2, axis=2)), rel=1e-9)


@pytest.mark.filterwarnings("ignore:The inplace keyword")  # trackpy's
def test_trackpy_says_the_same():
    trackpy = pytest.importorskip("trackpy", reason="trackpy is a test-only dependency")
    pandas = pytest.importorskip("pandas")
    tracks = crowded(localisation_error_um=0.05).at_least(2)
    tracks = Tracks(tracks.positions_um[:200], tracks.first_frames[:200], FRAME_S)
    table = tracks.table()
    frame = pandas.DataFrame(
        {
            "particle": table["track"],
            "frame": table["frame"],
            "x": table["x_um"],
            "y": table["y_um"],
        }
    )
    theirs = trackpy.imsd(frame, mpp=1, fps=1, max_lagtime=60).to_numpy().T
    ours = track_msd_um2(tracks.positions_um, theirs.shape[1])
    np.testing.assert_array_equal(np.isnan(ours), np.isnan(theirs))
    np.testing.assert_allclose(ours, theirs, rtol=1e-9, atol=1e-11)


def test_a_straight_line_and_a_circle():
    frame = np.arange(50)
    line = np.stack((3 + 0.3 * frame, -0.4 * frame), axis=1)
    np.testing.assert_allclose(track_msd_um2(line), (0.5 * frame[1:]) ** 2, rtol=1e-9)
    angle = 0.1 * frame
    circle = np.stack((np.cos(angle), np.sin(angle)), axis=1)
    np.testing.assert_allclose(track_msd_um2(circle), 2 - 2 * np.cos(angle[1:]), rtol=1e-9)


def test_who_stands_still_far_away_has_no_displacement():
    assert np.all(track_msd_um2(np.full((30, 2), 1e6)) == 0)


# The first example may have to import scipy.
unhurried = settings(deadline=None)
positions = arrays(
    float,
    st.tuples(st.integers(1, 4), st.integers(2, 12), st.just(2)),
    elements=st.floats(min_value=-100, max_value=100).map(lambda x: round(x, 6)),
)


@given(positions, st.floats(-1000, 1000), st.floats(0, 6.3), st.floats(0.1, 10))
@unhurried
def test_msd_does_not_care_where_how_turned_or_which_way_round(tracks, shift, angle, factor):
    near = {"rtol": 1e-6, "atol": 1e-6}
    msd = track_msd_um2(tracks)
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    np.testing.assert_allclose(track_msd_um2(tracks + shift), msd, **near)
    np.testing.assert_allclose(track_msd_um2(tracks @ turn), msd, **near)
    np.testing.assert_allclose(track_msd_um2(tracks[:, ::-1]), msd, **near)
    np.testing.assert_allclose(track_msd_um2(factor * tracks), factor**2 * msd, **near)
    expected = [[slow_msd(one, lag) for lag in range(1, len(one))] for one in tracks]
    np.testing.assert_allclose(msd, expected, **near)


@given(positions, st.integers(0, 5), st.integers(0, 5))
@unhurried
def test_frames_before_and_after_a_track_change_nothing(tracks, before, after):
    padded = np.pad(tracks, ((0, 0), (before, after), (0, 0)), constant_values=np.nan)
    lags = tracks.shape[1] - 1
    np.testing.assert_allclose(
        track_msd_um2(padded)[:, :lags], track_msd_um2(tracks), rtol=1e-9, atol=1e-9
    )
    assert np.isnan(track_msd_um2(padded)[:, lags:]).all()
    for name in ("diffusion_um2_s", "steps"):
        np.testing.assert_allclose(
            getattr(size_from_track(padded, 0.1), name), getattr(size_from_track(tracks, 0.1), name)
        )


@given(positions)
@unhurried
def test_tracks_do_not_know_of_each_other(tracks):
    alone = np.array([track_msd_um2(one) for one in tracks])
    np.testing.assert_allclose(track_msd_um2(tracks), alone, rtol=1e-9, atol=1e-9)
    sizes = size_from_track(tracks, 0.1, localisation_error_um=0.05)
    for number, one in enumerate(tracks):
        single = size_from_track(one, 0.1, localisation_error_um=0.05)
        assert sizes.diameter_nm[number] == pytest.approx(single.diameter_nm)
        assert sizes.low_nm[number] == pytest.approx(single.low_nm)
        assert sizes.relative_error[number] == pytest.approx(single.relative_error)


# ---- Size from a track ---------------------------------------------------------------------------


@pytest.mark.parametrize("steps", [5, 20, 100])
def test_the_1_over_sqrt_n_law(steps):
    found = size_from_track(free_tracks(8000, steps + 1, seed=steps).positions_um, FRAME_S)
    spread = np.std(found.diffusion_um2_s) / np.mean(found.diffusion_um2_s)
    # The standard error of a spread from 8,000 tracks is about 1 %.
    assert spread == pytest.approx(1 / np.sqrt(steps), rel=0.04)
    assert np.mean(found.diffusion_um2_s) == pytest.approx(D_100, rel=0.02)
    np.testing.assert_allclose(found.relative_error, 1 / np.sqrt(steps))
    assert set(found.steps) == {steps}


def test_a_hundred_nanometres_over_30_steps_reads_81_to_130():
    sizes = size_from_track(free_tracks(20_000, 31, seed=10).positions_um, FRAME_S).diameter_nm
    low, high = np.percentile(sizes, (10, 90))
    assert low == pytest.approx(81, abs=1)
    assert high == pytest.approx(130, abs=1.5)
    # 60 / chi-square quantiles with 60 degrees of freedom (74.397 and 46.459, from a table).
    assert (low, high) == (
        pytest.approx(6000 / 74.397, rel=0.01),
        pytest.approx(6000 / 46.459, rel=0.01),
    )


def test_by_hand():
    # Steps of 3-4-5 and 0-1: mean square 13. D = 13 / 4 per unit of time.
    found = size_from_track([[0, 0], [3, 4], [3, 5]], 1, 25)
    assert found.diffusion_um2_s == 13 / 4
    assert found.diameter_nm == pytest.approx(stokes_einstein_diameter_nm(13 / 4, 25))
    assert found.relative_error == pytest.approx(1 / np.sqrt(2))
    assert found.steps == 2
    # 0.025 and 0.975 quantiles of chi-square with 4 degrees of freedom, from a table.
    low, high = (100 * d / found.diameter_nm for d in (found.low_nm, found.high_nm))
    assert (low, high) == (
        pytest.approx(100 * 0.4844 / 4, rel=1e-3),
        pytest.approx(100 * 11.143 / 4, rel=1e-3),
    )
    # Known error and flow are taken out: steps of 2-2 and -1..-1.
    other = size_from_track([[0, 0], [3, 4], [3, 5]], 1, 25, drift_um_s=(1, 2))
    assert other.diffusion_um2_s == pytest.approx((8 + 2) / 2 / 4)
    less = size_from_track([[0, 0], [3, 4], [3, 5]], 1, 25, localisation_error_um=0.5)
    assert less.diffusion_um2_s == pytest.approx((13 - 1) / 4)


@pytest.mark.parametrize("error_um", [0.0, 0.1, 0.4])
@pytest.mark.parametrize("confidence", [0.68, 0.95])
def test_the_interval_holds_the_true_size_as_often_as_it_says(error_um, confidence):
    tracks = free_tracks(10_000, 21, seed=11, localisation_error_um=error_um)
    found = size_from_track(
        tracks.positions_um,
        FRAME_S,
        localisation_error_um=error_um,
        confidence=confidence,
    )
    inside = np.mean((found.low_nm <= 100) & (found.high_nm >= 100))
    # Exact without error; with one the distribution is only nearly a gamma distribution.
    assert inside == pytest.approx(confidence, abs=0.012 if error_um == 0 else 0.025)


@pytest.mark.parametrize("error_um", [0.1, 0.4, 1.0])
def test_the_spread_with_localisation_error(error_um):
    tracks = free_tracks(20_000, 31, seed=12, localisation_error_um=error_um)
    found = size_from_track(tracks.positions_um, FRAME_S, localisation_error_um=error_um)
    ratio = error_um**2 / (2 * D_100 * FRAME_S)
    expected = np.sqrt(((1 + 2 * ratio) ** 2 + 2 * ratio**2 * 29 / 30) / 30)
    assert np.std(found.diffusion_um2_s) / D_100 == pytest.approx(expected, rel=0.03)
    assert np.mean(found.diffusion_um2_s) == pytest.approx(D_100, rel=4 * expected / 141)


def test_ignored_error_and_drift_make_particles_look_small():
    for options in ({"localisation_error_um": 0.2}, {"drift_um_s": 8.0}):
        tracks = free_tracks(4000, 31, seed=13, **options)
        naive = size_distribution(tracks)
        read = stokes_einstein_diameter_nm(naive.mean_diffusion_um2_s)
        assert read == pytest.approx(apparent_diameter_nm(100, FRAME_S, 25, **options), rel=0.013)
        assert read < 97
        mended = size_distribution(tracks, **options)
        assert stokes_einstein_diameter_nm(mended.mean_diffusion_um2_s) == pytest.approx(
            100, rel=0.013
        )


@pytest.mark.parametrize(("true_c", "assumed_c"), [(37, 25), (22, 25)])
def test_the_wrong_temperature_shifts_the_whole_histogram(true_c, assumed_c):
    tracks = free_tracks(2000, 31, seed=14, temperature_c=true_c)
    right = size_distribution(tracks, true_c)
    wrong = size_distribution(tracks, assumed_c)
    np.testing.assert_allclose(
        wrong.diameters_nm,
        diameter_at_assumed_temperature_nm(right.diameters_nm, true_c, assumed_c),
    )
    read = stokes_einstein_diameter_nm(wrong.mean_diffusion_um2_s, assumed_c)
    assert read == pytest.approx({37: 74.7, 22: 108.3}[true_c], rel=0.017)


def test_a_track_that_does_not_move_has_no_size():
    still = size_from_track(np.ones((10, 2)), FRAME_S)
    assert still.diameter_nm == still.high_nm == still.relative_error == np.inf
    assert still.diffusion_um2_s == 0
    # Less motion than the error makes: the estimate is below zero, and says so.
    less = size_from_track([[0, 0], [0.1, 0], [0, 0]], FRAME_S, localisation_error_um=1)
    assert less.diffusion_um2_s < 0
    assert less.diameter_nm == less.high_nm == np.inf


@given(
    st.integers(2, 200),
    st.floats(min_value=10, max_value=1000),
    st.floats(min_value=0, max_value=100),
)
@settings(max_examples=50, deadline=None)
def test_twice_the_steps_is_a_quarter_of_the_size(frames, diameter_nm, temperature_c):
    tracks = free_tracks(1, frames, diameter_nm=diameter_nm, temperature_c=temperature_c)
    once = size_from_track(tracks.positions_um[0], FRAME_S, temperature_c)
    twice = size_from_track(2 * tracks.positions_um[0], FRAME_S, temperature_c)
    for name in ("diameter_nm", "low_nm", "high_nm"):
        assert getattr(twice, name) == pytest.approx(getattr(once, name) / 4)
    assert once.low_nm < once.diameter_nm
    assert type(once.diameter_nm) is float
    assert type(once.steps) is int


# ---- Distributions -------------------------------------------------------------------------------


def test_estimate_and_truth_stand_side_by_side():
    sizes = np.repeat([60.0, 120.0], [300, 200])
    tracks = simulate_tracks(sizes, 31, rng=15, detection_threshold=bead_scattering(40))
    found = size_distribution(tracks)
    assert found.particle_diameters_nm.tolist() == sizes.tolist()
    assert set(found.true_diameters_nm) == {120}
    assert len(found.diameters_nm) + found.skipped == len(tracks)
    assert np.all(found.steps >= 4)
    edges = np.arange(0.5, 1000, 10)
    counted, true = found.histogram(edges)
    assert counted.sum() == np.sum(found.diameters_nm < edges[-1])
    assert true.sum() == true[11] == len(found.diameters_nm)
    low, middle, high = found.percentiles_nm
    assert low < middle < high


def test_measured_tracks_have_no_truth():
    tracks = tracks_from_table(*free_tracks(30, 31).table().values(), FRAME_S)
    found = size_distribution(tracks)
    assert found.true_diameters_nm is found.particle_diameters_nm is None
    assert found.histogram([1, 1000])[1] is None
    assert mixture_shares(found, [60, 120]).true_shares is None
    with pytest.raises(ValueError, match="these tracks were measured"):
        tracks.on_screen()


def test_a_known_mixture_is_recovered_within_its_stated_error():
    # Drawn anew for each seed: 60 % of 60 nm, 40 % of 120 nm.
    miss_share, miss_mean = [], []
    true_mean = 0.6 * stokes_einstein_diffusion_um2_s(60) + 0.4 * stokes_einstein_diffusion_um2_s(
        120
    )
    for seed in range(1000):
        rng = np.random.default_rng(seed)
        sizes = np.where(rng.random(150) < 0.6, 60.0, 120.0)
        found = size_distribution(simulate_tracks(sizes, 31, rng=rng, field_um=WIDE))
        shares = mixture_shares(found, (60, 120))
        miss_share.append((shares.shares[0] - 0.6) / shares.standard_errors[0])
        miss_mean.append(
            (found.mean_diffusion_um2_s - true_mean) / found.mean_diffusion_error_um2_s
        )
    for misses in (miss_share, miss_mean):
        # Of a thousand, 95 % within 1.96 errors, give or take 0.7 %; no bias, the stated spread.
        assert np.mean(np.abs(misses) < 1.96) == pytest.approx(0.95, abs=0.025)
        assert np.mean(misses) == pytest.approx(0, abs=0.12)
        assert np.std(misses) == pytest.approx(1, abs=0.1)


def test_brief_visits_at_the_edges_pass_for_larger_particles():
    # A long film in the course's field: most tracks are visits that an edge cut short.
    tracks = simulate_tracks(np.repeat([60.0, 120.0], [900, 600]), 301, rng=20)
    brief, long = (
        mixture_shares(size_distribution(tracks, shortest_track=shortest), [60, 120])
        for shortest in (5, 31)
    )
    assert brief.shares[0] < brief.true_shares[0] - 0.02
    assert long.shares[0] == pytest.approx(long.true_shares[0], abs=0.015)


def test_three_sizes_with_localisation_error_are_recovered_too():
    rng = np.random.default_rng(16)
    shares = np.array([0.5, 0.3, 0.2])
    sizes = rng.choice([50.0, 100.0, 200.0], size=3000, p=shares)
    tracks = simulate_tracks(sizes, 31, rng=rng, field_um=WIDE, localisation_error_um=0.1)
    found = mixture_shares(size_distribution(tracks, localisation_error_um=0.1), [50, 100, 200])
    assert found.shares.sum() == pytest.approx(1)
    assert np.all(np.abs(found.shares - shares) < 3.5 * found.standard_errors)
    np.testing.assert_allclose(found.true_shares, [np.mean(sizes == s) for s in (50, 100, 200)])
    # Without its correction the error is taken for small particles.
    naive = mixture_shares(size_distribution(tracks), [50, 100, 200])
    assert naive.shares[2] < found.shares[2]


def test_a_second_histogram_hides_in_short_tracks_and_shows_in_long_ones():
    # 100 and 130 nm: one hump at 10 steps, told apart at 1,000.
    sizes = np.repeat([100.0, 130.0], 200)
    for frames, apart in ((11, False), (1001, True)):
        tracks = simulate_tracks(sizes, frames, rng=17, field_um=WIDE)
        found = size_distribution(tracks).diameters_nm
        small, large = found[:200], found[200:]
        assert (np.percentile(small, 95) < np.percentile(large, 5)) == apart


def test_four_times_the_tracks_halve_the_error():
    errors = [
        mixture_shares(
            size_distribution(
                simulate_tracks(np.tile([60.0, 120.0], count), 31, rng=18, field_um=WIDE)
            ),
            [60, 120],
        ).standard_errors[0]
        for count in (200, 800)
    ]
    assert errors[0] / errors[1] == pytest.approx(2, rel=0.1)


def test_a_single_size_has_the_whole_share():
    found = mixture_shares(size_distribution(free_tracks(20, 31)), 100)
    assert isinstance(found, MixtureShares)
    assert found.shares.tolist() == [1]
    assert found.standard_errors.tolist() == [0]


def test_the_order_of_the_sizes_does_not_matter():
    found = size_distribution(simulate_tracks(np.tile([60.0, 120.0, 200.0], 100), 31, rng=19))
    one, other = mixture_shares(found, [60, 120, 200]), mixture_shares(found, [200, 60, 120])
    np.testing.assert_allclose(one.shares, other.shares[[1, 2, 0]], atol=1e-6)
    np.testing.assert_allclose(one.standard_errors, other.standard_errors[[1, 2, 0]], rtol=1e-3)


# ---- Bad input -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"diameters_nm": []}, ValueError, "diameters_nm is empty"),
        ({"diameters_nm": [100, 0]}, ValueError, "diameter_nm is 0, .* above zero"),
        ({"diameters_nm": -100}, ValueError, "diameter_nm is -100, .* above zero"),
        ({"diameters_nm": [100, np.nan]}, ValueError, "diameter_nm is nan"),
        ({"diameters_nm": "100"}, TypeError, "diameter_nm must be a number"),
        ({"frames": 1}, ValueError, "frames is 1; give 2 or more"),
        ({"frames": 2.0}, TypeError, "frames must be a whole number"),
        ({"frames": True}, TypeError, "frames must be a whole number"),
        ({"frame_time_s": 0}, ValueError, "frame_time_s is 0, .* above zero"),
        ({"frame_time_s": [0.1, 0.2]}, ValueError, "frame_time_s is an array"),
        ({"temperature_c": -1}, ValueError, "temperature_c is -1, .* 0 to 100"),
        ({"temperature_c": 310}, ValueError, "temperature_c is 310, .* 0 to 100"),
        ({"temperature_c": np.nan}, ValueError, "temperature_c is nan, .* 0 to 100"),
        ({"temperature_c": [20, 30]}, ValueError, "temperature_c is an array"),
        ({"field_um": 80}, ValueError, "field_um must be two finite numbers"),
        ({"field_um": (80, 0)}, ValueError, "field_um is 0, .* above zero"),
        ({"localisation_error_um": -0.1}, ValueError, "localisation_error_um is -0.1; .* zero or"),
        ({"drift_um_s": (1, 2, 3)}, ValueError, "drift_um_s must be two finite numbers"),
        ({"drift_um_s": np.inf}, ValueError, "drift_um_s must be two finite numbers"),
        ({"drift_um_s": "1"}, TypeError, "drift_um_s must be a number"),
        ({"detection_threshold": -1}, ValueError, "detection_threshold is -1"),
        ({"detection_threshold": 0.5, "diameters_nm": 200}, ValueError, "give a lower threshold"),
        ({"particle": "cell"}, ValueError, "give one of 'vesicle', 'bead'"),
        ({"longest_track": 1}, ValueError, "longest_track is 1; give 2 or more"),
        ({"rng": None}, TypeError, "rng must be a numpy.random.Generator or a whole number"),
        ({"rng": 1.5}, TypeError, "rng must be"),
    ],
)
def test_a_film_that_cannot_be_made(options, error, message):
    arguments = {"diameters_nm": [100.0, 60.0], "frames": 5, "rng": 1} | options
    with pytest.raises(error, match=f"^.*{message}"):
        simulate_tracks(**arguments)


def gap():
    positions = np.ones((3, 6, 2))
    positions[1, 3] = np.nan
    return positions


def half():
    positions = np.ones((3, 6, 2))
    positions[2, 5, 0] = np.nan
    return positions


def empty_row():
    positions = np.ones((3, 6, 2))
    positions[0] = np.nan
    return positions


def one_frame():
    positions = np.ones((3, 6, 2))
    positions[2, 1:] = np.nan
    return positions


BAD_POSITIONS = [
    (gap(), r"track 1 has a gap: no position \(NaN\) 3 frames after its first; cut it in two"),
    (half(), r"track 2 has half a position, x without y or y without x \(NaN\)"),
    (empty_row(), r"track 0 has no position at all \(NaN throughout\)"),
    (one_frame(), r"track 2 has a single frame and so no step; .*at_least"),
    (np.ones((1, 2)), "track 0 has a single frame"),
    (np.full((4, 2), np.nan), "track 0 has no position at all"),
    (np.full((4, 2), np.inf), "track 0 has an infinite position"),
    (np.ones((0, 5, 2)), "there is no track"),
    (np.ones((5, 0, 2)), "there is no track"),
    (np.ones((5, 3)), r"shape \(1, 5, 3\); give \(tracks, frames, 2\)"),
    (np.ones(5), r"shape \(5,\); give"),
]


@pytest.mark.parametrize(("positions", "message"), BAD_POSITIONS)
@pytest.mark.parametrize(
    "function",
    [
        track_msd_um2,
        ensemble_msd_um2,
        lambda bad: size_from_track(bad, FRAME_S),
        lambda bad: estimate_drift_um_s(bad, FRAME_S),
    ],
)
def test_positions_that_are_no_track(function, positions, message):
    with pytest.raises(ValueError, match=message):
        function(positions)


def test_positions_that_are_no_numbers():
    with pytest.raises(TypeError, match="positions_um must be a number or an array of numbers"):
        track_msd_um2([["a", "b"], ["c", "d"]])


TWO = [[0.0, 0.0], [1.0, 1.0]]


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: track_msd_um2(TWO, 2), ValueError, "longest_lag is 2, .* has 2 frames; .* most 1"),
        (lambda: track_msd_um2(TWO, 0), ValueError, "longest_lag is 0; give 1 or more"),
        (lambda: track_msd_um2(TWO, 1.0), TypeError, "longest_lag must be a whole number"),
        (lambda: size_from_track(TWO, 0), ValueError, "frame_time_s is 0"),
        (lambda: size_from_track(TWO, 1, 101), ValueError, "temperature_c is 101"),
        (lambda: size_from_track(TWO, 1, [20, 30]), ValueError, "temperature_c is an array"),
        (lambda: size_from_track(TWO, 1, confidence=1), ValueError, "confidence is 1; .* 0 and 1"),
        (lambda: size_from_track(TWO, 1, confidence=0), ValueError, "confidence is 0"),
        (
            lambda: size_from_track(TWO, 1, localisation_error_um=-1),
            ValueError,
            "localisation_error_um is -1",
        ),
        (lambda: size_from_track(TWO, 1, drift_um_s=(1,)), ValueError, "drift_um_s must be two"),
        (lambda: estimate_drift_um_s(TWO, -1), ValueError, "frame_time_s is -1"),
        (lambda: free_tracks(5, 3).at_least(0), ValueError, "frames is 0; give 1 or more"),
        (
            lambda: size_distribution(free_tracks(5, 3)),
            ValueError,
            "none of the 5 tracks has 5 frames or more; .* smaller shortest_track",
        ),
        (
            lambda: size_distribution(free_tracks(5, 3), shortest_track=1),
            ValueError,
            "shortest_track is 1; give 2 or more",
        ),
        (
            lambda: size_distribution(free_tracks(5, 9)).histogram([100, 50]),
            ValueError,
            "edges_nm must be at least two rising",
        ),
        (
            lambda: mixture_shares(size_distribution(free_tracks(2, 9)), [50, 60, 70]),
            ValueError,
            "3 sizes cannot be told from 2 tracks",
        ),
        (
            lambda: mixture_shares(size_distribution(free_tracks(9, 9)), []),
            ValueError,
            "0 sizes cannot be told",
        ),
        (
            lambda: mixture_shares(size_distribution(free_tracks(9, 9)), [60, 60]),
            ValueError,
            "cannot tell the given sizes apart",
        ),
        (
            lambda: mixture_shares(size_distribution(free_tracks(9, 9)), [60, 0]),
            ValueError,
            "diameter_nm is 0",
        ),
    ],
)
def test_an_analysis_that_cannot_be_made(call, error, message):
    with pytest.raises(error, match=message):
        call()


@pytest.mark.parametrize(
    ("table", "error", "message"),
    [
        (([], [], [], []), ValueError, "the table is empty"),
        (([1, 1], [0, 1], [0.0, 1.0], [0.0]), ValueError, "columns of one length"),
        (([1, 1], [0, 0], [0.0, 1.0], [0.0, 1.0]), ValueError, "track 1 has two positions in one"),
        (([1, 1], [0, 2], [0.0, 1.0], [0.0, 1.0]), ValueError, "track 1 has a gap"),
        (([1, 1], [0.0, 1.0], [0.0, 1.0], [0.0, 1.0]), TypeError, "frame must hold whole numbers"),
        (
            ([1, 1], [0, 1], [0.0, np.nan], [0.0, 1.0]),
            ValueError,
            "position in row 1 is not finite",
        ),
        (([1, 1], [0, 1], ["0", "1"], [0.0, 1.0]), TypeError, "x_um must be a number"),
    ],
)
def test_a_table_that_is_no_tracks(table, error, message):
    with pytest.raises(error, match=message):
        tracks_from_table(*table, FRAME_S)
