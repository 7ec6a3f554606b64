"""How things of the course show themselves: live where they can, still and described elsewhere.

A stored output must make sense on GitHub, in print, untrusted and after a restart, and must not
depend on anything that a learner did: so each bundle carries words, and a picture or markup,
beside the live widget.
"""

from __future__ import annotations

import base64
import html
import io
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matplotlib.figure import Figure

WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"


@dataclass(frozen=True)
class Picture:
    """A still picture with its alternative text.

    Attributes
    ----------
    data : bytes
        The file's content.
    alt : str
        What the picture shows, in words.
    mime : str
        ``image/png`` or ``image/svg+xml``.
    width_px : int
        Width at which it is shown, in CSS pixels.
    """

    data: bytes
    alt: str
    mime: str = "image/png"
    width_px: int = 760

    def __repr__(self) -> str:
        """Return the alternative text: all that a text-only reader gets."""
        return self.alt

    def html(self) -> str:
        """Return an ``<img>`` that carries its data and its alternative text."""
        data = base64.b64encode(self.data).decode("ascii")
        return (
            f'<img src="data:{self.mime};base64,{data}" alt="{html.escape(self.alt)}" '
            f'width="{self.width_px}" style="max-width: 100%; height: auto">'
        )

    def bundle(self) -> dict[str, Any]:
        """Return the MIME bundle: markup with alternative text, the bare picture, the words."""
        # JupyterLab gives a bare image/png no alternative text, so the markup comes first there.
        bundle: dict[str, Any] = {"text/html": self.html(), "text/plain": self.alt}
        if self.mime == "image/png":
            bundle["image/png"] = base64.b64encode(self.data).decode("ascii")
        return bundle

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        return self.bundle()


def picture(figure: Figure, alt: str, dpi: float = 100.0) -> Picture:
    """Return a figure as a still picture with alternative text.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
        Made without pyplot.
    alt : str
        What it shows, in words.
    dpi : float
        Pixels for each inch.
    """
    stream = io.BytesIO()
    # No software version or date in the file: the same figure gives the same bytes.
    figure.savefig(stream, format="png", dpi=dpi, metadata={"Software": None})
    width_px = round(figure.get_size_inches()[0] * 100)
    return Picture(stream.getvalue(), alt, width_px=width_px)


def house_style() -> Any:
    """Seaborn's quiet grid with a colour-blind-safe palette, for as long as artists are made."""
    import matplotlib
    import seaborn

    style = seaborn.axes_style("whitegrid") | seaborn.plotting_context("notebook", font_scale=0.8)
    colours = matplotlib.cycler(color=seaborn.color_palette("colorblind"))
    return matplotlib.rc_context(style | {"axes.prop_cycle": colours, "font.family": "DejaVu Sans"})


def cell_id() -> str | None:
    """Return the id of the notebook cell that is running, or None outside a notebook."""
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython is not None else None
    kernel = getattr(shell, "kernel", None)
    if kernel is None:
        return None
    return kernel.get_parent("shell").get("metadata", {}).get("cellId")


def show(widget: Any, *, words: str, markup: str | None = None) -> None:
    """Display a live widget together with what stands for it where nothing is live.

    Parameters
    ----------
    widget : ipywidgets.Widget
        The live part.
    words : str
        The ``text/plain``. It must not depend on the learner's progress.
    markup : str, optional
        HTML shown where there is no live widget; `words` in a paragraph otherwise.
    """
    from IPython.display import display

    display(widget_bundle(widget, words=words, markup=markup), raw=True)


def widget_bundle(widget: Any, *, words: str, markup: str | None = None) -> dict[str, Any]:
    """Return the MIME bundle of a live widget with its still stand-in."""
    return {
        WIDGET_VIEW: {"version_major": 2, "version_minor": 0, "model_id": widget.model_id},
        "text/html": markup if markup is not None else f"<p>{html.escape(words)}</p>",
        "text/plain": words,
    }
