"""The command line: ``exocourse learn``, ``progress``, ``doctor``, and what teachers need."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Annotated, Any

import exocourse
from exocourse import serving
from exocourse.learning import progress
from exocourse.learning.standing import HEADS, row
from exocourse.serving import lab_command
from exocourse.workspace import Change, WorkspaceError, course_source, lessons_in, prepare

try:
    import typer
except ImportError:  # The course is installed without the extra that brings it.
    typer = None

__all__ = ["application", "lab_command", "main"]

DEFAULT_FOLDER = Path("my-course")
LEARN_EXTRA = "make learn, or python -m pip install 'exocourse-VERSION-py3-none-any.whl[learn]'"
TEACH_EXTRA = "make teach"


def main() -> None:
    """Run the command line."""
    if typer is None:
        sys.exit(f"The command line needs the learn extra. Install it with: {LEARN_EXTRA}")
    try:
        application()()
    except WorkspaceError as error:
        sys.exit(str(error))


def application() -> Any:
    """Return the typer application."""
    app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
    app.callback()(course)
    for name, command in (
        ("learn", learn),
        ("progress", show_progress),
        ("doctor", show_findings),
        ("build", build),
        ("execute", execute),
    ):
        app.command(name)(command)
    return app


def _print_version(wanted: bool) -> None:
    if wanted:
        print(f"exocourse {exocourse.__version__}")
        raise typer.Exit()


# The annotations stay strings until typer reads them: this module loads without it.
def course(
    version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_print_version, is_eager=True, help="Print the version and stop."
        ),
    ] = False,
) -> None:
    """A course on extracellular vesicles, and on reading what is written about them."""  # noqa: D401


def learn(
    folder: Annotated[
        Path | None, typer.Argument(metavar="[DIR]", help="Your workspace [default: my-course].")
    ] = None,
    no_browser: Annotated[
        bool, typer.Option("--no-browser", help="Do not open a browser; print the address.")
    ] = False,
    port: Annotated[
        int | None, typer.Option(min=1, max=65535, help="Listen on this port and no other.")
    ] = None,
    prepare_only: Annotated[
        bool, typer.Option("--prepare-only", help="Prepare the workspace; start nothing.")
    ] = False,
) -> None:
    """Prepare your workspace and open JupyterLab there on the first lesson."""
    workspace = _workspace_meant(folder).absolute()
    _say_changes(prepare(workspace), workspace)
    if prepare_only:
        return
    if importlib.util.find_spec("jupyterlab") is None:
        sys.exit(f"JupyterLab is not installed. Install it with: {LEARN_EXTRA}")
    browser = not no_browser and serving.browser_name() is not None
    if not browser:
        print("Open the address that JupyterLab prints below (http://localhost:...?token=...).")
    raise typer.Exit(serving.start(lab_command(workspace, port=port, browser=browser), workspace))


def show_progress(
    folder: Annotated[
        Path | None, typer.Argument(metavar="[DIR]", help="Your workspace [default: my-course].")
    ] = None,
) -> None:
    """Show where you stand, lesson by lesson."""
    start = _workspace_meant(folder).absolute()
    store = progress.Store(progress.locate(start))
    lessons, troubles = lessons_in(progress.find_workspace(start) or course_source())
    _print_table(
        HEADS,
        [row(standing) for standing in progress.summary(lessons, store.entries())],
    )
    for words in (store.where(), *store.notices(), *troubles):
        print(words)


def show_findings(
    folder: Annotated[
        Path | None, typer.Argument(metavar="[DIR]", help="Your workspace [default: my-course].")
    ] = None,
) -> None:
    """Say what of this installation is wrong, and how to mend it."""
    from exocourse.doctor import examine

    findings = examine(_workspace_meant(folder).absolute())
    states = {True: "ok", False: "WRONG", None: "note"}
    _print_table(("", "Found"), [(states[finding.ok], finding.what) for finding in findings])
    wrong = [finding for finding in findings if finding.ok is False]
    for finding in wrong:
        print(f"\n{finding.what}\n  To mend it: {finding.how_to_mend}")
    raise typer.Exit(1 if wrong else 0)


def build(
    check: Annotated[
        bool, typer.Option("--check", help="Compare and say what differs; change nothing.")
    ] = False,
    force: Annotated[
        bool, typer.Option("--force", help="Overwrite exercises that were edited by hand, too.")
    ] = False,
) -> None:
    """Make exercises/ from solutions/ (in a checkout)."""
    raise typer.Exit(_teaching("build")(check=check, force=force))


def execute(
    paths: Annotated[
        list[Path] | None, typer.Argument(help="Notebooks [default: all of the course].")
    ] = None,
) -> None:
    """Run notebooks and store their outputs (in a checkout)."""
    raise typer.Exit(_teaching("execute")(paths or []))


def _teaching(name: str) -> Callable[..., int]:
    """Return the function of a teaching module that is called like the module."""
    try:
        return getattr(importlib.import_module(f"exocourse.teaching.{name}"), name)
    except ModuleNotFoundError as error:
        if (error.name or "").startswith("exocourse"):
            raise
        sys.exit(f"{error.name} is not installed. Install it with: {TEACH_EXTRA}")


def _workspace_meant(folder: Path | None) -> Path:
    """Return the workspace that a command is about: the one given, the one around us, my-course."""
    return folder or progress.find_workspace(Path.cwd()) or DEFAULT_FOLDER


def _say_changes(changes: Sequence[Change], workspace: Path) -> None:
    """Print what `prepare` did, the many files of a first copy as one line."""
    copied = [change for change in changes if change.kind == "copied"]
    if len(copied) > 3:
        print(f"{len(copied)} files of the course copied to {workspace}.")
    for change in changes:
        if change.kind != "copied" or len(copied) <= 3:
            print(change.message)
    if not changes:
        print(f"{workspace} is up to date.")


def _print_table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(*heads)
    for cells in rows:
        table.add_row(*map(Text, cells))  # As Text, brackets in a path are no mark-up.
    Console().print(table)
