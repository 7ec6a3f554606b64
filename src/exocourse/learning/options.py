"""A set of options to choose from, as a learner sees it: live, and as still markup."""

from __future__ import annotations

import html
from collections.abc import Callable, Iterable
from typing import Any

RERUN = "Run this cell to answer."


def radios(options: Iterable[tuple[str, str]], label: str, value: str | None = None) -> Any:
    """Return radio buttons, none of them chosen unless `value` says so.

    Parameters
    ----------
    options : iterable of (key, text)
        What can be chosen.
    label : str
        What is chosen: shown, and read by a screen reader.
    value : str, optional
        Key of the option that is already chosen; one that no longer exists counts as none.
    """
    import ipywidgets

    pairs = [(text, key) for key, text in options]
    known = {key for _, key in pairs}
    return ipywidgets.RadioButtons(
        options=pairs,
        value=value if isinstance(value, str) and value in known else None,
        description=label,
        style={"description_width": "auto"},
        layout=ipywidgets.Layout(width="100%"),
    )


def button(label: str, act: Callable[[], None], *, primary: bool = False) -> Any:
    """Return a button that calls `act`."""
    import ipywidgets

    widget = ipywidgets.Button(description=label, button_style="primary" if primary else "")
    widget.on_click(lambda _: act())
    return widget


def still_options(stem: str, options: Iterable[tuple[str, str]]) -> str:
    """Return the HTML that stands for a question where nothing is live."""
    items = "".join(f"<li>{html.escape(text)}</li>" for _, text in options)
    return f"<p>{html.escape(stem)}</p><ul>{items}</ul><p><em>{RERUN}</em></p>"


def words_of(stem: str, options: Iterable[tuple[str, str]]) -> str:
    """Return the plain text that stands for a question where nothing is live."""
    return "\n".join([stem, *(f"  - {text}" for _, text in options), RERUN])
