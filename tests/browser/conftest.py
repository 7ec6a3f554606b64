"""Fixtures: a real JupyterLab in a real browser, on a learner's workspace made for the tests."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from lab import ARTEFACTS, CHROMIUM_FLAGS, Lab, Notebook, chromium_path, start_lab


@pytest.fixture(scope="session")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """JupyterLab on a learner's copy of the course."""
    from exocourse.workspace import prepare

    folder = tmp_path_factory.mktemp("learner") / "my-course"
    prepare(folder)
    process, lab = start_lab(folder, ARTEFACTS / "jupyterlab.log")
    yield lab
    process.terminate()
    process.wait(20)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium, one for all tests."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=CHROMIUM_FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def open_notebook(lab: Lab, browser: Browser) -> Iterator:
    """Open notebooks in a window; afterwards nothing may have gone wrong in the page."""
    opened: list[Notebook] = []
    contexts = []

    def opener(path: str, *, scale: float = 1.0, width: int = 1280, height: int = 900) -> Notebook:
        context = browser.new_context(
            viewport={"width": width, "height": height}, device_scale_factor=scale
        )
        contexts.append(context)
        notebook = Notebook(context.new_page(), lab, path).open()
        opened.append(notebook)
        return notebook

    yield opener
    troubles = [trouble for notebook in opened for trouble in notebook.troubles]
    for context in contexts:
        context.close()
    lab.close_kernels()
    assert troubles == []


@pytest.fixture(scope="session")
def axe_source() -> str:
    """The axe-core accessibility checker, as its package ships it."""
    import axe_playwright_python

    folder = Path(axe_playwright_python.__file__).parent
    return next(folder.rglob("axe.min.js")).read_text(encoding="utf-8")
