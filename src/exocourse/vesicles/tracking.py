"""Nanoparticle tracking: particles in a field of view, their tracks, and the sizes read from them.

:func:`simulate_tracks` lets particles wander and films them; everything after it works on
positions alone, so that it serves measured tracks as well.  What is true stays beside what is
estimated: a simulation's `Tracks` carry a `TrackTruth`, and a `SizeDistribution` the true diameter
of every track.

What the simulation leaves out: the blur of a long exposure, particles that blink or are taken for
one another, depth of focus (`longest_track` stands for it), particles that feel each other or a
wall.

Positions are in um, arrays of the shape (tracks, frames, 2); a track that is shorter than the
array ends in NaN.
"""

from dataclasses import dataclass, replace
from numbers import Integral

import numpy as np
from numpy.typing import ArrayLike

from exocourse.knowledge import fact
from exocourse.vesicles.checked import FloatOrArray, as_numbers, checked_diameter, positive
from exocourse.vesicles.diffusion import (
    _diffusion_times_diameter,
    _not_negative,
    _temperature,
    stokes_einstein_diffusion_um2_s,
)
from exocourse.vesicles.scattering import is_visible

# Where two sizes cannot be told apart, the information about their shares is singular to rounding.
_WORST_CONDITION = 1e10
_MOST_ROUNDS = 20_000


@dataclass(frozen=True, eq=False)
class TrackTruth:
    """What a simulation knows and an instrument does not.

    Attributes
    ----------
    diameters_nm : numpy.ndarray
        Of every particle in the field, seen or not, shape (particles,), nm.
    seen : numpy.ndarray of bool
        Whether it scatters enough to be seen, shape (particles,).
    paths_um : numpy.ndarray
        Where each particle really is in the field, seen or not, shape (particles, frames, 2), um.
    particles : numpy.ndarray of int
        Which particle each track belongs to, shape (tracks,).
    field_um : tuple of float
        Width and height of the field of view, um.
    temperature_c, localisation_error_um : float
        What the sample and the camera really were.
    drift_um_s : tuple of float
        The flow along both axes, um per second.
    """

    diameters_nm: np.ndarray
    seen: np.ndarray
    paths_um: np.ndarray
    particles: np.ndarray
    field_um: tuple[float, float]
    temperature_c: float
    localisation_error_um: float
    drift_um_s: tuple[float, float]


@dataclass(frozen=True, eq=False)
class Tracks:
    """Tracks as an instrument has them, and the truth about them where it is known.

    Attributes
    ----------
    positions_um : numpy.ndarray
        Measured positions, shape (tracks, frames of the longest track, 2), um.  Each track starts
        in column 0; after its last frame stands NaN.
    first_frames : numpy.ndarray of int
        The frame of the film in which each track starts, shape (tracks,).
    frame_time_s : float
        Time from one frame to the next, s.
    truth : TrackTruth or None
        None for measured tracks.
    """

    positions_um: np.ndarray
    first_frames: np.ndarray
    frame_time_s: float
    truth: TrackTruth | None = None

    def __len__(self) -> int:
        return len(self.positions_um)

    @property
    def lengths(self) -> np.ndarray:
        """Number of frames of each track, shape (tracks,)."""
        return np.count_nonzero(~np.isnan(self.positions_um[:, :, 0]), axis=1)

    @property
    def true_diameters_nm(self) -> np.ndarray | None:
        """True diameter of the particle of each track, shape (tracks,), nm; None if not known."""
        return None if self.truth is None else self.truth.diameters_nm[self.truth.particles]

    def at_least(self, frames: int) -> "Tracks":
        """Return the tracks of so many frames or more."""
        return self._chosen(self.lengths >= _whole(frames, "frames", 1))

    def _chosen(self, keep) -> "Tracks":
        truth = self.truth
        if truth is not None:
            truth = replace(truth, particles=truth.particles[keep])
        return Tracks(
            self.positions_um[keep], self.first_frames[keep], self.frame_time_s, truth=truth
        )

    def on_screen(self) -> np.ndarray:
        """Where each particle is measured to be in each frame of the film, to be played.

        Returns
        -------
        numpy.ndarray
            Shape (particles, frames of the film, 2), um; NaN for a particle that is not seen.

        Raises
        ------
        ValueError
            For measured tracks: which of them are one particle is not known.
        """
        if self.truth is None:
            raise ValueError("these tracks were measured: which are of one particle is not known")
        screen = np.full(self.truth.paths_um.shape, np.nan)
        track, column = np.nonzero(~np.isnan(self.positions_um[:, :, 0]))
        frame = self.first_frames[track] + column
        screen[self.truth.particles[track], frame] = self.positions_um[track, column]
        return screen

    def table(self) -> dict[str, np.ndarray]:
        """Return one row for each position: columns track, frame, x_um, y_um.

        Returns
        -------
        dict of str to numpy.ndarray
            For a file or ``pandas.DataFrame(...)``; :func:`tracks_from_table` reads it back.
        """
        track, column = np.nonzero(~np.isnan(self.positions_um[:, :, 0]))
        x, y = self.positions_um[track, column].T
        return {"track": track, "frame": self.first_frames[track] + column, "x_um": x, "y_um": y}


