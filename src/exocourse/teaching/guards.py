"""What must hold of every notebook of the course, as pure functions.

Each guard takes a notebook (as `read_notebook` returns it) and the name under which to report it,
and returns what it found: an empty list is a pass. The tests apply them to every notebook in
``lessons/``, ``solutions/`` and ``exercises/``.
"""

from __future__ import annotations

import ast
import json
import re
import tarfile
import zipfile
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from exocourse import notebooks
from exocourse.notebooks import WIDGET_VIEW, NotebookError

Notebook = Mapping[str, Any]

# The anatomy of a lesson, in order; a cell says its part by a tag.
PARTS = (
    "title",
    "objectives",
    "setup",
    "predict",
    "theory",
    "explore",
    "data",
    "worked",
    "claims",
    "quiz",
    "keypoints",
    "references",
)
# Lesson 0.1 opens the course: it has no data of its own and nothing to work through yet.
REQUIRED_PARTS = {
    "lesson": PARTS,
    "start": tuple(part for part in PARTS if part not in {"data", "worked"}),
}

SIZE_LIMIT_BYTES = 1_000_000

_NAME = re.compile(r"[a-z][a-z0-9]*(?:[-_][a-z0-9]+)*")
# nbformat makes ids of eight hexadecimal digits, JupyterLab makes UUIDs.
_RANDOM_ID = re.compile(
    r"(?=[a-f]*\d)[0-9a-f]{8}|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
)
_DOI_URL = re.compile(r"https?://(?:dx\.)?doi\.org/(10\.\d{4,9}/[^\s\"'<>]+)", re.IGNORECASE)
_SAYS_NOTHING = {
    "",
    "click here",
    "here",
    "link",
    "more",
    "read more",
    "see here",
    "source",
    "this",
    "this link",
    "this page",
}
_SOLUTION_MARKS = ("BEGIN SOLUTION", "END SOLUTION", "BEGIN HIDDEN TESTS", "END HIDDEN TESTS")
# What opens a connection or another process, and what a browser's Python does not have.
_NETWORK_MODULES = {
    "aiohttp",
    "ftplib",
    "http",
    "httpx",
    "multiprocessing",
    "requests",
    "smtplib",
    "socket",
    "ssl",
    "subprocess",
    "telnetlib",
    "threading",
    "urllib.request",
    "urllib3",
    "websocket",
    "websockets",
    "xmlrpc",
}


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong with a notebook.

    Attributes
    ----------
    file : str
        The notebook, or the archive, as it was named to the guard.
    cell_id : str or None
        The cell; None where it is about the whole notebook.
    message : str
        What is wrong, and where it helps what to do.
    """

    file: str
    cell_id: str | None
    message: str

    def __str__(self) -> str:
        where = f"{self.file}, cell {self.cell_id}" if self.cell_id else self.file
        return f"{where}: {self.message}"


Guard = Callable[[Notebook, str], list[Finding]]


# Reading


def read_notebook(path: Path, name: str | None = None) -> Any:
    """Read a notebook without repairing it.

    nbformat's own reader gives cells without an id a random one, which would hide the fault.

    Parameters
    ----------
    path : pathlib.Path
        The ``.ipynb`` file.
    name : str, optional
        What to call it in a message; the path if not given.

    Returns
    -------
    nbformat.NotebookNode
        Sources and stream texts are single strings.

    Raises
    ------
    NotebookError
        Where the file is missing, is not JSON, or is not a valid notebook of format 4.5 or later;
        says which cell and why.
    """
    from nbformat import from_dict
    from nbformat.v4.rwbase import rejoin_lines
    from nbformat.validator import iter_validate

    name = name or str(path)
    try:
        raw = notebooks.read_notebook(path)
    except NotebookError as error:
        raise NotebookError(str(error).replace(str(path), name, 1)) from error
    minor = raw.get("nbformat_minor", 0)
    if minor < 5:
        raise NotebookError(
            f"{name} has notebook format 4.{minor}, whose cells have no ids; the course needs "
            "4.5: open and save it in a current JupyterLab, then name its cells"
        )
    for number, cell in enumerate(raw["cells"], start=1):
        if not cell.get("id"):
            raise NotebookError(f"{name}: cell {number} has no id; give it a stable name")
    for error in iter_validate(raw):
        where = "/".join(str(step) for step in error.absolute_path)
        raise NotebookError(f"{name} is not a valid notebook at {where}: {error.message[:200]}")
    return rejoin_lines(from_dict(raw))


# Cells


def stable_cell_ids(nb: Notebook, file: str) -> list[Finding]:
    """Find cell ids that are not unique, or are random instead of a name."""
    findings = []
    seen: set[str] = set()
    for cell in nb["cells"]:
        cell_id = cell.get("id", "")
        if cell_id in seen:
            findings.append(Finding(file, cell_id, "two cells have this id"))
        seen.add(cell_id)
        if _RANDOM_ID.fullmatch(cell_id):
            findings.append(
                Finding(file, cell_id, "the id is random; give a name, such as explore-1")
            )
        elif not _NAME.fullmatch(cell_id):
            findings.append(
                Finding(file, cell_id, "an id is a name in lower case, such as explore-1")
            )
    return findings


def executed_in_order(nb: Notebook, file: str) -> list[Finding]:
    """Find code cells not executed, or not executed once each from top to bottom."""
    findings = []
    for expected, cell in enumerate(_code_cells(nb), start=1):
        count = cell.get("execution_count")
        if not cell["source"].strip():
            findings.append(Finding(file, cell["id"], "an empty code cell; remove it"))
        elif count is None:
            findings.append(Finding(file, cell["id"], "not executed: run exocourse execute"))
        elif count != expected:
            findings.append(
                Finding(file, cell["id"], f"executed as number {count}, it stands {expected}.")
            )
    return findings


def outputs_stored(nb: Notebook, file: str) -> list[Finding]:
    """Find code cells that show something when run but store no output."""
    return [
        Finding(file, cell["id"], "it shows something, but no output is stored")
        for cell in _code_cells(nb)
        if not cell.get("outputs") and _shows_something(cell["source"])
    ]


def no_stored_error(nb: Notebook, file: str) -> list[Finding]:
    """Find stored errors."""
    return [
        Finding(file, cell_id, f"a stored error, {output['ename']}: {output['evalue']}")
        for cell_id, output in _outputs(nb)
        if output["output_type"] == "error"
    ]


def no_stored_warning(nb: Notebook, file: str) -> list[Finding]:
    """Find stored text on stderr: warnings carry paths, and nbgrader takes them for failure."""
    return [
        Finding(file, cell_id, f"stored stderr: {output['text'].strip()[:100]}")
        for cell_id, output in _outputs(nb)
        if output["output_type"] == "stream" and output["name"] == "stderr"
    ]


def no_widget_state(nb: Notebook, file: str) -> list[Finding]:
    """Find saved widget state, and widget views, which show as "model not found" when reopened."""
    findings = []
    if nb["metadata"].get("widgets"):
        findings.append(Finding(file, None, "saved widget state: run exocourse execute"))
    findings += [
        Finding(file, cell_id, "a stored widget view: run exocourse execute")
        for cell_id, output in _outputs(nb)
        if WIDGET_VIEW in output.get("data", {})
    ]
    return findings


def small_enough(nb: Notebook, file: str, limit_bytes: int = SIZE_LIMIT_BYTES) -> list[Finding]:
    """Find a notebook larger than `limit_bytes`, and name its largest cell."""
    size_bytes = _size_bytes(nb)
    if size_bytes < limit_bytes:
        return []
    largest = max(nb["cells"], key=_size_bytes)
    return [
        Finding(
            file,
            largest["id"],
            f"the notebook has {size_bytes} bytes, {limit_bytes} are allowed; "
            f"this cell alone has {_size_bytes(largest)}",
        )
    ]


def stores_no_outputs(nb: Notebook, file: str) -> list[Finding]:
    """Find outputs and execution counts in a notebook that is given out blank."""
    return [
        Finding(file, cell["id"], "an exercise stores no outputs and no execution counts")
        for cell in _code_cells(nb)
        if cell.get("outputs") or cell.get("execution_count") is not None
    ]


def code_parses(nb: Notebook, file: str) -> list[Finding]:
    """Find code cells that are not plain Python: syntax errors, magics, shell commands."""
    findings = []
    for cell in _code_cells(nb):
        try:
            ast.parse(cell["source"])
        except SyntaxError as error:
            findings.append(
                Finding(file, cell["id"], f"not plain Python, line {error.lineno}: {error.msg}")
            )
    return findings


def no_trailing_semicolon(nb: Notebook, file: str) -> list[Finding]:
    """Find cells that hide their value with a semicolon: nbval runs them so that it shows."""
    return [
        Finding(file, cell["id"], "a semicolon at the end does not hide the value from nbval")
        for cell in _code_cells(nb)
        if cell["source"].rstrip().endswith(";")
    ]


def no_network(nb: Notebook, file: str) -> list[Finding]:
    """Find imports that reach the network, other processes or threads, and data read by URL."""
    findings = []
    for cell in _code_cells(nb):
        for line in cell["source"].splitlines():
            if re.match(r"\s*(!|%(pip|conda|sx|system)\b|%%(bash|sh|script)\b)", line):
                findings.append(Finding(file, cell["id"], f"a shell command: {line.strip()}"))
        for node in ast.walk(_tree(cell["source"])):
            if isinstance(node, ast.Import | ast.ImportFrom):
                findings += [
                    Finding(file, cell["id"], f"imports {module}: lessons run without it")
                    for module in _network_imports(node)
                ]
            elif isinstance(node, ast.Call):
                findings += [
                    Finding(file, cell["id"], f"reads {argument.value}: lessons need no network")
                    for argument in node.args[:1]
                    if isinstance(argument, ast.Constant)
                    and isinstance(argument.value, str)
                    and re.match(r"(https?|ftp|s3)://", argument.value)
                    and re.match(r"read_|get$|urlopen$|urlretrieve$", _called(node) or "")
                ]
    return findings


# Solutions


def no_solution_text(nb: Notebook, file: str) -> list[Finding]:
    """Find nbgrader's solution and hidden-test marks in what learners are given."""
    return [
        Finding(file, cell["id"], f'it carries "{mark}"')
        for cell in nb["cells"]
        for mark in _SOLUTION_MARKS
        if mark in cell["source"] or mark in json.dumps(cell.get("outputs", []))
    ]


