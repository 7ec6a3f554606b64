"""JupyterLab as the course starts it: quick to answer, and its saved notebooks make sense later."""

from __future__ import annotations

import inspect
import os
import sys
import warnings
from pathlib import Path
from typing import Any

from exocourse.notebooks import strip_widget_views
from exocourse.workspace import FIRST_LESSON, JUPYTER_FOLDER

_TEXT_BROWSERS = {"www-browser", "links", "elinks", "lynx", "w3m"}


def lab_command(workspace: Path, *, port: int | None = None, browser: bool = True) -> list[str]:
    """Return the command that starts JupyterLab on the first lesson; run it in `workspace`.

    Parameters
    ----------
    workspace : pathlib.Path
        A folder made by `exocourse.workspace.prepare`.
    port : int, optional
        The port to listen on, and no other; by default the first free one from 8888.
    browser : bool
        Whether JupyterLab should open a browser.
    """
    first = FIRST_LESSON if (workspace / FIRST_LESSON).exists() else ""
    command = [
        sys.executable,
        "-m",
        "jupyterlab",
        f"--config={Path(__file__).with_name('server_config.py')}",
        f"--ServerApp.root_dir={workspace.absolute()}",
        f"--LabApp.default_url=/lab{f'/tree/{first}' if first else ''}",
    ]
    if port is not None:
        command += [f"--ServerApp.port={port}", "--ServerApp.port_retries=0"]
    if not browser:
        command.append("--no-browser")
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        command.append("--allow-root")
    return command


def start(command: list[str], workspace: Path) -> int:
    """Run JupyterLab in the workspace until it is stopped; return its exit code."""
    sys.stdout.flush()
    os.chdir(workspace)
    if os.name == "posix":
        # In place of this process, so that Ctrl-C and signals reach JupyterLab and nothing else.
        os.execv(command[0], command)
    import subprocess

    with subprocess.Popen(command) as process:
        while True:
            try:
                return process.wait()
            except KeyboardInterrupt:
                continue  # JupyterLab got it too, and asks whether to stop.


def browser_name() -> str | None:
    """Return the browser that a page would open in, or None where no graphical one is found."""
    import webbrowser

    try:
        controller = webbrowser.get()
    except webbrowser.Error:
        return None
    name = str(getattr(controller, "name", type(controller).__name__))
    return None if Path(name).name in _TEXT_BROWSERS else name


def configure(config: Any, folder: Path) -> None:
    """Set up a Jupyter server for learners.

    Parameters
    ----------
    config : traitlets.config.Config
        The server's configuration, changed in place.
    folder : pathlib.Path
        The workspace: settings of JupyterLab that `prepare` wrote there become its defaults.
    """
    # The server reads its configuration twice, and warns that the hook is set again.
    warnings.filterwarnings("ignore", "Overriding existing pre_save_hook")
    config.FileContentsManager.pre_save_hook = strip_on_save
    config.LabApp.news_url = None
    config.LabApp.check_for_updates_class = "jupyterlab.NeverCheckForUpdate"
    settings = (folder / JUPYTER_FOLDER).absolute()
    if settings.is_dir():
        before = os.environ.get("JUPYTER_CONFIG_PATH")
        paths = [str(settings), *([before] if before else [])]
        os.environ["JUPYTER_CONFIG_PATH"] = os.pathsep.join(paths)
    if os.environ.get("EXOCOURSE_NODELAY") != "0":  # a way out, and for comparing
        tune_websockets()


def strip_on_save(model: dict[str, Any], **_: Any) -> None:
    """Take references to live widgets out of a notebook that is about to be saved.

    They would show as "model not found" once the kernel is gone and hide the picture beside them.
    """
    if model.get("type") == "notebook" and isinstance(model.get("content"), dict):
        model["content"] = strip_widget_views(model["content"])


def tune_websockets() -> str:
    """Let kernel messages leave at once instead of waiting for the reply to the one before.

    The server leaves Nagle's algorithm on, which with delayed acknowledgements holds an
    explorer's answer back by some 40 ms.

    Returns
    -------
    str
        Empty if it is done, else why the server was left as it is.
    """
    try:
        import jupyter_server
        from jupyter_server.services.kernels.websocket import KernelWebsocketHandler as Handler
    except ImportError as error:
        return f"no kernel websockets to tune ({error})"
    version = jupyter_server.__version__
    original = getattr(Handler, "open", None)
    known = version.startswith("2.") and inspect.iscoroutinefunction(original)
    if not known or not hasattr(Handler, "set_nodelay"):
        return f"jupyter_server {version} is not one that this was tried with"
    if getattr(original, "exocourse_tuned", False):
        return ""

    async def open_without_delay(self: Any, *arguments: Any, **keywords: Any) -> None:
        try:
            self.set_nodelay(True)
        except Exception as error:  # Slower is better than no kernel at all.
            self.log.warning("TCP_NODELAY was not set: %s", error)
        await original(self, *arguments, **keywords)

    open_without_delay.exocourse_tuned = True
    Handler.open = open_without_delay
    return ""