@dataclass(frozen=True, eq=False)
class TrackSize:
    """Size read from a track, with its uncertainty.  Arrays where there were several tracks.

    Attributes
    ----------
    diameter_nm : float or numpy.ndarray
        Hydrodynamic diameter, nm; infinite for a track that moved no more than the localisation
        error explains.
    low_nm, high_nm : float or numpy.ndarray
        Ends of the confidence interval, nm.  The high end may be infinite.
    diffusion_um2_s : float or numpy.ndarray
        Diffusion coefficient, square um per second; by bad luck zero or below where the
        localisation error was subtracted.
    relative_error : float or numpy.ndarray
        Standard error of the diffusion coefficient as a share of it.
    steps : int or numpy.ndarray
        Number of steps from frame to frame.
    confidence : float
        Of the interval.
    """

    diameter_nm: FloatOrArray
    low_nm: FloatOrArray
    high_nm: FloatOrArray
    diffusion_um2_s: FloatOrArray
    relative_error: FloatOrArray
    steps: int | np.ndarray
    confidence: float


@dataclass(frozen=True, eq=False)
class SizeDistribution:
    """Sizes read from many tracks, and the true ones beside them where they are known.

    Attributes
    ----------
    diameters_nm : numpy.ndarray
        One estimate for each track that was long enough, shape (used,), nm; may hold infinity.
    diffusions_um2_s : numpy.ndarray
        Its diffusion coefficient, shape (used,).
    relative_errors : numpy.ndarray
        Standard error of each diffusion coefficient as a share of it, shape (used,).
    mean_squared_steps_um2 : numpy.ndarray
        What all this was read from, after the drift was taken out, shape (used,), square um.
    steps : numpy.ndarray of int
        Steps in each track, shape (used,).
    skipped : int
        Tracks that were too short.
    frame_time_s, temperature_c, localisation_error_um : float
        What the calculation took for granted.
    true_diameters_nm : numpy.ndarray or None
        True diameter of the particle of each track, shape (used,), nm; None if not known.
    particle_diameters_nm : numpy.ndarray or None
        True diameters of all particles in the field, also of those that were not seen.
    """

    diameters_nm: np.ndarray
    diffusions_um2_s: np.ndarray
    relative_errors: np.ndarray
    mean_squared_steps_um2: np.ndarray
    steps: np.ndarray
    skipped: int
    frame_time_s: float
    temperature_c: float
    localisation_error_um: float
    true_diameters_nm: np.ndarray | None = None
    particle_diameters_nm: np.ndarray | None = None

    @property
    def mean_diffusion_um2_s(self) -> float:
        """Mean of the diffusion coefficients: right on average, however short the tracks."""
        return float(np.mean(self.diffusions_um2_s))

    @property
    def mean_diffusion_error_um2_s(self) -> float:
        """Standard error of that mean; NaN for a single track."""
        if len(self.diffusions_um2_s) < 2:
            return float("nan")
        spread = np.std(self.diffusions_um2_s, ddof=1)
        return float(spread / np.sqrt(len(self.diffusions_um2_s)))

    @property
    def percentiles_nm(self) -> tuple[float, float, float]:
        """The 10th, 50th and 90th percentile of the estimated diameters, nm."""
        low, middle, high = np.percentile(self.diameters_nm, (10, 50, 90))
        return float(low), float(middle), float(high)

    def histogram(self, edges_nm: ArrayLike) -> tuple[np.ndarray, np.ndarray | None]:
        """Count the tracks by size: as estimated, and as they truly are.

        Parameters
        ----------
        edges_nm : array_like
            Edges of the bins, rising, nm.  What lies outside is not counted.

        Returns
        -------
        estimated, true : numpy.ndarray
            Tracks in each bin; the second is None where the truth is not known.
        """
        edges = _positive_edges(edges_nm)
        true = self.true_diameters_nm
        return (
            np.histogram(self.diameters_nm, edges)[0],
            None if true is None else np.histogram(true, edges)[0],
        )


@dataclass(frozen=True, eq=False)
class MixtureShares:
    """Shares of a few known sizes in a mixture, as recovered from its tracks.

    Attributes
    ----------
    diameters_nm : numpy.ndarray
        The sizes, nm.
    shares : numpy.ndarray
        Share of the tracks that is of each size; they add up to 1.
    standard_errors : numpy.ndarray
        Of the shares, as an estimate of what the particles in view are drawn from.  Too small
        where a share is at 0 or 1.
    true_shares : numpy.ndarray or None
        Share of these very tracks whose true diameter is nearest to each size; None if not known.
    """

    diameters_nm: np.ndarray
    shares: np.ndarray
    standard_errors: np.ndarray
    true_shares: np.ndarray | None