def no_instructor_cell(nb: Notebook, file: str) -> list[Finding]:
    """Find cells meant for instructors in what learners are given."""
    return [
        Finding(file, cell["id"], "a cell for instructors")
        for cell in nb["cells"]
        if "instructor" in cell["metadata"].get("tags", [])
    ]


def opens_for_instructors(nb: Notebook, file: str) -> list[Finding]:
    """Find a solution that does not open with its cell for instructors."""
    if nb["cells"] and "instructor" in nb["cells"][0]["metadata"].get("tags", []):
        return []
    first = nb["cells"][0]["id"] if nb["cells"] else None
    return [Finding(file, first, "a solution opens with a cell tagged instructor")]


def grade_cells_only_check(nb: Notebook, file: str) -> list[Finding]:
    """Find grade cells that hold more than their one call, or whose grade id is another's.

    The grade cell of question ``1.1.a`` is ``exo.check("1.1.a", ...)`` with grade id ``q-1-1-a``.
    """
    findings = []
    for cell in _code_cells(nb):
        nbgrader = cell["metadata"].get("nbgrader", {})
        if not nbgrader.get("grade") or nbgrader.get("solution"):
            continue
        question = _checked_question(cell["source"])
        if question is None:
            findings.append(
                Finding(file, cell["id"], 'a grade cell holds exo.check("...", ...) and no more')
            )
        elif nbgrader["grade_id"] != "q-" + question.replace(".", "-"):
            findings.append(
                Finding(
                    file,
                    cell["id"],
                    f"it checks {question}, but its grade id is {nbgrader['grade_id']}",
                )
            )
    return findings


