"""The doctor: each check finds what it is there to find, and says how to mend it."""

from __future__ import annotations

import importlib.metadata
import os
import shutil
import sys
from collections import namedtuple
from pathlib import Path
from types import SimpleNamespace

import nbformat
import pytest
from packaging.specifiers import SpecifierSet

import exocourse
from exocourse import doctor, serving
from exocourse.workspace import prepare


@pytest.fixture
def clean(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No setting of the one who runs the tests; an installation with one lesson."""
    for name in ("EXOCOURSE_PROGRESS", "NBGRADER_EXECUTION"):
        monkeypatch.delenv(name, raising=False)
    (tmp_path / "home").mkdir()
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "home" / "data"))
    package = tmp_path / "checkout" / "src" / "exocourse"
    lesson = tmp_path / "checkout" / "lessons" / "1.1.ipynb"
    package.mkdir(parents=True)
    lesson.parent.mkdir()
    nbformat.write(nbformat.v4.new_notebook(metadata={"exocourse": {"id": "1.1"}}), lesson)
    monkeypatch.setattr(exocourse, "__file__", str(package / "__init__.py"))


@pytest.fixture
def workspace(clean, tmp_path: Path) -> Path:
    prepare(tmp_path / "my-course")
    return tmp_path / "my-course"


def wrong(findings) -> list[doctor.Finding]:
    return [finding for finding in findings if finding.ok is False]


def test_the_environment_of_the_tests_is_in_order(workspace):
    findings = doctor.examine(workspace)
    assert wrong(findings) == []
    said = "\n".join(finding.what for finding in findings)
    for word in ("Python 3", "numpy", "jupyterlab ", "anywidget", "GB free", str(workspace)):
        assert word in said


def test_whatever_is_wrong_comes_with_a_way_to_mend_it(clean, tmp_path, monkeypatch):
    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path))
    monkeypatch.setattr(importlib.metadata, "requires", lambda _: ["numpy<1", "no-such-thing>=2"])
    shutil.rmtree(tmp_path / "checkout" / "lessons")
    findings = wrong(doctor.examine(tmp_path))
    assert len(findings) >= 4
    assert all(finding.how_to_mend for finding in findings)


@pytest.mark.parametrize(
    ("version", "ok"),
    [((3, 10, 14), False), ((3, 11, 0), True), ((3, 13, 9), True), ((3, 14, 0), None)],
)
def test_python_versions(version, ok):
    assert doctor.python_version(version).ok is ok


def test_the_oldest_python_is_the_one_of_the_package():
    required = SpecifierSet(importlib.metadata.metadata("exocourse")["Requires-Python"])
    for version in ((3, 10, 0), (3, 11, 0)):
        assert (doctor.python_version(version).ok is True) == (
            ".".join(map(str, version)) in required
        )


def test_the_learn_extra_is_checked_and_the_others_are_not():
    names = {finding.what.split()[0] for finding in doctor.dependencies()}
    assert {"numpy", "pybtex", "ipywidgets", "jupyterlab", "typer"} <= names
    assert not names & {"nbgrader", "pytest", "playwright"}


def test_an_installation_without_metadata(monkeypatch):
    def missing(name):
        raise importlib.metadata.PackageNotFoundError(name)

    monkeypatch.setattr(importlib.metadata, "requires", missing)
    (finding,) = doctor.dependencies()
    assert finding.ok is False and "exocourse is not installed" in finding.what
    assert "make learn" in finding.how_to_mend


def test_a_package_that_is_missing_too_old_or_broken(monkeypatch):
    missing = doctor.dependency("no-such-thing", SpecifierSet(">=2"))
    assert missing.ok is False and missing.how_to_mend.endswith('install "no-such-thing>=2"')
    old = doctor.dependency("numpy", SpecifierSet(">=99"))
    assert old.ok is False and "not in the range >=99" in old.what

    def broken(name):
        raise ImportError("DLL load failed")

    monkeypatch.setattr(doctor.importlib, "import_module", broken)
    finding = doctor.dependency("numpy", SpecifierSet(">=2"))
    assert finding.ok is False and "DLL load failed" in finding.what
    assert "--force-reinstall numpy==" in finding.how_to_mend


def test_a_prerelease_within_the_range_will_do(monkeypatch):
    monkeypatch.setattr(importlib.metadata, "version", lambda _: "2.5.0rc1")
    assert doctor.dependency("numpy", SpecifierSet(">=2")).ok


def test_missing_extensions_are_named(tmp_path, monkeypatch):
    import jupyter_core.paths

    monkeypatch.setattr(jupyter_core.paths, "jupyter_path", lambda *parts: [str(tmp_path)])
    folder = tmp_path / "anywidget"
    folder.mkdir()
    (folder / "package.json").write_text("{}")
    manager, anywidget = doctor.widget_extensions()
    assert anywidget.ok is True
    assert manager.ok is False and "@jupyter-widgets/jupyterlab-manager" in manager.what
    assert manager.how_to_mend.endswith("jupyterlab_widgets")


def test_without_jupyter_it_says_so(monkeypatch):
    monkeypatch.setitem(sys.modules, "jupyter_core.paths", None)
    monkeypatch.setitem(sys.modules, "jupyter_client.kernelspec", None)
    assert [finding.ok for finding in doctor.widget_extensions()] == [False]
    assert doctor.kernel().ok is False


@pytest.mark.parametrize(
    ("command", "same"),
    [
        ("python", True),
        ("python3", True),
        (f"python3.{sys.version_info[1]}", True),
        (sys.executable, True),
        (os.path.join(os.path.dirname(sys.executable), "python3"), True),
        ("/somewhere/else/bin/python", False),
        ("python2", False),
        ("", False),
    ],
)
def test_which_python_a_kernel_runs(command, same, monkeypatch, tmp_path):
    import jupyter_client.kernelspec as specs

    monkeypatch.chdir(tmp_path)
    spec = SimpleNamespace(argv=[command] if command else [], resource_dir="/kernels/python3")
    monkeypatch.setattr(specs.KernelSpecManager, "get_kernel_spec", lambda self, name: spec)
    finding = doctor.kernel()
    assert finding.ok is same
    if not same:
        assert "/kernels/python3" in finding.how_to_mend


def test_no_kernel_at_all(monkeypatch):
    import jupyter_client.kernelspec as specs

    def none(self, name):
        raise specs.NoSuchKernel(name)

    monkeypatch.setattr(specs.KernelSpecManager, "get_kernel_spec", none)
    assert doctor.kernel().ok is False


def test_a_workspace_of_another_version(workspace, monkeypatch):
    monkeypatch.setattr(exocourse, "__version__", "9.0.0")
    (finding,) = wrong(doctor.workspace_state(workspace))
    assert exocourse.__version__ in finding.what
    assert f"exocourse learn {workspace}" in finding.how_to_mend


def test_a_damaged_manifest_and_a_damaged_notebook(workspace):
    (workspace / ".exocourse" / "manifest.json").write_text("{")
    (workspace / "lessons" / "1.1.ipynb").write_text("{")
    manifest, notebook = wrong(doctor.workspace_state(workspace))
    assert "damaged" in manifest.what
    assert "1.1.ipynb is not a valid notebook" in notebook.what


def refuse_writing(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(self, data):
        raise PermissionError(13, "Permission denied", str(self))

    monkeypatch.setattr(Path, "write_bytes", refuse)


def test_a_folder_that_cannot_be_written(workspace, monkeypatch):
    refuse_writing(monkeypatch)
    (finding,) = wrong(doctor.workspace_state(workspace))
    assert "cannot be written: Permission denied" in finding.what
    kept = doctor.progress_kept(workspace)
    assert kept.ok is False and str(workspace / ".exocourse" / "progress") in kept.what


def test_the_probe_leaves_nothing(workspace):
    before = sorted(path for path in workspace.rglob("*") if path.is_file())
    doctor.examine(workspace)
    assert sorted(path for path in workspace.rglob("*") if path.is_file()) == before


def test_where_progress_is_kept(workspace, tmp_path, monkeypatch):
    assert str(workspace) in doctor.progress_kept(workspace).what
    monkeypatch.setenv("EXOCOURSE_PROGRESS", str(tmp_path / "mine"))
    assert str(tmp_path / "mine") in doctor.progress_kept(workspace).what
    monkeypatch.setenv("NBGRADER_EXECUTION", "validate")
    assert doctor.progress_kept(workspace).ok is False


@pytest.mark.parametrize(("free", "ok"), [(10_000_000, False), (10_000_000_000, True)])
def test_disk_space(tmp_path, monkeypatch, free, ok):
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(doctor.shutil, "disk_usage", lambda _: usage(2 * free, free, free))
    assert doctor.disk_space(tmp_path / "not" / "yet" / "there").ok is ok


def test_a_browser_is_only_a_note(monkeypatch):
    monkeypatch.setattr(serving, "browser_name", lambda: None)
    assert doctor.browser().ok is None
    monkeypatch.setattr(serving, "browser_name", lambda: "firefox")
    assert doctor.browser() == doctor.Finding(None, "browser: firefox")
