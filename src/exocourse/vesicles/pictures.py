"""Still pictures of module 1: the diagram of where vesicles come from, and the data plots.

Every number in them is a fact; every picture carries its words.
"""

from __future__ import annotations

import html
from typing import TYPE_CHECKING

from exocourse.knowledge import fact
from exocourse.learning.showing import Picture, house_style, picture
from exocourse.vesicles.classes import VesicleClass, vesicle_classes
from exocourse.vesicles.geometry import lumen_fraction

if TYPE_CHECKING:
    from matplotlib.axes import Axes

# Lengths to compare with on the ruler; an asterisk marks what is assumed or recalled.
LANDMARKS = (
    ("lipid-width", "lipid", "center"),
    ("vesicle-shell-thickness", "membrane*", "center"),
    ("lipid-gap", "skin's lipid layers*", "left"),
    ("cell-diameter", "cell*", "center"),
    ("follicle-opening-width", "follicle*", "center"),
)


def class_bars(axes: Axes, classes: tuple[VesicleClass, ...]) -> None:
    """Draw the size ranges of vesicle classes, one row a class.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        An empty pair of axes; its x axis becomes a logarithmic diameter in nm.
    classes : tuple of VesicleClass
        What to draw, from top to bottom.

    Notes
    -----
    A particle without a membrane is hatched. Sizes that the usual range of a class leaves out
    stand in the row of their class, dashed.
    """
    from seaborn import color_palette

    colours = color_palette("colorblind")
    names = [kind.name for kind in classes if not kind.is_tail]
    for kind in classes:
        row = names.index(kind.name.removeprefix("small ") if kind.is_tail else kind.name)
        colour = colours[row]
        if kind.is_tail:
            axes.plot([kind.low_nm, kind.high_nm], [row, row], color=colour, ls=(0, (2, 1)), lw=4)
            continue
        low, high = bar_ends(kind.low_nm, kind.high_nm)
        fill = colour if kind.has_membrane else "white"
        hatch = None if kind.has_membrane else "////"
        axes.barh(row, high - low, left=low, height=0.62, color=fill, edgecolor=colour, hatch=hatch)
    axes.set_yticks(range(len(names)), labels=names)
    axes.set(xscale="log", ylim=(len(names) - 0.4, -0.6))
    axes.minorticks_off()
    axes.grid(axis="y", visible=False)


def size_ruler(axes: Axes) -> None:
    """Draw `class_bars` on a ruler from a lipid to a hair follicle, with lengths to compare."""
    class_bars(axes, vesicle_classes())
    axes.set_xlim(0.6, 3e5)
    ticks = {1: "1 nm", 10: "10 nm", 100: "100 nm", 1e3: "1 µm", 1e4: "10 µm", 1e5: "100 µm"}
    axes.set_xticks(list(ticks), labels=list(ticks.values()))
    axes.set_xlabel(
        "Dashed: ectosomes below their usual range. Hatched: no membrane. * assumed or recalled",
        fontsize="small",
        labelpad=1,
    )
    for fact_id, name, side in LANDMARKS:
        length = fact(fact_id).value
        axes.axvline(length, color="0.55", linewidth=1, linestyle=":", zorder=0)
        axes.annotate(
            name,
            (length, 1.02),
            xycoords=("data", "axes fraction"),
            ha=side,
            va="bottom",
            fontsize="small",
            color="0.25",
        )


def bar_ends(low: float, high: float) -> tuple[float, float]:
    """Return the ends of a bar: a single value becomes a short bar around it."""
    return (low, high) if low < high else (0.93 * low, 1.07 * high)