def solutions_are_marked(nb: Notebook, file: str) -> list[Finding]:
    """Find solution cells whose blank would not run: a name is given a value above the mark."""
    findings = []
    for cell in _code_cells(nb):
        if not cell["metadata"].get("nbgrader", {}).get("solution"):
            continue
        before, mark, _ = cell["source"].partition("### BEGIN SOLUTION")
        if not mark:
            findings.append(Finding(file, cell["id"], "no ### BEGIN SOLUTION in a solution cell"))
        elif not any(
            re.match(r"(async )?def |class |\w+(\s*:[^=]+)?\s*=[^=]", line)
            for line in before.splitlines()
        ):
            findings.append(
                Finding(
                    file,
                    cell["id"],
                    "nothing is defined above ### BEGIN SOLUTION (answer = None, or def), "
                    "so a blank stops at a NameError",
                )
            )
    return findings


def archive_carries_no_solution(path: Path) -> list[Finding]:
    """Find solutions, hidden cases and cells for instructors in a wheel or an sdist.

    Parameters
    ----------
    path : pathlib.Path
        A ``.whl``, ``.zip`` or ``.tar.gz``.
    """
    findings = []
    for name, content in _archived(path):
        parts = name.split("/")
        if "solutions" in parts or "_hidden" in parts:
            findings.append(Finding(path.name, None, f"it carries {name}"))
        elif name.endswith(".ipynb"):
            nb = json.loads(content)
            for cell in nb["cells"]:
                # On disk a source may be a list of lines.
                cell["source"] = "".join(cell["source"])
            findings += no_solution_text(nb, f"{path.name}:{name}")
            findings += no_instructor_cell(nb, f"{path.name}:{name}")
    return findings


