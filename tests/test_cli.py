"""The command line: what a learner types and reads."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

import exocourse
from exocourse import cli, doctor, serving
from exocourse.learning.progress import Store, locate
from exocourse.workspace import FIRST_LESSON


@pytest.fixture
def course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A tiny course, an empty home, and a working directory of the learner's."""
    for name in ("EXOCOURSE_PROGRESS", "NBGRADER_EXECUTION"):
        monkeypatch.delenv(name, raising=False)
    (tmp_path / "home").mkdir()
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "home" / "data"))
    monkeypatch.setenv("COLUMNS", "160")
    root = tmp_path / "checkout"
    (root / "src" / "exocourse").mkdir(parents=True)
    monkeypatch.setattr(exocourse, "__file__", str(root / "src" / "exocourse" / "__init__.py"))
    for path, id, title in [
        (FIRST_LESSON, "0.1", "Start here"),
        ("lessons/1-vesicles/1.1-size.ipynb", "1.1", "What is an exosome?"),
    ]:
        about = {"id": id, "title": title, "version": "0.1.0", "claims": ["S0-01", "S4-02"]}
        cell = nbformat.v4.new_markdown_cell("# Title", id="title")
        (root / path).parent.mkdir(parents=True)
        nbformat.write(
            nbformat.v4.new_notebook(cells=[cell], metadata={"exocourse": about}), root / path
        )
    work = tmp_path / "work"
    work.mkdir()
    monkeypatch.chdir(work)
    return root


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[tuple[list[str], Path]]:
    """Start nothing; return what would have been started."""
    calls: list[tuple[list[str], Path]] = []

    def start(command: list[str], workspace: Path) -> int:
        calls.append((command, workspace))
        return 7

    monkeypatch.setattr(serving, "start", start)
    monkeypatch.setattr(serving, "browser_name", lambda: "firefox")
    return calls


