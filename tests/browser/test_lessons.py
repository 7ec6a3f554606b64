"""The lessons in a real JupyterLab in a real browser: by mouse, by keyboard, after a restart."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import uuid

import pytest

from exocourse.vesicles.explorers import VesicleSize

START = "lessons/0-start/0.1-start-here.ipynb"
EXOSOME = "lessons/1-vesicles/1.1-what-is-an-exosome.ipynb"
EXERCISE = "exercises/1-vesicles/1.1-what-is-an-exosome.ipynb"
QUIET_MS = 500
TRUSTED = """() => jupyterapp.shell.currentWidget.content.widgets
    .filter(cell => cell.model.type === "code").every(cell => cell.model.trusted)"""


def canvas_pixels(cell) -> str:
    """Return the pixels of a cell's picture, as text that can be compared."""
    return cell.locator(".exo-stage canvas").evaluate("canvas => canvas.toDataURL()")


def words(cell) -> str:
    return " ".join(cell.locator(".exo-stage .exo-words").first.inner_text().split())


def wait_for_words(cell, part: str) -> None:
    cell.locator(".exo-words", has_text=part).first.wait_for(timeout=10_000)


def explorer(notebook):
    """Return the cell of a lesson's explorer once its picture is drawn."""
    cell = notebook.cell("explore-1")
    cell.locator(".exo-stage canvas[data-frame]").wait_for(timeout=30_000)
    return cell


def entries(lab, kind: str) -> list[dict]:
    """Return what was recorded in the learner's workspace."""
    files = sorted((lab.folder / ".exocourse" / "progress").glob("*.jsonl"))
    lines = [json.loads(line) for file in files for line in file.read_text().splitlines()]
    return [line for line in lines if line["kind"] == kind]


@pytest.mark.parametrize(("path", "name"), [(START, "0.1"), (EXOSOME, "1.1"), (EXERCISE, "x1.1")])
def test_run_all_gives_no_error_anywhere(open_notebook, path, name):
    notebook = open_notebook(path, height=1000).run_all()
    assert notebook.stored_errors() == []
    notebook.page.wait_for_timeout(500)
    notebook.screenshot(f"{name}-top")


def test_dragging_a_slider_changes_pixels_and_words(open_notebook):
    notebook = open_notebook(EXOSOME).run_all()
    cell = explorer(notebook)
    notebook.screenshot("1.1-explorer")
    assert words(cell) == " ".join(VesicleSize().words.split()), "showing it must not move a slider"
    before, said = canvas_pixels(cell), words(cell)
    handle = cell.locator(".noUi-handle").first.bounding_box()
    x, y = handle["x"] + handle["width"] / 2, handle["y"] + handle["height"] / 2
    notebook.page.mouse.move(x, y)
    notebook.page.mouse.down()
    notebook.page.mouse.move(x + 120, y, steps=12)
    notebook.page.mouse.up()
    notebook.page.wait_for_function(
        "([canvas, before]) => canvas.toDataURL() !== before",
        arg=[cell.locator("canvas").element_handle(), before],
    )
    notebook.page.wait_for_timeout(300)
    assert words(cell) != said
    assert canvas_pixels(cell) != before


def test_every_control_moves_by_keyboard_and_a_screen_reader_hears_it(open_notebook):
    notebook = open_notebook(EXOSOME).run_all()
    cell = explorer(notebook)
    live = cell.locator("[role=status].exo-live")
    for place in range(cell.locator(".noUi-handle").count()):
        handle = cell.locator(".noUi-handle").nth(place)
        assert handle.get_attribute("aria-label"), "a slider without a name"
        for key in ("ArrowLeft", "ArrowRight", "ArrowRight", "Home", "End"):
            before = canvas_pixels(cell)
            handle.focus()
            notebook.page.keyboard.press(key)
            notebook.page.wait_for_function(
                "([canvas, before]) => canvas.toDataURL() !== before",
                arg=[cell.locator("canvas").element_handle(), before],
            )
        notebook.page.wait_for_timeout(QUIET_MS + 400)
        assert live.inner_text() == words(cell)
        assert words(cell) in " ".join(cell.locator("canvas").get_attribute("aria-label").split())
    handles = cell.locator("[role=slider]").all()
    assert [handle.get_attribute("aria-valuetext") for handle in handles] == ["1000", "8.0"]