# The anatomy and the metadata of a lesson


def anatomy(nb: Notebook, file: str, required: Collection[str] | None = None) -> list[Finding]:
    """Find parts of a lesson that are missing or out of order.

    A cell without a part's tag belongs to the part before it.

    Parameters
    ----------
    nb, file
        The notebook and its name.
    required : collection of str, optional
        The parts that must be there; by default those of the ``kind`` in the metadata, a lesson
        if it names none.
    """
    if required is None:
        required = REQUIRED_PARTS.get(_kind(nb), PARTS)
    findings = []
    order = {part: position for position, part in enumerate(PARTS)}
    reached = "title"
    present = set()
    for number, cell in enumerate(nb["cells"]):
        tags = [tag for tag in cell["metadata"].get("tags", []) if tag in order]
        if len(tags) > 1:
            findings.append(Finding(file, cell["id"], f"two parts: {', '.join(tags)}"))
        if number == 0 and "title" not in tags:
            findings.append(Finding(file, cell["id"], "a lesson opens with its title"))
        for tag in tags:
            present.add(tag)
            if order[tag] < order[reached]:
                findings.append(Finding(file, cell["id"], f"{tag} stands after {reached}"))
            else:
                reached = tag
    findings += [
        Finding(file, None, f"no cell is tagged {part}")
        for part in PARTS
        if part in required and part not in present
    ]
    return findings


def metadata_schema() -> dict[str, Any]:
    """Return the JSON schema of a notebook's ``metadata.exocourse``."""
    text = {"type": "string", "minLength": 1, "pattern": r"\S"}
    lesson_id = {"type": "string", "pattern": r"^\d\.\d$"}
    objective = {
        "type": "object",
        "additionalProperties": False,
        "required": ["id", "text", "met_by"],
        "properties": {
            "id": text,
            "text": text,
            # Questions (1.1.a) and quiz items that show that the objective is met.
            "met_by": {"type": "array", "items": text, "minItems": 1, "uniqueItems": True},
        },
    }
    return {
        "type": "object",
        "additionalProperties": False,
        "required": [
            "id",
            "title",
            "minutes",
            "version",
            "prerequisites",
            "objectives",
            "claims",
        ],
        "properties": {
            "id": lesson_id,
            "title": text,
            "kind": {"enum": ["start", "lesson", "exercise"]},
            "minutes": {
                "type": "object",
                "additionalProperties": False,
                "required": ["read", "do", "status"],
                "properties": {
                    "read": {"type": "integer", "minimum": 0, "maximum": 90},
                    "do": {"type": "integer", "minimum": 1, "maximum": 90},
                    # Until people have been timed.
                    "status": {"const": "estimate"},
                },
            },
            "version": {"type": "string", "pattern": r"^\d+\.\d+(\.\d+)?$"},
            "prerequisites": {"type": "array", "items": lesson_id, "uniqueItems": True},
            "objectives": {"type": "array", "items": objective},
            "claims": {
                "type": "array",
                "items": {"type": "string", "pattern": r"^S\d+-\d{2}$"},
                "uniqueItems": True,
            },
            # Written by exocourse build.
            "generated": {"type": "string", "pattern": r"^[0-9a-f]{64}$"},
        },
    }


