"""The claim ledger: claims rated before they are taught, weighed after, and shown side by side."""

from __future__ import annotations

import html
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from exocourse.knowledge import VERDICTS
from exocourse.learning import progress
from exocourse.learning.options import button, radios
from exocourse.learning.showing import show

if TYPE_CHECKING:
    from exocourse.knowledge import Claim

CANT_TELL = "cant_tell"
SCALE: dict[str, str] = {**VERDICTS, CANT_TELL: "I can't tell yet"}
CONFIDENCE = (("1", "1, a guess"), ("2", "2, fairly sure"), ("3", "3, would bet on it"))
FIRST, NOW = "first_verdict", "verdict"
RUN_TO_RATE = "Run this cell to rate them."


@dataclass(frozen=True)
class Rating:
    """What a learner said of a claim: a verdict of the scale, and how sure they were."""

    verdict: str
    confidence: int

    def __str__(self) -> str:
        return f"{SCALE[self.verdict]} (confidence {self.confidence})"


def rating(claim_id: str, kind: str) -> Rating | None:
    """Return the learner's rating of a claim: the first one ever, or the latest after teaching."""
    entries = progress.entries(kind, claim_id)
    if not entries:
        return None
    value = (entries[0] if kind == FIRST else entries[-1]).value
    verdict, confidence = (
        (value.get("verdict"), value.get("confidence")) if isinstance(value, dict) else (None, None)
    )
    # A record of another version, or a hand-made one, counts as none.
    if verdict not in list(SCALE) or str(confidence) not in dict(CONFIDENCE):
        return None
    return Rating(verdict, int(confidence))


def rate(claims: tuple[Claim, ...]) -> None:
    """Ask for a first rating of each claim, before its lesson."""
    _show_deck(claims, FIRST, "First impression: how does each claim stand?")


def weigh(claims: tuple[Claim, ...]) -> None:
    """Ask for a verdict on each claim after its lesson; then show the course's reading."""
    _show_deck(claims, NOW, "The article says: your verdict now")


def _show_deck(claims: tuple[Claim, ...], kind: str, title: str) -> None:
    if not claims:
        print("There are no claims to rate here.")
        return
    lines = [f"{claim.id}: {claim.text}" for claim in claims]
    items = "".join(
        f"<li><strong>{html.escape(claim.id)}</strong> {html.escape(claim.text)}</li>"
        for claim in claims
    )
    show(
        deck_widget(claims, kind, title),
        words="\n".join([title, *lines, RUN_TO_RATE]),
        markup=f"<p>{html.escape(title)}</p><ul>{items}</ul><p><em>{RUN_TO_RATE}</em></p>",
    )


def deck_widget(claims: tuple[Claim, ...], kind: str, title: str):
    """Return the live deck: one claim at a time, a verdict, a confidence, and the way on."""
    return _Deck(claims, kind, title).box


