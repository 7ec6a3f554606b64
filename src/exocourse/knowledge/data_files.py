"""Reading the data files: what is wrong with an entry is said with file, entry and remedy."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from exocourse.knowledge.errors import KnowledgeError, UnknownId


@dataclass(frozen=True)
class Key:
    """What an entry may say under one key.

    Attributes
    ----------
    kind : type
        Type of the value; `float` also takes whole numbers, and `list` means a list of texts.
    required : bool
        Whether every entry must have it.
    """

    kind: type
    required: bool = True


WORDS = {
    str: "a text in quotes",
    float: "a number",
    int: "a whole number",
    bool: "true or false",
    list: "a list of texts",
}


def data_folder() -> Any:
    """Return the package's data folder, which may lie in a zip file."""
    from importlib.resources import files

    return files("exocourse.knowledge") / "data"


def data_text(file: str) -> str:
    """Return the text of a data file, given by its path inside the data folder."""
    return (data_folder() / file).read_text(encoding="utf-8")


def parse_toml(file: str, text: str) -> dict[str, Any]:
    """Return what a TOML file says.

    Raises
    ------
    KnowledgeError
        Where it is not TOML; the message carries the line.
    """
    import tomllib

    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise KnowledgeError(
            file, "the whole file", f"it is not valid TOML: {error}", "Mend the line it names"
        ) from error


def entries(
    file: str, document: Mapping[str, Any], table: str, keys: Mapping[str, Key]
) -> list[dict[str, Any]]:
    """Return the entries ``[[table]]`` of a document once each has been checked against `keys`.

    Raises
    ------
    KnowledgeError
        Where a key is unknown, missing or of the wrong kind, or an id is used twice.
    """
    found = document.get(table)
    if not isinstance(found, list) or not found:
        raise KnowledgeError(
            file, "the whole file", f"it has no [[{table}]]", f"Start each entry with [[{table}]]"
        )
    seen: set[str] = set()
    for number, entry in enumerate(found, start=1):
        name = entry.get("id") or f"entry {number}"
        check_keys(file, str(name), entry, keys)
        if name in seen:
            raise KnowledgeError(
                file, name, "this id is used twice", "Give one of the two an id of its own"
            )
        seen.add(name)
    return found


def check_keys(file: str, name: str, entry: Mapping[str, Any], keys: Mapping[str, Key]) -> None:
    """Raise a KnowledgeError where an entry has an unknown, a missing or a wrong key."""
    for key, value in entry.items():
        if key not in keys:
            near = UnknownId.nearest(key, keys).near
            meant = f"Did you mean '{near[0]}'?" if near else f"Known keys: {', '.join(keys)}"
            raise KnowledgeError(file, name, f"the key '{key}' is unknown", meant)
        kind = keys[key].kind
        if not _is(value, kind):
            expected = WORDS.get(kind, f"a {kind.__name__}")
            raise KnowledgeError(
                file, name, f"'{key}' is {value!r}", f"Write {expected} there, and not an empty one"
            )
    for key, rule in keys.items():
        if rule.required and key not in entry:
            raise KnowledgeError(file, name, f"the key '{key}' is missing", f"Add '{key} = ...'")


def check_choice(file: str, name: str, key: str, value: str, choices: Collection[str]) -> None:
    """Raise a KnowledgeError where a value is not one of the choices."""
    if value not in choices:
        listed = ", ".join(f"'{choice}'" for choice in choices)
        raise KnowledgeError(file, name, f"{key} '{value}' is not known", f"Use one of {listed}")


def _is(value: Any, kind: type) -> bool:
    """Whether a value is of the kind and not empty (in Python, True is a number: not here)."""
    if kind is list:
        return isinstance(value, list) and bool(value) and all(_is(one, str) for one in value)
    if kind is str:
        return isinstance(value, str) and bool(value.strip())
    if isinstance(value, bool):
        return kind is bool
    return isinstance(value, (int, float) if kind is float else kind)
