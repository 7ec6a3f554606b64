"""What pytest needs for the whole repository: markers, and a clean start for each notebook."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

# Hidden cases are an instructor's files, not tests.
collect_ignore_glob = ["solutions/_hidden/*"]


def pytest_configure(config: pytest.Config) -> None:
    """Register the course's markers; refuse a mixture that tests less than it seems to."""
    config.addinivalue_line("markers", "slow: takes more than a few seconds")
    if getattr(config.option, "nbval", False) and getattr(config.option, "nbval_lax", False):
        raise pytest.UsageError(
            "--nbval and --nbval-lax together compare no outputs: give one of them"
        )


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> Iterator[None]:
    """Give each notebook's kernel its own empty progress folder.

    nbval starts the kernel when the notebook's first cell is set up, which this hook surrounds.
    """
    notebook = item.parent
    if type(notebook).__name__ != "IPyNbFile" or notebook.kernel is not None:
        return (yield)
    folder = tempfile.TemporaryDirectory(prefix="exocourse-nbval-")
    item.config.add_cleanup(folder.cleanup)
    with pytest.MonkeyPatch.context() as environment:
        environment.delenv("NBGRADER_EXECUTION", raising=False)
        for variable in ("EXOCOURSE_PROGRESS", "IPYTHONDIR"):
            path = Path(folder.name, variable.lower())
            path.mkdir()
            environment.setenv(variable, os.fspath(path))
        return (yield)
