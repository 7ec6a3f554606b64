"""Predictions: recorded, changeable, called back."""

from exocourse.learning import progress
from exocourse.learning.prediction import (
    Prediction,
    compare,
    comparison_widget,
    predict,
    prediction_widget,
)

FALL = Prediction(
    "9.9.p",
    "Which falls faster?",
    (("heavy", "The heavy ball"), ("same", "Both the same")),
    outcome=lambda: ("same", "Both took 1.0 s."),
)


def choose(widget, find, press, key):
    find(widget, "RadioButtons")[0].value = key
    press(widget, "Record my prediction")


def test_a_prediction_is_kept_and_comes_back(find, press):
    widget = prediction_widget(FALL)
    choose(widget, find, press, "heavy")
    assert widget.stage.words.startswith("Recorded: The heavy ball.")
    again = prediction_widget(FALL)
    assert find(again, "RadioButtons")[0].value == "heavy"
    assert "You predicted: The heavy ball" in again.stage.words


def test_without_a_choice_nothing_is_recorded(press):
    widget = prediction_widget(FALL)
    press(widget, "Record my prediction")
    assert "Choose an option first" in widget.stage.words
    assert progress.entries("prediction") == []


def test_calling_back_says_which_of_three_cases_it_is(find, press):
    assert "No prediction of yours" in comparison_widget(FALL).stage.words
    choose(prediction_widget(FALL), find, press, "heavy")
    assert "came out differently" in comparison_widget(FALL).stage.words
    choose(prediction_widget(FALL), find, press, "same")
    assert "It came true." in comparison_widget(FALL).stage.words
    assert "Both took 1.0 s." in comparison_widget(FALL).stage.words


def test_stored_outputs_do_not_know_the_learner(capture, find, press):
    before = capture(lambda: predict(FALL)), capture(lambda: compare(FALL))
    choose(prediction_widget(FALL), find, press, "heavy")
    assert (capture(lambda: predict(FALL)), capture(lambda: compare(FALL))) == before


def test_a_record_that_could_not_be_saved_is_said(find, press, monkeypatch):
    monkeypatch.setattr(progress, "record", lambda *a, **k: "The disk is full.")
    widget = prediction_widget(FALL)
    choose(widget, find, press, "heavy")
    assert "The disk is full." in widget.stage.words


def test_a_record_that_makes_no_sense_is_passed_over(find):
    progress.record("prediction", "9.9.p", ["same"])
    assert find(prediction_widget(FALL), "RadioButtons")[0].value is None
    assert "No prediction of yours" in comparison_widget(FALL).stage.words
