"""The claims: complete, at home once, silent on the verdict until asked; what is refused."""

import datetime
import re

import pytest

from exocourse.knowledge import (
    VERDICTS,
    KnowledgeError,
    UnknownId,
    anchors,
    claim,
    claims,
    claims_at,
    facts,
    references,
    validate,
)
from exocourse.knowledge.claims import HEDGES, LESSONS, LOGIC, read_claims
from exocourse.knowledge.data_files import data_text
from exocourse.knowledge.facts import read_facts
from exocourse.knowledge.references import read_references
from exocourse.knowledge.ties import check_ties

# Typed from the curriculum.
HOMES = {
    "1.1": "S0-01 S0-03 S4-02 S4-03 S4-05",
    "1.3": "S4-04",
    "2.1": "S0-04",
    "2.2": "S4-07",
    "2.3": "S0-05 S0-08 S0-09 S4-06 S4-09",
    "3.2": "S0-07 S4-12",
    "3.3": "S0-15 S4-18 S4-19",
    "4.1": "S0-02 S0-16 S4-01 S4-08 S4-13 S4-14 S4-20",
    "4.2": "S0-06 S0-10 S4-10 S4-15 S4-17",
    "4.3": "S4-16",
    "4.4": "S0-11 S0-12 S0-13 S0-14 S4-11",
}
ANCHORS = {
    "supported": "S0-01 S4-05",
    "partly": "S0-10 S0-08",
    "contradicted": "S0-03 S4-02",
    "unsupported": "S4-18 S0-14",
    "uncheckable": "S4-17",
    "opinion": "S4-20",
}
# Typed from the inventory of the articles: type, hedge, source given, verdict.
INVENTORY = """
S0-01 definition   0 none                      supported
S0-02 authority    0 none                      opinion
S0-03 definition   0 none                      contradicted
S0-04 definition   0 none                      supported
S0-05 mechanism    1 none                      partly
S0-06 effect       1 none                      partly
S0-07 delivery     0 none                      supported
S0-08 mechanism    0 none                      partly
S0-09 mechanism    0 none                      unsupported
S0-10 effect       1 none                      partly
S0-11 effect       1 none                      partly
S0-12 effect       1 none                      unsupported
S0-13 caveat       2 none                      supported
S0-14 comparison   2 none                      unsupported
S0-15 safety       1 none                      unsupported
S0-16 forecast     2 none                      uncheckable
S4-01 authority    1 anonymous_experts         opinion
S4-02 definition   0 none                      contradicted
S4-03 definition   0 anonymous_experts         contradicted
S4-04 definition   0 none                      partly
S4-05 definition   0 none                      supported
S4-06 mechanism    0 none                      partly
S4-07 effect       0 none                      partly
S4-08 effect       0 none                      uncheckable
S4-09 mechanism    0 none                      uncheckable
S4-10 effect       0 none                      partly
S4-11 effect       0 none                      partly
S4-12 availability 0 none                      supported
S4-13 authority    0 anonymous_experts         uncheckable
S4-14 authority    0 named_without_affiliation opinion
S4-15 effect       0 none                      partly
S4-16 effect       1 none                      unsupported
S4-17 comparison   1 unnamed_study             uncheckable
S4-18 duration     1 none                      unsupported
S4-19 safety       0 none                      opinion
S4-20 provenance   - none                      opinion
"""

GOOD = """
read_on = 2026-01-02
made_by = "us"
dispute = "Tell us."

[[claim]]
id = "X-1"
text = "It works."
type = "effect"
hedge = 0
source_given = "none"
to_settle = "A trial."
verdict = "partly"
reasons = ["It did once [Some20].", "Once is not always."]
references = ["Some20"]
would_change = "Another trial."
home = "1.1"
"""
BIB = """
@article{Some20,
  author = {Some, A.}, title = {On things}, year = {2020}, doi = {10.1000/1}, status = {verified},
}
"""
FACT = """
[[fact]]
id = "a-size"
quantity = "Size"
value = 1
unit = "nm"
condition = "always"
reference = "Some20"
status = "measured"
"""


def one(text=GOOD):
    """Return the first claim of a TOML text."""
    return next(iter(read_claims("test.toml", text).values()))


def ties(claim_text=GOOD, bib=BIB, fact=FACT):
    """Check the ties between three texts."""
    check_ties(
        {"facts/test.toml": read_facts("facts/test.toml", fact)},
        read_claims("test.toml", claim_text),
        read_references("test.bib", bib),
    )


def test_there_are_36_and_each_has_exactly_one_home():
    assert len(claims()) == 36
    homes = [(name, lesson) for lesson, names in HOMES.items() for name in names.split()]
    assert len(homes) == 36
    assert {one.id: one.home for one in claims().values()} == dict(homes)


@pytest.mark.parametrize("lesson", LESSONS)
def test_a_lesson_has_its_claims(lesson):
    assert {one.id for one in claims_at(lesson)} == set(HOMES.get(lesson, "").split())


