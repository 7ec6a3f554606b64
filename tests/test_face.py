"""The face: everything a lesson calls, loaded when called."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import exocourse as exo
from exocourse import finding

SOURCE = Path(exo.__file__).parent

# From the bottom up; a file may import from its own layer and those below.
LAYERS = {
    "knowledge": 0,
    "models": 1,
    "learning": 2,
    "views": 3,  # explorers, questions, pictures
    "top": 4,  # the face, cli, teaching ...
}
MODULES = set(finding.MODULES.values())
VIEWS = {"explorers", "questions", "quizzes", "pictures"}


def layer(name: str) -> int:
    """Return the layer of a dotted module name inside exocourse."""
    parts = name.split(".")[1:]
    if not parts:
        return LAYERS["top"]
    if parts[0] in MODULES:
        view = len(parts) > 1 and parts[1] in VIEWS
        return LAYERS["views" if view else "models"]
    return LAYERS.get(parts[0], LAYERS["top"])


def imported(path: Path) -> set[str]:
    """Return the exocourse modules that a file imports, anywhere in it."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            # "from exocourse.vesicles import classes" imports exocourse.vesicles.classes
            found.add(node.module)
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return {name for name in found if name.split(".")[0] == "exocourse"}


def files() -> list[Path]:
    """Return every source file of the library."""
    return sorted(path for path in SOURCE.rglob("*.py") if "_course" not in path.parts)


def dotted(path: Path) -> str:
    """Return the dotted name of a source file."""
    parts = path.relative_to(SOURCE.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@pytest.mark.parametrize("path", files(), ids=dotted)
def test_a_layer_imports_only_what_stands_below_it(path):
    own = layer(dotted(path))
    known = {dotted(file) for file in files()}
    for name in imported(path) & known - {"exocourse"}:
        assert layer(name) <= own, f"{dotted(path)} imports {name}, which stands above it"


def test_modules_do_not_import_each_other():
    for path in files():
        parts = dotted(path).split(".")
        if len(parts) > 1 and parts[1] in MODULES:
            others = {name.split(".")[1] for name in imported(path) if name.count(".")}
            assert not (others & MODULES) - {parts[1]}, dotted(path)


def loaded_by(code: str) -> set[str]:
    """Return the names of all modules that a fresh interpreter has loaded after `code`."""
    script = f"{code}\nimport sys; print(*sorted(sys.modules))"
    answer = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    return set(answer.stdout.splitlines()[-1].split())


def test_importing_the_course_imports_nothing_else():
    extra = loaded_by("import exocourse") - loaded_by("pass")
    outside = {name.split(".")[0] for name in extra} - {"exocourse"} - set(sys.stdlib_module_names)
    assert outside == set()
    assert not extra & {"threading", "socket", "subprocess", "asyncio"}


@pytest.mark.parametrize("name", exo.__all__)
def test_every_name_of_the_face_is_there_and_documented(name):
    assert getattr(exo, name).__doc__


def test_an_unknown_name_says_what_there_is():
    with pytest.raises(AttributeError, match="exocourse has no 'Vesicle'; it has: require"):
        _ = exo.Vesicle


@pytest.mark.parametrize(
    ("version", "words"),
    [
        (exo.__version__, "ready"),
        ("99.0", "Update the course"),
        ("0.0", "what you edited is kept"),
    ],
)
def test_a_version_mismatch_says_how_to_mend_it(version, words, capsys):
    exo.require(version)
    assert words in capsys.readouterr().out


@pytest.mark.parametrize(
    ("call", "asked"),
    [(exo.check, "1.1.zz"), (exo.hint, "1.1.zz"), (exo.quiz, "1.9"), (exo.predict, "7.1")],
)
def test_an_unknown_id_names_the_nearest(call, asked):
    with pytest.raises(KeyError, match=asked):
        call(asked)
