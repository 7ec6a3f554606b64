"""Notebooks run in place: what they show is stored, what differs from run to run is not."""

from __future__ import annotations

import json
import os

import pytest
from tiny_notebooks import code, markdown, notebook, write

from exocourse.teaching import guards
from exocourse.teaching.execute import course_root, execute, find_notebooks

pytest.importorskip("nbclient")
pytestmark = pytest.mark.slow

WIDGET = """\
import ipywidgets
from IPython.display import display

slider = ipywidgets.IntSlider()
view = {"model_id": slider.model_id, "version_major": 2, "version_minor": 0}
mime = "application/vnd.jupyter.widget-view+json"
display({mime: view, "text/plain": "A slider."}, raw=True)"""

PROGRESS = """\
import os
from pathlib import Path

progress = Path(os.environ["EXOCOURSE_PROGRESS"])
print(sorted(progress.iterdir()), "NBGRADER_EXECUTION" in os.environ, Path.cwd().name)
_ = (progress / "entry.jsonl").write_text("mine")"""


@pytest.fixture
def root(tmp_path):
    (tmp_path / "nbgrader_config.py").write_text("")
    nb = notebook(markdown("title", "# T"), code("widget", WIDGET), code("progress", PROGRESS))
    nb["metadata"]["language_info"] = {"name": "python", "version": "3.10.1"}
    nb["cells"][1]["metadata"]["execution"] = {"iopub.execute_input": "2025-01-01T00:00:00Z"}
    write(tmp_path / "lessons" / "1-tiny" / "1.1-good.ipynb", nb)
    return tmp_path


def test_outputs_are_stored_and_a_second_run_changes_nothing(root, capsys, monkeypatch):
    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
    path = root / "lessons" / "1-tiny" / "1.1-good.ipynb"
    assert execute(root=root) == 0
    assert "lessons/1-tiny/1.1-good.ipynb" in capsys.readouterr().out
    first = path.read_bytes()
    nb = guards.read_notebook(path)
    shown = nb["cells"][1]["outputs"][0]["data"]
    assert shown == {"text/plain": "A slider."}
    assert nb["cells"][2]["outputs"][0]["text"] == "[] False 1-tiny\n"
    for guard in (guards.executed_in_order, guards.no_widget_state, guards.no_stored_warning):
        assert guard(nb, "1.1") == []
    assert "version" not in nb["metadata"]["language_info"]
    assert "execution" not in nb["cells"][1]["metadata"]
    assert execute(root=root) == 0
    assert "(unchanged)" in capsys.readouterr().out
    assert path.read_bytes() == first
    assert os.environ["NBGRADER_EXECUTION"] == "autograde"


def test_a_failure_names_file_and_cell_leaves_the_file_and_the_others_run(root, capsys):
    bad = root / "solutions" / "1-tiny" / "1.1-bad.ipynb"
    write(bad, notebook(code("fine", "x = 1"), code("broken", "1 / 0"), code("later", "print(1)")))
    slow = root / "solutions" / "1-tiny" / "1.2-slow.ipynb"
    write(slow, notebook(code("endless", "while True:\n    pass")))
    dead = root / "solutions" / "1-tiny" / "1.4-dead.ipynb"
    write(dead, notebook(code("exit", "import os\n\nos._exit(1)")))
    no_id = root / "solutions" / "1-tiny" / "1.3-no-id.ipynb"
    nb = notebook(code("a", "1"))
    del nb["cells"][0]["id"]
    write(no_id, nb)
    before = [path.read_bytes() for path in (bad, slow, dead, no_id)]
    assert execute(root=root, timeout_s=4) == 1
    printed = capsys.readouterr().out
    assert "solutions/1-tiny/1.1-bad.ipynb, cell broken: ZeroDivisionError" in printed
    assert "solutions/1-tiny/1.2-slow.ipynb, cell endless: not finished after 4 s" in printed
    assert "solutions/1-tiny/1.4-dead.ipynb, cell exit: the kernel died" in printed
    assert "solutions/1-tiny/1.3-no-id.ipynb: cell 1 has no id" in printed
    assert "1 of 5 notebooks ran" in printed
    assert [path.read_bytes() for path in (bad, slow, dead, no_id)] == before


def test_which_notebooks_are_meant(root, monkeypatch):
    write(root / "solutions" / "_hidden" / "h.ipynb", notebook())
    write(root / "lessons" / ".ipynb_checkpoints" / "c.ipynb", notebook())
    write(root / "exercises" / "1-tiny" / "e.ipynb", notebook())
    (lesson,) = find_notebooks([], root)
    assert lesson.name == "1.1-good.ipynb"
    assert find_notebooks(["lessons/1-tiny"], root) == [lesson]
    assert find_notebooks([lesson], root) == [lesson]
    monkeypatch.chdir(lesson.parent)
    assert find_notebooks(["1.1-good.ipynb"], root) == [lesson]
    with pytest.raises(FileNotFoundError, match=r"there is no .*lessons/2"):
        find_notebooks(["lessons/2"], root)
    assert course_root(lesson.parent) == root


def test_nothing_to_run_is_no_success(tmp_path, capsys):
    (tmp_path / "nbgrader_config.py").write_text("")
    assert execute(root=tmp_path) == 1
    assert execute(["gone.ipynb"], root=tmp_path) == 1
    assert "gone.ipynb" in capsys.readouterr().out


def test_the_file_is_written_as_git_likes_it(root):
    path = root / "lessons" / "1-tiny" / "1.1-good.ipynb"
    write(path, notebook(code("a", 'print("Kučerka", 1)\nprint(2)')))
    assert execute([path], root=root) == 0
    text = path.read_bytes().decode("utf-8")
    assert text.endswith("}\n")
    assert "\r" not in text
    assert "Kučerka" in text
    outputs = json.loads(text)["cells"][0]["outputs"]
    assert [output["text"] for output in outputs] == [["Kučerka 1\n", "2\n"]]