def run(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int | str | None:
    """Run the command line as a shell does; return the exit code, or the message it ends with."""
    monkeypatch.setattr(sys, "argv", ["exocourse", *arguments])
    with pytest.raises(SystemExit) as caught:
        cli.main()
    return caught.value.code


def test_the_version(monkeypatch, capsys):
    assert run(monkeypatch, "--version") == 0
    assert capsys.readouterr().out == f"exocourse {exocourse.__version__}\n"


def test_help_names_every_command(monkeypatch, capsys):
    assert run(monkeypatch, "--help") == 0
    said = capsys.readouterr().out
    for name in ("learn", "progress", "doctor", "build", "execute"):
        assert name in said


def test_without_typer_it_says_what_to_install():
    script = "import sys; sys.modules['typer'] = None; from exocourse.cli import main; main()"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert done.returncode == 1
    assert "make learn" in done.stderr and "Traceback" not in done.stderr


# learn


def test_learn_prepares_my_course_and_starts_jupyterlab_there(course, started, monkeypatch, capsys):
    assert run(monkeypatch, "learn") == 7, "the exit code is JupyterLab's"
    ((command, workspace),) = started
    assert workspace == Path.cwd() / "my-course"
    assert command == serving.lab_command(workspace)
    assert f"--LabApp.default_url=/lab/tree/{FIRST_LESSON}" in command
    assert f"{FIRST_LESSON} copied." in capsys.readouterr().out


def test_learn_takes_a_folder_and_options(course, started, monkeypatch, tmp_path, capsys):
    folder = tmp_path / "else where"
    run(monkeypatch, "learn", str(folder), "--no-browser", "--port", "9123")
    ((command, workspace),) = started
    assert workspace == folder and (folder / FIRST_LESSON).exists()
    assert command == serving.lab_command(folder, port=9123, browser=False)
    assert "Open the address" in capsys.readouterr().out


def test_learn_without_a_browser_prints_where_to_go(course, started, monkeypatch, capsys):
    monkeypatch.setattr(serving, "browser_name", lambda: None)
    run(monkeypatch, "learn")
    assert "--no-browser" in started[0][0]
    assert "Open the address" in capsys.readouterr().out


def test_learn_prepare_only_starts_nothing_and_says_when_nothing_changed(
    course, started, monkeypatch, capsys
):
    assert run(monkeypatch, "learn", "--prepare-only") == 0
    capsys.readouterr()
    run(monkeypatch, "learn", "--prepare-only")
    assert "is up to date" in capsys.readouterr().out
    assert started == []


def test_learn_inside_a_workspace_means_that_workspace(course, started, monkeypatch):
    run(monkeypatch, "learn", "--prepare-only")
    workspace = Path.cwd() / "my-course"
    monkeypatch.chdir(workspace / "lessons")
    run(monkeypatch, "learn")
    assert started[0][1] == workspace
    assert not (workspace / "lessons" / "my-course").exists()


def test_learn_sums_up_the_first_copy(course, started, monkeypatch, capsys):
    for number in range(5):
        (course / "lessons" / f"{number}.csv").write_text("")
    run(monkeypatch, "learn", "--prepare-only")
    said = capsys.readouterr().out
    assert "7 files of the course copied" in said and "0.csv" not in said


def test_learn_says_what_it_put_beside(course, started, monkeypatch, capsys):
    run(monkeypatch, "learn", "--prepare-only")
    capsys.readouterr()
    for path, words in [(Path.cwd() / "my-course", "mine"), (course, "newer")]:
        nb = nbformat.read(path / FIRST_LESSON, as_version=4)
        nb.cells[0].source = words
        nbformat.write(nb, path / FIRST_LESSON)
    run(monkeypatch, "learn", "--prepare-only")
    assert "0.1-start-here.new-0.1.0.ipynb" in capsys.readouterr().out


def test_learn_in_a_folder_with_other_work_is_refused(course, started, monkeypatch, tmp_path):
    (tmp_path / "work" / "thesis.txt").write_text("")
    message = run(monkeypatch, "learn", ".")
    assert "thesis.txt" in message and started == []


def test_learn_without_jupyterlab_says_what_to_install(course, started, monkeypatch):
    monkeypatch.setattr(cli.importlib.util, "find_spec", lambda name: None)
    assert "make learn" in run(monkeypatch, "learn")
    assert started == []


@pytest.mark.parametrize("port", ["0", "70000", "many"])
def test_learn_refuses_an_impossible_port(course, started, monkeypatch, port):
    assert run(monkeypatch, "learn", "--port", port) == 2
    assert not (Path.cwd() / "my-course").exists()


# progress


def test_progress_shows_each_lesson(course, started, monkeypatch, capsys):
    run(monkeypatch, "learn", "--prepare-only")
    capsys.readouterr()
    workspace = Path.cwd() / "my-course"
    store = Store(locate(workspace / "lessons"))
    store.record("prediction", "1.1.p", "b")
    store.record("answer", "1.1.a", 3, right=True)
    store.record("answer", "1.1.b", 3, right=False)
    store.record("first_verdict", "S4-02", {"verdict": "supported", "confidence": 1})
    assert run(monkeypatch, "progress") == 0
    said = capsys.readouterr().out
    (row,) = [line for line in said.splitlines() if "What is an exosome?" in line]
    assert "yes" in row and "1 of 2 right" in row and "1 of 2" in row and "0 of 2" in row
    assert "Start here" in said
    assert f"Progress is kept in {workspace / '.exocourse' / 'progress'}." in said


def test_progress_names_a_damaged_file_and_an_invalid_notebook(
    course, started, monkeypatch, capsys
):
    run(monkeypatch, "learn", "--prepare-only")
    workspace = Path.cwd() / "my-course"
    kept = workspace / ".exocourse" / "progress"
    kept.mkdir()
    (kept / "bad.jsonl").write_text("bad\n")
    (workspace / FIRST_LESSON).write_text("{")
    assert run(monkeypatch, "progress", "my-course") == 0
    said = capsys.readouterr().out
    assert "bad.jsonl is damaged" in said and "0.1-start-here.ipynb is not a valid" in said


def test_progress_before_any_workspace_shows_what_there_is(course, monkeypatch, capsys):
    assert run(monkeypatch, "progress") == 0
    assert "What is an exosome?" in capsys.readouterr().out
    assert list(Path.cwd().iterdir()) == []


# doctor


@pytest.mark.parametrize(("ok", "code"), [(True, 0), (None, 0), (False, 1)])
def test_doctor_ends_with_one_if_something_is_wrong(course, monkeypatch, capsys, ok, code):
    finding = doctor.Finding(ok, "the [disk] of x", "free some of it")
    monkeypatch.setattr(doctor, "examine", lambda start: [finding])
    assert run(monkeypatch, "doctor") == code
    said = capsys.readouterr().out
    assert "the [disk] of x" in said
    assert ("To mend it: free some of it" in said) is (ok is False)


def test_doctor_looks_at_the_folder_given(course, monkeypatch):
    seen = []
    monkeypatch.setattr(doctor, "examine", lambda start: seen.append(start) or [])
    run(monkeypatch, "doctor", "somewhere")
    assert seen == [Path.cwd() / "somewhere"]


# teaching


@pytest.mark.parametrize("code", [0, 3])
def test_build_and_execute_pass_on_what_they_are_given(monkeypatch, code):
    from types import SimpleNamespace

    calls = []

    def module(name):
        def build(check, force):
            calls.append((check, force))
            return code

        def execute(paths):
            calls.append(paths)
            return code

        return SimpleNamespace(build=build, execute=execute)

    monkeypatch.setattr(cli.importlib, "import_module", module)
    assert run(monkeypatch, "build") == code
    assert run(monkeypatch, "build", "--check") == code
    assert run(monkeypatch, "build", "--force") == code
    assert run(monkeypatch, "execute") == code
    assert run(monkeypatch, "execute", "a.ipynb", "b.ipynb") == code
    assert calls == [
        (False, False),
        (True, False),
        (False, True),
        [],
        [Path("a.ipynb"), Path("b.ipynb")],
    ]


def test_build_without_the_teach_extra_says_what_to_install(monkeypatch):
    def missing(name):
        raise ModuleNotFoundError("No module named 'nbgrader'", name="nbgrader")

    monkeypatch.setattr(cli.importlib, "import_module", missing)
    message = run(monkeypatch, "build")
    assert "nbgrader is not installed" in message and "make teach" in message


def test_the_teaching_functions_take_what_the_command_line_gives():
    import inspect

    from exocourse.teaching.build import build
    from exocourse.teaching.execute import execute

    inspect.signature(build).bind(check=True, force=False)
    inspect.signature(execute).bind([Path("a.ipynb")])


# starting


@pytest.mark.skipif(os.name != "posix", reason="elsewhere JupyterLab is a process of its own")
def test_starting_replaces_this_process(tmp_path):
    tell = "import os, sys; print(os.getpid(), os.getcwd()); sys.exit(5)"
    script = (
        "import os, sys; from pathlib import Path; from exocourse.serving import start; "
        "print(os.getpid()); "
        f"start([sys.executable, '-c', {tell!r}], Path({str(tmp_path)!r}))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert done.returncode == 5, done.stderr
    before, after, folder = done.stdout.split()
    assert before == after and folder == str(tmp_path)
