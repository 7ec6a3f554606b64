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
import numpy as np
import traitlets

HERE = Path(__file__).parent
TILE = 64  # pixels; only tiles that changed are sent


class Stage(anywidget.AnyWidget):
    """A picture with words, sent to the page as bytes.

    Attributes
    ----------
    title : str
        What a screen reader calls the picture and the group of controls around it.
    words : str
        What the picture shows, in words: shown below it, and announced after 500 ms of quiet.
    frame : bytes
        The pixels of `tiles`, one after the other: RGBA rows from the top; or one PNG file, as
        `encoding` says.
    tiles : list of list of int
        Which parts of the picture `frame` holds: left, top, width and height of each, in device
        pixels. Only what changed is sent; a page that joins later asks for all by its report.
    size : list of int
        Width and height of the whole picture in device pixels.
    ratio : float
        Device pixels for each CSS pixel that the frame was drawn for.
    turn : int
        Counts the frames; the page draws when it changes (two frames can hold the same bytes).
    said : int
        Counts what was said, so that the same words twice are announced twice.
    page : dict
        What a page reports when it joins: ``ratio`` (device pixels for each CSS pixel),
        ``loopback`` (whether it runs on this machine), and a ``view`` that no other report has.
    """

    _esm = HERE / "stage.js"
    _css = HERE / "stage.css"

    title = traitlets.Unicode("").tag(sync=True)
    words = traitlets.Unicode("").tag(sync=True)
    frame = traitlets.Bytes(b"").tag(sync=True)
    tiles = traitlets.List([]).tag(sync=True)
    size = traitlets.List(traitlets.Int(), [0, 0]).tag(sync=True)
    ratio = traitlets.Float(1.0).tag(sync=True)
    encoding = traitlets.Enum(["rgba", "png"], "rgba").tag(sync=True)
    turn = traitlets.Int(0).tag(sync=True)
    said = traitlets.Int(0).tag(sync=True)
    page = traitlets.Dict({}).tag(sync=True)

    def put(self, pixels: np.ndarray, words: str, ratio: float, *, whole: bool = False) -> None:
        """Show a frame and its words in one message.

        Parameters
        ----------
        pixels : numpy.ndarray, shape (height, width, 4), dtype uint8
            RGBA.
        words : str
            What the picture shows.
        ratio : float
            Device pixels for each CSS pixel.
        whole : bool
            Send all of it, not only what differs from the frame before.
        """
        height, width = pixels.shape[:2]
        before = self._shown
        if whole or before is None or before.shape != pixels.shape:
            tiles = [[0, 0, width, height]]
        else:
            tiles = changed_tiles(before, pixels)
        raw = bool(self.page.get("loopback"))
        with self.hold_sync():
            self.words = words
            if not tiles:
                return
            if not raw:
                tiles = [around(tiles)]
            parts = [pixels[y : y + h, x : x + w] for x, y, w, h in tiles]
            self.size = [width, height]
            self.ratio = ratio
            self.encoding = "rgba" if raw else "png"
            self.tiles = tiles
            self.frame = b"".join(p.tobytes() for p in parts) if raw else png_bytes(parts[0])
            self.turn += 1
        self._shown = pixels.copy()  # only now: what failed to be sent is still to be sent

    def __init__(self, **keywords: Any) -> None:
        super().__init__(**keywords)
        self._shown: np.ndarray | None = None

    def say(self, words: str) -> None:
        """Show `words` and have them announced, also when they are the same as before."""
        with self.hold_sync():
            self.words = words
            self.said += 1


def changed_tiles(before: np.ndarray, after: np.ndarray) -> list[list[int]]:
    """Return where two frames of the same size differ, as rows of neighbouring tiles.

    Parameters
    ----------
    before, after : numpy.ndarray, shape (height, width, 4), dtype uint8

    Returns
    -------
    list of [left, top, width, height]
        In pixels; empty where the frames are the same.
    """
    height, width = after.shape[:2]
    rows, columns = -(-height // TILE), -(-width // TILE)
    differs = np.zeros((rows * TILE, columns * TILE), dtype=bool)
    # One comparison for the four bytes of a pixel.
    differs[:height, :width] = (before.view(np.uint32) != after.view(np.uint32))[..., 0]
    changed = differs.reshape(rows, TILE, columns, TILE).any(axis=(1, 3))
    tiles = []
    for row in range(rows):
        edges = np.flatnonzero(np.diff(changed[row].astype(np.int8), prepend=0, append=0))
        for left, right in zip(edges[::2] * TILE, edges[1::2] * TILE, strict=True):
            top = row * TILE
            tiles.append([int(left), top, int(min(right, width) - left), min(TILE, height - top)])
    return tiles


def around(tiles: list[list[int]]) -> list[int]:
    """Return the smallest rectangle that holds all tiles."""
    left, top = (min(tile[axis] for tile in tiles) for axis in (0, 1))
    right = max(tile[0] + tile[2] for tile in tiles)
    bottom = max(tile[1] + tile[3] for tile in tiles)
    return [left, top, right - left, bottom - top]


def png_bytes(pixels: np.ndarray) -> bytes:
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
