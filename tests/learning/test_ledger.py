"""The ledger: first ratings, verdicts after, and what is shown when."""

import pytest

from exocourse.knowledge import VERDICTS, claims, claims_at
from exocourse.learning import progress
from exocourse.learning.ledger import (
    FIRST,
    NOW,
    SCALE,
    deck_widget,
    ledger,
    ledger_widget,
    rate,
    rating,
    weigh,
)

CLAIMS = claims_at("1.1")


def give(deck, find, press, verdict, confidence):
    choices = find(deck, "RadioButtons")
    choices[0].value, choices[1].value = verdict, confidence
    press(deck, "Record")


def said_html(deck, find):
    return " ".join(widget.value for widget in find(deck, "HTML"))


def test_the_scale_is_the_verdicts_and_one_way_out():
    assert set(SCALE) == set(VERDICTS) | {"cant_tell"}


def test_a_first_rating_is_kept_and_the_next_claim_opens(find, press):
    deck = deck_widget(CLAIMS, FIRST, "?")
    assert CLAIMS[0].text in said_html(deck, find).replace("&#x27;", "'")
    give(deck, find, press, "unsupported", "2")
    assert str(rating(CLAIMS[0].id, FIRST)) == "unsupported (confidence 2)"
    assert CLAIMS[1].id in said_html(deck, find)
    assert find(deck, "RadioButtons")[0].value is None
    assert "1 of 5 rated" in deck.stage.words


def test_the_first_rating_stays_the_before_however_often_it_is_changed(find, press):
    for verdict in ("supported", "contradicted"):
        give(deck_widget(CLAIMS[:1], FIRST, "?"), find, press, verdict, "1")
    assert rating(CLAIMS[0].id, FIRST).verdict == "supported"
    for verdict in ("supported", "contradicted"):
        give(deck_widget(CLAIMS[:1], NOW, "?"), find, press, verdict, "1")
    assert rating(CLAIMS[0].id, NOW).verdict == "contradicted"


@pytest.mark.parametrize(("verdict", "confidence"), [(None, "1"), ("supported", None)])
def test_half_a_rating_is_not_recorded(find, press, verdict, confidence):
    deck = deck_widget(CLAIMS, FIRST, "?")
    give(deck, find, press, verdict, confidence)
    assert "first" in deck.stage.words
    assert progress.entries(FIRST) == []


def test_before_the_lesson_the_courses_reading_is_never_shown(find, press):
    deck = deck_widget(CLAIMS, FIRST, "?")
    for _ in CLAIMS:
        give(deck, find, press, "supported", "1")
        for claim in CLAIMS:
            assert claim.answer.reasons[0][:30] not in said_html(deck, find)


def test_after_the_lesson_it_opens_only_once_the_learner_has_committed(find, press):
    deck = deck_widget(CLAIMS[:1], NOW, "?")
    assert CLAIMS[0].answer.verdict_words not in find(deck, "HTML")[-1].value
    give(deck, find, press, "cant_tell", "1")
    assert CLAIMS[0].answer.verdict_words in find(deck, "HTML")[-1].value


def test_the_buttons_go_round(find, press):
    deck = deck_widget(CLAIMS, NOW, "?")
    press(deck, "Previous claim")
    assert CLAIMS[-1].id in said_html(deck, find)
    press(deck, "Next claim")
    assert CLAIMS[0].id in said_html(deck, find)


def test_it_opens_at_the_first_claim_without_a_rating(find, press):
    give(deck_widget(CLAIMS, FIRST, "?"), find, press, "supported", "1")
    assert CLAIMS[1].id in said_html(deck_widget(CLAIMS, FIRST, "?"), find)


def test_the_whole_ledger_shows_before_and_now_and_the_reading_only_after(find, press):
    every = tuple(claims().values())
    blank = said_html(ledger_widget(every), find)
    assert blank.count("after you have weighed it") == 36
    give(deck_widget(CLAIMS[:1], FIRST, "?"), find, press, "contradicted", "3")
    give(deck_widget(CLAIMS[:1], NOW, "?"), find, press, "supported", "2")
    table = said_html(ledger_widget(every), find)
    assert "contradicted (confidence 3)" in table
    assert "supported (confidence 2)" in table
    assert table.count("after you have weighed it") == 35


@pytest.mark.parametrize(
    "value",
    [
        "supported",
        {"verdict": "supported", "confidence": "high"},
        {"verdict": "supported", "confidence": 7},
        {"verdict": ["x"], "confidence": 1},
        {"verdict": "gone", "confidence": 1},
        {},
    ],
)
def test_a_rating_that_makes_no_sense_is_passed_over(value, find):
    progress.record(FIRST, CLAIMS[0].id, value)
    assert rating(CLAIMS[0].id, FIRST) is None
    assert "Claim 1 of 5" in said_html(deck_widget(CLAIMS, FIRST, "?"), find)


def test_a_lesson_without_claims_to_rate_says_so(capsys):
    rate(())
    assert capsys.readouterr().out == "There are no claims to rate here.\n"


def test_what_appears_is_also_said(find, press):
    deck = deck_widget(CLAIMS, FIRST, "?")
    give(deck, find, press, "supported", "1")
    assert CLAIMS[1].text in deck.stage.words
    now = deck_widget(CLAIMS, NOW, "?")
    give(now, find, press, "supported", "1")
    assert "The course's reading is below." in now.stage.words


def test_the_same_words_twice_are_said_twice(press):
    deck = deck_widget(CLAIMS, FIRST, "?")
    press(deck, "Record")
    said = deck.stage.said
    press(deck, "Record")
    assert deck.stage.said == said + 1


@pytest.mark.parametrize("call", [rate, weigh, ledger])
def test_stored_outputs_do_not_know_the_learner(call, capture, find, press):
    before = capture(lambda: call(CLAIMS))
    give(deck_widget(CLAIMS[:1], FIRST, "?"), find, press, "supported", "1")
    give(deck_widget(CLAIMS[:1], NOW, "?"), find, press, "supported", "1")
    assert capture(lambda: call(CLAIMS)) == before
