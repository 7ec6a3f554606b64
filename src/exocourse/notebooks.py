"""Notebooks as plain dictionaries: read with a clear error, compared, stripped of dead widgets."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"


class NotebookError(ValueError):
    """A file that should be a notebook and is not a valid one."""


def read_notebook(path: Path) -> dict[str, Any]:
    """Return a notebook as a dictionary.

    Parameters
    ----------
    path : pathlib.Path
        A file in the notebook format, version 4.

    Raises
    ------
    NotebookError
        If the file cannot be read or is not such a notebook; says where and why.
    """
    try:
        notebook = json.loads(path.read_bytes())
    except OSError as error:
        raise NotebookError(f"{path} cannot be read: {error.strerror}.") from error
    except (ValueError, RecursionError) as error:
        raise NotebookError(f"{path} is not a valid notebook: not JSON ({error}).") from error
    if trouble := _trouble(notebook):
        raise NotebookError(f"{path} is not a valid notebook: {trouble}.")
    return notebook


def _trouble(notebook: Any) -> str:
    """Say what keeps a value from being a notebook whose sources can be compared."""
    if not isinstance(notebook, dict):
        return "not a JSON object"
    if notebook.get("nbformat") != 4:
        return f"format {notebook.get('nbformat')!r}, where 4 is expected"
    if not isinstance(notebook.get("metadata"), dict):
        return "it has no metadata"
    if not isinstance(notebook.get("cells"), list):
        return "it has no list of cells"
    for place, cell in enumerate(notebook["cells"], 1):
        if not isinstance(cell, dict) or not isinstance(cell.get("cell_type"), str):
            return f"cell {place} has no type"
        if _source(cell) is None:
            return f"cell {place} has no source"
    return ""


def _source(cell: dict[str, Any]) -> str | None:
    """Return a cell's source as one string; files keep it as a string or a list of lines."""
    source = cell.get("source")
    if isinstance(source, list) and all(isinstance(line, str) for line in source):
        return "".join(source)
    return source if isinstance(source, str) else None


def notebook_digest(notebook: dict[str, Any]) -> str:
    """Return the SHA-256 of what a person wrote in a notebook: cell ids, types and sources.

    Outputs, counts and metadata do not count: running a notebook is not editing it. Nor do cells
    without any text: JupyterLab appends one whenever the last cell is run, and emptying a cell
    still changes the digest, because its text is gone.
    """
    cells = [
        [cell.get("id", ""), cell["cell_type"], source]
        for cell in notebook["cells"]
        if (source := _source(cell) or "").strip()
    ]
    return hashlib.sha256(json.dumps(cells).encode("ascii")).hexdigest()


def course_metadata(notebook: dict[str, Any]) -> dict[str, Any]:
    """Return what a notebook says of itself under ``metadata.exocourse``, or nothing."""
    found = notebook.get("metadata", {}).get("exocourse")
    return found if isinstance(found, dict) else {}


def strip_widget_views(notebook: dict[str, Any]) -> dict[str, Any]:
    """Return a notebook without references to live widgets, wherever something else can be shown.

    A stored reference to a model that died with its kernel shows as "model not found" and hides
    the picture or text beside it. An output that holds nothing else keeps its reference. Saved
    widget state goes too. The argument is left as it is; unchanged parts are shared.
    """
    stripped = dict(notebook)
    if isinstance(notebook.get("metadata"), dict):
        stripped["metadata"] = _without(notebook["metadata"], "widgets")
    if isinstance(notebook.get("cells"), list):
        stripped["cells"] = [_stripped_cell(cell) for cell in notebook["cells"]]
    return stripped


def _stripped_cell(cell: Any) -> Any:
    if not isinstance(cell, dict) or not isinstance(cell.get("outputs"), list):
        return cell
    return {**cell, "outputs": [_stripped_output(output) for output in cell["outputs"]]}


def _stripped_output(output: Any) -> Any:
    data = output.get("data") if isinstance(output, dict) else None
    if not isinstance(data, dict) or WIDGET_VIEW not in data or len(data) == 1:
        return output
    stripped = {**output, "data": _without(data, WIDGET_VIEW)}
    if isinstance(output.get("metadata"), dict):
        stripped["metadata"] = _without(output["metadata"], WIDGET_VIEW)
    return stripped


def _without(mapping: dict[str, Any], key: str) -> dict[str, Any]:
    return {name: value for name, value in mapping.items() if name != key}
