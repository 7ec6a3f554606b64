"""Facts: their numbers against the published ones, how they show themselves, what is refused."""

import math
import re
import subprocess
import sys
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exocourse.knowledge import KnowledgeError, UnknownId, fact, facts, references
from exocourse.knowledge.facts import STATUSES, Fact, merge, read_facts

# Typed from the sources' numbers, in the sources' units: (value, low, high), unit, key, status.
MICROMETRE = 1000
POWER = "(power of T / 300 K)"
RATIO = "(ratio of the speeds of light)"
PER_MICROGRAM = "particles per µg of protein"
PUBLISHED = {
    "exosome-size": ((None, 40, 150), "nm", "Bebelman20", "quoted"),
    "exosome-size-recalled": ((100, 40, 160), "nm", "Kalluri20", "recalled"),
    "small-ev-limit": ((200, None, None), "nm", "Welsh24", "consensus"),
    "ectosome-size": ((None, 100, 500), "nm", "Meldolesi18", "quoted"),
    "ectosome-size-wide": ((None, 100, 1000), "nm", "Kumar24", "quoted"),
    "apoptotic-body-size": (
        (None, 0.1 * MICROMETRE, 5 * MICROMETRE),
        "nm",
        "Kumar24",
        "quoted",
    ),
    "migrasome-size": ((None, 0.5 * MICROMETRE, 3 * MICROMETRE), "nm", "Kumar24", "quoted"),
    "oncosome-size": ((None, 1 * MICROMETRE, 10 * MICROMETRE), "nm", "Kumar24", "quoted"),
    "exomere-size": ((35, None, None), "nm", "Zhang18", "measured"),
    "exo-s-size": ((None, 60, 80), "nm", "Zhang18", "measured"),
    "exo-l-size": ((None, 90, 120), "nm", "Zhang18", "measured"),
    "exosome-density": ((None, 1.13, 1.19), "g/mL", "Kumar24", "quoted"),
    "release-signal-npy": ((0.85, None, None), "s", "Verweij18", "measured"),
    "release-signal-vamp2": ((2.12, None, None), "s", "Verweij18", "measured"),
    "release-signal-cd63": ((106.55, None, None), "s", "Verweij18", "measured"),
    "monocyte-secretion-rate": (
        (45, 45 - 21, 45 + 21),
        "vesicles per minute",
        "Auber22",
        "estimated",
    ),
    "erythrocyte-secretion-rate": (
        (3.2e-3, 0.2e-3, 6.2e-3),
        "vesicles per minute",
        "Auber22",
        "estimated",
    ),
    "plasma-secretion-rate": (
        (1.5e12, 1.1e12, 1.9e12),
        "vesicles per minute",
        "Auber22",
        "estimated",
    ),
    "plasma-vesicle-concentration": (
        (1e10, None, None),
        "vesicles per mL",
        "Johnsen19",
        "estimated",
    ),
    "misev2018-positive-markers": ((3, None, None), "markers", "Thery18", "consensus"),
    "misev2018-single-vesicle-methods": ((2, None, None), "methods", "Thery18", "consensus"),
    "popc-hydrocarbon-thickness": ((2.88, None, None), "nm", "Kucerka11", "measured"),
    "popc-area-per-lipid": ((0.643, None, None), "nm²", "Kucerka11", "measured"),
    "cytosol-protein-density": ((None, 2e6, 4e6), "proteins per µm³", "Milo13", "estimated"),
    "protein-volume-per-dalton": ((1.212e-3, None, None), "nm³/Da", "Erickson09", "quoted"),
    "protein-radius-coefficient": ((0.066, None, None), "nm/Da^(1/3)", "Erickson09", "estimated"),
    "lipid-gap": ((13, None, None), "nm", "Bouwstra91", "recalled"),
    # Tracking.
    "water-viscosity-amplitude-1": ((280.68, None, None), "µPa s", "Huber09", "recalled"),
    "water-viscosity-amplitude-2": ((511.45, None, None), "µPa s", "Huber09", "recalled"),
    "water-viscosity-amplitude-3": ((61.131, None, None), "µPa s", "Huber09", "recalled"),
    "water-viscosity-amplitude-4": ((0.45903, None, None), "µPa s", "Huber09", "recalled"),
    "water-viscosity-exponent-1": ((-1.9, None, None), POWER, "Huber09", "recalled"),
    "water-viscosity-exponent-2": ((-7.7, None, None), POWER, "Huber09", "recalled"),
    "water-viscosity-exponent-3": ((-19.6, None, None), POWER, "Huber09", "recalled"),
    "water-viscosity-exponent-4": ((-40, None, None), POWER, "Huber09", "recalled"),
    "tracking-variation-within-day": ((None, 1, 12), "%", "Vestad17", "measured"),
    "tracking-variation-day-to-day": ((None, 2, 25), "%", "Vestad17", "measured"),
    "pulse-sensing-variation-liposomes": ((23.9, None, None), "%", "Vogel16", "measured"),
    "pulse-sensing-variation-plasma": ((52.5, None, None), "%", "Vogel16", "measured"),
    "polystyrene-refractive-index": ((1.633, None, None), RATIO, "Gardiner14", "quoted"),
    "silica-refractive-index": ((1.470, None, None), RATIO, "Gardiner14", "quoted"),
    "refractive-index-fresh-urine": ((1.374, None, None), RATIO, "Gardiner14", "measured"),
    "refractive-index-lyophilised-urine": ((1.367, None, None), RATIO, "Gardiner14", "measured"),
    "refractive-index-neuroblastoma": ((1.393, None, None), RATIO, "Gardiner14", "measured"),
    "refractive-index-blood": ((1.398, None, None), RATIO, "Gardiner14", "measured"),
    "refractive-index-platelets": ((1.390, None, None), RATIO, "Gardiner14", "measured"),
    "refractive-index-placenta-small": ((None, 1.364, 1.375), RATIO, "Gardiner14", "measured"),
    "refractive-index-placenta-large": ((None, 1.398, 1.414), RATIO, "Gardiner14", "measured"),
    "refractive-index-urine-second-source": ((1.37, None, None), RATIO, "vdPol14b", "recalled"),
    # Isolation.
    "spin-viscosity": ((1.55, None, None), "mPa s", "Livshits15", "estimated"),
    "spin-density-difference": ((0.15, None, None), "g/mL", "Livshits15", "estimated"),
    "rotor-sw-40-ti-radius": ((112.8, 66.7, 158.8), "mm", "Livshits15", "quoted"),
    "rotor-sw-28-radius": ((118.2, 75.3, 161), "mm", "Livshits15", "quoted"),
    "rotor-mls-50-radius": ((71.7, 47.5, 95.8), "mm", "Livshits15", "quoted"),
    "rotor-type-45-ti-radius": ((69.9, 35.9, 103.8), "mm", "Livshits15", "quoted"),
    "rotor-type-45-ti-path": ((41.6, None, None), "mm", "Livshits15", "quoted"),
    "rotor-type-60-ti-radius": ((63.4, 36.9, 89.9), "mm", "Livshits15", "quoted"),
    "rotor-type-60-ti-path": ((27.3, None, None), "mm", "Livshits15", "quoted"),
    "rotor-type-70-ti-radius": ((65.7, 39.5, 91.9), "mm", "Livshits15", "quoted"),
    "rotor-type-70-ti-path": ((27.2, None, None), "mm", "Livshits15", "quoted"),
    "rotor-f-45-24-15-radius": ((68, 54, 82), "mm", "Livshits15", "quoted"),
    "rotor-f-45-24-15-path": ((15.6, None, None), "mm", "Livshits15", "quoted"),
    "rotor-tla-110-radius": ((37.3, 26, 48.5), "mm", "Livshits15", "quoted"),
    "rotor-tla-110-path": ((14.7, None, None), "mm", "Livshits15", "quoted"),
    "survey-medium": ((83, None, None), "%", "Gardiner16", "measured"),
    "survey-ultracentrifugation": ((81, None, None), "%", "Gardiner16", "measured"),
    "survey-combined-methods": ((59, None, None), "%", "Gardiner16", "measured"),
    "survey-single-characterisation": ((9, None, None), "%", "Gardiner16", "measured"),
    "survey-2019-responses": ((600, None, None), "answers", "Royo20", "measured"),
    "survey-2019-new-techniques": ((10, None, None), "%", "Royo20", "measured"),
    "purity-high": ((3e10, None, None), PER_MICROGRAM, "Webber13", "recalled"),
    "purity-low": ((None, 2e9, 2e10), PER_MICROGRAM, "Webber13", "recalled"),
    "purity-unpure": ((1.5e9, None, None), PER_MICROGRAM, "Webber13", "recalled"),
    "hdl-diameter": ((None, 5, 10), "nm", "Busatto20", "quoted"),
    "hdl-density": ((None, 1.063, 1.210), "g/mL", "Busatto20", "quoted"),
    "ldl-diameter": ((20, None, None), "nm", "Busatto20", "quoted"),
    "ldl-density": ((None, 1.019, 1.063), "g/mL", "Busatto20", "quoted"),
    "vldl-diameter": ((None, 30, 80), "nm", "Busatto20", "quoted"),
    "vldl-density": ((None, 0.930, 1.006), "g/mL", "Busatto20", "quoted"),
    "chylomicron-diameter": ((None, 80, 1000), "nm", "Busatto20", "quoted"),
    "chylomicron-density": ((0.950, None, None), "g/mL", "Busatto20", "quoted"),
}
# No source has these: the course chose them, and must say so.
ASSUMED = {
    "small-ectosome-size",
    "example-vesicle-diameter",
    "vesicle-shell-thickness",
    "lipid-area-with-cholesterol",
    "typical-protein-mass",
    "random-close-packing",
    "follicle-opening-width",
    "cell-diameter",
    "tracking-temperature",
    "body-temperature",
    "tracking-frame-rate",
    "example-track-frames",
    "shortest-track-frames",
    "tracking-field-width",
    "tracking-field-height",
    "example-localisation-error",
    "example-drift",
    "water-refractive-index",
    "vesicle-shell-refractive-index",
    "vesicle-core-refractive-index",
    "reference-bead-diameter",
    "rayleigh-largest-diameter",
    "tracking-wavelength",
    "scattering-angle",
    "lumen-protein-content",
    "counter-smallest-diameter",
    "buffer-density",
    "vesicle-shell-density-difference",
    "small-ev-diameters",
    "large-ev-diameters",
    "hdl-protein-share",
    "ldl-protein-share",
    "vldl-protein-share",
    "chylomicron-protein-share",
    "aggregate-diameters",
    "aggregate-protein-content",
    "soluble-protein-diameter",
    "soluble-protein-content",
    "protein-band-density",
    "medium-small-ev-count",
    "medium-large-ev-count",
    "medium-aggregate-count",
    "medium-soluble-protein",
    "plasma-large-ev-count",
    "plasma-hdl-count",
    "plasma-ldl-count",
    "plasma-vldl-count",
    "plasma-chylomicron-count",
    "plasma-aggregate-count",
    "plasma-soluble-protein",
    "separation-carry-over",
    "size-exclusion-cut-off",
    "size-exclusion-minutes",
    "density-step-minutes",
}
COMPUTED = {"secretion-rate-spread", "lipid-width", "typical-protein-diameter"}

