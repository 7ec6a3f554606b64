"""Every guard, on every notebook of the course."""

from __future__ import annotations

import importlib
import importlib.util
import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from tiny_notebooks import ROOT

import exocourse
from exocourse import finding, knowledge
from exocourse.teaching import guards
from exocourse.teaching.execute import find_notebooks


def names(folder: str) -> list[str]:
    """Return the notebooks of a folder, as paths below the repository."""
    if not (ROOT / folder).is_dir():
        return []
    return [path.relative_to(ROOT).as_posix() for path in find_notebooks([ROOT / folder], ROOT)]


LESSONS, SOLUTIONS, EXERCISES = (names(folder) for folder in ("lessons", "solutions", "exercises"))
ALL = [*LESSONS, *SOLUTIONS, *EXERCISES]


@cache
def text_of(name: str) -> str:
    return json.dumps(guards.read_notebook(ROOT / name, name))


def read(name: str) -> dict:
    # A fresh one each time: no guard can change what the next one sees.
    return json.loads(text_of(name))


def said(findings: list[guards.Finding]) -> str:
    return "\n".join(str(finding) for finding in findings)


def course(name: str) -> dict:
    return read(name)["metadata"]["exocourse"]


@cache
def known_items() -> frozenset[str]:
    """Return the ids of all questions, predictions and quiz items."""
    found: set[str] = set()
    for module in finding.MODULES.values():
        if importlib.util.find_spec(f"exocourse.{module}") is None:
            continue  # a module of the course that is still to come
        questions = importlib.import_module(f"exocourse.{module}.questions")
        quizzes = importlib.import_module(f"exocourse.{module}.quizzes")
        found |= {*questions.QUESTIONS, *questions.PREDICTIONS}
        found |= {item.id for items in quizzes.QUIZZES.values() for item in items}
    return frozenset(found)


@cache
def bibliography() -> dict[str, str | None]:
    return {key: one.doi or one.url for key, one in knowledge.references().items()}


@cache
def labels() -> dict[str, str]:
    return {key: one.label for key, one in knowledge.references().items()}


def rests_on(lesson: str) -> set[str]:
    """Return the references of all facts, and of the claims of a lesson."""
    of_facts = {fact.reference for fact in knowledge.facts().values() if fact.reference}
    claims = [*knowledge.claims_at(lesson), *(knowledge.anchors() if lesson == "0.1" else ())]
    return of_facts | {key for claim in claims for key in claim.references}


def test_there_are_notebooks():
    assert LESSONS
    assert SOLUTIONS
    assert EXERCISES


@pytest.mark.parametrize(
    ("name", "guard"),
    [
        pytest.param(name, guard, id=f"{name}-{guard.__name__}")
        for name in ALL
        for guard in guards.FOLDERS[name.split("/")[0]]
    ],
)
def test_guard(name, guard):
    findings = guard(read(name), name)
    assert not findings, said(findings)


@pytest.mark.parametrize("name", ALL)
def test_objectives_are_met_by_what_there_is(name):
    findings = guards.course_metadata(read(name), name, known=known_items())
    assert not findings, said(findings)


@pytest.mark.parametrize("name", ALL)
def test_the_metadata_agree_with_the_file_s_name_and_the_course_s_version(name):
    metadata = course(name)
    assert Path(name).name.startswith(f"{metadata['id']}-")
    assert Path(name).parent.name.startswith(f"{metadata['id'][0]}-")
    assert exocourse.__version__.startswith(metadata["version"])
    lessons = {course(lesson)["id"] for lesson in LESSONS}
    assert set(metadata["prerequisites"]) <= lessons


@pytest.mark.parametrize("name", LESSONS)
def test_claims_are_at_home_where_the_claims_data_say(name):
    homes = {claim.id: claim.home for claim in knowledge.claims().values()}
    findings = guards.claims_agree(read(name), name, homes)
    assert not findings, said(findings)


@pytest.mark.parametrize("name", LESSONS)
def test_references_tie_both_ways(name):
    findings = guards.references_tie(
        read(name), name, bibliography(), labels(), rests_on(course(name)["id"])
    )
    assert not findings, said(findings)


@pytest.mark.parametrize("name", [*SOLUTIONS, *EXERCISES])
def test_what_an_exercise_links_to_is_in_the_bibliography(name):
    # An exercise has no list of references of its own: its lesson has.
    dois = {place for place in guards.linked_addresses(read(name)) if place.startswith("10.")}
    assert dois <= {place.lower() for place in bibliography().values() if place}


def test_every_reference_is_used():
    used = {key for lesson in knowledge.claims().values() for key in lesson.references}
    used |= {fact.reference for fact in knowledge.facts().values()}
    # The models name their sources by key, and show some of them (how a preparation is named).
    library = Path(exocourse.__file__).parent
    for file in library.rglob("*.py"):
        used |= set(re.findall(r"\b[A-Za-z]+\d{2}[a-z]?\b", file.read_text(encoding="utf-8")))
    addresses: set[str] = set()
    for name in ALL:
        nb = read(name)
        addresses |= guards.linked_addresses(nb)
        used |= {key for _, key in guards.cited_keys(nb)}
    unused = {
        key
        for key, place in bibliography().items()
        if key not in used and (place or "").lower() not in {each.lower() for each in addresses}
    }
    assert not unused, f"nothing uses {sorted(unused)}: cite them or leave them out"


@pytest.mark.parametrize("name", LESSONS)
def test_prose_is_of_the_length_of_a_lesson(name):
    # 0.1 shows how the course works: it may be shorter.
    least = 0 if course(name).get("kind") == "start" else 1200
    findings = guards.prose_length(read(name), name, least=least)
    assert not findings, said(findings)


def sources(name: str) -> Iterator[tuple[str, str]]:
    for cell in read(name)["cells"]:
        yield cell["id"], cell["source"]


@pytest.mark.parametrize("name", SOLUTIONS)
def test_each_solution_has_its_exercise_and_its_lesson(name):
    below = name.removeprefix("solutions/")
    assert f"exercises/{below}" in EXERCISES
    assert f"lessons/{below}" in LESSONS


@pytest.mark.parametrize("name", EXERCISES)
def test_no_line_of_a_solution_is_in_the_exercise(name):
    hidden = {
        line.strip()
        for _, source in sources(name.replace("exercises/", "solutions/", 1))
        for region in source.split("### BEGIN SOLUTION")[1:]
        for line in region.split("### END SOLUTION")[0].splitlines()
        # A bare name or bracket may stand anywhere.
        if len(line.strip()) > 12
    }
    assert hidden
    given = {line.strip() for _, source in sources(name) for line in source.splitlines()}
    assert not hidden & given
