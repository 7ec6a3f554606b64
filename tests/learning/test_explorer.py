"""The explorer's base class, on a small explorer of its own."""

import io

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from exocourse.learning.explorer import Choice, Explorer, Slider
from exocourse.learning.stage import changed_tiles


class Waves(Explorer):
    """A sine that a test can look at."""

    title = "Waves"
    size_inches = (4.0, 2.0)
    height = Slider(label="Height (m)", low=1, high=100, step=0.01, default=10, logarithmic=True)
    phase = Slider(label="Phase (rad)", low=0, high=6, step=0.1, default=lambda: 1.0)
    side = Choice(label="Side", options=("left", "right"), default="left")
    computed = 0

    def compute(self):
        Waves.computed += 1
        sign = 1 if self.side == "right" else -1
        return sign * self.height * np.sin(np.linspace(0, 6, 50) + self.phase)

    def build(self, figure):
        axes = figure.add_subplot()
        axes.set(xlim=(0, 6), ylim=(-100, 100))
        (line,) = axes.plot(np.linspace(0, 6, 50), np.zeros(50), linewidth=3)
        return {"line": line}

    def move(self, artists, result):
        artists["line"].set_ydata(result)

    def describe(self, result):
        return f"A wave {self.height:.3g} m high, {self.side}."


@pytest.fixture
def waves():
    return Waves()


class Page:
    """What a page does with the frames it is sent: draws each one's tiles on top of the last."""

    def __init__(self, stage, ratio, loopback):
        self.stage, self.canvas = stage, None
        stage.observe(self.draw, names="turn")
        stage.page = {"ratio": ratio, "loopback": loopback, "view": id(self)}

    def draw(self, change):
        width, height = self.stage.size
        if self.canvas is None or self.canvas.shape != (height, width, 4):
            self.canvas = np.zeros((height, width, 4), np.uint8)
        if self.stage.encoding == "png":
            ((x, y, w, h),) = self.stage.tiles
            self.canvas[y : y + h, x : x + w] = Image.open(io.BytesIO(self.stage.frame))
            return
        data, start = np.frombuffer(self.stage.frame, np.uint8), 0
        for x, y, w, h in self.stage.tiles:
            self.canvas[y : y + h, x : x + w] = data[start : start + 4 * w * h].reshape(h, w, 4)
            start += 4 * w * h
        assert start == len(data)


def local(explorer, ratio=1.0, loopback=True):
    """Make the explorer live, shown by a page; by default one on this machine."""
    box = explorer.widget
    explorer._page = Page(box.stage, ratio, loopback)
    return box


def pixels(explorer):
    return explorer._page.canvas


def test_it_is_driven_from_plain_python(waves):
    first = waves.result
    waves.height = 20
    assert waves.height == 20.0
    assert np.allclose(waves.result, 2 * first)


def test_a_result_is_computed_once_for_each_state(waves):
    Waves.computed = 0
    assert waves.result is waves.result
    waves.height = waves.height  # nothing changes
    assert waves.result is waves.result
    assert Waves.computed == 1
    waves.height = 11
    _ = waves.result, waves.words
    assert Waves.computed == 2


def test_controls_start_where_they_are_told_and_belong_to_one_explorer():
    one, other = Waves(height=50), Waves()
    assert (one.height, other.height, one.phase) == (50, 10, 1.0)
    one.side = "right"
    assert other.side == "left"
    assert list(Waves.controls) == ["height", "phase", "side"]


@pytest.mark.parametrize(
    ("name", "value", "error", "words"),
    [
        ("height", 0.5, ValueError, "from 1 to 100"),
        ("height", float("nan"), ValueError, "from 1 to 100"),
        ("height", float("inf"), ValueError, "from 1 to 100"),
        ("height", "tall", TypeError, "takes a number from 1 to 100, not str"),
        ("height", None, TypeError, "not NoneType"),
        ("height", [1, 2], TypeError, "not list"),
        ("side", "up", ValueError, "choose one of left, right"),
    ],
)
def test_a_value_out_of_range_is_refused_and_nothing_changes(waves, name, value, error, words):
    before = repr(waves)
    with pytest.raises(error, match=words):
        setattr(waves, name, value)
    assert repr(waves) == before


def test_a_misspelt_control_is_refused_with_the_known_ones(waves):
    with pytest.raises(AttributeError, match=r"no control heigt_m; it has height, phase, side"):
        waves.heigt_m = 3


@pytest.mark.parametrize("value", ["80", True])
def test_a_text_or_a_truth_value_is_no_number(waves, value):
    with pytest.raises(TypeError, match="takes a number"):
        waves.height = value


def test_a_result_always_belongs_to_the_values_it_stands_beside():
    """A control that changes while the model runs, as another thread may do it."""

    class Hurried(Waves):
        def compute(self):
            result = super().compute()
            if self.height == 20:
                self._values = self._values | {"height": 40.0}
            return result

    hurried = Hurried(height=20)
    assert np.abs(hurried.result).max() > 30


def test_an_unknown_control_is_refused_with_the_known_ones():
    with pytest.raises(TypeError, match=r"no control width; it has height, phase, side"):
        Waves(width=3)


def test_a_logarithmic_slider_has_round_positions_and_both_ends():
    positions = Waves.height.positions()
    assert positions[0] == 1
    assert positions[-1] == 100
    assert {2, 5, 10, 20, 50, 80} <= set(positions)
    ratios = np.divide(positions[1:], positions[:-1])
    assert (ratios > 1).all()
    assert ratios.max() < 1.06