GOOD = """
[[fact]]
id = "a-size"
quantity = "Size of a"
value = 1.5
unit = "nm"
condition = "always"
reference = "Welsh24"
status = "measured"
"""


def one(text=GOOD, file="facts/test.toml"):
    """Return the first fact of a TOML text."""
    return next(iter(read_facts(file, text).values()))


@pytest.mark.parametrize("fact_id", PUBLISHED)
def test_number_unit_source_and_status_are_the_published_ones(fact_id):
    (value, low, high), unit, key, status = PUBLISHED[fact_id]
    found = fact(fact_id)
    for had, wanted in ((found.value, value), (found.low, low), (found.high, high)):
        assert had == (None if wanted is None else pytest.approx(wanted, rel=1e-12))
    assert (found.unit, found.reference, found.status) == (unit, key, status)


def test_every_fact_is_published_assumed_or_computed():
    assert set(facts()) == set(PUBLISHED) | ASSUMED | COMPUTED


def test_measured_means_that_the_source_measured_it():
    # Reviews and protocols that pass a value on, and papers that model or collect.
    passed_on = {"Bebelman20", "Meldolesi18", "Kumar24", "Erickson09", "Livshits15", "Busatto20"}
    modelled = {"Auber22", "Johnsen19", "Milo13", "Erickson09"}
    for one in facts().values():
        if one.reference in passed_on | modelled:
            assert one.status in {"quoted", "estimated", "computed"}, one.id
    assert "status: measured, as the cited source reports" in repr(fact("exomere-size"))
    assert "status: quoted in a review or by convention" in repr(fact("exosome-size"))
    assert "the cited source's own estimate or model" in repr(fact("monocyte-secretion-rate"))