def test_there_are_fifteen_lessons():
    assert len(LESSONS) == len(set(LESSONS)) == 15


def test_the_ten_anchors_cover_the_whole_scale():
    expected = {(name, verdict) for verdict, names in ANCHORS.items() for name in names.split()}
    assert len(expected) == 10
    assert {(one.id, one.verdict) for one in anchors()} == expected
    assert {one.verdict for one in anchors()} == set(VERDICTS)


@pytest.mark.parametrize("line", INVENTORY.strip().splitlines(), ids=lambda line: line[:5])
def test_type_hedge_source_and_verdict(line):
    name, kind, hedge, source, verdict = line.split()
    found = claim(name)
    assert found.type == kind
    assert found.hedge == (None if hedge == "-" else int(hedge))
    assert found.source_given == source.replace("_", " ")
    assert found.verdict == found.answer.verdict == verdict


def test_everything_that_is_cited_exists_and_can_carry_it():
    validate()


@pytest.mark.parametrize("claim_id", claims())
def test_a_verdict_on_the_world_rests_on_something_that_can_be_read(claim_id):
    found = claim(claim_id)
    if found.verdict not in ("opinion", "uncheckable"):
        assert found.references != LOGIC
    for key in set(found.references) - set(LOGIC):
        assert references()[key].status != "recalled"


@pytest.mark.parametrize("claim_id", claims())
def test_the_answer_stands_in_whole_sentences(claim_id):
    found = claim(claim_id)
    for text in (found.text, found.to_settle, found.would_change, *found.reasons):
        assert re.fullmatch(r'["“A-Z0-9].*[.]', text, re.DOTALL)
        assert "  " not in text
    assert 2 <= len(found.reasons) <= 4


def test_no_difference_found_is_never_no_different():
    text = data_text("claims.toml").split("read_on", 1)[1].lower()
    for wrong in ("no different", "not different", "just as good", "as good as", "equally good"):
        assert wrong not in text


def test_practically_all_kinds_of_cell_is_never_all_cells():
    reasons = [reason.lower() for one in claims().values() for reason in one.reasons]
    assert not [reason for reason in reasons if "all cells" in reason]
    releasing = [reason for reason in reasons if "[mathieu21]" in reason and "of cell" in reason]
    assert len(releasing) == 2
    assert all("practically all kinds of cell" in reason for reason in releasing)


@pytest.mark.parametrize("claim_id", claims())
def test_a_claim_shows_itself_without_the_verdict(claim_id):
    found = claim(claim_id)
    for shown in (repr(found), str(found), found._repr_markdown_(), found._repr_html_()):
        assert found.home in shown
        assert found.to_settle.split(",")[0].split("'")[0][:40] in shown
        lower = shown.lower()
        hidden = [reason[:30].lower() for reason in found.reasons]
        hidden += [found.would_change[:30].lower(), "verdict", "the course's reading"]
        hidden += ["contradicted", "unsupported", "not checkable", "contested"]
        assert not [text for text in hidden if text in lower]
        assert not [key for key in references() if key in shown]
    assert found.text in repr(found)


@pytest.mark.parametrize("claim_id", claims())
def test_the_answer_shows_verdict_reasons_sources_and_whose_it_is(claim_id):
    found = claim(claim_id).answer
    assert isinstance(found.date, datetime.date)
    for shown in (repr(found), found._repr_markdown_(), found._repr_html_()):
        assert VERDICTS[found.verdict] in shown
        assert "the exocourse authors, 2026-11-22" in shown
        assert "open an issue" in shown
        assert not re.search(r"\[[A-Za-z]+\d\d", shown.replace("\\", "")) or "](" in shown
        for key in found.references:
            if key in LOGIC:
                assert "logic" in shown
            else:
                assert references()[key].link in shown
                assert f"[{key}" not in shown


def test_the_hedge_in_words():
    assert {claim(name).hedge_words for name in claims()} == {*HEDGES, "not a sentence"}
    assert claim("S4-20").hedge_words == "not a sentence"


def test_a_claim_about_the_world_has_the_numbers_of_its_source():
    # Typed from the abstracts.
    assert "32.5 per cent" in " ".join(claim("S0-10").reasons)
    assert "19.9 per cent" in " ".join(claim("S0-10").reasons)
    assert "-1.64 against -0.08" in " ".join(claim("S4-17").reasons)
    assert "40 to 150 nanometres" in " ".join(claim("S4-05").reasons)
    assert (facts()["exosome-size"].low, facts()["exosome-size"].high) == (40, 150)
    # A mean of 0.00825 copies: by Markov's inequality at most 0.825 % hold one.
    assert "fewer than one vesicle in a hundred" in " ".join(claim("S4-07").reasons)


