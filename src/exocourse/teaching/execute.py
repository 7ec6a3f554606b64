"""Run the course's own notebooks in place and store what they show.

Lessons and solutions are committed with their outputs, so that they can be read where nothing
runs. What is stored is the same from run to run: no times, no widget state, no Python patch
version.
"""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from exocourse.notebooks import NotebookError, strip_widget_views
from exocourse.teaching.guards import read_notebook

FOLDERS = ("lessons", "solutions")
CELL_TIMEOUT_S = 60

KERNELSPEC = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
# What the kernel reports, without the version of the Python that happened to run.
LANGUAGE_INFO = {
    "codemirror_mode": {"name": "ipython", "version": 3},
    "file_extension": ".py",
    "mimetype": "text/x-python",
    "name": "python",
    "nbconvert_exporter": "python",
    "pygments_lexer": "ipython3",
}
_TIMING = ("execution", "ExecuteTime")


class ExecutionError(RuntimeError):
    """A notebook that did not run to its end; says in which cell and why."""


def execute(
    paths: Iterable[Path | str] = (),
    root: Path | str | None = None,
    *,
    timeout_s: int = CELL_TIMEOUT_S,
) -> int:
    """Run notebooks in place and store their outputs.

    Each runs in its own kernel, in its own folder, as a learner who has recorded nothing. A
    notebook that fails is left as it was, and the others still run.

    Parameters
    ----------
    paths : iterable of path
        Notebooks, or folders of them, as seen from the working folder or from `root`; by default
        every notebook in ``lessons/`` and ``solutions/``.
    root : path, optional
        The course's folder; by default the nearest one, from the working folder upwards, that
        holds ``nbgrader_config.py``.
    timeout_s : int
        Seconds that one cell may take.

    Returns
    -------
    int
        0 where every notebook ran, otherwise 1.
    """
    try:
        root = course_root(root)
        notebooks = find_notebooks(paths, root)
    except FileNotFoundError as error:
        print(error)
        return 1
    failed = 0
    for path in notebooks:
        name = _relative(path, root)
        begin = time.perf_counter()
        try:
            changed = _execute_one(path, name, timeout_s)
        except (NotebookError, ExecutionError) as error:
            failed += 1
            print(f"FAILED {time.perf_counter() - begin:6.1f} s  {error}", flush=True)
        else:
            words = "" if changed else "  (unchanged)"
            print(f"ran    {time.perf_counter() - begin:6.1f} s  {name}{words}", flush=True)
    print(f"{len(notebooks) - failed} of {len(notebooks)} notebooks ran")
    return 1 if failed or not notebooks else 0


def course_root(root: Path | str | None = None) -> Path:
    """Return the course's folder: the nearest at or above `root` with ``nbgrader_config.py``.

    Parameters
    ----------
    root : path, optional
        Where to begin; the working folder if not given.

    Raises
    ------
    FileNotFoundError
        Where there is none.
    """
    begin = Path(root or Path.cwd()).resolve()
    for folder in (begin, *begin.parents):
        if (folder / "nbgrader_config.py").is_file():
            return folder
    raise FileNotFoundError(
        f"{begin} is not in a checkout of the course: no nbgrader_config.py there or above. "
        "Change into the checkout first."
    )


def find_notebooks(paths: Iterable[Path | str], root: Path) -> list[Path]:
    """Return the notebooks that `paths` name, or those of lessons and solutions, sorted.

    Folders whose name begins with ``.`` or ``_`` are passed over.

    Raises
    ------
    FileNotFoundError
        Where a path does not exist.
    """
    wanted = [Path(path) for path in paths]
    if wanted:
        # What is typed is meant from the working folder, or else from the course's.
        places = [path if path.exists() else root / path for path in wanted]
    else:
        places = [root / folder for folder in FOLDERS if (root / folder).is_dir()]
    found: set[Path] = set()
    for place in places:
        if place.is_dir():
            found |= {
                notebook
                for notebook in place.rglob("*.ipynb")
                if not any(part[0] in "._" for part in notebook.relative_to(place).parts)
            }
        elif place.is_file():
            found.add(place)
        else:
            raise FileNotFoundError(f"there is no {place}")
    return sorted(path.resolve() for path in found)


def normalise(nb: Any) -> Any:
    """Remove from a notebook what differs from one machine or run to the next; return it.

    Takes out saved widget state, times, and the version of the Python that ran; sets the kernel's
    name and the language to the course's. Works in place.
    """
    from nbformat import from_dict

    nb.metadata.pop("widgets", None)
    nb.metadata["kernelspec"] = from_dict(KERNELSPEC)
    nb.metadata["language_info"] = from_dict(LANGUAGE_INFO)
    for cell in nb.cells:
        for key in _TIMING:
            cell.metadata.pop(key, None)
    return nb


def notebook_bytes(nb: Any) -> bytes:
    """Return the file content of a notebook: keys sorted, one newline at the end, UTF-8."""
    import nbformat

    return (nbformat.writes(nb, version=nbformat.NO_CONVERT).rstrip("\n") + "\n").encode("utf-8")


def _execute_one(path: Path, name: str, timeout_s: int) -> bool:
    """Run one notebook and write it where it changed; return whether it did."""
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
    from nbformat import from_dict

    nb = read_notebook(path, name)
    reached = {"id": ""}

    def remember(cell: Any, cell_index: int) -> None:
        reached["id"] = cell["id"]

    client = NotebookClient(
        nb,
        kernel_name=KERNELSPEC["name"],
        timeout=timeout_s,
        resources={"metadata": {"path": str(path.parent)}},
        record_timing=False,
        store_widget_state=False,
        # Whether two prints arrive in one message or two is chance.
        coalesce_streams=True,
        on_cell_start=remember,
    )

    def stopped(why: str) -> ExecutionError:
        return ExecutionError(f"{name}, cell {reached['id']}: {why}")

    with tempfile.TemporaryDirectory(prefix="exocourse-") as folder:
        log = Path(folder, "kernel.log")
        try:
            with log.open("wb") as stderr:
                client.execute(env=_environment(Path(folder)), stderr=stderr)
        except CellExecutionError as error:
            raise stopped(f"{error.ename}: {error.evalue}") from error
        except CellTimeoutError as error:
            raise stopped(f"not finished after {timeout_s} s") from error
        except DeadKernelError as error:
            said = log.read_text(encoding="utf-8", errors="replace").strip()
            raise stopped(f"the kernel died. {said[-500:]}") from error
    content = notebook_bytes(normalise(from_dict(strip_widget_views(nb))))
    if content == path.read_bytes():
        return False
    path.write_bytes(content)
    return True


def _environment(empty: Path) -> dict[str, str]:
    """Return the kernel's environment: nothing recorded, no personal IPython start-up files."""
    environment = {key: value for key, value in os.environ.items() if key != "NBGRADER_EXECUTION"}
    for variable in ("EXOCOURSE_PROGRESS", "IPYTHONDIR"):
        folder = empty / variable.lower()
        folder.mkdir()
        environment[variable] = str(folder)
    return environment


def _relative(path: Path, root: Path) -> str:
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else str(path)