def simulate_tracks(
    diameters_nm: ArrayLike,
    frames: int | None = None,
    *,
    rng: np.random.Generator | int,
    frame_time_s: float | None = None,
    temperature_c: float | None = None,
    field_um: tuple[float, float] | None = None,
    localisation_error_um: float = 0.0,
    drift_um_s: float | tuple[float, float] = 0.0,
    detection_threshold: float = 0.0,
    particle: str = "vesicle",
    longest_track: int | None = None,
) -> Tracks:
    """Film particles that wander in water, and follow each one while it is in view.

    Every particle takes normally distributed steps of variance ``2 D t`` along both axes, with
    ``D`` by Stokes and Einstein.  Who leaves the field on one side comes in on the other, as
    somebody new: a track ends and another begins, as for an instrument that cannot know.  So the
    field always holds the same particles, and each track by itself is what a window on an endless
    sample would show.  A particle is in view where it truly is in the field; its measured position
    may lie a localisation error outside.

    Parameters
    ----------
    diameters_nm : float or array_like
        Diameter of each particle in the field, nm.
    frames : int, optional
        Frames of the film, at least 2.  Default: the fact ``example-track-frames``.
    rng : numpy.random.Generator or int
        Source of randomness, or its seed.  The particles move alike whatever the threshold is.
    frame_time_s : float, optional
        Time from frame to frame, s.  Default: from the fact ``tracking-frame-rate``.
    temperature_c : float, optional
        True temperature of the water, degrees Celsius.  Default: ``tracking-temperature``.
    field_um : tuple of float, optional
        Width and height of the field, um.  Default: ``tracking-field-width`` and ``-height``.
    localisation_error_um : float, optional
        Standard deviation of each measured coordinate, um.  Default: none.
    drift_um_s : float or tuple of float, optional
        Flow, um per second: along the width, or along both axes.  Default: none.
    detection_threshold : float, optional
        Least brightness that is seen, in the unit of
        :func:`exocourse.vesicles.scattering.bead_scattering`.  Default: everything is seen.
    particle : {"vesicle", "bead"}, optional
        What scatters: see :func:`exocourse.vesicles.scattering.is_visible`.
    longest_track : int, optional
        Frames after which a particle is lost and found again as a new track, at least 2.
        Default: it is followed until it leaves the field.

    Returns
    -------
    Tracks
        With their truth.  No track at all where nothing is bright enough.  Some are of a single
        frame: see :meth:`Tracks.at_least`.

    Raises
    ------
    TypeError
        Where a number is not a number, frames are not whole or `rng` is neither generator nor
        seed.
    ValueError
        Where there is no particle; a diameter, time or field is not above zero; an error or the
        threshold is negative; a temperature is outside 0 to 100 degrees Celsius; there are fewer
        than two frames; or the threshold cannot be judged (see ``is_visible``).
    """
    diameters = np.atleast_1d(checked_diameter(diameters_nm)).ravel()
    if not diameters.size:
        raise ValueError("diameters_nm is empty; give the diameter of at least one particle")
    frames = _whole(_or_fact(frames, "example-track-frames"), "frames", 2)
    if frame_time_s is None:
        frame_time_s = 1 / fact("tracking-frame-rate").value
    frame_time = _single(positive(frame_time_s, "frame_time_s"), "frame_time_s")
    temperature = _single(_temperature(temperature_c), "temperature_c")
    field = _field(field_um)
    error = _single(
        _not_negative(localisation_error_um, "localisation_error_um"), "localisation_error_um"
    )
    drift = _flow(drift_um_s)
    seen = is_visible(diameters, detection_threshold, particle)
    generator = _generator(rng)

    diffusion = stokes_einstein_diffusion_um2_s(diameters, temperature)
    step_um = np.sqrt(2 * diffusion * frame_time)[:, None, None]
    # Also those that are not seen take random numbers: a threshold must not change the others.
    path = np.empty((len(diameters), frames, 2))
    path[:, 0] = generator.uniform(size=(len(diameters), 2)) * field
    steps = generator.standard_normal((len(diameters), frames - 1, 2))
    path[:, 1:] = steps * step_um + drift * frame_time
    np.cumsum(path, axis=1, out=path)
    cell = np.floor(path / field)
    path -= cell * field
    measured = path
    if error:
        measured = path + error * generator.standard_normal(path.shape)

    begins = np.ones((len(diameters), frames), dtype=bool)
    np.any(cell[:, 1:] != cell[:, :-1], axis=2, out=begins[:, 1:])
    if longest_track is not None:
        _cut(begins, _whole(longest_track, "longest_track", 2))
    particles = np.flatnonzero(seen)
    positions, owner, first_frames = _split(measured[particles], begins[particles])
    truth = TrackTruth(
        diameters_nm=diameters,
        seen=seen,
        paths_um=path,
        particles=particles[owner],
        field_um=(float(field[0]), float(field[1])),
        temperature_c=temperature,
        localisation_error_um=error,
        drift_um_s=(float(drift[0]), float(drift[1])),
    )
    return Tracks(positions, first_frames, frame_time, truth)


