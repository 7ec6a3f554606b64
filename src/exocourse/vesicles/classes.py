"""The classes of extracellular vesicle, and how far their sizes overlap.

A class is named after the route by which a vesicle leaves its cell.  The sizes that are reported
for the routes overlap, so a diameter leaves several routes open: size does not prove origin
[Welsh24].
"""

from dataclasses import dataclass
from math import isfinite
from numbers import Real

from exocourse.knowledge import fact


@dataclass(frozen=True)
class VesicleClass:
    """A kind of particle that cells release.

    Attributes
    ----------
    name : str
        What it is called, in the singular.
    route : str
        How it leaves its cell.
    low_nm, high_nm : float
        Reported diameters, nm.  They are equal where only a typical diameter is reported.
    has_membrane : bool
        False for a particle that is no vesicle.
    note : str
        What to keep in mind about it.
    fact_id : str
        The fact that the diameters, their source and their status come from.
    is_tail : bool
        True for sizes that the usual range of a class leaves out, and whose end is not known
        (drawn dashed).
    """

    name: str
    route: str
    low_nm: float
    high_nm: float
    has_membrane: bool
    note: str
    fact_id: str
    is_tail: bool = False


def vesicle_classes() -> tuple[VesicleClass, ...]:
    """List the classes, with their sizes as the course's facts have them now.

    Returns
    -------
    tuple of VesicleClass
        In order of their smallest diameter.
    """
    narrow = fact("ectosome-size")
    classes = (
        _class(
            "exomere",
            "none of the vesicle routes: it has no membrane that could bud or fuse",
            "exomere-size",
            "A particle, not a vesicle (NVEP). Only a typical diameter is reported.",
            has_membrane=False,
        ),
        _class(
            "exosome",
            "a multivesicular body fuses with the plasma membrane and lets its vesicles out",
            "exosome-size",
            "The name is for the route. Before release it is an intraluminal vesicle.",
        ),
        _class(
            "small ectosome",
            "buds outward from the plasma membrane",
            "small-ectosome-size",
            "An ectosome as small as an exosome. Where this tail ends is not known: its lower end "
            "is assumed.",
            is_tail=True,
        ),
        _class(
            "ectosome",
            "buds outward from the plasma membrane",
            "ectosome-size-wide",
            f"Also called microvesicle. Another review gives {narrow.low:g} to {narrow.high:g} nm "
            f"({narrow.reference}).",
        ),
        _class(
            "apoptotic body",
            "a cell that dies by apoptosis comes apart",
            "apoptotic-body-size",
            "An extracellular vesicle, but no exosome: the route is another.",
        ),
        _class(
            "migrasome",
            "left behind by a cell that crawls",
            "migrasome-size",
            "An extracellular vesicle, but no exosome: the route is another.",
        ),
        _class(
            "large oncosome",
            "shed by a tumour cell",
            "oncosome-size",
            "As large as a small cell, but no cell.",
        ),
    )
    return tuple(sorted(classes, key=lambda one: (one.low_nm, one.high_nm)))


def classes_containing(diameter_nm: float) -> tuple[VesicleClass, ...]:
    """Find every class whose reported sizes include a diameter, both ends included.

    Being in the range of one class excludes no other: size does not prove origin [Welsh24].  An
    empty answer says that the sources in hand report no such class, not that there is none.

    Parameters
    ----------
    diameter_nm : float
        Diameter, nm.

    Returns
    -------
    tuple of VesicleClass
        All of them, in order of their smallest diameter.

    Raises
    ------
    TypeError
        Where the diameter is not a single number.
    ValueError
        Where it is not finite, or not above zero.
    """
    if isinstance(diameter_nm, bool) or not isinstance(diameter_nm, Real):
        raise TypeError(f"diameter_nm must be one number, not {type(diameter_nm).__name__}")
    if not isfinite(diameter_nm) or diameter_nm <= 0:
        raise ValueError(
            f"diameter_nm is {diameter_nm}, but it must be a finite number above zero; give the "
            "diameter in nanometres"
        )
    return tuple(one for one in vesicle_classes() if one.low_nm <= diameter_nm <= one.high_nm)


def _class(name, route, fact_id, note, has_membrane=True, is_tail=False):
    size = fact(fact_id)
    return VesicleClass(
        name=name,
        route=route,
        low_nm=size.value if size.low is None else size.low,
        high_nm=size.value if size.high is None else size.high,
        has_membrane=has_membrane,
        note=note,
        fact_id=fact_id,
        is_tail=is_tail,
    )