def test_words_that_the_course_put_for_those_of_a_review_say_so():
    for fact_id, word in (("ectosome-size-wide", "microvesicle"), ("oncosome-size", "oncosome")):
        note = fact(fact_id).note
        assert f"The review's word is {word};" in note
        assert "the course's reading" in note


def test_assumed_facts_say_so_and_say_why():
    assert {one.id for one in facts().values() if one.status == "assumed"} == ASSUMED
    for fact_id in ASSUMED:
        assert fact(fact_id).note
        assert "assumed by the course, not measured" in repr(fact(fact_id))


def test_computed_facts_follow_from_the_others():
    assert {one.id for one in facts().values() if one.status == "computed"} == COMPUTED
    disc = 2 * math.sqrt(fact("popc-area-per-lipid").value / math.pi)
    assert fact("lipid-width").value == pytest.approx(disc, rel=1e-3)
    volume = fact("typical-protein-mass").value * fact("protein-volume-per-dalton").value
    ball = 2 * (3 * volume / (4 * math.pi)) ** (1 / 3)
    assert fact("typical-protein-diameter").value == pytest.approx(ball, rel=1e-3)
    spread = fact("monocyte-secretion-rate").value / fact("erythrocyte-secretion-rate").value
    assert fact("secretion-rate-spread").value == pytest.approx(spread, rel=0.02)


