"""JupyterLab as the course starts it: the command, what it saves, and how fast it answers."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import secrets
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest

import exocourse
from exocourse import serving
from exocourse.notebooks import WIDGET_VIEW
from exocourse.serving import configure, lab_command, strip_on_save, tune_websockets
from exocourse.workspace import FIRST_LESSON, prepare

Handler = pytest.importorskip("jupyter_server.services.kernels.websocket").KernelWebsocketHandler


# The command


def test_the_command_opens_the_first_lesson_with_this_python(tmp_path):
    (tmp_path / FIRST_LESSON).parent.mkdir(parents=True)
    (tmp_path / FIRST_LESSON).write_text("{}")
    command = lab_command(tmp_path)
    assert command[:3] == [sys.executable, "-m", "jupyterlab"]
    assert f"--ServerApp.root_dir={tmp_path}" in command
    assert f"--LabApp.default_url=/lab/tree/{FIRST_LESSON}" in command
    (config,) = [part.removeprefix("--config=") for part in command if "--config=" in part]
    assert Path(config).is_file()
    assert not [part for part in command if "port" in part or "browser" in part]


def test_a_port_that_is_asked_for_is_the_only_one_tried(tmp_path):
    command = lab_command(tmp_path, port=9999, browser=False)
    assert {"--ServerApp.port=9999", "--ServerApp.port_retries=0", "--no-browser"} <= set(command)
    assert "--LabApp.default_url=/lab" in command, "no lesson yet: just JupyterLab"


@pytest.mark.parametrize(("user", "expected"), [(0, True), (1000, False)])
def test_root_is_allowed_only_for_root(tmp_path, monkeypatch, user, expected):
    monkeypatch.setattr(os, "geteuid", lambda: user, raising=False)
    assert ("--allow-root" in lab_command(tmp_path)) is expected


@pytest.mark.parametrize(("name", "expected"), [("lynx", None), ("/usr/bin/w3m", None)])
def test_a_text_browser_is_none(monkeypatch, name, expected):
    import webbrowser

    monkeypatch.setattr(webbrowser, "get", lambda: webbrowser.GenericBrowser(name))
    assert serving.browser_name() is expected


def test_no_browser_and_a_browser(monkeypatch):
    import webbrowser

    def none():
        raise webbrowser.Error("could not locate runnable browser")

    monkeypatch.setattr(webbrowser, "get", none)
    assert serving.browser_name() is None
    monkeypatch.setattr(webbrowser, "get", lambda: webbrowser.GenericBrowser("firefox"))
    assert serving.browser_name() == "firefox"


# Saving


def live_notebook() -> nbformat.NotebookNode:
    view = {"version_major": 2, "version_minor": 0, "model_id": "abc"}
    data = {WIDGET_VIEW: view, "text/plain": "words"}
    output = nbformat.v4.new_output("display_data", data=data)
    cell = nbformat.v4.new_code_cell("x", id="cell-1", outputs=[output], execution_count=1)
    return nbformat.v4.new_notebook(cells=[cell], metadata={"widgets": {"state": {}}})


def test_a_notebook_is_stripped_before_it_is_saved():
    model = {"type": "notebook", "content": live_notebook()}
    strip_on_save(model=model, path="a.ipynb", contents_manager=None)
    assert WIDGET_VIEW not in json.dumps(model["content"])
    assert "words" in json.dumps(model["content"])


@pytest.mark.parametrize("model", [{"type": "file", "content": "x"}, {"type": "notebook"}, {}])
def test_whatever_else_is_saved_is_left_alone(model):
    before = dict(model)
    strip_on_save(model=model, path="a", contents_manager=None)
    assert model == before


# Websockets


def option_of_a_kernel_websocket() -> int:
    """Open a kernel's websocket on a real server and return TCP_NODELAY of the server's end."""
    from tornado import httpserver, testing, web, websocket

    seen: list[int] = []

    class Connection:
        kernel_ws_protocol = ""

        def __init__(self, handler) -> None:
            self.handler = handler

        async def connect(self) -> None:
            end = self.handler.ws_connection.stream.socket
            seen.append(end.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))

        def disconnect(self) -> None:
            pass

    class Open(Handler):
        """The real handler without its sign-in and without a kernel."""

        def prepare(self) -> None:
            pass

        async def get(self, kernel_id: str) -> None:
            self.kernel_id = kernel_id
            self.connection = Connection(self)
            await websocket.WebSocketHandler.get(self, kernel_id=kernel_id)

        def check_origin(self, origin: str | None = None) -> bool:
            return True

    async def talk() -> None:
        server = httpserver.HTTPServer(web.Application([("/(?P<kernel_id>.*)", Open)]))
        listener, port = testing.bind_unused_port()
        server.add_socket(listener)
        client = await websocket.websocket_connect(f"ws://127.0.0.1:{port}/k")
        for _ in range(100):
            if seen:
                break
            await asyncio.sleep(0.02)
        client.close()
        server.stop()
        await server.close_all_connections()

    asyncio.run(talk())
    (option,) = seen
    return option


def test_kernel_messages_leave_at_once_and_only_when_tuned(monkeypatch):
    monkeypatch.setattr(Handler, "open", Handler.open)  # Put back at the end of the test.
    assert option_of_a_kernel_websocket() == 0, "the server does it by itself now: drop the patch"
    assert tune_websockets() == ""
    tuned = Handler.open
    assert option_of_a_kernel_websocket() != 0
    assert tune_websockets() == ""
    assert Handler.open is tuned, "tuned once only"


def test_an_unknown_server_is_left_as_it_is(monkeypatch):
    import jupyter_server

    original = Handler.open
    monkeypatch.setattr(jupyter_server, "__version__", "3.0.0")
    assert "3.0.0 is not one" in tune_websockets()
    assert Handler.open is original


def test_a_handler_that_opens_differently_is_left_as_it_is(monkeypatch):
    def plain(self, kernel_id):
        pass

    monkeypatch.setattr(Handler, "open", plain)
    assert "not one that this was tried with" in tune_websockets()
    assert Handler.open is plain


def test_without_a_server_there_is_nothing_to_tune(monkeypatch):
    monkeypatch.setitem(sys.modules, "jupyter_server", None)
    assert "no kernel websockets" in tune_websockets()


def test_a_socket_that_refuses_does_not_cost_the_kernel(monkeypatch):
    opened = []

    async def plain(self, kernel_id):
        opened.append(kernel_id)

    monkeypatch.setattr(Handler, "open", plain)
    assert tune_websockets() == ""

    class Refusing:
        class log:
            warning = staticmethod(lambda *_: None)

        def set_nodelay(self, value):
            raise OSError("no such option")

    asyncio.run(Handler.open(Refusing(), "k"))
    assert opened == ["k"]


# The configuration


def test_the_configuration_turns_off_news_and_finds_the_workspaces_settings(tmp_path, monkeypatch):
    from traitlets.config import Config

    monkeypatch.setattr(Handler, "open", Handler.open)
    (tmp_path / ".exocourse" / "jupyter").mkdir(parents=True)
    monkeypatch.setenv("JUPYTER_CONFIG_PATH", "/already/there")
    config = Config()
    configure(config, tmp_path)
    assert config.FileContentsManager.pre_save_hook is strip_on_save
    assert config.LabApp.news_url is None
    assert os.environ["JUPYTER_CONFIG_PATH"].split(os.pathsep) == [
        str(tmp_path / ".exocourse" / "jupyter"),
        "/already/there",
    ]


def test_the_configuration_file_does_nothing_when_imported(monkeypatch):
    import runpy

    monkeypatch.setattr(serving, "configure", lambda *_: pytest.fail("configured"))
    runpy.run_path(str(Path(serving.__file__).with_name("server_config.py")))


# The whole of it


@pytest.fixture
def lab(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator:
    """A real JupyterLab on a tiny workspace; yields a function that calls its REST interface."""
    package = tmp_path / "checkout" / "src" / "exocourse"
    package.mkdir(parents=True)
    lesson = tmp_path / "checkout" / FIRST_LESSON
    lesson.parent.mkdir(parents=True)
    nbformat.write(live_notebook(), lesson)
    with monkeypatch.context() as patch:
        patch.setattr(exocourse, "__file__", str(package / "__init__.py"))
        prepare(tmp_path / "my-course")
    with contextlib.closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    token = secrets.token_hex(8)
    log = tmp_path / "log"
    process = subprocess.Popen(
        lab_command(tmp_path / "my-course", port=port, browser=False),
        cwd=tmp_path / "my-course",
        env={
            **os.environ,
            "JUPYTER_TOKEN": token,
            "JUPYTER_RUNTIME_DIR": str(tmp_path / "run"),
            "JUPYTER_CONFIG_DIR": str(tmp_path / "config"),
        },
        stdout=subprocess.DEVNULL,
        stderr=log.open("w"),
    )

    def call(path: str, method: str = "GET", body: object = None) -> object:
        request = urllib.request.Request(
            f"http://127.0.0.1:{port}/{path}",
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={"Authorization": f"token {token}"},
        )
        with urllib.request.urlopen(request, timeout=20) as answer:
            return json.loads(answer.read())

    try:
        for _ in range(240):
            assert process.poll() is None, log.read_text()
            with contextlib.suppress(OSError):
                call("api/status")
                break
            time.sleep(0.25)
        else:
            pytest.fail(log.read_text())
        call.log = log
        yield call
    finally:
        process.terminate()
        process.wait(20)


def test_a_real_jupyterlab_strips_on_save_and_asks_for_no_news(lab, tmp_path):
    path = f"api/contents/{FIRST_LESSON}"
    content = lab(path)["content"]
    assert WIDGET_VIEW in json.dumps(content)
    lab(path, "PUT", {"type": "notebook", "content": content})
    saved = (tmp_path / "my-course" / FIRST_LESSON).read_text()
    assert WIDGET_VIEW not in saved and "words" in saved
    settings = lab("lab/api/settings/@jupyterlab/apputils-extension:notification")
    properties = settings["schema"]["properties"]
    assert properties["fetchNews"]["default"] == "false"
    assert properties["checkForUpdates"]["default"] is False
    log = lab.log.read_text()
    assert f"/lab/tree/{FIRST_LESSON}?token=" in log
    assert "Traceback" not in log and "Error loading config" not in log