def tracks_from_table(
    track: ArrayLike, frame: ArrayLike, x_um: ArrayLike, y_um: ArrayLike, frame_time_s: float
) -> Tracks:
    """Collect positions from a table, one row each, into tracks.

    Parameters
    ----------
    track : array_like
        Which track each row belongs to: any names or numbers, in any order.
    frame : array_like of int
        Frame of the film.
    x_um, y_um : array_like
        Position, um.
    frame_time_s : float
        Time from frame to frame, s.

    Returns
    -------
    Tracks
        In the order of their names, without truth.

    Raises
    ------
    TypeError
        Where a frame is not a whole number, or a position is not a number.
    ValueError
        Where the columns differ in length or are empty, a position is not finite, a track is
        twice in one frame or is missing from a frame between its first and its last.
    """
    columns = [
        np.asarray(track),
        np.asarray(frame),
        as_numbers(x_um, "x_um"),
        as_numbers(y_um, "y_um"),
    ]
    if len({column.shape for column in columns}) > 1 or columns[0].ndim != 1:
        raise ValueError("track, frame, x_um and y_um must be columns of one length")
    if not columns[0].size:
        raise ValueError("the table is empty; give at least one position")
    if columns[1].dtype.kind not in "iu":
        raise TypeError("frame must hold whole numbers")
    names, row = np.unique(columns[0], return_inverse=True)
    xy = np.stack(columns[2:], axis=1)
    if not np.all(np.isfinite(xy)):
        at = np.flatnonzero(~np.all(np.isfinite(xy), axis=1))[0]
        raise ValueError(f"the position in row {at} is not finite; leave that row out")
    first = np.full(len(names), np.iinfo(np.int64).max)
    np.minimum.at(first, row, columns[1])
    column = columns[1] - first[row]
    count = np.zeros((len(names), column.max() + 1), dtype=int)
    np.add.at(count, (row, column), 1)
    if np.any(count > 1):
        raise ValueError(
            f"track {names[np.argwhere(count > 1)[0, 0]]} has two positions in one frame; "
            "leave one of them out"
        )
    positions = np.full((*count.shape, 2), np.nan)
    positions[row, column] = xy
    positions, _ = _checked(positions, names)
    return Tracks(positions, first, _single(positive(frame_time_s, "frame_time_s"), "frame_time_s"))


def track_msd_um2(positions_um: ArrayLike, longest_lag: int | None = None) -> np.ndarray:
    """Mean squared displacement of each track at every lag, over all its pairs of frames.

    ``MSD(k) = mean over i of |r(i + k) - r(i)|^2``, all lags at once by a Fourier transform:
    the squares are expanded, and the products ``r(i + k) r(i)`` are an autocorrelation.  Pairs
    overlap at long lags, so that the last values hang on very little.

    Parameters
    ----------
    positions_um : array_like
        Shape (tracks, frames, 2), or (frames, 2) for one track, um; NaN before and after a track.
    longest_lag : int, optional
        In frames.  Default: all, one less than there are frames.

    Returns
    -------
    numpy.ndarray
        Square um, shape (tracks, lags), or (lags,) for one track, for lags 1, 2, ... frames; NaN
        beyond a track's last lag.

    Raises
    ------
    TypeError
        Where positions are not numbers, or the lag is not whole.
    ValueError
        Where there is no track, the shape is another, a track has a gap or fewer than two frames,
        a position is infinite or half missing, or the lag is not below the number of frames.
    """
    positions, lengths, alone = _movable(positions_um)
    squares, pairs = _summed_squares(positions, lengths, longest_lag)
    msd = np.full(squares.shape, np.nan)
    np.divide(squares, pairs, out=msd, where=pairs > 0)
    return msd[0] if alone else msd


def ensemble_msd_um2(positions_um: ArrayLike, longest_lag: int | None = None) -> np.ndarray:
    """Mean squared displacement over all pairs of frames of all tracks, lag by lag.

    Where particles differ in size it is a mean over what was seen, not the curve of any of them.

    Parameters
    ----------
    positions_um, longest_lag
        As :func:`track_msd_um2`.

    Returns
    -------
    numpy.ndarray
        Square um, shape (lags,), for lags 1, 2, ... frames; NaN where no track is so long.

    Raises
    ------
    TypeError, ValueError
        As :func:`track_msd_um2`.
    """
    positions, lengths, _ = _movable(positions_um)
    squares, pairs = _summed_squares(positions, lengths, longest_lag)
    total = pairs.sum(axis=0)
    msd = np.full(total.shape, np.nan)
    return np.divide(squares.sum(axis=0), total, out=msd, where=total > 0)


