"""The two nbval runs: each notebook starts with nothing recorded, and differences are seen."""

from __future__ import annotations

import shutil
import subprocess
import sys

import pytest
from tiny_notebooks import ROOT, code, notebook, write

pytest.importorskip("nbval")
pytestmark = pytest.mark.slow

EMPTY_AT_FIRST = """\
import os
from pathlib import Path

progress = Path(os.environ["EXOCOURSE_PROGRESS"])
print(sorted(progress.iterdir()))
_ = (progress / "entry.jsonl").write_text("mine")"""
STILL_THERE = "print([path.name for path in progress.iterdir()])"


def printed(text):
    return [{"output_type": "stream", "name": "stdout", "text": text}]


def picture(data):
    html = f'<img alt="EV" src="data:image/png;base64,{data}">'
    source = f"from IPython.display import HTML, display\n\ndisplay(HTML('{html}'))"
    return source, html


@pytest.fixture
def folder(tmp_path):
    shutil.copy(ROOT / "conftest.py", tmp_path)
    return tmp_path


def run(folder, *arguments):
    return subprocess.run(
        [
            *(sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--color=no"),
            f"--nbval-sanitize-with={ROOT / 'tests' / 'notebooks' / 'sanitize.cfg'}",
            "--nbval-cell-timeout=60",
            *arguments,
            ".",
        ],
        cwd=folder,
        env={"PATH": "/usr/bin:/bin", "NBGRADER_EXECUTION": "validate"},
        capture_output=True,
        text=True,
        timeout=300,
    )


def test_each_notebook_has_its_own_empty_progress_folder(folder):
    for name in ("a", "b"):
        nb = notebook(
            code("first", EMPTY_AT_FIRST, count=1, outputs=printed("[]\n")),
            code("second", STILL_THERE, count=2, outputs=printed("['entry.jsonl']\n")),
            code(
                "third",
                'print("NBGRADER_EXECUTION" in os.environ)',
                count=3,
                outputs=printed("False\n"),
            ),
        )
        write(folder / f"{name}.ipynb", nb)
    done = run(folder, "--nbval")
    assert "6 passed" in done.stdout, done.stdout + done.stderr


def test_strict_compares_words_not_pixels(folder):
    source, _ = picture("bbbb")
    _, stored = picture("aaaa")
    outputs = [{"output_type": "display_data", "metadata": {}, "data": {"text/html": stored}}]
    for output in outputs:
        output["data"]["text/plain"] = "<IPython.core.display.HTML object>"
    nb = notebook(
        code("picture", source, count=1, outputs=outputs),
        code("words", "print('100 nm')", count=2, outputs=printed("99 nm\n")),
    )
    write(folder / "a.ipynb", nb)
    strict = run(folder, "--nbval")
    assert "1 failed, 1 passed" in strict.stdout, strict.stdout + strict.stderr
    assert "99 nm" in strict.stdout
    lax = run(folder, "--nbval-lax")
    assert "2 passed" in lax.stdout


def test_lax_fails_where_a_cell_raises(folder):
    write(folder / "a.ipynb", notebook(code("bad", "1 / 0")))
    assert "1 failed" in run(folder, "--nbval-lax").stdout


def test_strict_and_lax_together_are_refused(folder):
    done = run(folder, "--nbval", "--nbval-lax")
    assert done.returncode == 4
    assert "give one of them" in done.stderr


def test_without_nbval_no_notebook_is_collected(folder):
    write(folder / "a.ipynb", notebook(code("bad", "1 / 0")))
    done = run(folder)
    assert done.returncode == 5
    assert "no tests ran" in done.stdout
