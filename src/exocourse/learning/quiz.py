"""Quizzes: each wrong option stands for one named misconception and explains itself."""

from __future__ import annotations

import html
from dataclasses import dataclass

from exocourse.learning import progress
from exocourse.learning.options import button, radios, still_options, words_of
from exocourse.learning.showing import show


@dataclass(frozen=True)
class Option:
    """One option of a quiz item.

    Attributes
    ----------
    key : str
        Short name, recorded when chosen.
    text : str
        What the learner reads.
    why : str
        Shown when it is chosen: why it is right, or why it attracts and what is true.
    right : bool
        Whether it is the answer.
    misconception : str
        Name of the misconception that a wrong option stands for.
    """

    key: str
    text: str
    why: str
    right: bool = False
    misconception: str = ""


@dataclass(frozen=True)
class QuizItem:
    """One question with its options.

    Attributes
    ----------
    id : str
        ``"1.1.q1"``.
    stem : str
        The question.
    options : tuple of Option
        Exactly one is right.
    objective : str
        Id of the objective that it measures; it may belong to an earlier lesson.
    """

    id: str
    stem: str
    options: tuple[Option, ...]
    objective: str

    def __post_init__(self) -> None:
        keys = [option.key for option in self.options]
        if len(set(keys)) != len(keys):
            raise ValueError(f"quiz item {self.id}: two options share a key")
        if sum(option.right for option in self.options) != 1:
            raise ValueError(f"quiz item {self.id}: exactly one option must be right")
        if unnamed := [o.key for o in self.options if not o.right and not o.misconception]:
            raise ValueError(f"quiz item {self.id}: no misconception named for {unnamed}")

    @property
    def pairs(self) -> tuple[tuple[str, str], ...]:
        """The options as (key, text)."""
        return tuple((option.key, option.text) for option in self.options)

    def option(self, key: str) -> Option | None:
        """Return the option with this key, or None where there is no such option any more."""
        return next((option for option in self.options if option.key == key), None)


def feedback(option: Option) -> str:
    """Return what a learner is told who chose `option`."""
    return f"{'Right.' if option.right else 'Not this one.'} {option.why}"


def quiz(items: tuple[QuizItem, ...]) -> None:
    """Show a quiz: one card an item, answered in any order, as often as one likes."""
    import ipywidgets

    cards = [item_widget(item, place, len(items)) for place, item in enumerate(items, 1)]
    show(
        ipywidgets.VBox(cards),
        words="\n\n".join(words_of(item.stem, item.pairs) for item in items),
        markup="".join(still_options(item.stem, item.pairs) for item in items),
    )


def item_widget(item: QuizItem, place: int, count: int):
    """Return the live card of one item."""
    from exocourse.learning.stage import Stage, frame, text

    earlier = progress.latest("quiz", item.id)
    chosen = item.option(earlier.value) if earlier else None
    choice = radios(item.pairs, "Your answer", chosen.key if chosen else None)
    stage = Stage()

    def answer() -> None:
        option = item.option(choice.value)
        if option is None:
            stage.say("Choose an option first.")
            return
        trouble = progress.record(
            "quiz", item.id, option.key, right=option.right, misconception=option.misconception
        )
        stage.say(f"{feedback(option)} {trouble}".strip())

    if chosen:
        had = any(entry.right for entry in progress.entries("quiz", item.id))
        before = "You have had this one right." if had else "Answered before."
        stage.say(f"{before} You last opened: {chosen.text}. {feedback(chosen)}")
    return frame(
        text(f'<p class="exo-stem">{html.escape(item.stem)}</p>'),
        choice,
        button("Check this answer", answer, primary=True),
        title=f"Question {place} of {count}",
        stage=stage,
    )
