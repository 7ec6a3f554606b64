"""The bibliography: what can be found, how it is cited, what is refused."""

import re

import pytest

from exocourse.knowledge import KnowledgeError, UnknownId, cite, references
from exocourse.knowledge.data_files import data_text
from exocourse.knowledge.references import read_references

GOOD = """
@article{Some20,
  author = {Some, A. B. and One, C.},
  title = {On things},
  journal = {Journal of Things},
  year = {2020},
  volume = {3},
  pages = {14},
  doi = {10.1000/things.3},
  status = {verified},
}
"""
# Typed from the papers.
DOIS = {
    "Welsh24": "10.1002/jev2.12404",
    "vanNiel18": "10.1038/nrm.2017.125",
    "Colombo14": "10.1146/annurev-cellbio-101512-122326",
    "Zhang18": "10.1038/s41556-018-0040-4",
    "Kumar24": "10.1038/s41392-024-01735-1",
    "Verweij18": "10.1083/jcb.201703206",
    "Huber09": "10.1063/1.3088050",
    "Einstein05": "10.1002/andp.19053220806",
    "Filipe10": "10.1007/s11095-010-0073-2",
    "Gardiner14": "10.3402/jev.v3.25361",
    "vdPol14a": "10.1111/jth.12602",
    "vdPol14b": "10.1021/nl503371p",
    "Vestad17": "10.1080/20013078.2017.1344087",
    "Vogel16": "10.3402/jev.v5.31242",
    "Livshits15": "10.1038/srep17319",
    "Cvjetkovic14": "10.3402/jev.v3.23111",
    "Webber13": "10.3402/jev.v2i0.19861",
    "Gardiner16": "10.3402/jev.v5.32945",
    "Royo20": "10.3390/cells9091955",
    "VanDeun17": "10.1038/nmeth.4185",
    "Busatto20": "10.1016/j.addr.2020.08.003",
    "Nguyen20": "10.1002/jev2.12033",
    "Madel23": "10.1016/j.jcyt.2023.03.008",
    "Kucerka11": "10.1016/j.bbamem.2011.07.022",
    "Estupinan25": "10.1111/jocd.70208",
    "JPark26": "10.3390/life16020217",
}
LABELS = {
    "Welsh24": "Welsh et al., 2024",
    "Milo13": "Milo, 2013",
    "Kalluri20": "Kalluri and LeBleu, 2020",
    "JPark26": "Park and Park, 2026",
    "vanNiel18": "van Niel et al., 2018",
    "LoCicero15": "Lo Cicero et al., 2015",
    "FloresR26": "Flores Rodríguez et al., 2026",
    "KaufmanJ23": "Kaufman-Janette et al., 2023",
    "Kucerka11": "Kučerka et al., 2011",
    "Estupinan25": "Estupiñan et al., 2025",
    "Thery18": "Théry et al., 2018",
    "vdPol14a": "van der Pol et al., 2014a",
    "vdPol14b": "van der Pol et al., 2014b",
    "FDA19": "US Food and Drug Administration, 2019",
    "FDAcosmetics": "US Food and Drug Administration, undated",
}
# Other spellings that the sources of the course have used for the same papers.
ALIASES = {"MISEV23", "Estup25", "Estupiñan25", "Kaufman23", "Flores26", "Théry18", "Kučerka11"}


def one(text=GOOD):
    """Return the first reference of a BibTeX text."""
    return next(iter(read_references("test.bib", text).values()))


def test_every_doi_looks_like_one_and_stands_once():
    dois = [one.doi for one in references().values() if one.doi]
    assert all(re.fullmatch(r"10\.\d{4,9}/\S+", doi) for doi in dois)
    assert len({doi.lower() for doi in dois}) == len(dois)


@pytest.mark.parametrize("key", DOIS)
def test_a_doi_is_that_of_the_paper(key):
    assert references()[key].doi == DOIS[key]
    assert references()[key].link == f"https://doi.org/{DOIS[key]}"


@pytest.mark.parametrize("key", LABELS)
def test_the_label(key):
    assert references()[key].label == LABELS[key]


def test_no_two_references_have_the_same_label():
    labels = [one.label for one in references().values()]
    assert len(set(labels)) == len(labels)


def test_every_key_is_ascii_and_each_paper_has_one():
    assert all(re.fullmatch(r"[A-Za-z]+(\d\d[a-z]?)?", key) for key in references())
    assert not ALIASES & set(references())


def test_the_year_in_the_key_is_the_year():
    for key, one in references().items():
        if one.year:
            assert key.rstrip("abc").endswith(f"{one.year % 100:02d}")


def test_everything_can_be_found():
    assert all(one.link or one.note for one in references().values())


def test_accents_are_typed_and_nothing_is_latex():
    text = data_text("references.bib")
    assert not re.search(r"\\['`^\"~a-zA-Z]", text)
    assert references()["Sodar16"].authors == ("Sódar, B. W.",)


def test_the_markdown_link_is_the_citation_of_a_lesson():
    welsh = references()["Welsh24"]
    assert welsh.markdown_link == "[Welsh et al., 2024](https://doi.org/10.1002/jev2.12404)"


