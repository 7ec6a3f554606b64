"""JupyterLab and Chromium, started and driven: shared by the browser tests and benchmarks."""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Page

ROOT = Path(__file__).resolve().parents[2]
ARTEFACTS = ROOT / "test-artefacts"
CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--force-prefers-reduced-motion",
]
# JupyterLab itself asks these hosts nothing in our tests; a request that leaves is a failure.
LOCAL = ("127.0.0.1", "localhost")


@dataclass(frozen=True)
class Lab:
    """A running JupyterLab: where it is, and the workspace it serves."""

    port: int
    token: str
    folder: Path

    def url(self, path: str) -> str:
        """Return the address that opens a notebook in a fresh window layout."""
        return f"http://127.0.0.1:{self.port}/lab/tree/{path}?reset&token={self.token}"

    def api(self, path: str, method: str = "GET") -> object:
        """Call the server's REST interface."""
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}/api/{path}",
            method=method,
            headers={"Authorization": f"token {self.token}"},
        )
        with urllib.request.urlopen(request, timeout=20) as answer:
            body = answer.read()
        return json.loads(body) if body else None

    def close_kernels(self) -> None:
        """End every session, so that the next test starts from nothing."""
        for session in self.api("sessions"):
            self.api(f"sessions/{session['id']}", "DELETE")


def free_port() -> int:
    """Return a port that nobody listens on."""
    with contextlib.closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def start_lab(
    folder: Path, log: Path, environment: dict[str, str] | None = None
) -> tuple[subprocess.Popen, Lab]:
    """Start JupyterLab on a workspace as `exocourse learn` does, and wait until it answers."""
    from exocourse.serving import lab_command

    port = free_port()
    return _start(folder, log, port, lab_command(folder, port=port, browser=False), environment)


def start_server(folder: Path, log: Path) -> tuple[subprocess.Popen, Lab]:
    """Start JupyterLab on a plain folder, as an instructor does."""
    port = free_port()
    command = [sys.executable, "-m", "jupyterlab", "--no-browser", f"--ServerApp.port={port}"]
    if os.geteuid() == 0:
        command.append("--allow-root")
    return _start(folder, log, port, command, {})


def _start(
    folder: Path, log: Path, port: int, command: list[str], environment: dict[str, str] | None
) -> tuple[subprocess.Popen, Lab]:
    token = secrets.token_hex(16)
    command = [
        *command,
        f"--IdentityProvider.token={token}",
        "--LabApp.expose_app_in_browser=True",
    ]
    clean = {name: value for name, value in os.environ.items() if name != "EXOCOURSE_PROGRESS"}
    settings = clean | {"JUPYTER_RUNTIME_DIR": str(folder.parent / "runtime")} | (environment or {})
    ARTEFACTS.mkdir(exist_ok=True)
    process = subprocess.Popen(
        command, cwd=folder, env=settings, stdout=log.open("w"), stderr=subprocess.STDOUT
    )
    lab = Lab(port, token, folder)
    for _ in range(240):
        if process.poll() is not None:
            raise RuntimeError(f"JupyterLab stopped at once:\n{log.read_text()}")
        with contextlib.suppress(OSError):
            lab.api("status")
            return process, lab
        time.sleep(0.25)
    process.kill()
    raise RuntimeError(f"JupyterLab did not answer within a minute:\n{log.read_text()}")


def chromium_path() -> str:
    """Return where Chromium is: Debian's, or the one named by EXOCOURSE_CHROMIUM."""
    path = os.environ.get("EXOCOURSE_CHROMIUM") or shutil.which("chromium")
    if path is None:
        raise RuntimeError("no Chromium: install the package chromium, or set EXOCOURSE_CHROMIUM")
    return path


class Notebook:
    """One notebook open in the browser, with what went wrong in the page."""

    def __init__(self, page: Page, lab: Lab, path: str) -> None:
        self.page, self.lab, self.path = page, lab, path
        self.troubles: list[str] = []
        page.on("pageerror", lambda error: self.troubles.append(f"page error: {error}"))
        page.on("console", self._listen)
        page.on("request", self._watch)

    def _listen(self, message) -> None:
        if message.type == "error" and "favicon" not in message.text:
            self.troubles.append(f"console: {message.text}")

    def _watch(self, request) -> None:
        host = request.url.split("/")[2].split(":")[0] if "://" in request.url else "localhost"
        if host not in LOCAL and not request.url.startswith(("data:", "blob:")):
            self.troubles.append(f"left this machine: {request.url}")

    def open(self) -> Notebook:
        """Load the notebook and wait for its kernel."""
        self.page.goto(self.lab.url(self.path), wait_until="domcontentloaded")
        self.page.wait_for_selector(".jp-Notebook .jp-Cell", timeout=60_000)
        self.page.evaluate(
            """async () => {
                const widget = jupyterapp.shell.currentWidget;
                await widget.context.ready;
                await widget.sessionContext.ready;
                await widget.sessionContext.session.kernel.info;
            }"""
        )
        return self

    def command(self, name: str) -> None:
        """Run one of JupyterLab's commands and wait for it."""
        self.page.evaluate("name => jupyterapp.commands.execute(name)", name)

    def run_all(self) -> Notebook:
        """Run all cells; resolves when the last one has finished."""
        self.command("notebook:run-all-cells")
        return self

    def cell(self, cell_id: str):
        """Return the locator of a cell by its id."""
        index = self.page.evaluate(
            """id => jupyterapp.shell.currentWidget.content.widgets
                     .findIndex(cell => cell.model.id === id)""",
            cell_id,
        )
        assert index >= 0, f"{self.path} has no cell {cell_id}"
        self.page.evaluate(
            "async index => { const n = jupyterapp.shell.currentWidget.content; "
            "n.activeCellIndex = index; await n.scrollToItem(index); }",
            index,
        )
        return self.page.locator(f'.jp-Notebook .jp-Cell[data-windowed-list-index="{index}"]')

    def cell_count(self) -> int:
        """Return how many cells the notebook has now."""
        return self.page.evaluate("jupyterapp.shell.currentWidget.content.widgets.length")

    def stored_errors(self) -> list[str]:
        """Return the errors among the outputs, with their cells."""
        return self.page.evaluate(
            """() => jupyterapp.shell.currentWidget.content.model.toJSON().cells.flatMap(
                cell => (cell.outputs ?? []).filter(
                    output => output.output_type === "error" || output.name === "stderr"
                ).map(output => `${cell.id}: ${output.ename} ${output.evalue} ${output.text}`))"""
        )

    def screenshot(self, name: str) -> None:
        """Keep a picture of the window for a person to look at."""
        self.page.screenshot(path=ARTEFACTS / f"{name}.png")