def plot_size_ranges() -> Picture:
    """Plot the published size ranges, and below them the lumen share that the model gives."""
    import numpy as np
    from matplotlib.figure import Figure
    from seaborn import color_palette

    colours = color_palette("colorblind")
    af4 = (("exomere-size", "exomere"), ("exo-s-size", "Exo-S"), ("exo-l-size", "Exo-L"))
    with house_style():
        figure = Figure(figsize=(7.6, 5.2), layout="constrained")
        measured, classes, model = figure.subplots(
            3, 1, sharex=True, gridspec_kw={"height_ratios": (0.7, 1.35, 1.1)}
        )
        for row, (fact_id, _) in enumerate(af4):
            size = fact(fact_id)
            low, high = bar_ends(size.low or size.value, size.high or size.value)
            bare = fact_id == "exomere-size"
            measured.barh(
                row,
                high - low,
                left=low,
                height=0.6,
                color="white" if bare else colours[row],
                edgecolor=colours[row],
                hatch="////" if bare else None,
            )
        measured.set_yticks(range(3), labels=[name for _, name in af4])
        measured.set(ylim=(2.6, -0.6), xscale="log", xlim=(20, 12000))
        measured.set_title("Measured in one study: separated by flow (Zhang18)", loc="left")

        class_bars(classes, tuple(kind for kind in vesicle_classes() if kind.has_membrane))
        classes.set_title("Ranges as reviews give them (dashed: assumed tail)", loc="left")

        diameters = np.geomspace(20, 12000, 300)
        model.plot(diameters, 100 * lumen_fraction(diameters), color="0.15", lw=2)
        model.set(ylim=(0, 102), ylabel="lumen (%)")
        thickness = fact("vesicle-shell-thickness").value
        model.set_title(
            f"Model: the lumen's share of the volume (membrane {thickness:g} nm, assumed)",
            loc="left",
        )
        model.set_xlabel("Diameter (nm)")
        model.set_xticks([30, 100, 300, 1000, 3000, 10000])
        model.set_xticklabels(["30", "100", "300", "1,000", "3,000", "10,000"])
        model.minorticks_off()
        measured.grid(axis="y", visible=False)
    small, large = (100 * lumen_fraction(float(d)) for d in (50, 1000))
    return picture(
        figure,
        "Three plots over one logarithmic axis of diameter. Top, one study: exomeres near 35 nm, "
        "small exosomes 60 to 80 nm, large exosomes 90 to 120 nm, apart from each other. Middle, "
        "ranges as reviews give them: exosomes 40 to 150 nm lie inside the reach of ectosomes, "
        "whose range to 1,000 nm has an assumed dashed tail below 100 nm; apoptotic bodies, "
        "migrasomes and large oncosomes reach micrometres. Bottom, the model: the lumen is "
        f"{small:.0f} % of the volume at 50 nm and {large:.0f} % at 1,000 nm.",
    )


def plot_release_events() -> Picture:
    """Plot how long the light of one release lasts, for three labels."""
    from matplotlib.figure import Figure
    from seaborn import color_palette

    labels = (
        ("release-signal-npy", "soluble cargo (NPY)"),
        ("release-signal-vamp2", "membrane protein (VAMP2)"),
        ("release-signal-cd63", "exosomes (CD63)"),
    )
    seconds = [fact(fact_id).value for fact_id, _ in labels]
    with house_style():
        figure = Figure(figsize=(7.6, 2.3), layout="constrained")
        axes = figure.subplots()
        # Dots, not bars: on a logarithmic axis the length of a bar means nothing.
        for row, value in enumerate(seconds):
            axes.plot(value, row, "o", markersize=10, color=color_palette("colorblind")[row])
            axes.annotate(
                f"{value:g} s", (value, row), (10, 0), textcoords="offset points", va="center"
            )
        axes.set_yticks(range(len(labels)), labels=[name for _, name in labels])
        axes.set_ylim(len(labels) - 0.5, -0.5)
        axes.set(xscale="log", xlim=(0.3, 600))
        axes.set_xticks([1, 10, 100], labels=["1", "10", "100"])
        axes.minorticks_off()
        axes.set_xlabel("Mean duration of the light from one release (s); 13 events or more each")
    npy, vamp2, cd63 = seconds
    return picture(
        figure,
        f"Dots on a logarithmic axis of seconds: the light of one release lasts {npy:g} s for a "
        f"soluble cargo, {vamp2:g} s for a membrane protein and {cd63:g} s for the exosome label "
        f"CD63, about {cd63 / vamp2:.0f} times longer than the membrane protein.",
    )


BIOGENESIS_TITLE = "Two routes out of a cell"
BIOGENESIS_DESCRIPTION = (
    "A cell with its outer membrane, the plasma membrane, seen from the side. On the left the "
    "plasma membrane bulges outward and pinches off an ectosome, also called a microvesicle. On "
    "the right a second route in four steps: one, the membrane of an endosome buds inward, away "
    "from the cytosol; two, it fills with small vesicles and is now a multivesicular body; three, "
    "it fuses with the plasma membrane; four, the small vesicles are outside the cell, and only "
    "now are they called exosomes. Each vesicle encloses a drop of cytosol. No two cells merge "
    "anywhere in the picture."
)