def test_a_screen_reader_is_not_told_every_step(open_notebook):
    notebook = open_notebook(EXOSOME).run_all()
    cell = explorer(notebook)
    live = cell.locator("[role=status].exo-live")
    heard = live.inner_text()
    cell.locator(".noUi-handle").first.focus()
    for _ in range(8):
        notebook.page.keyboard.press("ArrowRight")
        notebook.page.wait_for_timeout(60)
        assert live.inner_text() == heard
    notebook.page.wait_for_timeout(QUIET_MS + 600)
    assert live.inner_text() == words(cell) != heard


def test_keys_inside_an_explorer_never_reach_the_notebook(open_notebook):
    notebook = open_notebook(EXOSOME).run_all()
    cell = explorer(notebook)
    count = notebook.cell_count()
    for target in (cell.locator(".noUi-handle").first, cell.locator(".widget-readout").first):
        target.focus()
        for key in ("d", "d", "x", "a", "b", "ArrowDown", "j", "0", "0", "m"):
            notebook.page.keyboard.press(key)
        assert notebook.cell_count() == count
    notebook.page.wait_for_timeout(300)
    assert notebook.cell_count() == count


def test_shift_enter_still_runs_the_cell(open_notebook):
    notebook = open_notebook(EXOSOME).run_all()
    cell = explorer(notebook)
    before = notebook.page.evaluate(
        "jupyterapp.shell.currentWidget.content.activeCell.model.executionCount"
    )
    cell.locator(".noUi-handle").first.focus()
    notebook.page.keyboard.press("Shift+Enter")
    notebook.page.wait_for_function(
        """before => jupyterapp.shell.currentWidget.content.widgets
            .some(cell => cell.model.id === "explore-1" && cell.model.executionCount > before)""",
        arg=before,
        timeout=15_000,
    )


def test_by_keyboard_alone_predict_answer_and_rate(open_notebook, lab):
    notebook = open_notebook(EXOSOME).run_all()

    def press(*keys: str) -> None:
        for key in keys:
            notebook.page.keyboard.press(key)
            notebook.page.wait_for_timeout(150)  # a person's pace

    predict = notebook.cell("predict-1")
    predict.locator("input[type=radio]").first.focus()
    press("Space", "ArrowDown", "Tab", "Enter")
    wait_for_words(predict, "Recorded: about 4 times")

    rate = notebook.cell("predict-2")
    rate.locator("input[type=radio]").first.focus()
    press("ArrowDown", "ArrowDown", "Tab", "Space", "Tab", "Enter")
    wait_for_words(rate, "Recorded for S4-03: unsupported (confidence 1)")

    quiz = notebook.cell("quiz-1")
    item = quiz.locator(".exo-frame").first
    item.locator("input[type=radio]").first.focus()
    press("Space", "Tab", "Enter")
    item.locator(".exo-words", has_text="Not this one.").wait_for(timeout=10_000)
    notebook.screenshot("1.1-quiz")

    assert entries(lab, "prediction")[-1]["value"] == "4"
    assert entries(lab, "first_verdict")[-1]["id"] == "S4-03"
    assert entries(lab, "quiz")[-1]["id"] == "1.1.q1"

    compare = notebook.cell("compare-1")
    compare.click()
    notebook.command("notebook:run-cell")
    wait_for_words(compare, "You predicted: about 4 times")


def test_a_verdict_opens_the_courses_reading(open_notebook):
    notebook = open_notebook(EXOSOME).run_all()
    cell = notebook.cell("claims-1")
    assert "the course's reading" not in cell.inner_text()
    cell.locator("input[type=radio]").first.check()
    cell.locator(".exo-row input[type=radio]").nth(1).check()
    cell.get_by_role("button", name="Record").click()
    cell.get_by_text("S0-01, the course's reading").wait_for(timeout=10_000)
    notebook.screenshot("1.1-verdict")


