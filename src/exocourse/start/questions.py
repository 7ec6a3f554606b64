"""The question and the prediction of module 0."""

from __future__ import annotations

from exocourse.learning.prediction import Prediction
from exocourse.learning.question import Misconception, Number, Question

# Both are about made-up things, so their measurements are given and not facts.
BALL_CM, BALL_WALL_CM = 10, 1
TANK_M, TANK_WALL_M = 14, 2

_WALL_ADDED = (
    f"You added the wall. The {TANK_M} m are measured on the outside, so the wall is already in "
    "them."
)


def ball_outcome() -> tuple[str, str]:
    """Return what came true of the prediction, worked out from the ball's measurements."""
    inside = (BALL_CM - 2 * BALL_WALL_CM) / BALL_CM
    shares = {"90": 0.9, "80": 0.8, "65": 0.65, "50": 0.5, "20": 0.2}
    key = min(shares, key=lambda name: abs(shares[name] - inside**3))
    once = 1 - BALL_WALL_CM / BALL_CM
    words = (
        f"The hollow is {BALL_CM - 2 * BALL_WALL_CM} cm wide, because the wall stands on both "
        f"sides: {100 * inside:.0f} % of the width. A volume has three directions, so its share "
        f"is {inside:g} x {inside:g} x {inside:g} = {inside**3:.3f}, or about "
        f"{100 * inside**3:.0f} %. {100 * once:.0f} % counts the wall once, "
        f"{100 * inside:.0f} % thinks of the width alone, and "
        f"{100 * inside**2:.0f} % of two directions, as on a flat drawing."
    )
    return key, words


PREDICTIONS = {
    "0.1.p": Prediction(
        id="0.1.p",
        prompt=(
            "A ball is 10 cm across. Its wall is 1 cm thick all the way round. How much of the "
            "ball's volume is hollow?"
        ),
        options=(
            ("90", "about 90 %"),
            ("80", "about 80 %"),
            ("65", "about 65 %"),
            ("50", "about 50 %"),
            ("20", "about 20 %"),
        ),
        outcome=ball_outcome,
    )
}

QUESTIONS = {
    "0.1.a": Question(
        id="0.1.a",
        prompt=(
            "A round tank is 14 m across on the outside. Its wall is 2 m thick all the way round. "
            "How wide, in metres, is the hollow inside?"
        ),
        expects=Number(TANK_M - 2 * TANK_WALL_M, unit="m"),
        why="The wall counts on both sides. The same step gives the lumen of a vesicle.",
        misconceptions=(
            Misconception(
                "wall-counted-once",
                "You took the wall off on one side. Draw a line straight through the middle of "
                "the tank: it meets the wall twice.",
                TANK_M - TANK_WALL_M,
            ),
            Misconception(
                "wall-ignored",
                "That is the tank from outside to outside. Asked for is the hollow, without the "
                "wall.",
                TANK_M,
            ),
            Misconception(
                "radius-for-width",
                "That is the way from the middle to the wall. Asked for is the way across, from "
                "wall to wall.",
                TANK_M / 2 - TANK_WALL_M,
            ),
            Misconception("wall-added", _WALL_ADDED, TANK_M + 2 * TANK_WALL_M),
            Misconception("wall-added-once", _WALL_ADDED, TANK_M + TANK_WALL_M),
        ),
        hints=(
            "Draw a ring, and a straight line through its middle. How many times does the line "
            "cross the wall?",
            "Start from the outside measure, and take the wall's thickness off once for each "
            "crossing.",
        ),
    )
}