def test_without_doi_the_page_is_linked():
    page = references()["FDA19"]
    assert page.doi is None
    assert page.link.startswith("https://www.fda.gov/")


def test_a_list_of_references_shows_each_once_with_its_link():
    shown = cite("vanNiel18", "Welsh24", "vanNiel18")
    assert [one.key for one in shown] == ["vanNiel18", "Welsh24"]
    assert len(shown) == 2
    for text in (repr(shown), shown._repr_markdown_(), shown._repr_html_()):
        assert text.count("https://doi.org/10.1038/nrm.2017.125") == 1
        assert "Shedding light on the cell biology of extracellular vesicles" in text
    assert repr(shown) == repr(cite("vanNiel18", "Welsh24"))
    assert '<a href="https://doi.org/10.1002/jev2.12404">' in shown._repr_html_()


def test_the_entry_reads_well():
    assert repr(one()) == (
        "Some and One, 2020\n"
        "  - Some, A. B.; One, C. (2020). On things. Journal of Things 3:14. "
        "doi:10.1000/things.3 <https://doi.org/10.1000/things.3>"
    )


@pytest.mark.parametrize(
    ("authors", "start"),
    [
        ("Some, A. B.", "Some, A. B. (2020)"),
        ("A, X. and B, X. and C, X.", "A, X.; B, X.; C, X. (2020)"),
        ("A, X. and B, X. and C, X. and D, X.", "A, X.; B, X.; C, X. et al. (2020)"),
        ("A, X. and others", "A, X. et al. (2020)"),
    ],
)
def test_long_lists_of_authors_are_cut(authors, start):
    found = one(GOOD.replace("Some, A. B. and One, C.", authors))
    assert f"- {start}." in repr(found)


def test_what_was_not_looked_up_says_so():
    assert "(as recalled, not looked up)" in repr(cite("Bouwstra91"))
    assert "(title or abstract seen, DOI from memory)" in repr(cite("Meldolesi18"))
    assert "recalled" not in repr(cite("Welsh24"))


def test_a_title_cannot_break_the_page():
    nasty = one(GOOD.replace("On things", "On <i>p<0.05</i> & *stars* [or not]"))
    assert "On &lt;i&gt;p&lt;0.05&lt;/i&gt; &amp; *stars*" in nasty._repr_html_()
    assert "\\*stars\\* \\[or not\\]" in nasty._repr_markdown_()
    assert "&lt;i&gt;" in nasty._repr_markdown_()


@pytest.mark.parametrize(("asked", "nearest"), [("Welsh23", "Welsh24"), ("vanniel18", "vanNiel18")])
def test_an_unknown_key_names_the_nearest(asked, nearest):
    with pytest.raises(UnknownId, match=rf"There is no reference '{asked}'\. Nearest: {nearest}"):
        cite("Milo13", asked)


def test_cite_needs_a_key():
    with pytest.raises(ValueError, match="at least one key"):
        cite()


@pytest.mark.parametrize(
    ("change", "problem", "remedy"),
    [
        (("journal =", "journall ="), "the field 'journall' is unknown", "Did you mean 'journal'?"),
        (("status = {verified},", ""), "status '(none)' is not known", "Use one of 'verified'"),
        (("{verified}", "{seen}"), "status 'seen' is not known", "Use one of 'verified'"),
        (("title = {On things},", ""), "it has no title", "Add 'title = {...},'"),
        (("author = {Some, A. B. and One, C.},", ""), "it has no author", "Add 'author"),
        (("{2020}", "{in press}"), "year 'in press' is not a year", "Write four digits"),
        (
            ("{10.1000/things.3}", "{https://doi.org/10.1000/things.3}"),
            "is not a DOI",
            "without the https",
        ),
        (("doi = {10.1000/things.3},", ""), "nobody can find it", "Add a doi, a url or a note"),
        (("doi = {10.1000/things.3}", "url = {www.x.org}"), "is not a web address", "https://"),
        (("On things", "On {\\'e}"), "is spelled in LaTeX", "Type accents and signs as they are"),
    ],
)
def test_a_bad_reference_is_refused(change, problem, remedy):
    with pytest.raises(KnowledgeError) as caught:
        one(GOOD.replace(*change))
    message = str(caught.value)
    assert message.startswith("test.bib, Some20: ")
    assert problem in message
    assert remedy in message


def test_a_key_that_is_used_twice_is_refused():
    with pytest.raises(KnowledgeError, match=r"^test.bib, .*repeated bibliography entry: Some20"):
        one(GOOD + GOOD)


def test_a_doi_that_is_used_twice_is_refused():
    twin = GOOD.replace("Some20", "Other20").replace("10.1000/things.3", "10.1000/THINGS.3")
    with pytest.raises(KnowledgeError, match=r"test.bib, Other20: its DOI is that of Some20"):
        one(GOOD + twin)


def test_what_is_not_bibtex_is_refused():
    with pytest.raises(KnowledgeError, match=r"test.bib, the whole file: it is not valid BibTeX"):
        one(GOOD.rstrip().removesuffix("}"))
