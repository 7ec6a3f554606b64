"""What goes into the models, checked: numbers, above zero, and in the right unit.

Every function raises TypeError for what is no number, and ValueError for a number that cannot be,
naming the argument and saying what to do.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from exocourse.knowledge import fact

FloatOrArray = float | np.ndarray

# A metre.  Longer "vesicles" are a slip of the unit, and their cubes overflow.
_LONGEST_NM = 1e9


def checked_diameter(value: ArrayLike) -> np.ndarray:
    """Return a diameter in nm as an array of floats, finite, above zero and below a metre."""
    diameter = positive(value, "diameter_nm")
    if np.any(diameter > _LONGEST_NM):
        raise ValueError(
            f"diameter_nm is {diameter[diameter > _LONGEST_NM][0]:g} nm, more than a metre; "
            "give the diameter in nanometres"
        )
    return diameter


def given_or_fact(value: ArrayLike | None, fact_id: str, name: str) -> np.ndarray:
    """Return the value, or where it is None the fact's, as an array of floats above zero."""
    return positive(fact(fact_id).value if value is None else value, name)


def positive(value: ArrayLike, name: str) -> np.ndarray:
    """Return the value as an array of floats, every one finite and above zero."""
    checked = as_numbers(value, name)
    if not np.all(np.isfinite(checked)):
        raise ValueError(
            f"{name} is {checked[~np.isfinite(checked)][0]}, which is not a finite number; "
            "give a number above zero"
        )
    if not np.all(checked > 0):
        raise ValueError(
            f"{name} is {checked[checked <= 0][0]:g}, but it must be above zero; "
            "give a positive number"
        )
    return checked


def as_numbers(value: ArrayLike, name: str) -> np.ndarray:
    """Return a number, or a list or array of numbers, as an array of floats."""
    # A bool counts as a number in Python, and numpy reads "100" as one: both are slips here.
    items = value if isinstance(value, list | tuple) else [value]
    array = np.asarray(value) if not any(isinstance(item, bool | str) for item in items) else None
    if array is None or array.dtype.kind not in "iuf":
        raise TypeError(
            f"{name} must be a number or an array of numbers, not {type(value).__name__}"
        )
    return array.astype(float)


def plain(array: FloatOrArray) -> FloatOrArray:
    """Return a Python float for a single number; arrays stay as they are."""
    return array if np.ndim(array) else float(array)
