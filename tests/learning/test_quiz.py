"""Quizzes: what is refused, what is said, what is kept."""

import pytest

from exocourse.learning import progress
from exocourse.learning.quiz import Option, QuizItem, item_widget, quiz

ITEM = QuizItem(
    "9.9.q1",
    "How many legs has a <spider>?",
    (
        Option("six", "Six", "That is an insect.", misconception="spider is an insect"),
        Option("eight", "Eight", "Four pairs.", right=True),
    ),
    objective="9.9.o1",
)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (
            (Option("a", "A", "", right=True), Option("a", "B", "", misconception="m")),
            "share a key",
        ),
        ((Option("a", "A", "", right=True), Option("b", "B", "", right=True)), "exactly one"),
        ((Option("a", "A", "", misconception="m"),), "exactly one"),
        ((Option("a", "A", "", right=True), Option("b", "B", "")), "no misconception named"),
    ],
)
def test_an_item_that_cannot_work_is_refused(options, words):
    with pytest.raises(ValueError, match=words):
        QuizItem("9.9.q1", "?", options, objective="9.9.o1")


def test_nothing_is_chosen_and_nothing_said_before_an_answer(find):
    card = item_widget(ITEM, 1, 1)
    assert find(card, "RadioButtons")[0].value is None
    assert card.stage.words == ""


def test_pressing_without_a_choice_asks_for_one_and_records_nothing(press):
    card = item_widget(ITEM, 1, 1)
    press(card, "Check this answer")
    assert card.stage.words == "Choose an option first."
    assert progress.entries("quiz") == []


def test_a_wrong_answer_explains_itself_and_is_kept_with_its_misconception(find, press):
    card = item_widget(ITEM, 1, 1)
    find(card, "RadioButtons")[0].value = "six"
    press(card, "Check this answer")
    assert card.stage.words == "Not this one. That is an insect."
    entry = progress.latest("quiz", "9.9.q1")
    assert entry.value == "six"
    assert entry.extra == {"right": False, "misconception": "spider is an insect"}


def test_what_was_answered_before_comes_back(find, press):
    card = item_widget(ITEM, 1, 1)
    find(card, "RadioButtons")[0].value = "eight"
    press(card, "Check this answer")
    again = item_widget(ITEM, 1, 1)
    assert find(again, "RadioButtons")[0].value == "eight"
    assert again.stage.words == (
        "You have had this one right. You last opened: Eight. Right. Four pairs."
    )


def test_an_answer_of_an_older_version_of_the_quiz_counts_as_none(find):
    progress.record("quiz", "9.9.q1", "an option that is gone")
    card = item_widget(ITEM, 1, 1)
    assert find(card, "RadioButtons")[0].value is None
    assert card.stage.words == ""


def test_the_stored_output_gives_nothing_away_and_does_not_know_the_learner(capture):
    blank = capture(lambda: quiz((ITEM,)))
    progress.record("quiz", "9.9.q1", "six", right=False, misconception="")
    assert capture(lambda: quiz((ITEM,))) == blank
    assert "spider&gt;" in blank["text/html"]
    assert "Four pairs" not in str(blank)
    assert "insect" not in str(blank)