def course_metadata(nb: Notebook, file: str, known: Collection[str] | None = None) -> list[Finding]:
    """Find what is wrong with ``metadata.exocourse``.

    Parameters
    ----------
    nb, file
        The notebook and its name.
    known : collection of str, optional
        Ids of the questions and quiz items there are; each ``met_by`` must be one of them.
    """
    from jsonschema import Draft202012Validator

    metadata = nb["metadata"].get("exocourse")
    if metadata is None:
        return [Finding(file, None, "no exocourse in the notebook's metadata")]
    findings = [
        Finding(file, None, f"metadata {'/'.join(['exocourse', *map(str, path)])}: {message}")
        for path, message in sorted(
            (list(map(str, error.absolute_path)), error.message)
            for error in Draft202012Validator(metadata_schema()).iter_errors(metadata)
        )
    ]
    if findings:
        return findings
    if not metadata["objectives"] and metadata.get("kind") != "exercise":
        findings.append(Finding(file, None, "metadata exocourse/objectives: a lesson has some"))
    ids = [objective["id"] for objective in metadata["objectives"]]
    findings += [
        Finding(file, None, f"metadata: two objectives have the id {name}")
        for name in sorted({name for name in ids if ids.count(name) > 1})
    ]
    if metadata["id"] in metadata["prerequisites"]:
        findings.append(Finding(file, None, "metadata: it is its own prerequisite"))
    if known is not None:
        findings += [
            Finding(file, None, f"metadata: {objective['id']} is met by {item}, unknown")
            for objective in metadata["objectives"]
            for item in objective["met_by"]
            if item not in known
        ]
    return findings


def claims_agree(nb: Notebook, file: str, homes: Mapping[str, str]) -> list[Finding]:
    """Find claims that a lesson's metadata and the claims data place differently.

    Parameters
    ----------
    nb, file
        The notebook and its name.
    homes : mapping of str to str
        Home lesson by claim id, from the claims data.
    """
    metadata = nb["metadata"].get("exocourse", {})
    lesson = metadata.get("id")
    named = set(metadata.get("claims", []))
    at_home = {claim for claim, home in homes.items() if home == lesson}
    findings = []
    for claim in sorted(named - at_home):
        home = f"is at home in {homes[claim]}" if claim in homes else "is unknown"
        findings.append(Finding(file, None, f"metadata names claim {claim}, which {home}"))
    findings += [
        Finding(file, None, f"claim {claim} is at home here, and the metadata does not name it")
        for claim in sorted(at_home - named)
    ]
    return findings


# Prose


def heading_order(nb: Notebook, file: str) -> list[Finding]:
    """Find a missing or second title, and headings that skip a level."""
    findings = []
    previous = 0
    for cell, token in _tokens(nb, "heading"):
        level, words = token["attrs"]["level"], _words_of(token)
        if not words.strip():
            findings.append(Finding(file, cell["id"], "an empty heading"))
        if level == 1 and previous:
            findings.append(Finding(file, cell["id"], f'a second title: "{words}"'))
        elif level > previous + 1:
            findings.append(
                Finding(file, cell["id"], f'"{words}" has level {level}, the one before {previous}')
            )
        previous = level
    if not previous:
        findings.append(Finding(file, None, "no heading"))
    return findings


def alt_text(nb: Notebook, file: str) -> list[Finding]:
    """Find pictures that a screen reader cannot name, in the text and in stored outputs.

    A Markdown image and an ``<img>`` need alternative text, an SVG ``role="img"``, a title and a
    description, and a bare PNG words beside it that say more than "<Figure size ...>".
    """
    findings = [
        Finding(file, cell["id"], f"no alternative text: {token['attrs']['url'][:60]}")
        for cell, token in _tokens(nb, "image")
        if not _words_of(token).strip()
    ]
    for cell in _markdown_cells(nb):
        findings += [Finding(file, cell["id"], fault) for fault in _markup_faults(cell["source"])]
    for cell_id, output in _outputs(nb):
        data = output.get("data", {})
        markup = data.get("text/html", "") + data.get("image/svg+xml", "")
        findings += [Finding(file, cell_id, fault) for fault in _markup_faults(markup)]
        if "image/png" in data or "image/jpeg" in data:
            words = data.get("text/plain", "")
            if not words.strip() or re.match(r"<.*>$", words.strip(), re.DOTALL):
                findings.append(Finding(file, cell_id, f"a picture without words: {words[:60]}"))
    return findings