def test_the_two_protein_constants_of_one_source_agree():
    # R = (3 v M / 4 pi)^(1/3), so the coefficient is (3 v / 4 pi)^(1/3).
    coefficient = (3 * fact("protein-volume-per-dalton").value / (4 * math.pi)) ** (1 / 3)
    assert fact("protein-radius-coefficient").value == pytest.approx(coefficient, rel=5e-3)


def test_the_ruler_rises_from_a_lipid_to_a_follicle():
    ruler = [
        "lipid-width",
        "popc-hydrocarbon-thickness",
        "typical-protein-diameter",
        "lipid-gap",
        "example-vesicle-diameter",
        "cell-diameter",
        "follicle-opening-width",
    ]
    lengths = [fact(name) for name in ruler]
    assert all(length.unit == "nm" for length in lengths)
    assert [float(length) for length in lengths] == sorted(float(length) for length in lengths)


def test_every_size_class_is_in_nanometres():
    sizes = [one for one in facts().values() if one.id.endswith(("-size", "-size-wide"))]
    assert len(sizes) == 10
    assert {one.unit for one in sizes} == {"nm"}


def test_a_value_is_a_float_and_a_range_says_how_to_use_it():
    assert isinstance(fact("misev2018-positive-markers").value, float)
    assert float(fact("vesicle-shell-thickness")) == 5.0
    with pytest.raises(TypeError, match=r"exosome-size is a range, 40 to 150 nm.*\.low and \.high"):
        float(fact("exosome-size"))