def biogenesis_diagram() -> Picture:
    """Draw the two routes by which vesicles leave a cell, as labelled SVG."""
    ink, membrane, cargo, tint = "#222222", "#0173b2", "#de8f05", "#eaf3f8"
    edge = (
        "M 0 190 L 92 190 C 112 190 116 178 112 166 A 30 30 0 1 1 160 166 C 156 178 160 190 180 190"
        " L 548 190 C 566 190 574 198 568 210 A 62 62 0 1 0 668 210 C 662 198 670 190 688 190"
        " L 760 190"
    )

    def vesicle(x: float, y: float, radius: float = 11) -> str:
        # Both routes enclose a drop of cytosol, so the inside keeps the cytosol's tint.
        return (
            f'<circle cx="{x}" cy="{y}" r="{radius}" fill="{tint}" stroke="{membrane}" '
            f'stroke-width="3"/><circle cx="{x}" cy="{y}" r="3.5" fill="{cargo}"/>'
        )

    def label(x: float, y: float, *lines: str, anchor: str = "middle", weight: str = "400") -> str:
        spans = "".join(
            f'<tspan x="{x}" dy="{0 if i == 0 else 17}">{html.escape(line)}</tspan>'
            for i, line in enumerate(lines)
        )
        return (
            f'<text x="{x}" y="{y}" text-anchor="{anchor}" font-weight="{weight}" '
            f'fill="{ink}">{spans}</text>'
        )

    def arrow(path: str) -> str:
        return (
            f'<path d="{path}" fill="none" stroke="{ink}" stroke-width="2" marker-end="url(#tip)"/>'
        )

    shapes = [
        f'<rect width="760" height="440" fill="#ffffff"/><path d="{edge} L 760 440 L 0 440 Z" '
        f'fill="{tint}"/><path d="{edge}" fill="none" stroke="{membrane}" stroke-width="5"/>',
        # the cell's own side of the opened multivesicular body is outside now, so it is white
        '<path d="M 568 210 A 62 62 0 1 0 668 210 Z" fill="#ffffff"/>'
        f'<path d="M 568 210 A 62 62 0 1 0 668 210" fill="none" stroke="{membrane}" '
        'stroke-width="5"/>',
        # outward budding
        vesicle(136, 62, 26),
        arrow("M 136 116 L 136 98"),
        # endosome with one inward bud
        f'<path d="M 262 318 A 46 46 0 1 0 316 318 C 308 322 304 330 306 338 A 15 15 0 1 1 272 338'
        f' C 274 330 270 322 262 318 Z" fill="#ffffff" stroke="{membrane}" stroke-width="4"/>',
        f'<circle cx="289" cy="343" r="4" fill="{cargo}"/>',
        arrow("M 289 296 L 289 318"),
        arrow("M 346 356 L 388 352"),
        # multivesicular body
        f'<circle cx="448" cy="340" r="54" fill="#ffffff" stroke="{membrane}" stroke-width="4"/>',
        *(vesicle(x, y) for x, y in ((430, 318), (464, 314), (478, 344), (446, 348), (424, 362))),
        arrow("M 506 322 L 548 300"),
        # opened, releasing
        *(vesicle(x, y) for x, y in ((596, 268), (636, 276), (618, 232), (612, 168), (634, 122))),
        *(vesicle(x, y) for x, y in ((590, 92), (654, 72))),
        arrow("M 618 214 L 616 186"),
    ]
    words = [
        label(14, 30, "outside the cell", anchor="start"),
        label(14, 428, "inside the cell (cytosol)", anchor="start"),
        label(206, 180, "plasma membrane", anchor="start"),
        label(176, 56, "ectosome", "(microvesicle)", anchor="start", weight="700"),
        label(136, 216, "buds outward"),
        label(289, 288, "1 buds inward"),
        label(289, 426, "endosome"),
        label(448, 272, "2 fills up"),
        label(448, 426, "multivesicular body"),
        label(640, 344, "3 fuses with the", "plasma membrane"),
        label(560, 60, "4 exosomes", "(only now)", anchor="end", weight="700"),
    ]
    svg = (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 760 440" role="img" '
        'aria-labelledby="biogenesis-title biogenesis-description" '
        'font-family="DejaVu Sans, Verdana, sans-serif" font-size="14">'
        f'<title id="biogenesis-title">{html.escape(BIOGENESIS_TITLE)}</title>'
        f'<desc id="biogenesis-description">{html.escape(BIOGENESIS_DESCRIPTION)}</desc>'
        '<defs><marker id="tip" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="7" '
        f'markerHeight="7" orient="auto"><path d="M 0 0 L 10 5 L 0 10 Z" fill="{ink}"/></marker>'
        f"</defs>{''.join(shapes)}{''.join(words)}</svg>"
    )
    return Picture(
        svg.encode("utf-8"), f"{BIOGENESIS_TITLE}. {BIOGENESIS_DESCRIPTION}", "image/svg+xml"
    )