def link_text(nb: Notebook, file: str) -> list[Finding]:
    """Find links that do not say where they go: bare addresses, "here", empty text."""
    findings = []
    for cell, token in _tokens(nb, "link"):
        words, url = _words_of(token).strip(), token["attrs"]["url"]
        if words == url or re.match(r"(https?://|www\.)", words):
            findings.append(Finding(file, cell["id"], f"a bare address: {url}"))
        elif words.lower().strip(".,:;!") in _SAYS_NOTHING:
            findings.append(
                Finding(file, cell["id"], f'"{words}" does not say where it goes: {url}')
            )
    return findings


def word_count(nb: Notebook) -> int:
    """Return the number of words of prose: Markdown without code, formulas, markup, references.

    A link counts its text, not its address.
    """
    return sum(
        len(re.findall(r"\w[\w'’.,/-]*", _prose(token)))
        for cell in _markdown_cells(nb)
        if "references" not in cell["metadata"].get("tags", [])
        for token in _parse(cell["source"])
    )


def prose_length(nb: Notebook, file: str, least: int = 1200, most: int = 2200) -> list[Finding]:
    """Find a lesson with fewer than `least` or more than `most` words of prose."""
    words = word_count(nb)
    if least <= words <= most:
        return []
    return [Finding(file, None, f"{words} words of prose; {least} to {most} are asked for")]


# References


def references_tie(
    nb: Notebook,
    file: str,
    bibliography: Mapping[str, str | None],
    labels: Mapping[str, str],
    used_elsewhere: Collection[str] = (),
) -> list[Finding]:
    """Find citations that the bibliography does not carry, and listed sources never cited.

    Parameters
    ----------
    nb, file
        The notebook and its name.
    bibliography : mapping of str to str
        DOI or, for what has none, web address by reference key; None where there is neither.
    labels : mapping of str to str
        How each reference is cited, "Welsh et al., 2024": the text of every link to it.
    used_elsewhere : collection of str
        Keys that the notebook's facts and claims rest on: a list may name them uncited.
    """
    key_of = {place.lower(): key for key, place in bibliography.items() if place}
    findings = []
    linked: dict[str, str] = {}
    for cell, token in _tokens(nb, "link"):
        url = token["attrs"]["url"]
        doi = _doi(url)
        key = key_of.get(doi or url.lower())
        if key is not None:
            linked.setdefault(key, cell["id"])
            words = _words_of(token).strip()
            if words != labels[key]:
                findings.append(
                    Finding(file, cell["id"], f'{key} is cited as "{words}", not "{labels[key]}"')
                )
        elif doi is not None:
            findings.append(Finding(file, cell["id"], f"{doi} is not in the bibliography"))
    listed: dict[str, str] = {}
    for cell_id, key in cited_keys(nb):
        if key in bibliography:
            listed.setdefault(key, cell_id)
        else:
            findings.append(Finding(file, cell_id, f'cite("{key}"): not in the bibliography'))
    findings += [
        Finding(file, cell_id, f"{doi} is shown, and is not in the bibliography")
        for cell_id, doi in _shown_dois(nb)
        if doi not in key_of
    ]
    findings += [
        Finding(file, cell_id, f"{key} is cited here, and no exo.cite lists it")
        for key, cell_id in linked.items()
        if key not in listed
    ]
    findings += [
        Finding(file, cell_id, f"{key} is listed, and nothing in the text cites it")
        for key, cell_id in listed.items()
        if key not in linked and key not in used_elsewhere
    ]
    return findings


