"""Notebooks as dictionaries: what counts as editing, and what is stripped from outputs."""

from __future__ import annotations

import copy
import json
from pathlib import Path

import nbformat
import pytest
from hypothesis import given
from hypothesis import strategies as st

from exocourse.notebooks import (
    WIDGET_VIEW,
    NotebookError,
    course_metadata,
    notebook_digest,
    read_notebook,
    strip_widget_views,
)

VIEW = {"version_major": 2, "version_minor": 0, "model_id": "abc"}


def code(id: str, source: str, outputs: list | None = None) -> dict:
    return {
        "cell_type": "code",
        "id": id,
        "metadata": {},
        "execution_count": None,
        "outputs": outputs or [],
        "source": source,
    }


def notebook(*cells: dict, **metadata) -> dict:
    return {"nbformat": 4, "nbformat_minor": 5, "metadata": metadata, "cells": list(cells)}


def shown(**data: object) -> dict:
    data = {name.replace("_", "/"): value for name, value in data.items()}
    return {"output_type": "display_data", "data": data, "metadata": {}}


def live(**data: object) -> dict:
    output = shown(**data)
    output["data"][WIDGET_VIEW] = VIEW
    return output


# Digests


def test_running_a_notebook_is_not_editing_it():
    before = notebook(code("a", "1 + 1"))
    after = notebook(code("a", "1 + 1", [shown(text_plain="2")]), widgets={"state": {}})
    after["cells"][0]["execution_count"] = 7
    after["cells"][0]["metadata"]["collapsed"] = True
    assert notebook_digest(before) == notebook_digest(after)


def test_the_cell_that_jupyterlab_appends_is_not_an_edit():
    before = notebook(code("a", "1 + 1"))
    assert notebook_digest(before) == notebook_digest(notebook(code("a", "1 + 1"), code("b", " ")))


@pytest.mark.parametrize(
    "cells",
    [
        [code("a", "1 + 2"), code("b", "x")],
        [code("b", "x"), code("a", "1 + 1")],
        [code("a", "1 + 1")],
        [code("a", "1 + 1"), code("b", "")],
        [code("a", "1 + 1"), code("c", "x")],
        [code("a", "1 + 1"), code("b", "x"), code("c", "my note")],
        [code("a", "1 + 1"), {**code("b", "x"), "cell_type": "markdown"}],
    ],
    ids=["changed", "moved", "deleted", "emptied", "renamed", "added", "retyped"],
)
def test_every_edit_changes_the_digest(cells):
    before = notebook(code("a", "1 + 1"), code("b", "x"))
    assert notebook_digest(before) != notebook_digest(notebook(*cells))


@given(st.lists(st.text(), max_size=5))
def test_sources_as_lines_and_as_text_are_the_same(lines):
    whole = notebook(code("a", "".join(lines)))
    assert notebook_digest(whole) == notebook_digest(notebook({**code("a", ""), "source": lines}))


@given(st.text(min_size=1), st.text(min_size=1))
def test_text_cannot_move_between_cells_unnoticed(one, two):
    apart = notebook(code("a", one), code("b", two))
    joined = notebook(code("a", one + two), code("b", ""))
    if one.strip() and two.strip():
        assert notebook_digest(apart) != notebook_digest(joined)


# Stripping


def test_the_widget_goes_where_a_picture_markup_or_words_remain():
    for name, value in [("image_png", "aGk="), ("text_html", "<p>"), ("text_plain", "words")]:
        before = notebook(code("a", "x", [live(**{name: value})]))
        assert strip_widget_views(before) == notebook(code("a", "x", [shown(**{name: value})]))


def test_a_widget_with_nothing_beside_it_stays():
    before = notebook(code("a", "x", [live()]))
    assert strip_widget_views(before) == before


def test_saved_widget_state_and_output_metadata_go():
    output = {**live(text_plain="words"), "metadata": {WIDGET_VIEW: {"x": 1}, "image/png": {}}}
    before = notebook(code("a", "x", [output]), widgets={"state": {}}, kernelspec={"name": "py"})
    after = strip_widget_views(before)
    assert after["metadata"] == {"kernelspec": {"name": "py"}}
    assert after["cells"][0]["outputs"][0]["metadata"] == {"image/png": {}}


def test_stripping_leaves_its_argument_and_all_else_alone_and_is_idempotent():
    outputs = [
        live(text_plain="words", image_png="aGk="),
        {"output_type": "stream", "name": "stdout", "text": "hello"},
        {"output_type": "error", "ename": "E", "evalue": "", "traceback": []},
        {**live(text_plain="w"), "output_type": "execute_result", "execution_count": 1},
    ]
    before = notebook(
        code("a", "x", outputs),
        {"cell_type": "markdown", "id": "m", "metadata": {}, "source": "# T"},
        widgets={},
    )
    kept = copy.deepcopy(before)
    after = strip_widget_views(before)
    assert before == kept
    assert strip_widget_views(after) == after
    assert after["cells"][0]["outputs"][1:3] == outputs[1:3]
    assert after["cells"][1] == before["cells"][1]
    assert WIDGET_VIEW not in json.dumps(after)
    nbformat.validate(nbformat.from_dict(after))


@pytest.mark.parametrize(
    "odd",
    [
        {},
        {"cells": None, "metadata": []},
        {"cells": [1, {"outputs": 3}, {"outputs": [None, {"data": 4}]}]},
    ],
)
def test_stripping_something_odd_changes_nothing(odd):
    assert strip_widget_views(odd) == odd


# Reading


def test_reading_what_nbformat_writes(tmp_path):
    path = tmp_path / "a.ipynb"
    nb = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell("1\n2")], metadata={"exocourse": {"id": "1.1"}}
    )
    nbformat.write(nb, path)
    read = read_notebook(path)
    assert course_metadata(read) == {"id": "1.1"}
    assert notebook_digest(read) == notebook_digest(nb)


@pytest.mark.parametrize("metadata", [{}, {"exocourse": None}, {"exocourse": ["1.1"]}])
def test_a_notebook_that_says_nothing_of_itself(metadata):
    assert course_metadata(notebook(**metadata)) == {}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "not JSON"),
        ('{"cells": [', "not JSON"),
        ("[" * 100_000, "not JSON"),
        ("[]", "not a JSON object"),
        ('{"nbformat": 3, "worksheets": []}', "format 3"),
        ('{"nbformat": 4, "cells": []}', "no metadata"),
        ('{"nbformat": 4, "metadata": {}}', "no list of cells"),
        ('{"nbformat": 4, "metadata": {}, "cells": [3]}', "cell 1 has no type"),
        (json.dumps(notebook(code("a", "x"), {"cell_type": "code"})), "cell 2 has no source"),
        (json.dumps(notebook({"cell_type": "code", "source": [1]})), "cell 1 has no source"),
    ],
)
def test_a_file_that_is_not_a_notebook_is_named_with_the_reason(tmp_path, text, words):
    path = tmp_path / "bad.ipynb"
    path.write_text(text)
    with pytest.raises(NotebookError, match=words) as caught:
        read_notebook(path)
    assert str(path) in str(caught.value)


def test_bytes_that_are_not_text(tmp_path):
    path = tmp_path / "bad.ipynb"
    path.write_bytes(b"\xff\xfe\x00\x81")
    with pytest.raises(NotebookError, match="not JSON"):
        read_notebook(path)


def test_a_notebook_that_is_not_there(tmp_path: Path):
    with pytest.raises(NotebookError, match="cannot be read: No such file"):
        read_notebook(tmp_path / "none.ipynb")
