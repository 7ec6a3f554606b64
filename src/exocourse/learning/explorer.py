"""Explorers: controls -> model -> picture and words.

An explorer is declared, not wired. Controls are class attributes; `compute` calls a model; `build`
makes the figure's artists once; `move` puts a result into them; `describe` says in words what they
show. The base class turns that into a live widget, a still picture, and a plain Python object::

    explorer = VesicleSize()
    explorer.diameter_nm = 80
    explorer.result
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from exocourse.learning.showing import Picture, cell_id, house_style, picture, widget_bundle

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.figure import Figure

CSS_DPI = 100.0  # figure inches to CSS pixels


@dataclass(frozen=True, kw_only=True)
class Control:
    """One thing that a learner can change; a descriptor that keeps its value in the explorer.

    Attributes
    ----------
    label : str
        What the control is called on the page, with its unit.
    default : Any
        The starting value, or a function that returns it (so that a fact is read when needed).
    """

    label: str
    default: Any

    def start(self) -> Any:
        """Return the starting value, checked."""
        return self.check(self.default() if callable(self.default) else self.default)

    def check(self, value: Any) -> Any:
        """Return `value` as the model takes it, or raise ValueError or TypeError."""
        raise NotImplementedError

    def widget(self, value: Any) -> Any:
        """Return the ipywidget that edits this control."""
        raise NotImplementedError

    def put(self, widget: Any, value: Any) -> None:
        """Make the widget show `value`."""
        if not self.shows(widget.value, value):
            widget.value = value

    def shows(self, shown: Any, value: Any) -> bool:
        """Return whether a widget that shows `shown` stands for `value`."""
        return shown == value

    def ends(self) -> tuple[Any, ...]:
        """Return the outermost values, or all values where there are only some."""
        raise NotImplementedError

    def __set_name__(self, owner: type, name: str) -> None:
        object.__setattr__(self, "name", name)

    def __get__(self, explorer: Explorer | None, owner: type | None = None) -> Any:
        if explorer is None:
            return self
        return explorer._values[self.name]

    def __set__(self, explorer: Explorer, value: Any) -> None:
        explorer._set(self.name, self.check(value))


@dataclass(frozen=True, kw_only=True)
class Slider(Control):
    """A number between two ends.

    Attributes
    ----------
    low, high : float
        The ends, both allowed.
    step : float
        Change from one position of the slider to the next; on a logarithmic slider, the smallest.
    logarithmic : bool
        Whether the steps grow with the value, so that equal distances are about equal ratios.
    number_format : str
        How the page shows the value (d3-format).
    """

    low: float
    high: float
    step: float
    logarithmic: bool = False
    number_format: str = ".0f"

    def check(self, value: Any) -> float:
        """Return `value` as a float within the ends."""
        try:
            if isinstance(value, str | bool):
                raise TypeError
            number = float(value)
        except (TypeError, ValueError):
            raise TypeError(
                f"{self.name} takes a number from {self.low:g} to {self.high:g}, "
                f"not {type(value).__name__}"
            ) from None
        if not self.low <= number <= self.high:
            raise ValueError(
                f"{self.name} = {number:g} is outside what this explorer shows: "
                f"choose a value from {self.low:g} to {self.high:g}"
            )
        return number

    def widget(self, value: float) -> Any:
        """Return a slider."""
        import ipywidgets

        shared = {
            "description": self.label,
            "continuous_update": True,
            "style": {"description_width": "auto"},
            "layout": ipywidgets.Layout(width="100%"),
        }
        if not self.logarithmic:
            return ipywidgets.FloatSlider(
                value=value,
                min=self.low,
                max=self.high,
                step=self.step,
                readout_format=self.number_format,
                **shared,
            )
        # Not FloatLogSlider: its page side moves a value to the nearest power on its grid, so that
        # 100 would become 100.24 as soon as it is shown.
        positions = self.positions()
        options = [(f"{position:g}", position) for position in positions]
        return ipywidgets.SelectionSlider(
            options=options, index=nearest(positions, value), **shared
        )

    def put(self, widget: Any, value: float) -> None:
        """Move the slider to `value`, a logarithmic one to the position nearest to it."""
        if not self.logarithmic:
            super().put(widget, value)
        elif not self.shows(widget.value, value):
            widget.index = nearest(self.positions(), value)

    def shows(self, shown: float, value: float) -> bool:
        """Return whether the slider's position is that of `value`, or the one nearest to it."""
        if not self.logarithmic:
            return shown == value
        positions = self.positions()
        return shown == positions[nearest(positions, value)]

    def positions(self) -> list[float]:
        """Return round values from end to end, each step about a fortieth of the value."""
        values = [self.low]
        while values[-1] < self.high:
            step = max(self.step, _round_down(values[-1] / 40))
            # Onto the step's own multiples, so that round values are among them.
            values.append(round((math.floor(values[-1] / step + 1e-9) + 1) * step, 12))
        return [*values[:-1], self.high]

    def ends(self) -> tuple[float, float]:
        """Return the lowest and the highest value."""
        return (self.low, self.high)


