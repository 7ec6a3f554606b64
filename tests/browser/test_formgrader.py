"""The repository is an nbgrader course: its formgrader opens and lists the assignment."""

from __future__ import annotations

import shutil

from lab import ARTEFACTS, ROOT, start_server


def test_formgrader_opens_and_lists_the_assignment(tmp_path, browser):
    course = tmp_path / "course"
    for name in ("solutions", "exercises"):
        shutil.copytree(ROOT / name, course / name)
    shutil.copy(ROOT / "nbgrader_config.py", course)
    log = ARTEFACTS / "formgrader.log"
    process, lab = start_server(course, log)
    try:
        page = browser.new_context().new_page()
        page.goto(
            f"http://127.0.0.1:{lab.port}/formgrader?token={lab.token}",
            wait_until="domcontentloaded",
        )
        page.get_by_text("1-vesicles").first.wait_for(timeout=30_000)
        page.screenshot(path=ARTEFACTS / "formgrader.png")
        page.context.close()
    finally:
        process.terminate()
        process.wait(20)
