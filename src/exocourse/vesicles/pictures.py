"""Still pictures of module 1: the diagram of where vesicles come from, and the data plots.

Every number in them is a fact; every picture carries its words.
"""

from __future__ import annotations

import html
from typing import TYPE_CHECKING

import numpy as np

from exocourse.knowledge import fact
from exocourse.knowledge.references import reference
from exocourse.learning.showing import Picture, house_style, picture
from exocourse.vesicles.classes import VesicleClass, vesicle_classes
from exocourse.vesicles.geometry import lumen_fraction

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from exocourse.knowledge import Fact

# Lengths to compare with on the ruler; an asterisk marks what is assumed or recalled.
LANDMARKS = (
    ("lipid-width", "lipid", "center"),
    ("vesicle-shell-thickness", "membrane*", "center"),
    ("lipid-gap", "skin's lipid layer*", "left"),
    ("cell-diameter", "cell*", "center"),
    ("follicle-opening-width", "follicle*", "center"),
)


# One colour for a class in every picture; places in seaborn's "colorblind" palette.
CLASS_COLOURS = {
    "exomere": 7,
    "exosome": 0,
    "ectosome": 1,
    "apoptotic body": 2,
    "migrasome": 4,
    "large oncosome": 5,
}


def class_colour(name: str) -> tuple[float, float, float]:
    """Return the colour of a vesicle class, the same in every picture."""
    from seaborn import color_palette

    return color_palette("colorblind")[CLASS_COLOURS[name.removeprefix("small ")]]


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
    A particle without a membrane is an open diamond. Sizes that the usual range of a class leaves
    out stand in the row of their class, dashed.
    """
    names = [kind.name for kind in classes if not kind.is_tail]
    for kind in classes:
        row = names.index(kind.name.removeprefix("small ") if kind.is_tail else kind.name)
        colour = class_colour(kind.name)
        if kind.is_tail:
            axes.plot([kind.low_nm, kind.high_nm], [row, row], color=colour, ls=(0, (2, 1)), lw=4)
        elif kind.low_nm == kind.high_nm:  # a typical size, not a range
            diamond(axes, kind.low_nm, row)
        else:
            width = kind.high_nm - kind.low_nm
            axes.barh(row, width, left=kind.low_nm, height=0.62, color=colour, edgecolor=colour)
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
        "Dashed: ectosomes below their usual range. Diamond: no membrane. "
        "* assumed; the skin's: one repeat, recalled",
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


def diamond(axes: Axes, diameter_nm: float, row: int) -> None:
    """Mark a single size: open, because the particle has no membrane."""
    axes.plot(diameter_nm, row, "D", color="white", markeredgecolor="0.35", markersize=8)


def plot_size_ranges() -> Picture:
    """Plot measured sizes above quoted ranges, and below them the lumen share that follows."""
    from matplotlib.figure import Figure

    with house_style():
        figure = Figure(figsize=(7.6, 5.8), layout="constrained")
        measured, quoted, model = figure.subplots(
            3, 1, sharex=True, gridspec_kw={"height_ratios": (0.75, 1.3, 1.25)}
        )
        sizes = _draw_measured(measured)
        quoted_classes = tuple(kind for kind in vesicle_classes() if kind.has_membrane)
        class_bars(quoted, quoted_classes)
        quoted.set_title("Quoted in papers and reviews (dashed: lower end assumed)", loc="left")
        limit = fact("small-ev-limit").value
        quoted.axvline(limit, color="0.3", lw=1, ls=":", zorder=0)
        quoted.text(1.08 * limit, 0, f"small | large EV: {limit:g} nm, a convention", va="center")
        shares = _draw_model(model, sizes["exomere"])
    measured_sizes = ", ".join(f"{name} {size.amount}" for name, size in sizes.items())
    ranges = ", ".join(
        f"{kind.name} {kind.low_nm:,.0f} to {kind.high_nm:,.0f} nm" for kind in quoted_classes
    )
    return picture(
        figure,
        "Three panels over one logarithmic axis of diameter. Top, measured in one study: "
        f"{measured_sizes}; exomeres have no membrane. Middle, quoted: "
        f"{ranges}; the end of the small ectosomes is assumed. The ranges of exosomes, ectosomes "
        "and apoptotic bodies overlap. Bottom, the modelled lumen share of the volume: "
        + ", ".join(f"{share:.0f} % at {diameter:,} nm" for diameter, share in shares.items())
        + ".",
    )


def _draw_measured(axes: Axes) -> dict[str, Fact]:
    """Draw the sizes that one study measured, in grey; return them by name."""
    sizes = {
        "exomere": fact("exomere-size"),
        "Exo-S": fact("exo-s-size"),
        "Exo-L": fact("exo-l-size"),
    }
    for row, size in enumerate(sizes.values()):
        if size.value is not None:
            diamond(axes, size.value, row)
            axes.annotate(
                "no membrane", (size.value, row), (12, 0), textcoords="offset points", va="center"
            )
        else:
            axes.barh(row, size.high - size.low, left=size.low, height=0.6, color="0.45")
    axes.set_yticks(range(len(sizes)), labels=list(sizes))
    axes.set(ylim=(2.6, -0.6), xscale="log", xlim=(20, 12000))
    axes.grid(axis="y", visible=False)
    label = sizes["Exo-S"].source.label
    axes.set_title(f"Measured: sorted by size in a flow ({label})", loc="left")
    return sizes


def _draw_model(axes: Axes, exomere: Fact) -> dict[int, float]:
    """Draw the lumen share against the diameter; return the shares that are marked, in percent."""
    from seaborn import color_palette

    colour = color_palette("colorblind")[3]
    thickness = fact("vesicle-shell-thickness").value
    diameters = np.geomspace(20, 12000, 300)
    thinner, thicker = (100 * lumen_fraction(diameters, thickness + by) for by in (-1, 1))
    axes.fill_between(diameters, thicker, thinner, color=colour, alpha=0.25, lw=0)
    axes.plot(diameters, 100 * lumen_fraction(diameters), color=colour, lw=2)
    shares = {diameter: 100 * lumen_fraction(diameter) for diameter in (30, 50, 100, 1000)}
    axes.plot(list(shares), list(shares.values()), "o", color=colour)
    for diameter, share in shares.items():
        axes.annotate(
            f"{share:.0f} %", (diameter, share), (-5, 5), textcoords="offset points", ha="right"
        )
    wrong = 100 * lumen_fraction(exomere.value)
    axes.plot(exomere.value, wrong, "x", color="0.1", markersize=9, markeredgewidth=2)
    axes.annotate(
        f"the model says {wrong:.0f} %, but exomeres have no lumen",
        (exomere.value, wrong),
        (70, -12),
        textcoords="offset points",
        arrowprops={"arrowstyle": "-", "color": "0.3"},
        va="center",
    )
    axes.set_title(
        "Modelled: lumen share of the volume, membrane "
        f"{thickness:g} nm (band: {thickness - 1:g} to {thickness + 1:g} nm), assumed",
        loc="left",
    )
    axes.set(ylim=(0, 108), ylabel="percent", xlabel="Diameter (nm)")
    axes.set_xticks([30, 100, 300, 1000, 3000, 10000])
    axes.set_xticklabels(["30", "100", "300", "1,000", "3,000", "10,000"])
    axes.minorticks_off()
    return shares


def plot_release_events() -> Picture:
    """Plot how long the light of one release lasts, for three labels."""
    from matplotlib.figure import Figure
    from seaborn import color_palette

    labels = (
        ("release-signal-npy", "NPY, dissolved cargo"),
        ("release-signal-vamp2", "VAMP2, membrane protein"),
        ("release-signal-cd63", "CD63, in an MVB"),
    )
    seconds = [fact(fact_id).value for fact_id, _ in labels]
    how = fact(labels[0][0]).condition
    with house_style():
        figure = Figure(figsize=(7.6, 2.3), layout="constrained")
        axes = figure.subplots()
        # Dots, not bars: on a logarithmic axis the length of a bar means nothing.
        for row, value in enumerate(seconds):
            axes.plot(value, row, "os^"[row], markersize=10, color=color_palette("colorblind")[row])
            axes.annotate(
                f"{value:g} s", (value, row), (10, 0), textcoords="offset points", va="center"
            )
        axes.set_yticks(range(len(labels)), labels=[name for _, name in labels])
        axes.set_ylim(len(labels) - 0.5, -0.5)
        axes.set(xscale="log", xlim=(0.3, 600))
        axes.set_xticks([1, 10, 100], labels=["1", "10", "100"])
        axes.minorticks_off()
        axes.set_xlabel(
            f"Duration of the light of one release (s): {how.split(',')[0]}, spread not seen"
        )
    npy, vamp2, cd63 = seconds
    return picture(
        figure,
        "Mean duration of the light signal of one release, on a logarithmic scale: NPY, a "
        f"dissolved cargo, {npy:g} s; VAMP2, a membrane protein, {vamp2:g} s; CD63, in "
        f"the vesicles of multivesicular bodies, {cd63:g} s, {cd63 / vamp2:.0f} times as long as "
        f"VAMP2. Each is the {how}.",
    )


BIOGENESIS_TITLE = "Two ways by which vesicles leave a cell"
BIOGENESIS_DESCRIPTION = (
    "One cell's edge from the side, outside above, inside below, not to scale. On the left the "
    "plasma membrane buds outward and pinches off ectosomes, also called microvesicles: one is "
    "large, one as small as an exosome. On the right another way in four steps. One: the membrane "
    "of an endosome folds inward, away from the cytosol. Two: small vesicles pinch off into it, "
    "and it is now a multivesicular body, MVB. Three: the MVB fuses with the plasma membrane and "
    "opens to the outside: from here on its vesicles are exosomes. Four: they are released. A "
    "second arrow shows that other MVBs go to a lysosome, where their vesicles are digested. Every "
    "vesicle encloses a drop of cytosol. No two cells merge anywhere in the picture."
)


def biogenesis_diagram() -> Picture:
    """Draw the two ways by which vesicles leave a cell, as labelled SVG."""
    ink, blue, orange, tint = "#222222", "#0173b2", "#b35900", "#dcebf5"
    edge = (
        "M 0 190 L 92 190 C 112 190 116 178 112 166 A 30 30 0 1 1 160 166 C 156 178 160 190 180 190"
        " L 560 190 C 578 190 586 198 580 210 A 62 62 0 1 0 680 210 C 674 198 682 190 700 190"
        " L 760 190"
    )

    def vesicle(x: float, y: float, radius: float = 11, colour: str = blue) -> str:
        # Both ways enclose a drop of cytosol, so the inside keeps the cytosol's tint.
        return (
            f'<circle cx="{x}" cy="{y}" r="{radius}" fill="{tint}" stroke="{colour}" '
            'stroke-width="3"/>'
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
        f'<rect width="760" height="470" fill="#ffffff"/><path d="{edge} L 760 450 L 0 450 Z" '
        f'fill="{tint}"/><path d="{edge}" fill="none" stroke="{ink}" stroke-width="5"/>',
        # outward: a bud, and two ectosomes of different size
        vesicle(96, 62, 28, orange),
        vesicle(176, 84, 11, orange),
        arrow("M 128 116 L 112 98"),
        arrow("M 144 116 L 166 100"),
        # an endosome with one inward bud, open to the cytosol
        f'<path d="M 242 318 A 46 46 0 1 0 296 318 C 288 322 284 330 286 338 A 15 15 0 1 1 252 338'
        f' C 254 330 250 322 242 318" fill="#ffffff" stroke="{blue}" stroke-width="4"/>',
        arrow("M 269 296 L 269 318"),
        arrow("M 328 356 L 370 352"),
        # the multivesicular body
        f'<circle cx="430" cy="340" r="54" fill="#ffffff" stroke="{blue}" stroke-width="4"/>',
        *(vesicle(x, y) for x, y in ((412, 318), (446, 314), (460, 344), (428, 348), (406, 362))),
        arrow("M 488 320 L 548 292"),
        # other bodies are digested
        arrow("M 486 362 L 560 384"),
        f'<ellipse cx="624" cy="392" rx="58" ry="24" fill="url(#hatch)" stroke="{ink}" '
        'stroke-width="2"/>',
        # opened: its inside is outside now
        *(vesicle(x, y) for x, y in ((608, 268), (648, 276), (630, 232), (624, 164), (650, 120))),
        *(vesicle(x, y) for x, y in ((602, 92), (668, 68))),
        arrow("M 630 214 L 627 184"),
    ]
    sources = "; ".join(reference(key).label for key in ("Colombo14", "vanNiel18"))
    words = [
        label(14, 26, "outside the cell", anchor="start"),
        label(14, 440, "inside the cell (cytosol)", anchor="start"),
        label(200, 180, "plasma membrane", anchor="start"),
        label(200, 70, "ectosomes", "(microvesicles),", "large and small", anchor="start"),
        label(136, 216, "buds outward"),
        label(269, 288, "1 folds inward"),
        label(269, 426, "endosome"),
        label(430, 256, "2 small vesicles", "pinch off"),
        label(430, 416, "multivesicular", "body (MVB)"),
        label(652, 331, "3 MVB fuses with", "plasma membrane"),
        label(530, 366, "others"),
        label(572, 60, "4 released:", "exosomes", anchor="end", weight="700"),
        label(624, 437, "lysosome: digested"),
        label(
            14,
            464,
            f"Not to scale. Our drawing, after {sources}.",
            anchor="start",
        ),
    ]
    svg = (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 760 470" role="img" '
        'aria-labelledby="biogenesis-title biogenesis-description" '
        'font-family="DejaVu Sans, Verdana, sans-serif" font-size="14">'
        f'<title id="biogenesis-title">{html.escape(BIOGENESIS_TITLE)}</title>'
        f'<desc id="biogenesis-description">{html.escape(BIOGENESIS_DESCRIPTION)}</desc>'
        '<defs><marker id="tip" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="7" '
        f'markerHeight="7" orient="auto"><path d="M 0 0 L 10 5 L 0 10 Z" fill="{ink}"/></marker>'
        '<pattern id="hatch" width="8" height="8" patternUnits="userSpaceOnUse">'
        '<rect width="8" height="8" fill="#ffffff"/>'
        '<path d="M 0 8 L 8 0" stroke="#888888" stroke-width="1"/></pattern>'
        f"</defs>{''.join(shapes)}{''.join(words)}</svg>"
    )
    return Picture(
        svg.encode("utf-8"), f"{BIOGENESIS_TITLE}. {BIOGENESIS_DESCRIPTION}", "image/svg+xml"
    )
