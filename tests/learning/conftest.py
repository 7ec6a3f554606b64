"""Fixtures for what a learner does: an empty record, and a way to press things."""

import pytest


@pytest.fixture(autouse=True)
def empty_record(tmp_path, monkeypatch):
    """Give each test a progress folder of its own."""
    monkeypatch.setenv("EXOCOURSE_PROGRESS", str(tmp_path / "progress"))
    monkeypatch.delenv("NBGRADER_EXECUTION", raising=False)


def parts(widget, kind):
    """Return all widgets of a class inside a container, in order."""
    found = [widget] if type(widget).__name__ == kind else []
    for child in getattr(widget, "children", ()):
        found += parts(child, kind)
    return found


@pytest.fixture
def press():
    """Press the button with this label."""

    def press(widget, label):
        (button,) = (b for b in parts(widget, "Button") if b.description == label)
        button.click()

    return press


@pytest.fixture
def find():
    """Find widgets inside a container by the name of their class."""
    return parts


@pytest.fixture
def capture(monkeypatch):
    """Return what a call displays, without the live view, whose id differs from run to run."""
    import IPython.display

    def capture(call):
        shown = []
        monkeypatch.setattr(IPython.display, "display", lambda *objects, **_: shown.extend(objects))
        call()
        (bundle,) = shown
        return {k: v for k, v in bundle.items() if "widget-view" not in k}

    return capture
