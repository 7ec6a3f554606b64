"""Explorers of module 1."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from exocourse.knowledge import fact
from exocourse.learning.explorer import Explorer, Slider
from exocourse.vesicles.classes import classes_containing
from exocourse.vesicles.geometry import VesicleGeometry, lumen_fraction, vesicle_geometry
from exocourse.vesicles.pictures import size_ruler

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.figure import Figure

CURVE_NM = np.geomspace(20.0, 1000.0, 200)


@dataclass(frozen=True)
class VesicleSizeResult:
    """What `VesicleSize` shows: one vesicle, and the lumen's share at every diameter.

    Attributes
    ----------
    vesicle : VesicleGeometry
        The vesicle chosen.
    curve : numpy.ndarray, shape (200,)
        Lumen share of the volume at the diameters `CURVE_NM`, for the same membrane.
    classes : tuple of str
        Names of the vesicle classes whose size range includes this diameter.
    """

    vesicle: VesicleGeometry
    curve: np.ndarray
    classes: tuple[str, ...]


class VesicleSize(Explorer):
    """Diameter and membrane thickness -> surface, lumen, lipids, and room for cargo."""

    title = "A vesicle's size, and what follows from it"
    size_inches = (7.6, 4.4)

    diameter_nm = Slider(
        label="Diameter (nm)",
        low=20.0,
        high=1000.0,
        step=1,
        logarithmic=True,
        default=lambda: fact("example-vesicle-diameter").value,
    )
    membrane_thickness_nm = Slider(
        label="Membrane with its proteins (nm)",
        low=3.0,
        high=8.0,
        step=0.1,
        number_format=".1f",
        default=lambda: fact("vesicle-shell-thickness").value,
    )

    def compute(self) -> VesicleSizeResult:
        """Return the geometry of this vesicle, and the curve it stands on."""
        return VesicleSizeResult(
            vesicle=vesicle_geometry(self.diameter_nm, self.membrane_thickness_nm),
            curve=lumen_fraction(CURVE_NM, self.membrane_thickness_nm),
            classes=tuple(
                f"{kind.name} (lower end assumed)" if kind.is_tail else kind.name
                for kind in classes_containing(self.diameter_nm)
                if kind.has_membrane
            ),
        )

    def build(self, figure: Figure) -> dict[str, Artist]:
        """Draw the cut, the curve and the ruler; return what moves on them."""
        from matplotlib.patches import Circle
        from seaborn import color_palette

        wall, lumen = "0.55", color_palette("colorblind")[3]
        cut = figure.add_axes((0.02, 0.52, 0.36, 0.41))
        cut.set(xlim=(-1.9, 1.9), ylim=(-1.25, 1.08), aspect="equal")
        cut.set_title("Cut through the middle, drawn to fit")
        cut.axis("off")
        outer = cut.add_patch(Circle((0, 0), 1.0, facecolor=wall, edgecolor="0.2", hatch="////"))
        inner = cut.add_patch(Circle((0, 0), 0.9, facecolor="white", edgecolor="0.2"))
        share = cut.text(0, 0, "", ha="center", va="center")
        width = cut.text(0, -1.2, "", ha="center", va="center")

        curve = figure.add_axes((0.475, 0.6, 0.5, 0.33))
        curve.set(xscale="log", xlim=(20, 1000), ylim=(0, 100))
        curve.set_xlabel("Diameter (nm)", labelpad=1)
        curve.set_title("Lumen, share of the volume (%)")
        curve.set_xticks(
            [20, 50, 100, 200, 500, 1000], labels=["20", "50", "100", "200", "500", "1,000"]
        )
        curve.minorticks_off()
        (line,) = curve.plot(CURVE_NM, np.zeros_like(CURVE_NM), color=lumen, linewidth=2)
        (point,) = curve.plot([100], [0], "o", color=wall, markersize=9, markeredgecolor="white")

        ruler = figure.add_axes((0.155, 0.12, 0.82, 0.31))
        size_ruler(ruler)
        mark = ruler.axvline(100, color="0.1", linewidth=1.6, linestyle=(0, (4, 2)))
        return {
            "outer": outer,
            "inner": inner,
            "share": share,
            "width": width,
            "line": line,
            "point": point,
            "mark": mark,
        }

    def move(self, artists: dict[str, Any], result: VesicleSizeResult) -> None:
        """Put the vesicle into the cut, the curve and the ruler."""
        vesicle = result.vesicle
        inside = 1.0 - 2.0 * vesicle.membrane_thickness_nm / vesicle.diameter_nm
        artists["inner"].set_radius(inside)
        artists["share"].set_text(
            f"lumen\n{100 * vesicle.lumen_fraction:.0f} %" if inside > 0.45 else ""
        )
        artists["width"].set_text(f"{vesicle.diameter_nm:,.0f} nm across")
        artists["line"].set_ydata(100.0 * result.curve)
        artists["point"].set_data([vesicle.diameter_nm], [100.0 * vesicle.lumen_fraction])
        artists["mark"].set_xdata([vesicle.diameter_nm, vesicle.diameter_nm])

    def describe(self, result: VesicleSizeResult) -> str:
        """Say the vesicle's numbers, and which classes it could belong to by size."""
        vesicle = result.vesicle
        fits = ", ".join(result.classes)
        ranges = (
            f"Quoted ranges that include this size: {fits}."
            if fits
            else "No quoted range on the ruler includes this size, which rules nothing out."
        )
        return (
            f"A vesicle {three(vesicle.diameter_nm)} nm across with a membrane of "
            f"{three(vesicle.membrane_thickness_nm)} nm: surface {three(vesicle.surface_nm2)} nm², "
            f"lumen {three(100 * vesicle.lumen_fraction)} % of its volume, about "
            f"{three(vesicle.lipid_count)} lipids if it were all POPC.\n"
            f"Room for about {three(vesicle.cytosol_like_protein_count_low)} to "
            f"{three(vesicle.cytosol_like_protein_count_high)} proteins if crowded as a whole cell "
            f"is estimated to be: capacity, not content.\n{ranges}"
        )


def three(number: float) -> str:
    """Return a number to three significant figures, with thousands separated."""
    if number == 0:
        return "0"
    digits = max(0, 2 - int(np.floor(np.log10(abs(number)))))
    rounded = round(number, 2 - int(np.floor(np.log10(abs(number)))))
    return f"{rounded:,.{digits}f}".rstrip("0").rstrip(".") if digits else f"{rounded:,.0f}"