def cited_keys(nb: Notebook) -> list[tuple[str, str]]:
    """Return (cell id, key) of every key given to ``cite`` in a code cell."""
    return [
        (cell["id"], argument.value)
        for cell in _code_cells(nb)
        for node in ast.walk(_tree(cell["source"]))
        if isinstance(node, ast.Call) and _called(node) == "cite"
        for argument in node.args
        if isinstance(argument, ast.Constant) and isinstance(argument.value, str)
    ]


def linked_addresses(nb: Notebook) -> set[str]:
    """Return where the notebook's text links to: DOIs, in lower case, and other addresses."""
    return {
        _doi(token["attrs"]["url"]) or token["attrs"]["url"] for _, token in _tokens(nb, "link")
    }


# What applies where. The guards that need data (claims, references) are called with it.

EVERYWHERE: tuple[Guard, ...] = (
    stable_cell_ids,
    code_parses,
    no_trailing_semicolon,
    no_network,
    no_widget_state,
    small_enough,
    course_metadata,
    heading_order,
    alt_text,
    link_text,
)
EXECUTED: tuple[Guard, ...] = (
    executed_in_order,
    outputs_stored,
    no_stored_error,
    no_stored_warning,
)
FOLDERS: dict[str, tuple[Guard, ...]] = {
    "lessons": (*EVERYWHERE, *EXECUTED, no_solution_text, no_instructor_cell, anatomy),
    "solutions": (
        *EVERYWHERE,
        *EXECUTED,
        opens_for_instructors,
        grade_cells_only_check,
        solutions_are_marked,
    ),
    "exercises": (
        *EVERYWHERE,
        stores_no_outputs,
        no_solution_text,
        no_instructor_cell,
        grade_cells_only_check,
    ),
}


# Private


def _kind(nb: Notebook) -> str:
    return nb["metadata"].get("exocourse", {}).get("kind", "lesson")


def _code_cells(nb: Notebook) -> list[Any]:
    return [cell for cell in nb["cells"] if cell["cell_type"] == "code"]


def _markdown_cells(nb: Notebook) -> list[Any]:
    return [cell for cell in nb["cells"] if cell["cell_type"] == "markdown"]


def _outputs(nb: Notebook) -> Iterator[tuple[str, Any]]:
    for cell in _code_cells(nb):
        for output in cell.get("outputs", []):
            yield cell["id"], output


def _size_bytes(part: Any) -> int:
    return len(json.dumps(part, ensure_ascii=False, indent=1).encode("utf-8"))


def _tree(source: str) -> ast.Module:
    try:
        return ast.parse(source)
    except SyntaxError:
        # `code_parses` reports it.
        return ast.Module(body=[], type_ignores=[])


def _called(call: ast.Call) -> str | None:
    """Return the last name of what is called: ``check`` in ``exo.check(...)``."""
    if isinstance(call.func, ast.Attribute):
        return call.func.attr
    return call.func.id if isinstance(call.func, ast.Name) else None


def _on_the_face(call: ast.Call) -> bool:
    return (
        isinstance(call.func, ast.Attribute)
        and isinstance(call.func.value, ast.Name)
        and call.func.value.id in {"exo", "exocourse"}
    )


def _shows_something(source: str) -> bool:
    """Say whether running `source` surely shows something.

    Only what runs unconditionally counts: print and display, and a last line that calls the
    course (``exo.quiz("1.1")``) or names a value.
    """
    body = _tree(source).body
    for statement in body:
        if (
            isinstance(statement, ast.Expr)
            and isinstance(statement.value, ast.Call)
            and _called(statement.value) in {"print", "display"}
        ):
            return True
    if not body or not isinstance(body[-1], ast.Expr):
        return False
    last = body[-1].value
    if isinstance(last, ast.Call):
        return _on_the_face(last)
    return isinstance(last, ast.Name | ast.BinOp | ast.JoinedStr | ast.Tuple | ast.List | ast.Dict)


def _network_imports(node: ast.Import | ast.ImportFrom) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names if _is_network(alias.name)]
    module = node.module or ""
    names = [module, *(f"{module}.{alias.name}" for alias in node.names)]
    return [name for name in names if _is_network(name)][:1]


def _is_network(module: str) -> bool:
    return any(module == name or module.startswith(f"{name}.") for name in _NETWORK_MODULES)


