"""Declaring questions: what is refused, how they are found, and the helper that finds leaks."""

import numpy as np
import pytest

from exocourse.learning.question import (
    Array,
    Cases,
    Choice,
    Choices,
    Misconception,
    Number,
    Question,
    Text,
    Written,
    leaks_answer,
    normalised,
)

OPTIONS = (("a", "exosomes"), ("b", "extracellular vesicles"), ("c", "a lysate"))


def question(expects, *texts, id="1.1.b", **more):
    return Question(id, "What is it?", expects, hints=texts, **more)


def test_the_grade_id_is_one_that_nbgrader_takes():
    assert question(Number(1.0)).grade_id == "q-1-1-b"


@pytest.mark.parametrize("id", ["1.1", "1.1.B", "1-1-b", "q1.1.b", "1.1.b ", ""])
def test_a_malformed_id_is_refused(id):
    with pytest.raises(ValueError, match=r"1\.1\.b"):
        question(Number(1.0), id=id)


@pytest.mark.parametrize("more", [{"part": "C"}, {"points": 0.0}, {"points": float("nan")}])
def test_an_invalid_part_or_points_are_refused(more):
    with pytest.raises(ValueError, match=r"question 1\.1\.b"):
        question(Number(1.0), **more)


def test_two_misconceptions_of_one_name_are_refused():
    twice = (Misconception("same", "one", 1.0), Misconception("same", "two", 2.0))
    with pytest.raises(ValueError, match="share a name"):
        question(Number(3.0), misconceptions=twice)


@pytest.mark.parametrize("share", [-0.1, 1.0, float("nan")])
def test_partial_credit_is_a_share_below_one(share):
    with pytest.raises(ValueError, match="share"):
        Misconception("name", "words", 1.0, partial=share)


def test_an_answer_must_be_among_distinct_options():
    with pytest.raises(ValueError, match="not among"):
        Choice(OPTIONS, "d")
    with pytest.raises(ValueError, match="not among"):
        Choices(OPTIONS, frozenset({"a", "d"}))
    with pytest.raises(ValueError, match="share a key"):
        Choice((("a", "one"), ("A", "two")), "a")


def test_a_function_needs_a_case():
    with pytest.raises(ValueError, match="at least one case"):
        Cases("f", (), abs)


def test_what_is_wanted_says_units_and_keys_and_no_answer():
    assert Number(314.0, unit="nm2").wanted == "one number, in nm2"
    assert '"a", "b", "c"' in Choice(OPTIONS, "b").wanted
    assert (
        Array([1.0, 2.0], shape=(2,), unit="nm").wanted == "a list or an array of 2 values, in nm"
    )
    assert "brackets" in Cases("f", ((1,),), abs).wanted


def test_partial_credit_is_seen():
    plain = (Misconception("one", "words", 1.0),)
    partial = (*plain, Misconception("two", "words", 2.0, partial=0.5))
    assert not question(Number(3.0), misconceptions=plain).has_partial_credit
    assert question(Number(3.0), misconceptions=partial).has_partial_credit


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Extracellular  vesicles", " extracellular vesicles. "),
        ("multi\u2010vesicular", "multi-vesicular"),
        ("multi_vesicular", "multi-vesicular"),
        ("CD63", "cd63"),
        ("\u2126", "\u03c9"),
    ],
)
def test_texts_are_compared_without_case_spaces_and_kinds_of_hyphen(one, other):
    assert normalised(one) == normalised(other)


@pytest.mark.parametrize(
    "text",
    [
        "It is 65400 or so.",
        "It is 65,449.8.",
        "It is 65 450.",
        "About 6.54e4 of them.",
        "About 6.54 × 10⁴ of them.",
        "About 6.545 x 10^4 of them.",
        "6545000 %",
    ],
)
def test_a_printed_number_is_a_leak(text):
    assert leaks_answer(question(Number(65449.8), text)) == (text,)


@pytest.mark.parametrize("text", ["Divide by 2.", "Not 70 000.", "See lesson 1.1", "6.54"])
def test_another_number_is_none(text):
    assert leaks_answer(question(Number(65449.8), text)) == ()


def test_a_share_printed_as_a_percentage_is_a_leak():
    assert leaks_answer(question(Number(lambda: 0.614, rtol=0.001), "roughly 61.4 %"))


def test_the_messages_of_misconceptions_are_read_too():
    slip = Misconception("slip", "It should be 314.", 31.0)
    assert leaks_answer(question(Number(314.16), misconceptions=(slip,))) == (slip.message,)


@pytest.mark.parametrize(
    "text", ['It is "b".', "Take option B.", "Extracellular vesicles, of course.", "Is (b) it?"]
)
def test_a_printed_option_is_a_leak(text):
    assert leaks_answer(question(Choice(OPTIONS, "b"), text)) == (text,)
    assert leaks_answer(question(Choices(OPTIONS, frozenset("ab")), text)) == (text,)


@pytest.mark.parametrize("text", ["Be careful: b-type?", 'Not "a".', "What is a vesicle?"])
def test_other_words_are_none(text):
    assert leaks_answer(question(Choice(OPTIONS, "b"), text)) == ()


def test_leaks_of_texts_and_arrays():
    assert leaks_answer(question(Text(("multivesicular body", "MVB")), "Think of the MVB."))
    assert not leaks_answer(question(Text(("multivesicular body", "MVB")), "Think of endosomes."))
    for values in ([1.5, 2.5], np.array([1.5, 2.5]), np.array([[1.5], [2.5]])):
        assert leaks_answer(question(Array(values), "1.5, then 2.5"))
        assert not leaks_answer(question(Array(values), "begins with 1.5"))


def test_functions_and_sentences_cannot_be_printed():
    assert not leaks_answer(question(Cases("f", ((1,),), abs), "f(1) is 1"))
    assert not leaks_answer(question(Written(("a row",)), "a row"))
