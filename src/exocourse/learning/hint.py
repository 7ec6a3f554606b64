"""Hints, one after another: the next one is folded into the one before."""

from __future__ import annotations

import html
from typing import Any

from exocourse.learning.check import hints_markup, show_card
from exocourse.learning.question import Question


def hint(question: Question, number: Any = None) -> None:
    """Show the first hint, or those up to a number; the next one opens with a click or a key.

    All of a question's hints are in what is shown, folded into one another. So it is the same on
    every run, whatever was asked for before.

    Parameters
    ----------
    question : Question
        Which question.
    number : int, optional
        Show the hints up to this one, counted from 1.
    """
    count = len(question.hints)
    if not count:
        words = f"There are no hints for {question.id}."
        show_card(words, f"<p>{words}</p>")
        return
    wanted = 1 if number is None else number
    notice = ""
    if type(wanted) is not int or not 1 <= wanted <= count:
        notice = f"Hints of {question.id} are numbered from 1 to {count}."
        wanted = 1
    show_card(_words(question, wanted, notice), _markup(question, wanted, notice))


def _words(question: Question, wanted: int, notice: str) -> str:
    count = len(question.hints)
    lines = [notice] if notice else []
    lines.append(f"{question.id}, hint {wanted} of {count}: {question.hints[wanted - 1]}")
    if wanted < count:
        lines.append(f'Next: exo.hint("{question.id}", {wanted + 1})')
    return "\n".join(lines)


def _markup(question: Question, wanted: int, notice: str) -> str:
    folded = hints_markup(question, opened=wanted)
    return f"<p>{html.escape(notice)}</p>{folded}" if notice else folded