def estimate_drift_um_s(positions_um: ArrayLike, frame_time_s: float) -> tuple[float, float]:
    """Flow that all tracks have in common: their mean step, over the time of a frame.

    Parameters
    ----------
    positions_um : array_like
        As :func:`track_msd_um2`.
    frame_time_s : float
        Time from frame to frame, s.

    Returns
    -------
    x, y : float
        um per second.  Of few steps it is mostly chance: ``sqrt(2 D / (N t))`` for ``N`` steps.

    Raises
    ------
    TypeError, ValueError
        As :func:`track_msd_um2`; also where the time is not above zero.
    """
    frame_time = _single(positive(frame_time_s, "frame_time_s"), "frame_time_s")
    positions, lengths, _ = _movable(positions_um)
    last = positions[np.arange(len(positions)), lengths - 1]
    x, y = (last - positions[:, 0]).sum(axis=0) / (np.sum(lengths - 1) * frame_time)
    return float(x), float(y)


def size_from_track(
    positions_um: ArrayLike,
    frame_time_s: float,
    temperature_c: float | None = None,
    *,
    localisation_error_um: float = 0.0,
    drift_um_s: float | tuple[float, float] = 0.0,
    confidence: float = 0.95,
) -> TrackSize:
    """Size of a particle from the steps of its track, and how far that can be trusted.

    ``D = (mean squared step - 4 s^2) / 4 t``, after the drift was taken from every step, and the
    diameter by Stokes and Einstein for water [Filipe10].  Without localisation error the mean of
    ``n`` squared steps in a plane follows chi-square with ``2 n`` degrees of freedom: ``D`` has a
    relative standard error of ``1 / sqrt(n)``, and the interval is exact.  With an error ``s`` that
    is ``sqrt([(1 + 2 x)^2 + 2 x^2 (n - 1) / n] / n)``, ``x = s^2 / 2 D t``, since an error that
    lengthens one step shortens the next; the interval is then a close approximation.

    Parameters
    ----------
    positions_um : array_like
        Shape (frames, 2) for one track, or (tracks, frames, 2), um; NaN before and after a track.
    frame_time_s : float
        Time from frame to frame, s.
    temperature_c : float, optional
        Temperature that one assumes, degrees Celsius.  Default: ``tracking-temperature``.
    localisation_error_um : float, optional
        Error of each coordinate that one assumes, um; its share is subtracted.
    drift_um_s : float or tuple of float, optional
        Flow that one assumes, um per second, along the width or along both axes.
    confidence : float, optional
        Of the interval, between 0 and 1.

    Returns
    -------
    TrackSize
        Plain numbers for one track, arrays for several.

    Raises
    ------
    TypeError, ValueError
        As :func:`track_msd_um2`; also where a time, temperature, error or confidence cannot be.
    """
    from scipy.special import gammaincinv

    if not 0 < _single(positive(confidence, "confidence"), "confidence") < 1:
        raise ValueError(f"confidence is {confidence:g}; give a number between 0 and 1")
    frame_time, size_times_diffusion, error, drift = _assumptions(
        frame_time_s, temperature_c, localisation_error_um, drift_um_s
    )
    positions, lengths, alone = _movable(positions_um)
    squared, steps = _mean_squared_steps(positions, lengths, drift * frame_time)
    diffusion = _diffusion(squared, error, frame_time)
    shape = _gamma_shape(squared, steps, error)
    # Where this much motion would be rarely exceeded, and where it would be rarely reached.
    tail = (1 - confidence) / 2
    fastest = squared * shape / gammaincinv(shape, tail)
    slowest = squared * shape / gammaincinv(shape, 1 - tail)

    def diameter(diffusions):
        return _diameter_or_infinity(size_times_diffusion, diffusions)

    found = (
        diameter(diffusion),
        diameter(_diffusion(fastest, error, frame_time)),
        diameter(_diffusion(slowest, error, frame_time)),
        diffusion,
        _relative_error(diffusion, steps, error, frame_time),
    )
    if alone:
        return TrackSize(*(float(one[0]) for one in found), int(steps[0]), float(confidence))
    return TrackSize(*found, steps, float(confidence))


