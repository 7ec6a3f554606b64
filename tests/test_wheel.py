"""The wheel, built for real: what it carries, and that a learner can start from it."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from exocourse.teaching.guards import archive_carries_no_solution

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation"]
    subprocess.run([*command, "--wheel-dir", folder, ROOT], check=True, timeout=200)
    (path,) = folder.glob("*.whl")
    return path


def test_it_is_pure_python_and_carries_the_course_but_no_solution(wheel):
    assert wheel.name.endswith("-py3-none-any.whl")
    names = set(zipfile.ZipFile(wheel).namelist())
    for name in (
        "exocourse/learning/stage.js",
        "exocourse/learning/stage.css",
        "exocourse/knowledge/data/claims.toml",
        "exocourse/knowledge/data/references.bib",
        "exocourse/_course/lessons/0-start/0.1-start-here.ipynb",
        "exocourse/_course/exercises/1-vesicles/1.1-what-is-an-exosome.ipynb",
    ):
        assert name in names
    assert not [name for name in names if "solutions" in name]
    assert archive_carries_no_solution(wheel) == []


def test_a_learner_can_start_from_it(wheel, tmp_path):
    site = tmp_path / "site"
    zipfile.ZipFile(wheel).extractall(site)
    code = (
        f"import sys; sys.path.insert(0, {str(site)!r});"
        "import exocourse; from pathlib import Path; from exocourse.workspace import prepare;"
        f"prepare(Path({str(tmp_path / 'course')!r})); print(exocourse.__file__)"
    )
    answer = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=tmp_path
    )
    assert str(site) in answer.stdout
    assert (tmp_path / "course" / "lessons" / "0-start" / "0.1-start-here.ipynb").is_file()
