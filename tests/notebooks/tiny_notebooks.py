"""Tiny notebooks and a tiny course, for the tests that need a bad one or a writable one."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import nbformat

ROOT = Path(__file__).resolve().parents[2]


def markdown(cell_id: str, source: str, *tags: str, **metadata: Any) -> dict[str, Any]:
    return _cell("markdown", cell_id, source, tags, metadata)


def code(
    cell_id: str,
    source: str,
    *tags: str,
    count: int | None = None,
    outputs: list[dict[str, Any]] | None = None,
    **metadata: Any,
) -> dict[str, Any]:
    cell = _cell("code", cell_id, source, tags, metadata)
    return cell | {"execution_count": count, "outputs": outputs or []}


def notebook(*cells: dict[str, Any], **course: Any) -> nbformat.NotebookNode:
    return nbformat.from_dict(
        {
            "nbformat": 4,
            "nbformat_minor": 5,
            "metadata": {
                "kernelspec": {
                    "display_name": "Python 3 (ipykernel)",
                    "language": "python",
                    "name": "python3",
                },
                "exocourse": {
                    "id": "1.1",
                    "title": "What is an exosome?",
                    "minutes": {"read": 20, "do": 25, "status": "estimate"},
                    "version": "0.1",
                    "prerequisites": ["0.1"],
                    "objectives": [{"id": "name-it", "text": "Name it.", "met_by": ["1.1.a"]}],
                    "claims": ["S0-01"],
                }
                | course,
            },
            "cells": list(cells),
        }
    )


def graded(grade_id: str, *, points: int = 0, solution: bool = False) -> dict[str, Any]:
    """Return nbgrader's metadata of an answer (no points), a test, or a written answer (both)."""
    settings: dict[str, Any] = {
        "grade_id": grade_id,
        "grade": bool(points),
        "solution": solution,
        "locked": bool(points) and not solution,
        "task": False,
        "schema_version": 3,
    }
    return settings | ({"points": points} if points else {})


def tiny_solution() -> nbformat.NotebookNode:
    return notebook(
        markdown("instructor-notes", "The rubric: one point.", "instructor"),
        markdown("title", "# Sums"),
        code(
            "answer-a",
            "total = None\n### BEGIN SOLUTION\ntotal = 2 + 2\n### END SOLUTION",
            count=1,
            nbgrader=graded("answer-1-1-a", solution=True),
        ),
        code(
            "check-a",
            "assert total == 4",
            count=2,
            nbgrader=graded("q-1-1-a", points=2),
        ),
        code(
            "answer-b",
            "def double(number):\n    ### BEGIN SOLUTION\n    return 2 * number\n"
            "    ### END SOLUTION",
            count=3,
            nbgrader=graded("answer-1-1-b", solution=True),
        ),
        code(
            "check-b",
            "import warnings\n\nwith warnings.catch_warnings():\n"
            '    warnings.simplefilter("ignore")\n    assert double(3) == 6',
            count=4,
            outputs=[{"output_type": "stream", "name": "stdout", "text": "right\n"}],
            nbgrader=graded("q-1-1-b", points=1),
        ),
        markdown(
            "answer-c",
            "Because sums are commutative.",
            nbgrader=graded("q-1-1-c", points=3, solution=True),
        ),
    )


def write(path: Path, nb: dict[str, Any]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(nb, indent=1, sort_keys=True) + "\n", encoding="utf-8")


def make_course(root: Path) -> Path:
    """Write a course with one solution, the repository's nbgrader settings, and hidden cases."""
    root.mkdir(parents=True, exist_ok=True)
    shutil.copy(ROOT / "nbgrader_config.py", root)
    write(root / "solutions" / "1-sums" / "1.1-sums.ipynb", tiny_solution())
    for place in ("solutions/_hidden/sums/cases.json", "solutions/1-sums/_hidden/cases.json"):
        path = root / place
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("[5, 10]\n")
    (root / "solutions" / "1-sums" / "numbers.csv").write_text("number\n1\n")
    return root


def _cell(
    kind: str, cell_id: str, source: str, tags: tuple[str, ...], metadata: dict[str, Any]
) -> dict[str, Any]:
    tagged = {"tags": list(tags)} if tags else {}
    return {
        "cell_type": kind,
        "id": cell_id,
        "metadata": tagged | metadata,
        "source": source,
    }
