"""The stage: one small widget that shows a picture and words, and guards its container.

The kernel draws, the page shows: pixels arrive as bytes and go onto a canvas, words are shown and
announced to a screen reader, and keystrokes inside the container never reach the notebook, where
``d d`` would delete the cell.
"""

from __future__ import annotations

import html
import io
from pathlib import Path
from typing import Any

import anywidget
import ipywidgets
import traitlets

HERE = Path(__file__).parent


class Stage(anywidget.AnyWidget):
    """A picture with words, sent to the page as bytes.

    Attributes
    ----------
    title : str
        What a screen reader calls the picture and the group of controls around it.
    words : str
        What the picture shows, in words: shown below it, and announced after 500 ms of quiet.
    frame : bytes
        The pixels: RGBA rows from the top, or a PNG file, as `encoding` says.
    size : list of int
        Width and height in device pixels.
    ratio : float
        Device pixels for each CSS pixel that the frame was drawn for.
    page : dict
        What the page reports of itself: ``ratio`` and ``loopback``.
    """

    _esm = HERE / "stage.js"
    _css = HERE / "stage.css"

    title = traitlets.Unicode("").tag(sync=True)
    words = traitlets.Unicode("").tag(sync=True)
    frame = traitlets.Bytes(b"").tag(sync=True)
    size = traitlets.List(traitlets.Int(), [0, 0]).tag(sync=True)
    ratio = traitlets.Float(1.0).tag(sync=True)
    encoding = traitlets.Enum(["rgba", "png"], "rgba").tag(sync=True)
    page = traitlets.Dict({"ratio": 1.0, "loopback": False}).tag(sync=True)

    def put(self, pixels: Any, words: str, ratio: float) -> None:
        """Show a frame and its words in one message.

        Parameters
        ----------
        pixels : numpy.ndarray, shape (height, width, 4), dtype uint8
            RGBA.
        words : str
            What the picture shows.
        ratio : float
            Device pixels for each CSS pixel.
        """
        height, width = pixels.shape[:2]
        raw = bool(self.page.get("loopback"))
        with self.hold_sync():
            self.size = [width, height]
            self.ratio = ratio
            self.encoding = "rgba" if raw else "png"
            self.frame = pixels.tobytes() if raw else png_bytes(pixels)
            self.words = words

    def say(self, words: str) -> None:
        """Show `words` and have them announced."""
        self.words = words


def png_bytes(pixels: Any) -> bytes:
    """Return `pixels` (height, width, 4; uint8) as a PNG file, compressed for speed."""
    from PIL import Image

    stream = io.BytesIO()
    Image.fromarray(pixels).save(stream, "PNG", compress_level=1)
    return stream.getvalue()


def frame(*children: ipywidgets.Widget, title: str, stage: Stage | None = None) -> ipywidgets.VBox:
    """Put widgets into the guarded container that every interactive thing of the course lives in.

    Parameters
    ----------
    *children : ipywidgets.Widget
        What stands in it, from top to bottom. `stage` is added at the end unless it is among them.
    title : str
        Heading, and the name of the group for a screen reader.
    stage : Stage, optional
        The stage to use; a new one (words only) is made otherwise.

    Returns
    -------
    ipywidgets.VBox
        With the stage as its attribute ``stage``.
    """
    stage = stage if stage is not None else Stage()
    stage.title = title
    heading = text(f'<div class="exo-heading">{html.escape(title)}</div>')
    inside = [heading, *children]
    if stage not in children:
        inside.append(stage)
    box = ipywidgets.VBox(inside)
    box.add_class("exo-frame")
    box.stage = stage
    return box


def text(markup: str) -> ipywidgets.HTML:
    """Return a widget of HTML `markup` (escaped by the caller) in the course's typography."""
    widget = ipywidgets.HTML(markup)
    widget.add_class("exo-text")
    return widget