def _checked_question(source: str) -> str | None:
    """Return the question of a cell that is one ``check("1.1.a", ...)`` call, else None."""
    body = _tree(source).body
    if len(body) != 1 or not isinstance(body[0], ast.Expr):
        return None
    call = body[0].value
    if not isinstance(call, ast.Call) or _called(call) != "check" or not call.args:
        return None
    first = call.args[0]
    return first.value if isinstance(first, ast.Constant) and isinstance(first.value, str) else None


def _archived(path: Path) -> Iterator[tuple[str, bytes]]:
    if tarfile.is_tarfile(path):
        with tarfile.open(path) as archive:
            for member in archive:
                stream = archive.extractfile(member)
                if stream is not None:
                    yield member.name, stream.read()
    else:
        with zipfile.ZipFile(path) as archive:
            for name in archive.namelist():
                yield name, archive.read(name)


def _parse(source: str) -> list[dict[str, Any]]:
    import mistune

    return mistune.create_markdown(renderer=None, plugins=["table", "math", "url"])(source)


def _walk(tokens: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for token in tokens:
        yield token
        yield from _walk(token.get("children", ()))


def _tokens(nb: Notebook, kind: str) -> Iterator[tuple[Any, dict[str, Any]]]:
    for cell in _markdown_cells(nb):
        for token in _walk(_parse(cell["source"])):
            if token["type"] == kind:
                yield cell, token


def _words_of(token: dict[str, Any]) -> str:
    if "children" in token:
        return "".join(_words_of(child) for child in token["children"])
    return " " if token["type"] in {"softbreak", "linebreak"} else token.get("raw", "")


def _prose(token: dict[str, Any]) -> str:
    """Return the running text below a token, without code, formulas and markup."""
    if token["type"] in {"block_code", "block_html", "block_math", "inline_html", "inline_math"}:
        return " "
    if token["type"] == "image":
        return " "
    if "children" in token:
        inline = token["type"] in {"emphasis", "strong", "link"}
        return ("" if inline else " ").join(_prose(child) for child in token["children"])
    return token.get("raw", " ") if token["type"] != "codespan" else token["raw"]


def _shown_dois(nb: Notebook) -> list[tuple[str, str]]:
    """Return (cell id, DOI) of every DOI link in a stored output."""
    return [
        (cell_id, doi)
        for cell_id, output in _outputs(nb)
        for doi in sorted(
            {
                _doi(match[0])
                for value in output.get("data", {}).values()
                for match in _DOI_URL.finditer(str(value))
            }
        )
    ]


def _doi(url: str) -> str | None:
    match = _DOI_URL.match(url)
    # In a link brackets may be escaped; after it in a text stands punctuation.
    return unquote(match[1]).rstrip(").,;:").lower() if match else None


class _Markup(HTMLParser):
    """Collects the pictures of a piece of HTML that lack a name."""

    def __init__(self) -> None:
        super().__init__()
        self.faults: list[str] = []
        self._svg: dict[str, Any] | None = None
        self._depth = 0
        self._inside: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "img" and not (given.get("alt") or "").strip():
            self.faults.append("an <img> without alternative text")
        elif tag == "svg":
            self._depth += 1
            if self._depth == 1:
                self._svg = {"attributes": given, "title": "", "desc": ""}
        elif tag in {"title", "desc"} and self._svg is not None:
            self._inside = tag

    def handle_data(self, data: str) -> None:
        if self._svg is not None and self._inside:
            self._svg[self._inside] += data.strip()

    def handle_endtag(self, tag: str) -> None:
        if tag == self._inside:
            self._inside = None
        if tag == "svg" and self._svg is not None:
            self._depth -= 1
            if self._depth == 0:
                self._close()

    def _close(self) -> None:
        svg, self._svg = self._svg, None
        if svg["attributes"].get("aria-hidden") == "true":
            return
        missing = [part for part in ("title", "desc") if not svg[part]]
        if svg["attributes"].get("role") != "img":
            missing.insert(0, 'role="img"')
        if missing:
            self.faults.append(f"an SVG without {', '.join(missing)}")


def _markup_faults(markup: str) -> list[str]:
    parser = _Markup()
    parser.feed(markup)
    parser.close()
    return parser.faults