class _Deck:
    """Which card is open, and the widgets that show it."""

    def __init__(self, claims: tuple[Claim, ...], kind: str, title: str) -> None:
        import ipywidgets

        from exocourse.learning.stage import Stage, frame, text

        self.claims, self.kind = claims, kind
        self.stage = Stage()
        self.card = text("")
        self.verdict = radios(SCALE.items(), "Verdict")
        self.confidence = radios(CONFIDENCE, "How sure?")
        self.confidence.add_class("exo-row")
        self.answer = text("")
        self.place = next((i for i, c in enumerate(claims) if rating(c.id, kind) is None), 0)
        choices = ipywidgets.VBox([self.verdict, self.confidence])
        ways = ipywidgets.HBox(
            [
                button("Record", self.keep, primary=True),
                button("Previous claim", self.step(-1)),
                button("Next claim", self.step(+1)),
            ],
            layout=ipywidgets.Layout(flex_flow="row wrap"),
        )
        self.box = frame(
            self.card, choices, ways, self.stage, self.answer, title=title, stage=self.stage
        )
        self.open()

    @property
    def claim(self) -> Claim:
        return self.claims[self.place]

    def open(self) -> None:
        """Show the claim at the present place, with what was said of it before."""
        claim, given = self.claim, rating(self.claim.id, self.kind)
        first = rating(claim.id, FIRST) if self.kind == NOW else None
        before = f"<p>Before the lesson you said: {html.escape(str(first))}.</p>" if first else ""
        self.card.value = (
            f"<p>Claim {self.place + 1} of {len(self.claims)} ({html.escape(claim.id)}):</p>"
            f"<p><strong>{html.escape(claim.text)}</strong></p>{before}"
        )
        self.verdict.value = given.verdict if given else None
        self.confidence.value = str(given.confidence) if given else None
        said = f"You said: {given}. " if given else ""
        self.stage.say(f"Claim {self.place + 1}. {said}{self.count()}")
        self.reveal(given)

    def count(self) -> str:
        """Say how many claims are rated."""
        rated = sum(rating(claim.id, self.kind) is not None for claim in self.claims)
        return f"{rated} of {len(self.claims)} rated."

    def next_words(self) -> str:
        """Say what has appeared: a screen reader does not see it."""
        if self.kind == NOW:
            return "The course's reading is below."
        return f"Now claim {self.place + 1}: {self.claim.text}"

    def reveal(self, given: Rating | None) -> None:
        """After the lesson, once the learner has committed, put the course's reading beside it."""
        if self.kind == NOW and given is not None:
            self.answer.value = self.claim.answer._repr_html_()
        else:
            self.answer.value = ""

    def keep(self) -> None:
        """Record the rating; before the lesson go on to the next claim, after it stay and read."""
        if self.verdict.value is None or self.confidence.value is None:
            missing = "a verdict" if self.verdict.value is None else "how sure you are"
            self.stage.say(f'Choose {missing} first. "I can\'t tell yet" is an answer too.')
            return
        given = Rating(self.verdict.value, int(self.confidence.value))
        before = rating(self.claim.id, self.kind)
        trouble = progress.record(
            self.kind, self.claim.id, {"verdict": given.verdict, "confidence": given.confidence}
        )
        recorded = f"Recorded for {self.claim.id}: {given}."
        if self.kind == FIRST and before is not None:
            recorded += f" Your first rating stays the one before the lesson: {before}."
        if self.kind == FIRST and self.place + 1 < len(self.claims):
            self.place += 1
        self.open()
        self.stage.say(f"{recorded} {self.count()} {self.next_words()} {trouble}".strip())

    def step(self, by: int) -> Callable[[], None]:
        """Return what a button does that moves by so many claims."""

        def move() -> None:
            self.place = (self.place + by) % len(self.claims)
            self.open()

        return move


def ledger(claims: tuple[Claim, ...]) -> None:
    """Show the whole ledger: first rating, verdict now and, once given, the course's reading."""
    words = f"The claim ledger: {len(claims)} claims. Run this cell to see how you rated them."
    show(ledger_widget(claims), words=words)


def ledger_widget(claims: tuple[Claim, ...]):
    """Return the live table of `ledger`."""
    from exocourse.learning.stage import Stage, frame, text

    rows = []
    counts = {FIRST: 0, NOW: 0}
    for claim in claims:
        first, now = rating(claim.id, FIRST), rating(claim.id, NOW)
        counts[FIRST] += first is not None
        counts[NOW] += now is not None
        course = VERDICTS[claim.answer.verdict] if now else "after you have weighed it"
        cells = [claim.home, str(first or "not yet"), str(now or "not yet"), course]
        rows.append(
            f'<tr><th scope="row">{html.escape(claim.id)}: '
            f"{html.escape(claim.text)}</th>"
            + "".join(f"<td>{html.escape(cell)}</td>" for cell in cells)
            + "</tr>"
        )
    heads = ("Claim", "Lesson", "You, before", "You, now", "The course's reading")
    head = "".join(f'<th scope="col">{name}</th>' for name in heads)
    stage = Stage()
    stage.say(f"{counts[FIRST]} of {len(claims)} rated before, {counts[NOW]} weighed after.")
    table = text(
        '<div class="exo-ledger" tabindex="0" role="region" aria-label="The ledger"><table>'
        f"<thead><tr>{head}</tr></thead><tbody>{''.join(rows)}</tbody></table></div>"
    )
    return frame(stage, table, title="The claim ledger", stage=stage)
