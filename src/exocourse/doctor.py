"""What of the environment is wrong, and how to mend it: one small function for each check."""

from __future__ import annotations

import contextlib
import importlib
import importlib.metadata
import os
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import exocourse
from exocourse import serving
from exocourse.learning import progress
from exocourse.workspace import course_source, lessons_in, read_manifest

LABEXTENSIONS = {
    "@jupyter-widgets/jupyterlab-manager": "jupyterlab_widgets",
    "anywidget": "anywidget",
}
NEEDED_FREE_BYTES = 200_000_000

AGAIN = (
    "Run `make learn` again in the course's folder, or install its wheel with [learn] behind it."
)


@dataclass(frozen=True)
class Finding:
    """What one check found.

    Attributes
    ----------
    ok : bool or None
        None for something worth knowing that is neither right nor wrong.
    what : str
        What was found.
    how_to_mend : str
        What to do about it, where something is wrong.
    """

    ok: bool | None
    what: str
    how_to_mend: str = ""


def examine(start: Path) -> list[Finding]:
    """Return the findings of all checks.

    Parameters
    ----------
    start : pathlib.Path
        The workspace, or a folder inside it.
    """
    workspace = progress.find_workspace(start)
    findings = [
        python_version(sys.version_info[:3]),
        *dependencies(),
        *widget_extensions(),
        kernel(),
        lessons(),
        *(workspace_state(workspace) if workspace else [no_workspace(start)]),
        progress_kept(workspace or start),
        disk_space(workspace or start),
        browser(),
    ]
    return findings


def python_version(version: tuple[int, int, int]) -> Finding:
    """Check the Python version against what the course is made for."""
    what = f"Python {'.'.join(map(str, version))}"
    if version < (3, 11):
        return Finding(False, what, "Install Python 3.11 or newer and set the course up with it.")
    if version >= (3, 14):
        return Finding(None, f"{what}: newer than the course was tried with (3.11 to 3.13)")
    return Finding(True, what)


def dependencies() -> Iterator[Finding]:
    """Check what the installed course says it needs, the ``learn`` extra included."""
    try:
        lines = importlib.metadata.requires("exocourse") or []
        from packaging.requirements import Requirement
    except ImportError as error:
        yield Finding(
            False,
            f"{error.name} is not installed",
            AGAIN,
        )
        return
    for requirement in map(Requirement, lines):
        marker = requirement.marker
        if marker is None or any(marker.evaluate({"extra": extra}) for extra in ("", "learn")):
            yield dependency(requirement.name, requirement.specifier)


def dependency(name: str, specifier: object) -> Finding:
    """Check that a package is there, in the right version, and can be imported.

    Parameters
    ----------
    name : str
        As in a requirement.
    specifier : packaging.specifiers.SpecifierSet
        The versions that will do.
    """
    mend = f'{sys.executable} -m pip install "{name}{specifier}"'
    try:
        version = importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return Finding(False, f"{name} is not installed", mend)
    if not specifier.contains(version, prereleases=True):
        return Finding(False, f"{name} {version} is not in the range {specifier}", mend)
    try:
        importlib.import_module(name.replace("-", "_"))
    except Exception as error:  # A broken binary package can raise anything.
        again = f"{sys.executable} -m pip install --force-reinstall {name}=={version}"
        return Finding(False, f"{name} {version} cannot be imported: {error}", again)
    return Finding(True, f"{name} {version}")


def widget_extensions() -> Iterator[Finding]:
    """Check that JupyterLab finds the two extensions that draw what is live in a lesson."""
    try:
        from jupyter_core.paths import jupyter_path
    except ImportError:
        yield Finding(
            False,
            "JupyterLab is not installed",
            AGAIN,
        )
        return
    folders = [Path(folder) for folder in jupyter_path("labextensions")]
    for extension, package in LABEXTENSIONS.items():
        found = any((folder / extension / "package.json").is_file() for folder in folders)
        again = f"{sys.executable} -m pip install --force-reinstall {package}"
        what = f"JupyterLab extension {extension}"
        yield Finding(True, what) if found else Finding(False, f"{what} is missing", again)


