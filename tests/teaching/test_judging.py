"""Marks come from what was observed, whatever a submission's cell displays."""

import nbformat
import pytest

from exocourse.finding import find
from exocourse.learning.check import OBSERVATION
from exocourse.learning.observe import observe
from exocourse.teaching.judging import drop_empty_marks, judged_outputs

QUESTION = find("questions", "QUESTIONS", "1.1.a")


def display(data):
    return nbformat.v4.new_output("display_data", data=data)


def observed(answer, id="1.1.a"):
    return display({OBSERVATION: {"id": id, "observation": observe(QUESTION, answer)}})


def earns(outputs):
    """Return whether nbgrader gives points: it does where no error is among the outputs."""
    return all(output.output_type != "error" for output in judged_outputs(QUESTION, outputs))


def test_the_right_answer_earns_the_points():
    assert earns([observed(70)])


@pytest.mark.parametrize(
    "outputs",
    [
        [],  # the check was replaced by something silent
        [display({"text/plain": "Right."})],
        [nbformat.v4.new_output("execute_result", data={"text/plain": "2.0"})],
        [observed(None)],
        [observed(75)],
        [observed(70, id="1.1.b")],
        [observed(75), observed(70)],  # one of the two is a second try inside the check cell
        [display({OBSERVATION: {"id": "1.1.a", "observation": "right"}})],
        [display({OBSERVATION: "right"})],
        [display({OBSERVATION: [1]})],
    ],
)
def test_anything_else_earns_nothing(outputs):
    assert not earns(outputs)


def test_data_nested_without_end_earns_nothing_and_stops_nothing():
    deep: list = []
    for _ in range(5000):
        deep = [deep]
    output = observed(70)
    dict.__setitem__(output.data[OBSERVATION]["observation"], "value", deep)
    assert not earns([output])


def test_stderr_and_a_displayed_number_do_not_change_the_mark():
    noise = nbformat.v4.new_output("stream", name="stderr", text="a warning")
    assert earns([noise, observed(70)])
    points = nbformat.v4.new_output("execute_result", data={"text/plain": "99"})
    assert judged_outputs(QUESTION, [observed(70), points])[0].output_type == "display_data"
    assert len(judged_outputs(QUESTION, [observed(70), points])) == 1


def test_the_observation_does_not_stay_in_the_graded_notebook():
    (shown,) = judged_outputs(QUESTION, [observed(70)])
    assert OBSERVATION not in shown.data


def test_a_copied_cell_loses_its_empty_marks():
    notebook = nbformat.v4.new_notebook()
    notebook.cells = [nbformat.v4.new_code_cell("x = 1", id="copy"), nbformat.v4.new_code_cell()]
    notebook.cells[0].metadata["nbgrader"] = {}
    notebook.cells[1].metadata["nbgrader"] = {"grade_id": "q-1-1-a"}
    drop_empty_marks(notebook, {})
    assert "nbgrader" not in notebook.cells[0].metadata
    assert notebook.cells[1].metadata["nbgrader"] == {"grade_id": "q-1-1-a"}