def nearest(positions: list[float], value: float) -> int:
    """Return the index of the position nearest to `value`."""
    return min(range(len(positions)), key=lambda index: abs(positions[index] - value))


def _round_down(number: float) -> float:
    """Return the largest of 1, 2 and 5 times a power of ten that is not above `number`."""
    power = 10.0 ** math.floor(math.log10(number))
    return max(factor * power for factor in (1, 2, 5) if factor * power <= number * (1 + 1e-9))


@dataclass(frozen=True, kw_only=True)
class Choice(Control):
    """One of a few named options.

    Attributes
    ----------
    options : tuple of str
        The names, as the page shows them.
    """

    options: tuple[str, ...]

    def check(self, value: Any) -> str:
        """Return `value` if it is one of the options."""
        if value not in self.options:
            raise ValueError(f"{self.name} = {value!r}: choose one of {', '.join(self.options)}")
        return value

    def widget(self, value: str) -> Any:
        """Return a drop-down list."""
        import ipywidgets

        return ipywidgets.Dropdown(
            options=self.options,
            value=value,
            description=self.label,
            style={"description_width": "auto"},
        )

    def ends(self) -> tuple[str, ...]:
        """Return all options."""
        return self.options


class Explorer:
    """Base class of the explorers: the one that is allowed to be clever.

    A subclass declares `title`, its controls, `compute`, `build`, `move` and `describe`; nothing
    else is needed. Results are computed when asked for and kept until a control changes.

    Attributes
    ----------
    title : str
        Heading, and what a screen reader calls the group.
    size_inches : tuple of float
        Width and height of the figure; 100 CSS pixels an inch.
    """

    title: ClassVar[str]
    size_inches: ClassVar[tuple[float, float]] = (7.6, 3.8)
    controls: ClassVar[dict[str, Control]] = {}

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        own = {name: item for name, item in vars(cls).items() if isinstance(item, Control)}
        cls.controls = {**cls.controls, **own}

    def __init__(self, **values: Any) -> None:
        unknown = set(values) - set(self.controls)
        if unknown:
            raise TypeError(
                f"{type(self).__name__} has no control {', '.join(sorted(unknown))}; "
                f"it has {', '.join(self.controls)}"
            )
        self._values = {
            name: control.check(values[name]) if name in values else control.start()
            for name, control in self.controls.items()
        }
        self._result: Any = None
        self._live: _Live | None = None

    # What a subclass writes -----------------------------------------------------------------

    def compute(self) -> Any:
        """Return the model's result for the present values of the controls."""
        raise NotImplementedError

    def build(self, figure: Figure) -> dict[str, Artist]:
        """Draw everything that stays, and return the artists that move, by name."""
        raise NotImplementedError

    def move(self, artists: dict[str, Artist], result: Any) -> None:
        """Put `result` into the artists: data only, nothing new is made."""
        raise NotImplementedError

    def describe(self, result: Any) -> str:
        """Say what the picture shows, in words, to at most three significant figures."""
        raise NotImplementedError

    # What comes with it ---------------------------------------------------------------------

    @property
    def result(self) -> Any:
        """The model's result for the present values."""
        # A control can change while the model runs: the page's messages are handled in another
        # thread than the notebook's cells. A result is kept only beside the values it belongs to.
        while self._result is None or self._result[0] != self._values:
            values = dict(self._values)
            self._result = (values, self.compute())
        return self._result[1]

    @property
    def words(self) -> str:
        """What the picture shows now."""
        return self.describe(self.result)

    def close(self) -> None:
        """Let go of the live widget and its pixels; it comes back when shown again."""
        if self._live is not None:
            self._live.close()
            self._live = None

    @property
    def widget(self) -> Any:
        """The live widget: controls above, picture and words below."""
        return self._alive().box

    def draw(self, figure: Figure, result: Any) -> None:
        """Draw the whole picture of `result` on an empty figure."""
        with house_style():
            artists = self.build(figure)
        self.move(artists, result)

    def picture(self, dpi: float = CSS_DPI) -> Picture:
        """Return the present picture, still and with alternative text."""
        from matplotlib.figure import Figure

        figure = Figure(figsize=self.size_inches)
        self.draw(figure, self.result)
        return picture(figure, f"{self.title}. {self.words}", dpi)

    def __setattr__(self, name: str, value: Any) -> None:
        if not name.startswith("_") and not hasattr(type(self), name):
            raise AttributeError(
                f"{type(self).__name__} has no control {name}; it has {', '.join(self.controls)}"
            )
        super().__setattr__(name, value)

    def __repr__(self) -> str:
        values = ", ".join(f"{name}={value!r}" for name, value in self._values.items())
        return f"{type(self).__name__}({values})"

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        still = self.picture().bundle()
        try:
            box = self.widget
        except ImportError:  # no ipywidgets here: the still picture says it all the same
            return still
        _keep_one_in_this_cell(self)
        return still | widget_bundle(box, words=self.words, markup=still["text/html"])

    def _alive(self) -> _Live:
        if self._live is None:
            self._live = _Live(self)
        return self._live

    def _set(self, name: str, value: Any) -> None:
        if self._values[name] == value:
            return
        self._values = self._values | {name: value}
        if self._live is not None:
            self._live.show(name, value)