def size_distribution(
    tracks: Tracks,
    temperature_c: float | None = None,
    *,
    localisation_error_um: float = 0.0,
    drift_um_s: float | tuple[float, float] = 0.0,
    shortest_track: int | None = None,
) -> SizeDistribution:
    """Size every track that is long enough, and keep the truth beside it.

    What the histogram shows is not the sample.  Every size is smeared by the chance in its track;
    a small particle that is not seen is not counted; one that leaves and comes back is counted
    again, and small ones do so more often; and a track ends sooner after a long step, which for
    the field of width ``W`` and steps of standard deviation ``s`` makes the mean squared step
    along that axis too small by about ``0.8 s / W``.

    Parameters
    ----------
    tracks : Tracks
        From a simulation or measured.
    temperature_c, localisation_error_um, drift_um_s
        What one assumes: as :func:`size_from_track`.
    shortest_track : int, optional
        Frames that a track must have, at least 2.  Default: the fact ``shortest-track-frames``.

    Returns
    -------
    SizeDistribution
        Of the tracks used.

    Raises
    ------
    TypeError, ValueError
        As :func:`size_from_track`; also where no track is long enough.
    """
    shortest = _whole(_or_fact(shortest_track, "shortest-track-frames"), "shortest_track", 2)
    frame_time, size_times_diffusion, error, drift = _assumptions(
        tracks.frame_time_s, temperature_c, localisation_error_um, drift_um_s
    )
    used = tracks.at_least(shortest)
    if not len(used):
        raise ValueError(
            f"none of the {len(tracks)} tracks has {shortest} frames or more; film more particles, "
            "lower the threshold, or give a smaller shortest_track"
        )
    positions, lengths, _ = _movable(used.positions_um)
    squared, steps = _mean_squared_steps(positions, lengths, drift * frame_time)
    diffusion = _diffusion(squared, error, frame_time)
    return SizeDistribution(
        diameters_nm=_diameter_or_infinity(size_times_diffusion, diffusion),
        diffusions_um2_s=diffusion,
        relative_errors=_relative_error(diffusion, steps, error, frame_time),
        mean_squared_steps_um2=squared,
        steps=steps,
        skipped=len(tracks) - len(used),
        frame_time_s=frame_time,
        temperature_c=_single(_temperature(temperature_c), "temperature_c"),
        localisation_error_um=error,
        true_diameters_nm=used.true_diameters_nm,
        particle_diameters_nm=None if tracks.truth is None else tracks.truth.diameters_nm,
    )


def mixture_shares(distribution: SizeDistribution, diameters_nm: ArrayLike) -> MixtureShares:
    """Recover how much of each known size a mixture holds, undoing the smear of short tracks.

    Maximum likelihood: a track of ``n`` steps of a particle with mean squared step ``m`` has a
    mean squared step that follows a gamma distribution of mean ``m`` and shape ``n`` (less with
    localisation error); the shares are raised and lowered until the tracks are most likely
    (expectation and maximisation).  Errors come from the curvature there.

    Every step is taken for one that nothing has selected.  Near an edge that is wrong: who stays
    in view for a few frames has happened to take short steps and passes for larger.  Where most
    tracks are such visits (a long film, a small field), give :func:`size_distribution` a longer
    `shortest_track`, such as 15 or 30.

    Parameters
    ----------
    distribution : SizeDistribution
        Sizes of tracks, with what was assumed for them.
    diameters_nm : array_like
        The sizes that the mixture is made of, at most as many as there are tracks, nm.

    Returns
    -------
    MixtureShares
        Of tracks, not of particles, and only of what was seen.

    Raises
    ------
    TypeError, ValueError
        Where a size is not a number above zero, there are more sizes than tracks, or the tracks
        cannot tell the sizes apart.
    """
    sizes = np.atleast_1d(checked_diameter(diameters_nm)).ravel()
    squared, error = distribution.mean_squared_steps_um2, distribution.localisation_error_um
    if not 1 <= sizes.size <= squared.size:
        raise ValueError(
            f"{sizes.size} sizes cannot be told from {squared.size} tracks; give at least one size "
            "and no more than there are tracks"
        )
    diffusion = stokes_einstein_diffusion_um2_s(sizes, distribution.temperature_c)
    expected = 4 * diffusion * distribution.frame_time_s + 4 * error**2
    shape = _gamma_shape(squared, distribution.steps, error)
    logarithm = -shape[:, None] * (np.log(expected) + squared[:, None] / expected)
    likelihood = np.exp(logarithm - logarithm.max(axis=1, keepdims=True))

    shares = np.full(sizes.size, 1 / sizes.size)
    for _ in range(_MOST_ROUNDS):
        before = shares
        shares = before * np.mean(likelihood / (likelihood @ before)[:, None], axis=0)
        if np.max(np.abs(shares - before)) < 1e-9:
            break
    true = distribution.true_diameters_nm
    if true is not None:
        nearest = np.argmin(np.abs(np.log(true[:, None] / sizes)), axis=1)
        true = np.bincount(nearest, minlength=sizes.size) / len(nearest)
    return MixtureShares(sizes, shares, _share_errors(likelihood, shares), true)