@pytest.mark.parametrize(
    ("asked", "nearest"), [("S4-2", "S4-02"), ("s4-02", "S4-02"), ("S5-02", "S0-02")]
)
def test_an_unknown_id_names_the_nearest(asked, nearest):
    with pytest.raises(UnknownId, match=f"There is no claim '{asked}'. Nearest: ") as caught:
        claim(asked)
    assert nearest in caught.value.near


def test_an_unknown_lesson_names_the_nearest():
    with pytest.raises(UnknownId, match=r"There is no lesson '1\.4'\. Nearest: .*1\.3"):
        claims_at("1.4")


def test_what_a_caller_changes_is_not_the_course():
    claims().clear()
    assert len(claims()) == 36


@pytest.mark.parametrize(
    ("change", "problem", "remedy"),
    [
        (("would_change", "would_chang"), "'would_chang' is unknown", "Did you mean 'would_change"),
        (('references = ["Some20"]', ""), "the key 'references' is missing", "Add 'references"),
        (('references = ["Some20"]', "references = []"), "'references' is []", "a list of texts"),
        (('["Some20"]', '["logic"]'), "a reason cites Some20", "Add 'Some20' to the references"),
        (('["Some20"]', '["Some20", "B21"]'), "no reason cites B21", "Write [B21] behind"),
        (('["Some20"]', '["Some20", "logic"]'), "no reason cites logic", 'Use ["logic"] alone'),
        (('"Once is not always."', ""), "1 reason(s)", "Give two to four sentences"),
        (('verdict = "partly"', 'verdict = "maybe"'), "verdict 'maybe' is not", "Use one of 'supp"),
        (('type = "effect"', 'type = "wish"'), "type 'wish' is not known", "Use one of 'definit"),
        (('"none"', '"a friend"'), "source_given 'a friend' is not known", "Use one of 'none'"),
        (('home = "1.1"', 'home = "1.9"'), "home '1.9' is not known", "Use one of '0.1', '1.1'"),
        (('home = "1.1"', "home = 1.1"), "'home' is 1.1", "Write a text in quotes"),
        (("hedge = 0", "hedge = 3"), "hedge 3 is not known", "Write 0 (flat)"),
        (("hedge = 0", "hedge = true"), "'hedge' is True", "Write a whole number"),
        (("hedge = 0", ""), "the key 'hedge' is missing", "Write 0 (flat)"),
        (
            ('type = "effect"', 'type = "provenance"'),
            "provenance with a hedge",
            "Leave 'hedge' out",
        ),
        (('home = "1.1"', 'home = "1.1"\nanchor = "yes"'), "'anchor' is 'yes'", "true or false"),
    ],
)
def test_a_bad_claim_is_refused(change, problem, remedy):
    with pytest.raises(KnowledgeError) as caught:
        one(GOOD.replace(*change))
    message = str(caught.value)
    assert message.startswith("test.toml, X-1: ")
    assert problem in message
    assert remedy in message


def test_an_id_that_is_used_twice_is_refused():
    twice = GOOD + GOOD[GOOD.index("[[claim]]") :]
    with pytest.raises(KnowledgeError, match=r"test.toml, X-1: this id is used twice\. Give one"):
        one(twice)


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (("read_on = 2026-01-02", ""), "the key 'read_on' is missing"),
        (("2026-01-02", '"yesterday"'), "'read_on' is 'yesterday'. Write a date"),
        (('made_by = "us"', 'made_by = "us"\nauthor = "me"'), "the key 'author' is unknown"),
    ],
)
def test_a_bad_head_is_refused(change, problem):
    with pytest.raises(
        KnowledgeError, match=rf"test.toml, the head of the file: {re.escape(problem)}"
    ):
        one(GOOD.replace(*change))


def test_good_ties_hold():
    ties()


def test_a_claim_whose_reference_is_missing_is_refused():
    wrong = GOOD.replace("Some20", "Some21")
    with pytest.raises(
        KnowledgeError, match=r"claims.toml, X-1: the reference 'Some21' is missing\."
    ) as caught:
        ties(wrong)
    assert "Did you mean Some20? Else add it to references.bib." in str(caught.value)


def test_a_fact_whose_reference_is_missing_is_refused():
    wrong = FACT.replace("Some20", "Nobody99")
    with pytest.raises(
        KnowledgeError,
        match=r"facts/test.toml, a-size: the reference 'Nobody99' is missing\. Add it to refer",
    ):
        ties(fact=wrong)


def test_what_is_only_recalled_is_never_the_ground_of_a_verdict():
    recalled = BIB.replace("verified", "recalled")
    harmless = FACT.replace("measured", "recalled")
    with pytest.raises(KnowledgeError, match=r"X-1: Some20 is only recalled .* Look the paper up"):
        ties(bib=recalled, fact=harmless)


def test_a_number_from_a_recalled_paper_is_not_a_measured_one():
    recalled = BIB.replace("verified", "recalled")
    with pytest.raises(KnowledgeError, match=r"a-size: Some20 is only recalled, the fact is 'meas"):
        ties(bib=recalled)