def kernel() -> Finding:
    """Check that notebooks run with this Python, and not with another one of the machine."""
    try:
        from jupyter_client.kernelspec import KernelSpecManager, NoSuchKernel
    except ImportError:
        return Finding(
            False,
            "there is no Jupyter client to start notebooks with",
            AGAIN,
        )
    install = f"{sys.executable} -m ipykernel install --sys-prefix"
    try:
        spec = KernelSpecManager().get_kernel_spec("python3")
    except NoSuchKernel:
        return Finding(False, "there is no kernel called python3", install)
    command = spec.argv[0] if spec.argv else ""
    if runs_this_python(command):
        return Finding(True, "notebooks run with this Python")
    return Finding(
        False,
        f"notebooks would run with another Python: {command or 'none'} ({spec.resource_dir})",
        f"{install} and, if that does not help, delete the folder {spec.resource_dir}",
    )


def runs_this_python(command: str) -> bool:
    """Whether a kernel's command is the running Python, or a bare name that Jupyter makes it."""
    major, minor = sys.version_info[:2]
    if command in {"python", f"python{major}", f"python{major}.{minor}"}:
        return True
    # Folders are compared, not files: python and python3 of one environment are the same, and
    # following the links would lead out of it.
    return _folder_of(command) == _folder_of(sys.executable)


def _folder_of(command: str) -> str:
    return os.path.normcase(os.path.dirname(os.path.abspath(command)))


def lessons() -> Finding:
    """Check that the course's own files can be found."""
    from exocourse.workspace import WorkspaceError

    try:
        return Finding(True, f"exocourse {exocourse.__version__}, lessons in {course_source()}")
    except WorkspaceError as error:
        return Finding(False, str(error), AGAIN)


def no_workspace(start: Path) -> Finding:
    """Say that there is no workspace to check."""
    return Finding(None, f"{start} is not a workspace; exocourse learn makes one")


def workspace_state(workspace: Path) -> Iterator[Finding]:
    """Check a workspace: can it be written, is it up to date, can its notebooks be read."""
    update = f"exocourse learn {workspace}"
    if trouble := write_trouble(workspace):
        mend = f"Make {workspace} writable for you, or learn in another folder."
        yield Finding(False, f"workspace {workspace} cannot be written: {trouble}", mend)
    else:
        yield Finding(True, f"workspace {workspace}")
    manifest = read_manifest(workspace)
    made_by = (manifest or {}).get("version")
    if manifest is None:
        yield Finding(False, "the workspace's list of files is damaged", update)
    elif made_by != exocourse.__version__:
        what = f"the workspace is from version {made_by} of the course, {exocourse.__version__} is"
        yield Finding(False, f"{what} installed", f"{update} (what you edited stays)")
    for trouble in lessons_in(workspace)[1]:
        yield Finding(False, trouble, f"{update} (puts a good copy beside it)")


def write_trouble(folder: Path) -> str:
    """Return why a folder cannot be written, or nothing; a missing one is made."""
    probe = folder / f".probe-{os.getpid()}-{os.urandom(4).hex()}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe.write_bytes(b"probe")
    except OSError as error:
        return error.strerror or str(error)
    finally:
        with contextlib.suppress(OSError):
            probe.unlink()
    return ""


def progress_kept(start: Path) -> Finding:
    """Check that what a learner does in a folder can be kept."""
    place = progress.locate(start)
    if place.graded:
        mend = "Unset NBGRADER_EXECUTION in the shell that you start from."
        return Finding(False, "NBGRADER_EXECUTION is set: no progress is kept", mend)
    if not place.folders:
        mend = "Set EXOCOURSE_PROGRESS to a folder of yours."
        return Finding(False, "there is no folder to keep progress in", mend)
    folder = place.folders[0]
    if trouble := write_trouble(folder):
        mend = f"Make {folder} writable, or set EXOCOURSE_PROGRESS to a folder that is."
        return Finding(False, f"progress cannot be kept in {folder}: {trouble}", mend)
    return Finding(True, f"progress is kept in {folder}")


def disk_space(folder: Path) -> Finding:
    """Check the free space of the disk that a folder is on."""
    there = next(place for place in (folder, *folder.parents) if place.exists())
    free = shutil.disk_usage(there).free
    what = f"{free / 1e9:.1f} GB free where {there} is"
    if free < NEEDED_FREE_BYTES:
        return Finding(False, what, f"Free at least {NEEDED_FREE_BYTES / 1e6:.0f} MB there.")
    return Finding(True, what)


def browser() -> Finding:
    """Say which browser would open."""
    name = serving.browser_name()
    if name is None:
        return Finding(None, "no browser found: exocourse learn prints an address to open")
    return Finding(None, f"browser: {name}")