def test_after_a_restart_pictures_are_there_and_answers_come_back(open_notebook, lab):
    """Save, restart, reopen: untrusted first, then trusted; then run, and find one's answers."""
    path = "lessons/1-vesicles/1.1-reopened.ipynb"
    shutil.copy(lab.folder / EXOSOME, lab.folder / path)
    notebook = open_notebook(path).run_all()
    cell = explorer(notebook)
    predict = notebook.cell("predict-1")
    predict.locator("input[type=radio]").nth(2).check()
    predict.get_by_role("button", name="Record my prediction").click()
    wait_for_words(predict, "Recorded: about 8 times")
    notebook.command("docmanager:save")
    saved = json.loads((lab.folder / path).read_text())
    assert "widget-view" not in json.dumps(saved)
    lab.close_kernels()

    notebook.page.close()
    # A file that came from elsewhere: its signature is not known here.
    text = json.dumps(saved).replace('"minutes"', f'"came_from": "{uuid.uuid4()}", "minutes"')
    (lab.folder / path).write_text(text)
    for trusted in (False, True):
        if trusted:
            command = [sys.executable, "-m", "nbformat.sign", str(lab.folder / path)]
            subprocess.run(command, check=True, capture_output=True)
        again = open_notebook(path)
        assert again.page.evaluate(TRUSTED) is trusted
        cell = again.cell("explore-1")
        image = cell.locator("img[alt*='A vesicle 100 nm across']")
        image.wait_for(timeout=10_000)
        assert image.evaluate("image => image.complete && image.naturalWidth") > 0
        assert "model not found" not in again.page.content()
        diagram = again.cell("theory-diagram").locator("img[alt*='plasma membrane']")
        assert diagram.evaluate("image => image.complete && image.naturalWidth") > 0
        again.screenshot(f"1.1-reopened-{'trusted' if trusted else 'untrusted'}")
        if not trusted:
            again.page.close()  # two windows would share the kernel

    again.run_all()
    wait_for_words(again.cell("predict-1"), "You predicted: about 8 times")


@pytest.mark.parametrize(("path", "name"), [(START, "0.1"), (EXOSOME, "1.1"), (EXERCISE, "x1.1")])
def test_axe_finds_nothing_of_ours(open_notebook, axe_source, path, name):
    # JupyterLab renders what is near the window: make the window as tall as the notebook.
    notebook = open_notebook(path, height=16_000).run_all()
    notebook.page.wait_for_timeout(1500)
    shown = notebook.page.locator(".jp-Notebook .jp-Cell").count()
    assert shown == notebook.cell_count()
    notebook.screenshot(f"{name}-whole")
    notebook.page.evaluate(axe_source)
    report = notebook.page.evaluate(
        "axe.run({include: [['.jp-OutputArea-output'], ['.jp-RenderedMarkdown']]})"
    )
    found = {
        violation["id"]: [node["html"][:200] for node in violation["nodes"]]
        for violation in report["violations"]
    }
    assert report["passes"], "axe looked at nothing"
    assert found == {}


def test_a_sharp_screen_gets_a_sharp_picture(open_notebook):
    notebook = open_notebook(EXOSOME, scale=2.0).run_all()
    cell = explorer(notebook)
    canvas = cell.locator("canvas")
    canvas.evaluate("canvas => new Promise(r => setTimeout(r, 800))")
    assert canvas.evaluate("canvas => canvas.width") == 1520
    assert canvas.evaluate("canvas => canvas.getBoundingClientRect().width") <= 760
    notebook.screenshot("1.1-explorer-2x")


def test_on_a_narrow_screen_nothing_is_cut_off(open_notebook):
    notebook = open_notebook(EXOSOME, width=620, height=900).run_all()
    notebook.command("application:toggle-left-area")
    cell = explorer(notebook)
    canvas, frame = (cell.locator(name).bounding_box() for name in ("canvas", ".exo-frame"))
    assert canvas["x"] + canvas["width"] <= frame["x"] + frame["width"] + 1
    notebook.screenshot("1.1-narrow")