def test_showing_it_does_not_move_a_value_between_two_positions():
    waves = Waves(height=33.3)
    local(waves)
    assert waves.height == 33.3
    waves.height = 77.7
    assert waves.height == 77.7
    assert waves._live.inputs["height"].value == 78


def test_moving_a_slider_on_the_page_changes_value_pixels_and_words(waves):
    box = local(waves)
    before = pixels(waves).copy()
    waves._live.inputs["height"].value = 80  # what the page does
    assert waves.height == 80.0
    assert (pixels(waves) != before).any()
    assert box.stage.words == "A wave 80 m high, left."


def test_setting_a_value_from_python_moves_the_slider(waves):
    local(waves)
    waves.phase = 3
    assert waves._live.inputs["phase"].value == 3


def test_the_blitted_picture_is_the_one_drawn_whole(waves):
    """Restoring what stays and drawing what moves gives the same pixels as drawing all anew."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    local(waves)
    for height in (90, 5, 33):
        waves.height = height
    figure = Figure(figsize=waves.size_inches, dpi=100)
    canvas = FigureCanvasAgg(figure)
    waves.draw(figure, waves.result)
    canvas.draw()
    whole = np.asarray(canvas.buffer_rgba()).astype(int)
    differs = (np.abs(pixels(waves).astype(int) - whole) > 2).any(axis=2)
    # Only where the line crosses the frame does the order of drawing show.
    assert differs.mean() < 0.002


def test_a_sharper_screen_gets_more_pixels(waves):
    box = local(waves, ratio=2.0)
    assert box.stage.size == [800, 400]
    assert box.stage.ratio == 2.0


def test_a_distant_page_gets_small_pngs_with_the_same_pixels(waves):
    other = Waves()
    local(waves)
    box = local(other, loopback=False)
    assert box.stage.encoding == "png"
    for height in (90, 20, 21):
        waves.height = other.height = height
        assert (pixels(other) == pixels(waves)).all()
    assert len(box.stage.frame) < pixels(waves).nbytes / 8


def test_only_what_changed_is_sent_and_a_page_that_joins_gets_all(waves):
    box = local(waves)
    waves.height = 50
    waves.height = 51
    assert len(box.stage.frame) < 0.6 * pixels(waves).nbytes
    late = Page(box.stage, 1.0, True)
    assert (late.canvas == pixels(waves)).all()


def test_a_change_that_shows_nowhere_sends_words_and_no_frame(waves, monkeypatch):
    box = local(waves)
    turn = box.stage.turn
    monkeypatch.setattr(type(waves), "move", lambda self, artists, result: None)
    waves.height = 60
    assert box.stage.turn == turn
    assert box.stage.words == "A wave 60 m high, left."


@given(data=st.data())
def test_tiles_cover_every_difference(data):
    height, width = data.draw(st.integers(1, 200)), data.draw(st.integers(1, 200))
    before = np.zeros((height, width, 4), np.uint8)
    after = before.copy()
    for _ in range(data.draw(st.integers(0, 4))):
        y, x = data.draw(st.integers(0, height - 1)), data.draw(st.integers(0, width - 1))
        after[y, x, data.draw(st.integers(0, 3))] = 9
    drawn = before.copy()
    for x, y, w, h in changed_tiles(before, after):
        assert 0 < w <= width - x
        assert 0 < h <= height - y
        drawn[y : y + h, x : x + w] = after[y : y + h, x : x + w]
    assert (drawn == after).all()


def test_a_change_while_a_frame_is_drawn_is_drawn_after_it(waves):
    local(waves)
    move, heights = waves.move, []

    def move_and_change(artists, result):
        heights.append(waves.height)
        move(artists, result)
        if len(heights) == 1:
            waves.height = 70

    waves.move = move_and_change
    waves.height = 60
    assert heights == [60, 70]
    assert waves._live.stage.words == "A wave 70 m high, left."


def test_a_failing_model_does_not_leave_the_explorer_stuck(waves):
    local(waves)
    compute, waves.compute = waves.compute, lambda: 1 / 0
    with pytest.raises(ZeroDivisionError):
        waves.height = 60
    waves.compute = compute
    waves.height = 50
    assert waves._live.stage.words == "A wave 50 m high, left."


def test_the_bundle_has_words_markup_and_picture_beside_the_widget(waves):
    bundle = waves._repr_mimebundle_()
    assert set(bundle) == {
        "application/vnd.jupyter.widget-view+json",
        "text/html",
        "text/plain",
        "image/png",
    }
    assert bundle["text/plain"] == "A wave 10 m high, left."
    assert 'alt="Waves. A wave 10 m high, left."' in bundle["text/html"]


def test_every_control_has_a_label_on_the_page(waves):
    for name, widget in (waves.widget, waves._live)[1].inputs.items():
        assert widget.description == Waves.controls[name].label


def test_pyplot_is_never_asked(waves, monkeypatch):
    import matplotlib.pyplot

    def refuse(*args, **kwargs):
        raise AssertionError("pyplot was used")

    for name in ("figure", "gcf", "subplots", "show"):
        monkeypatch.setattr(matplotlib.pyplot, name, refuse)
    local(waves)
    waves.height = 20
    waves.picture()


def test_running_a_cell_again_closes_what_it_showed_before(monkeypatch):
    from exocourse.learning import explorer as module

    monkeypatch.setattr(module, "cell_id", lambda: "explore-1")
    first, second = Waves(), Waves()
    first._repr_mimebundle_()
    box = first.widget
    second._repr_mimebundle_()
    assert box.comm is None
    assert first._live is None
    assert second.widget.comm is not None
    first.height = 30  # the old object still works, and can be shown again
    assert first.words == "A wave 30 m high, left."
    assert first.widget is not box
