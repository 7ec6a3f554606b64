"""Predictions: recorded before any theory, called back after the explorer. A guess is data."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from exocourse.learning import progress
from exocourse.learning.options import button, radios, still_options, words_of
from exocourse.learning.showing import show


@dataclass(frozen=True)
class Prediction:
    """A question about what a model or an experiment will show.

    Attributes
    ----------
    id : str
        ``"1.1.p"``.
    prompt : str
        The question.
    options : tuple of (key, text)
        What can be predicted.
    outcome : callable
        Returns ``(key, words)``: the option that came true, and what happened, in words, computed
        when it is called back and not typed in.
    """

    id: str
    prompt: str
    options: tuple[tuple[str, str], ...]
    outcome: Callable[[], tuple[str, str]]

    def text(self, key: str) -> str | None:
        """Return the text of an option, or None where there is no such option any more."""
        return next((text for known, text in self.options if known == key), None)


def predict(prediction: Prediction) -> None:
    """Ask for a prediction and record it."""
    show(
        prediction_widget(prediction),
        words=words_of(prediction.prompt, prediction.options),
        markup=still_options(prediction.prompt, prediction.options),
    )


def prediction_widget(prediction: Prediction):
    """Return the live widget of `predict`."""
    from exocourse.learning.stage import Stage, frame

    earlier = progress.latest("prediction", prediction.id)
    choice = radios(prediction.options, "Your prediction", earlier.value if earlier else None)
    stage = Stage()

    def keep() -> None:
        if choice.value is None:
            stage.say("Choose an option first. A guess is welcome: it is data, not a mark.")
            return
        trouble = progress.record("prediction", prediction.id, choice.value)
        stage.say(
            f"Recorded: {prediction.text(choice.value)}. "
            f"It comes back after the explorer. {trouble}"
        )

    if earlier and prediction.text(earlier.value):
        stage.say(f"You predicted: {prediction.text(earlier.value)}. You can change it.")
    return frame(
        choice,
        button("Record my prediction", keep, primary=True),
        title=prediction.prompt,
        stage=stage,
    )


def compare(prediction: Prediction) -> None:
    """Call the prediction back, beside what came true."""
    _, words = prediction.outcome()
    show(comparison_widget(prediction), words=words)


def comparison_widget(prediction: Prediction):
    """Return the live widget of `compare`."""
    from exocourse.learning.stage import Stage, frame

    key, words = prediction.outcome()
    stage = Stage()
    earlier = progress.latest("prediction", prediction.id)
    if earlier is None or prediction.text(earlier.value) is None:
        stage.say(f"{words}\nNo prediction of yours is on record: the question stands further up.")
    elif earlier.value == key:
        stage.say(f"You predicted: {prediction.text(earlier.value)}. It came true.\n{words}")
    else:
        stage.say(
            f"You predicted: {prediction.text(earlier.value)}. It came out differently, which is "
            f"worth a minute: what did you assume?\n{words}"
        )
    return frame(title="Your prediction, and what happened", stage=stage)