# The live explorer of each cell. ipywidgets keeps every widget it ever made, so running a cell
# again and again would fill the memory with pictures that nobody sees.
_in_cell: dict[tuple[str, type], Explorer] = {}


def _keep_one_in_this_cell(explorer: Explorer) -> None:
    """Close what this cell showed before: it is about to be replaced on the page."""
    cell = cell_id()
    if cell is None:
        return
    before = _in_cell.get((cell, type(explorer)))
    _in_cell[cell, type(explorer)] = explorer
    if before is not None and before is not explorer:
        before.close()


class _Live:
    """The running side of one explorer: its widgets, and a figure of which only artists move.

    Everything that stays is drawn once and kept as pixels; a change restores them, draws the
    moving artists on top and sends the result. Never pyplot: callbacks run in another thread than
    cells do, and pyplot's current figure belongs to both.
    """

    def __init__(self, explorer: Explorer) -> None:
        from exocourse.learning.stage import Stage, frame

        self.explorer = explorer
        self.stage = Stage()
        self.inputs = {}
        for name, control in explorer.controls.items():
            self.inputs[name] = control.widget(getattr(explorer, name))
            self.inputs[name].observe(self._follow(name), names="value")
        self.box = frame(*self.inputs.values(), title=explorer.title, stage=self.stage)
        self.wanted = self.sent = 0
        self.drawing = self.whole = False
        self._build()
        self.stage.observe(self._fit_page, names="page")
        self.redraw()

    def close(self) -> None:
        """Take the widgets off the page and out of the kernel."""
        for widget in (*self.inputs.values(), *self.box.children, self.box):
            widget.close()

    def _follow(self, name: str) -> Callable[[Any], None]:
        def follow(change: Any) -> None:
            # What comes back from `put` may be a neighbour of the value that was set in Python.
            control, value = self.explorer.controls[name], getattr(self.explorer, name)
            if not control.shows(change["new"], value):
                setattr(self.explorer, name, change["new"])

        return follow

    def _build(self) -> None:
        """Make the figure once; later only its resolution and its artists' data change."""
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure

        self.figure = Figure(figsize=self.explorer.size_inches, dpi=CSS_DPI)
        self.canvas = FigureCanvasAgg(self.figure)
        with house_style():
            self.artists = self.explorer.build(self.figure)
        for artist in self.artists.values():
            artist.set_animated(True)
        self.order = sorted(self.artists.values(), key=lambda artist: artist.get_zorder())
        self._keep_still()

    def _keep_still(self) -> None:
        """Draw and keep what stays."""
        self.canvas.draw()
        self.still = self.canvas.copy_from_bbox(self.figure.bbox)

    @property
    def ratio(self) -> float:
        """Device pixels for each CSS pixel."""
        return self.figure.dpi / CSS_DPI

    def _fit_page(self, change: Any) -> None:
        self.whole = True  # a page has joined, and knows no frame yet
        self.redraw()

    def show(self, name: str, value: Any) -> None:
        """Follow a value that was set, by the page or from Python."""
        self.explorer.controls[name].put(self.inputs[name], value)
        self.redraw()

    def redraw(self) -> None:
        """Send the picture and words of the present result."""
        # Whoever comes while a frame is drawn only asks for another one after it.
        self.wanted += 1
        while self.sent != self.wanted and not self.drawing:
            self.drawing = True
            try:
                self.sent = self.wanted
                self._send()
            finally:
                self.drawing = False

    def _send(self) -> None:
        import numpy as np

        ratio = float(self.stage.page.get("ratio", 1.0))
        if ratio != self.ratio:
            self.figure.set_dpi(CSS_DPI * ratio)
            self._keep_still()
        result = self.explorer.result
        self.canvas.restore_region(self.still)
        self.explorer.move(self.artists, result)
        for artist in self.order:
            self.figure.draw_artist(artist)
        whole, self.whole = self.whole, False
        pixels = np.asarray(self.canvas.buffer_rgba())
        self.stage.put(pixels, self.explorer.describe(result), ratio, whole=whole)
