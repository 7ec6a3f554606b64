"""Finding something of a course module by its id: question "1.1.b" is in exocourse.vesicles."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from exocourse.knowledge.errors import UnknownId

# Which module of the library belongs to which module of the course.
MODULES = {"0": "start", "1": "vesicles", "2": "cargo", "3": "delivery", "4": "reading"}

KINDS = {"QUESTIONS": "question", "QUIZZES": "quiz", "PREDICTIONS": "prediction"}


def find(file: str, collection: str, item_id: str) -> Any:
    """Return an item of a course module.

    Parameters
    ----------
    file : str
        ``"questions"`` or ``"quizzes"``.
    collection : str
        Name of the dictionary there, such as ``"QUESTIONS"``.
    item_id : str
        Such as ``"1.1.b"``; its first number says which module it is in.

    Raises
    ------
    UnknownId
        If there is none; names the nearest ids.
    """
    module = MODULES.get(str(item_id).split(".")[0])
    try:
        found = getattr(import_module(f"exocourse.{module}.{file}"), collection)
    except ModuleNotFoundError as error:
        if not str(error.name).startswith("exocourse."):
            raise  # something that the course needs is missing: say that, not "unknown"
        found = {}
    if str(item_id) not in found:
        raise UnknownId.nearest(item_id, found, KINDS[collection])
    return found[str(item_id)]