def _share_errors(likelihood, shares):
    """Return the standard errors of shares that add up to one."""
    if len(shares) == 1:
        return np.zeros(1)
    # The last share is what the others leave, so only the others are free.
    score = (likelihood[:, :-1] - likelihood[:, -1:]) / (likelihood @ shares)[:, None]
    information = score.T @ score
    if not np.linalg.cond(information) < _WORST_CONDITION:
        raise ValueError(
            "these tracks cannot tell the given sizes apart; give fewer sizes, further apart"
        )
    covariance = np.linalg.inv(information)
    return np.sqrt(np.append(np.diag(covariance), covariance.sum()))


def _cut(begins, longest):
    """Let a new track begin, in place, where one would have more frames than `longest`."""
    frame = np.arange(begins.shape[1])
    start = np.maximum.accumulate(np.where(begins, frame, 0), axis=1)
    begins |= (frame - start) % longest == 0


def _split(positions, begins):
    """Return positions by track, the row that each comes from, and its first frame."""
    frames = begins.shape[1]
    starts = np.flatnonzero(begins)
    lengths = np.diff(starts, append=begins.size)
    track = np.cumsum(begins.ravel()) - 1
    split = np.full((len(starts), lengths.max(initial=0), 2), np.nan)
    split[track, np.arange(begins.size) - starts[track]] = positions.reshape(-1, 2)
    return split, starts // frames, starts % frames


def _summed_squares(positions, lengths, longest_lag):
    """Return sums of squared displacements and their numbers, both of shape (tracks, lags)."""
    frames = positions.shape[1]
    lags = frames - 1
    if longest_lag is not None:
        lags = _whole(longest_lag, "longest_lag", 1)
        if lags >= frames:
            raise ValueError(
                f"longest_lag is {lags}, but the longest track has {frames} frames; give at most "
                f"{frames - 1}"
            )
    # From its own start: large coordinates would eat up the digits of small displacements.
    axes = np.empty((2, len(positions), frames))
    np.subtract(positions, positions[:, :1], out=axes.transpose(1, 2, 0))
    if np.any(lengths < frames):
        np.nan_to_num(axes, copy=False)
    size = _quick_length(frames + lags)
    spectrum = np.fft.rfft(axes, size, axis=2)
    power = (spectrum.real**2 + spectrum.imag**2).sum(axis=0)
    products = np.fft.irfft(power, size, axis=1)[:, 1 : lags + 1]
    squares = np.zeros((len(positions), frames + 1))
    np.cumsum(axes[0] ** 2 + axes[1] ** 2, axis=1, out=squares[:, 1:])
    lag = np.arange(1, lags + 1)
    pairs = np.maximum(lengths[:, None] - lag, 0)
    # Every first point of a pair, and every last one.
    ends = np.take_along_axis(squares, pairs, axis=1) + squares[:, -1:] - squares[:, 1 : lags + 1]
    return np.maximum(ends - 2 * products, 0) * (pairs > 0), pairs


def _quick_length(least):
    """Return the first length from `least` on whose Fourier transform is quick."""
    while True:
        rest = least
        for factor in (2, 3, 5):
            while rest % factor == 0:
                rest //= factor
        if rest == 1:
            return least
        least += 1


def _mean_squared_steps(positions, lengths, drift_step):
    """Return each track's mean squared step, the flow taken out, and its number of steps."""
    steps = np.nan_to_num(np.diff(positions, axis=1) - drift_step)
    # Where the track is over, the flow must not count as a step: NaN became zero above.
    count = lengths - 1
    return np.einsum("tij,tij->t", steps, steps) / count, count


def _diffusion(squared, error, frame_time):
    return (squared - 4 * error**2) / (4 * frame_time)


def _diameter_or_infinity(size_times_diffusion, diffusion):
    found = np.full(diffusion.shape, np.inf)
    return np.divide(size_times_diffusion, diffusion, out=found, where=diffusion > 0)


def _relative_error(diffusion, steps, error, frame_time):
    """Return the standard error of each diffusion coefficient as a share of it."""
    moving = diffusion > 0
    ratio = error**2 / (2 * frame_time) / np.where(moving, diffusion, 1.0)
    variance = ((1 + 2 * ratio) ** 2 + 2 * ratio**2 * (steps - 1) / steps) / steps
    return np.where(moving, np.sqrt(variance), np.inf)


def _gamma_shape(squared, steps, error):
    """Return the shape of the gamma distribution of a mean squared step.

    It is the number of steps, less where errors tie each step to the next.
    """
    if not error:
        return steps.astype(float)
    # No track's true motion is below what the error alone makes.
    share = 2 * error**2 / np.maximum(squared, 4 * error**2)
    return steps / (1 + 2 * share**2 * (steps - 1) / steps)