@pytest.mark.parametrize(
    ("fact_id", "amount"),
    [
        ("exosome-size", "40 to 150 nm"),
        ("oncosome-size", "1,000 to 10,000 nm"),
        ("popc-area-per-lipid", "0.643 nm²"),
        ("protein-volume-per-dalton", "0.001212 nm³/Da"),
        ("monocyte-secretion-rate", "45 (24 to 66) vesicles per minute"),
        ("plasma-vesicle-concentration", "1 × 10¹⁰ vesicles per mL"),
        ("random-close-packing", "0.64 of the volume"),
    ],
)
def test_the_amount_in_words(fact_id, amount):
    assert fact(fact_id).amount == amount


@given(st.floats(min_value=1e-20, max_value=1e20))
def test_a_number_in_words_is_still_that_number(value):
    words = one(GOOD.replace("1.5", repr(value))).amount.removesuffix(" nm")
    digits, _, power = words.partition(" × 10")
    plain = power.translate(str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")) or "0"
    assert float(digits.replace(",", "")) * 10.0 ** int(plain) == pytest.approx(value, rel=2e-6)


class Tags(HTMLParser):
    """Collects links, and what is open at the end."""

    def __init__(self, html):
        super().__init__()
        self.open, self.links, self.text = [], [], ""
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.open.append(tag)
        if tag == "a":
            self.links.append(dict(attrs)["href"])

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text += data


@pytest.mark.parametrize("fact_id", facts())
def test_it_shows_value_condition_status_and_source_everywhere(fact_id):
    one = fact(fact_id)
    page = Tags(one._repr_html_())
    assert page.open == []
    for shown in (repr(one), page.text):
        assert one.quantity in shown
        assert one.amount in shown
        assert one.condition in shown
        assert STATUSES[one.status] in shown
    # Its own source first, then those that its note names.
    named = [
        key for key in re.findall(r"\b[A-Za-z]+\d{2}\b", one.note or "") if key in references()
    ]
    sources = [*([one.source] if one.reference else []), *(references()[key] for key in named)]
    assert page.links == [source.link for source in sources]
    for source in sources:
        assert source.markdown_link in one._repr_markdown_()
        assert source.link in repr(one)
    assert (one.source is None) == (one.reference is None)


def test_it_shows_the_same_every_time():
    first = [(repr(one), one._repr_html_(), one._repr_markdown_()) for one in facts().values()]
    again = [(repr(one), one._repr_html_(), one._repr_markdown_()) for one in facts().values()]
    assert first == again
    assert not any(" at 0x" in text for shown in first for text in shown)


def test_signs_of_html_and_markdown_are_escaped():
    nasty = one(GOOD.replace('"always"', '"<b>p < 5</b> & *x* $y$ [z](w) a_b `c` | d"'))
    assert Tags(nasty._repr_html_()).text.count("<b>p < 5</b> & *x*") == 1
    assert "<b>" not in nasty._repr_html_()
    markdown = nasty._repr_markdown_()
    assert "&lt;b&gt;p &lt; 5&lt;/b&gt; &amp; \\*x\\* \\$y\\$ \\[z\\](w) a\\_b \\`c\\`" in markdown


@pytest.mark.parametrize(
    ("asked", "nearest"),
    [
        ("exosome-siz", "exosome-size"),
        ("Exosome-Size", "exosome-size"),
        ("shell-thickness", "vesicle-shell-thickness"),
        ("cell-diamter", "cell-diameter"),
    ],
)
def test_an_unknown_id_names_the_nearest(asked, nearest):
    with pytest.raises(UnknownId) as caught:
        fact(asked)
    assert nearest in caught.value.near
    assert str(caught.value).startswith(f"There is no fact '{asked}'. Nearest: ")
    assert f"facts() lists all {len(facts())}." in str(caught.value)


def test_an_unknown_id_with_nothing_near_says_where_to_look():
    with pytest.raises(KeyError, match=r"There is no fact 'qqqq'\. facts\(\) lists all"):
        fact("qqqq")


def test_what_a_caller_changes_is_not_the_course():
    facts().clear()
    assert fact("exosome-size").low == 40
    with pytest.raises(AttributeError):
        fact("exosome-size").low = 1


@pytest.mark.parametrize(
    ("change", "problem", "remedy"),
    [
        (("value = 1.5", "valuee = 1.5"), "the key 'valuee' is unknown", "Did you mean 'value'?"),
        (('condition = "always"', ""), "the key 'condition' is missing", "Add 'condition = ...'"),
        (('"measured"', '"guessed"'), "status 'guessed' is not known", "Use one of 'measured'"),
        (('"always"', '""'), "'condition' is ''", "not an empty one"),
        (("value = 1.5", 'value = "1.5"'), "'value' is '1.5'", "Write a number"),
        (("value = 1.5", "value = true"), "'value' is True", "Write a number"),
        (("value = 1.5", "value = nan"), "nan is no number", "Write a finite one"),
        (("value = 1.5", ""), "it has no number", "Give value, or low and high"),
        (("value = 1.5", "low = 1"), "half a range", "Give both low and high"),
        (("value = 1.5", "low = 2\nhigh = 1"), "low 2 is not below high 1", "Swap them"),
        (("1.5", "3\nlow = 1\nhigh = 2"), "value 3 is outside its range", "Mend either"),
        (('reference = "Welsh24"', ""), "status 'measured' without a reference", "Add 'reference"),
        (('"measured"', '"assumed"'), "status 'assumed' without a note", "Say in a note why"),
        (
            ('reference = "Welsh24"\nstatus = "measured"', 'status = "quoted"'),
            "status 'quoted' without a reference",
            "Add 'reference",
        ),
        (
            ('reference = "Welsh24"\nstatus = "measured"', 'status = "estimated"'),
            "status 'estimated' without a reference",
            "Add 'reference",
        ),
    ],
)
def test_a_bad_fact_is_refused(change, problem, remedy):
    with pytest.raises(KnowledgeError) as caught:
        one(GOOD.replace(*change))
    message = str(caught.value)
    assert message.startswith("facts/test.toml, a-size: ")
    assert problem in message
    assert remedy in message


def test_an_id_that_is_used_twice_is_refused():
    with pytest.raises(KnowledgeError, match=r"facts/test.toml, a-size: this id is used twice"):
        one(GOOD + GOOD)


def test_an_id_that_is_used_in_two_files_is_refused():
    files = {name: read_facts(name, GOOD) for name in ("facts/a.toml", "facts/b.toml")}
    with pytest.raises(KnowledgeError, match=r"^facts/b.toml, a-size: .* in facts/a.toml too"):
        merge(files)


def test_an_entry_without_an_id_is_counted():
    with pytest.raises(KnowledgeError, match=r"facts/test.toml, entry 2: the key 'id' is missing"):
        one(GOOD + GOOD.replace('id = "a-size"', ""))


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("[[fact", "it is not valid TOML"),
        ("", "the key 'fact' is missing"),
        ('fact = "no"', "it has no [[fact]]"),
        ('facts = "no"\n' + GOOD, "the key 'facts' is unknown. Did you mean 'fact'?"),
    ],
)
def test_a_file_that_is_no_list_of_facts_is_refused(text, problem):
    with pytest.raises(
        KnowledgeError, match=f"facts/test.toml, the whole file: {re.escape(problem)}"
    ):
        one(text)


def test_numbers_and_claims_do_not_wait_for_the_bibliography():
    program = """
import sys
from exocourse.knowledge import claim, fact
claim("S4-02"), repr(claim("S4-02")), fact("exosome-size").low, fact("exosome-size").amount
ours = {name.partition(".")[0] for name in sys.modules} - sys.stdlib_module_names
print(sorted(name for name in ours if not name.startswith(("_", "exocourse", "sitecustom"))))
print([name for name in ("subprocess", "socket") if name in sys.modules])
"""
    done = subprocess.run(
        [sys.executable, "-S", "-c", f"import sys; sys.path[:] = {sys.path!r}\n{program}"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.splitlines() == ["[]", "[]"]


def test_the_class_is_what_the_module_says():
    assert isinstance(fact("exosome-size"), Fact)
