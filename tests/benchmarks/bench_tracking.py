"""Mean squared displacements of 2,000 tracks of 200 frames: the course's model beside trackpy.

The same tracks, all 199 lags, each library from the form it likes: an array here, a data frame
there, made beforehand. Runs are interleaved, so that a busy moment of the machine hits both. The
results must agree to 1e-9; fails where the ratio is below 10. Then what a call of each function
costs that an explorer uses.

Both get each track from its own start. As it stands in the field, trackpy's result is off by about
1e-8, which is its rounding: it expands the squares of the coordinates, and they are large there.

Run: ``make benchmarks``, or ``python tests/benchmarks/bench_tracking.py [rounds]``.
"""

from __future__ import annotations

import json
import logging
import statistics
import sys
import time
import warnings
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd

from exocourse.vesicles.scattering import detection_limit_nm, vesicle_scattering
from exocourse.vesicles.tracking import (
    mixture_shares,
    simulate_tracks,
    size_distribution,
    size_from_track,
    track_msd_um2,
)

TRACKS, FRAMES = 2000, 200
AT_LEAST = 10


def milliseconds(call: Callable[[], object]) -> float:
    """Return how long one call takes."""
    begin = time.perf_counter()
    call()
    return 1000 * (time.perf_counter() - begin)


def typical(call: Callable[[], object], rounds: int = 15) -> float:
    """Return the median time of a call, after one that warms up."""
    call()
    return statistics.median(milliseconds(call) for _ in range(rounds))


def against_trackpy(rounds: int) -> dict[str, float]:
    """Return the median times of both, and the largest relative difference of their results."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import trackpy

    logging.disable(logging.INFO)
    # A field so wide that every track is whole.
    tracks = simulate_tracks(np.full(TRACKS, 100.0), FRAMES, rng=1, field_um=(1e6, 1e6))
    positions = tracks.positions_um - tracks.positions_um[:, :1]
    assert positions.shape == (TRACKS, FRAMES, 2)
    columns = tracks.table()
    table = pd.DataFrame(
        {
            "particle": columns["track"],
            "frame": columns["frame"],
            "x": positions[:, :, 0].ravel(),
            "y": positions[:, :, 1].ravel(),
        }
    )

    def ours() -> np.ndarray:
        return track_msd_um2(positions)

    def theirs() -> np.ndarray:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return trackpy.imsd(table, mpp=1, fps=1, max_lagtime=FRAMES - 1).to_numpy().T

    difference = np.max(np.abs(ours() / theirs() - 1))
    pairs = [(milliseconds(ours), milliseconds(theirs)) for _ in range(rounds)]
    return {
        "ours_ms": statistics.median(pair[0] for pair in pairs),
        "trackpy_ms": statistics.median(pair[1] for pair in pairs),
        "largest_relative_difference": float(difference),
    }


def calls() -> dict[str, float]:
    """Return the median time of each call that an explorer makes, ms."""
    sizes = np.repeat([60.0, 120.0], 250)
    film = simulate_tracks(sizes, 31, rng=1)
    found = size_distribution(film)
    edges = np.arange(10, 400, 10)
    return {
        "simulate_tracks, 500 particles, 31 frames": typical(
            lambda: simulate_tracks(sizes, 31, rng=1)
        ),
        "simulate_tracks, 500 particles, 300 frames": typical(
            lambda: simulate_tracks(sizes, 300, rng=1)
        ),
        "simulate_tracks, the same in tracks of 31": typical(
            lambda: simulate_tracks(sizes, 300, rng=1, longest_track=31)
        ),
        "on_screen, 500 particles, 31 frames": typical(film.on_screen),
        "size_distribution, 500 particles, 31 frames": typical(lambda: size_distribution(film)),
        "histogram of it": typical(lambda: found.histogram(edges)),
        "mixture_shares of it, two sizes": typical(lambda: mixture_shares(found, [60, 120])),
        "size_from_track, one track": typical(
            lambda: size_from_track(film.positions_um[0], film.frame_time_s)
        ),
        "vesicle_scattering, 500 diameters": typical(
            lambda: vesicle_scattering(np.linspace(20, 100, 500))
        ),
        "detection_limit_nm": typical(lambda: detection_limit_nm(0.01)),
    }


def main(rounds: int = 5) -> int:
    """Measure and print; return 1 where the promise is not kept."""
    try:
        import trackpy  # noqa: F401 - comes as source only, so it is not in the lock
    except ImportError:
        print("skipped: trackpy is not installed (python -m pip install trackpy)")
        return 0
    msd = against_trackpy(rounds)
    ratio = msd["trackpy_ms"] / msd["ours_ms"]
    print(f"mean squared displacements, {TRACKS:,} tracks of {FRAMES} frames, all lags, median ms")
    print(f"  trackpy {msd['trackpy_ms']:9.1f}")
    print(f"  ours    {msd['ours_ms']:9.1f}   {ratio:.0f} times faster (at least {AT_LEAST})")
    print(f"  largest relative difference {msd['largest_relative_difference']:.1e}")
    costs = calls()
    print("\nwhat a call costs, median ms")
    for name, cost in costs.items():
        print(f"  {name:46} {cost:7.2f}")
    artefacts = Path(__file__).resolve().parents[2] / "test-artefacts"
    artefacts.mkdir(exist_ok=True)
    results = {"msd": {**msd, "ratio": ratio}, "calls_ms": costs}
    (artefacts / "bench_tracking.json").write_text(json.dumps(results, indent=1))
    kept = ratio >= AT_LEAST and msd["largest_relative_difference"] < 1e-9
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