def _movable(positions_um):
    """Return checked positions of tracks that have a step, their lengths, and if it is only one."""
    array = as_numbers(positions_um, "positions_um")
    alone = array.ndim == 2
    positions, lengths = _checked(array[None] if alone else array)
    if np.any(lengths < 2):
        raise ValueError(
            f"track {np.flatnonzero(lengths < 2)[0]} has a single frame and so no step; leave such "
            "tracks out, as with tracks.at_least(2)"
        )
    return positions, lengths, alone


def _checked(positions, names=None):
    """Return positions with every track moved to column 0, and the length of each track."""
    if positions.ndim != 3 or positions.shape[2] != 2:
        raise ValueError(
            f"positions_um has the shape {positions.shape}; give (tracks, frames, 2), or "
            "(frames, 2) for one track"
        )
    if not len(positions) or not positions.shape[1]:
        raise ValueError("there is no track; give at least one")
    names = range(len(positions)) if names is None else names
    missing = np.isnan(positions)
    if np.any(np.isinf(positions)):
        track = np.argwhere(np.isinf(positions))[0, 0]
        raise ValueError(f"track {names[track]} has an infinite position; leave it out")
    if not missing.any():
        return positions, np.full(len(positions), positions.shape[1])
    if np.any(missing[:, :, 0] != missing[:, :, 1]):
        track = np.argwhere(missing[:, :, 0] != missing[:, :, 1])[0, 0]
        raise ValueError(
            f"track {names[track]} has half a position, x without y or y without x (NaN); give "
            "both, or neither"
        )
    there = ~missing[:, :, 0]
    lengths = np.count_nonzero(there, axis=1)
    if np.any(lengths == 0):
        raise ValueError(
            f"track {names[np.flatnonzero(lengths == 0)[0]]} has no position at all (NaN "
            "throughout); leave it out"
        )
    first = np.argmax(there, axis=1)
    last = there.shape[1] - 1 - np.argmax(there[:, ::-1], axis=1)
    gaps = np.flatnonzero(last - first + 1 != lengths)
    if gaps.size:
        hole = first[gaps[0]] + np.argmin(there[gaps[0], first[gaps[0]] :])
        raise ValueError(
            f"track {names[gaps[0]]} has a gap: no position (NaN) {hole - first[gaps[0]]} frames "
            "after its first; cut it in two there"
        )
    if np.any(first > 0):
        column = first[:, None] + np.arange(there.shape[1])
        shifted = np.take_along_axis(
            positions, np.minimum(column, there.shape[1] - 1)[:, :, None], axis=1
        )
        shifted[np.arange(there.shape[1]) >= lengths[:, None]] = np.nan
        positions = shifted
    return positions, lengths


def _assumptions(frame_time_s, temperature_c, localisation_error_um, drift_um_s):
    """Return what an analysis takes for granted, checked."""
    return (
        _single(positive(frame_time_s, "frame_time_s"), "frame_time_s"),
        _single(_diffusion_times_diameter(temperature_c), "temperature_c"),
        _single(
            _not_negative(localisation_error_um, "localisation_error_um"), "localisation_error_um"
        ),
        _flow(drift_um_s),
    )


def _or_fact(value, fact_id):
    return int(fact(fact_id).value) if value is None else value


def _whole(value, name, least):
    if isinstance(value, bool) or not isinstance(value, Integral):
        raise TypeError(f"{name} must be a whole number, not {type(value).__name__}")
    if value < least:
        raise ValueError(f"{name} is {value}; give {least} or more")
    return int(value)


def _single(value, name):
    """Return the only number as a float."""
    if np.ndim(value):
        raise ValueError(f"{name} is an array; give a single number")
    return float(value)


def _pair(value, name):
    pair = as_numbers(value, name)
    if pair.shape != (2,) or not np.all(np.isfinite(pair)):
        raise ValueError(f"{name} must be two finite numbers, one for each axis")
    return pair


def _flow(drift_um_s):
    along_width = np.ndim(drift_um_s) == 0 and not isinstance(drift_um_s, bool | str)
    return _pair((drift_um_s, 0.0) if along_width else drift_um_s, "drift_um_s")


def _field(field_um):
    if field_um is None:
        field_um = (fact("tracking-field-width").value, fact("tracking-field-height").value)
    return positive(_pair(field_um, "field_um"), "field_um")


def _positive_edges(edges_nm):
    edges = positive(edges_nm, "edges_nm")
    if edges.ndim != 1 or edges.size < 2 or not np.all(np.diff(edges) > 0):
        raise ValueError("edges_nm must be at least two rising numbers")
    return edges


def _generator(rng):
    if isinstance(rng, np.random.Generator):
        return rng
    if isinstance(rng, Integral) and not isinstance(rng, bool):
        return np.random.default_rng(rng)
    raise TypeError("rng must be a numpy.random.Generator or a whole number as its seed")
