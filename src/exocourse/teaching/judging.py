"""Marks are given in nbgrader's own process, from what was observed, not by what a cell displays.

While nbgrader executes a submission, `check` displays the observation as data. The submission's
code runs in the same kernel and can replace `check`, but it cannot replace the judge: a check cell
without an observation, or with one that does not hold the right answer, earns nothing.
"""

from __future__ import annotations

import re
from typing import Any

from nbformat import NotebookNode
from nbformat.v4 import new_output
from nbgrader.preprocessors import NbGraderPreprocessor

from exocourse.finding import find
from exocourse.learning.check import OBSERVATION
from exocourse.learning.judge import judge
from exocourse.learning.question import NOT_ATTEMPTED, Outcome, Question


class Judge(NbGraderPreprocessor):
    """Replace what a check cell displayed by what its observation is worth."""

    def preprocess_cell(
        self, cell: NotebookNode, resources: dict[str, Any], index: int
    ) -> tuple[NotebookNode, dict[str, Any]]:
        """Judge one cell; nbgrader then reads its outputs as it always does."""
        marks = cell.metadata.get("nbgrader", {})
        found = re.fullmatch(r"q-(\d+)-(\d+)-([a-z])", marks.get("grade_id", ""))
        if cell.cell_type == "code" and marks.get("grade") and found:
            question = find("questions", "QUESTIONS", ".".join(found.groups()))
            cell.outputs = judged_outputs(question, cell.outputs)
        return cell, resources


def judged_outputs(question: Question, outputs: list[NotebookNode]) -> list[NotebookNode]:
    """Return the outputs of a check cell as nbgrader marks them: an error earns nothing."""
    shown = [output for output in outputs if output.output_type == "display_data"]
    observed = [output.data.pop(OBSERVATION) for output in shown if OBSERVATION in output.data]
    outcome = Outcome(NOT_ATTEMPTED, "The check did not run, or was replaced.")
    found = observed[0] if len(observed) == 1 and isinstance(observed[0], dict) else {}
    if found.get("id") == question.id:
        try:
            outcome = judge(question, found.get("observation"))
        except RecursionError:  # data nested without end: made to break the judge
            outcome = Outcome(NOT_ATTEMPTED, "The answer could not be read.")
    if outcome.share == 0:
        words = [f"{question.id}: {outcome.message}"]
        return [*shown, new_output("error", ename="NotRight", evalue="", traceback=words)]
    if outcome.share < 1:
        points = {"text/plain": str(outcome.share * question.points)}
        return [*shown, new_output("execute_result", data=points)]
    return shown


def drop_empty_marks(
    notebook: NotebookNode, resources: dict[str, Any]
) -> tuple[NotebookNode, dict[str, Any]]:
    """Forget the empty marks that nbgrader leaves on a copied cell, and then stumbles over."""
    for cell in notebook.cells:
        if cell.metadata.get("nbgrader") == {}:
            del cell.metadata["nbgrader"]
    return notebook, resources
