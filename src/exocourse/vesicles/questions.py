"""Questions, predictions and quizzes of module 1.

Answers are worked out by the models, never typed in. What a question gives (a diameter, a
membrane) is its own assumption and is said in its prompt.
"""

from __future__ import annotations

from exocourse.knowledge import fact
from exocourse.learning.prediction import Prediction
from exocourse.learning.question import Cases, Choice, Misconception, Number, Question, Written
from exocourse.vesicles.geometry import (
    lipid_count,
    lumen_fraction,
    lumen_volume_nm3,
    sphere_surface_nm2,
)

# 1.1: the vesicle of questions a, b and d, and the pair of question c.
DIAMETER_NM = 80.0
MEMBRANE_NM = 5.0
LARGER_NM = 120.0
SMALL_NM, DOUBLE_NM = 60.0, 120.0
# The pair of the lesson's prediction.
_DOUBLING_NM = (50.0, 100.0)


def _lumen_percent() -> float:
    return 100 * lumen_fraction(DIAMETER_NM, MEMBRANE_NM)


def _lumen_width(diameter_nm: float) -> float:
    return diameter_nm - 2 * MEMBRANE_NM


def _lumen_growth(small_nm: float = SMALL_NM, large_nm: float = DOUBLE_NM) -> float:
    small, large = (lumen_volume_nm3(d, MEMBRANE_NM) for d in (small_nm, large_nm))
    return large / small


def _lipids() -> float:
    return lipid_count(LARGER_NM, MEMBRANE_NM)


def _lipids_on(surface_nm2: float) -> float:
    """Return how many lipids lie in one sheet of this surface."""
    return surface_nm2 / fact("popc-area-per-lipid").value


def lumen_share(diameter_nm: float, membrane_nm: float) -> float:
    """Return the lumen's share of a vesicle's volume: the reference of 1.1.h."""
    return ((diameter_nm - 2 * membrane_nm) / diameter_nm) ** 3


def names_left_open(diameter_nm: float, ranges: dict[str, tuple[float, float]]) -> list[str]:
    """Return the classes whose range includes a diameter: the reference of 1.1.i."""
    return [name for name, (low, high) in ranges.items() if low <= diameter_nm <= high]


# The ranges that question 1.1.i gives: round numbers for an exercise, not facts.
RANGES = {"red": (40, 150), "green": (100, 1000), "blue": (500, 3000)}

_QUESTIONS_1_1 = (
    Question(
        id="1.1.a",
        prompt="A vesicle is 80 nm across and its membrane 5 nm thick. How wide is its lumen (nm)?",
        expects=Number(lambda: DIAMETER_NM - 2 * MEMBRANE_NM, unit="nm"),
        points=1,
        why="The membrane is met twice, at both ends of the line.",
        misconceptions=(
            Misconception(
                "membrane-counted-once",
                "You took the membrane off once. A line straight through the vesicle meets it "
                "where it goes in and again where it comes out.",
                lambda: DIAMETER_NM - MEMBRANE_NM,
            ),
            Misconception(
                "radius-for-diameter",
                "That is how far it is from the middle to the inner wall. The width goes from "
                "wall to wall.",
                lambda: DIAMETER_NM / 2 - MEMBRANE_NM,
            ),
            Misconception(
                "membrane-ignored",
                "That is the vesicle from outside to outside. Asked for is the lumen alone.",
                lambda: DIAMETER_NM,
            ),
            Misconception(
                "membrane-counted-three-times",
                "You took the membrane off three times. A line through the middle meets it twice.",
                lambda: DIAMETER_NM - 3 * MEMBRANE_NM,
            ),
            Misconception(
                "membrane-added",
                "You added the membrane. The 80 nm are measured outside, so it is already in them.",
                lambda: DIAMETER_NM + 2 * MEMBRANE_NM,
            ),
        ),
        hints=(
            "Draw a circle, a smaller one inside it, and one straight line through the middle of "
            "both. How many times does the line cross the ring between them?",
            "Width of the lumen = outer diameter minus the membrane, taken off at both ends.",
        ),
    ),
    Question(
        id="1.1.b",
        prompt="The same vesicle: what share of its volume is lumen (in percent)?",
        expects=Number(_lumen_percent, rtol=0.016, unit="percent"),
        points=2,
        why="A third of this vesicle is wall, though the wall is thin beside the width.",
        misconceptions=(
            Misconception(
                "ratio-of-widths",
                "That is the ratio of the widths. Volumes go with the third power of the width.",
                lambda: 100 * (1 - 2 * MEMBRANE_NM / DIAMETER_NM),
            ),
            Misconception(
                "ratio-of-surfaces",
                "That is the ratio of the surfaces: the second power. A volume needs one power "
                "more.",
                lambda: 100 * (1 - 2 * MEMBRANE_NM / DIAMETER_NM) ** 2,
            ),
            Misconception(
                "membrane-counted-once",
                "The power is right, but the lumen is too wide: the membrane comes off at both "
                "ends.",
                lambda: 100 * (1 - MEMBRANE_NM / DIAMETER_NM) ** 3,
            ),
            Misconception(
                "share-of-the-wall",
                "That is the other part: what the membrane takes up.",
                lambda: 100 - _lumen_percent(),
            ),
            Misconception(
                "ratio-of-widths-as-a-fraction",
                "That compares the widths, as a fraction. Volumes go with the third power, and "
                "the question asks for percent.",
                lambda: 1 - 2 * MEMBRANE_NM / DIAMETER_NM,
            ),
            Misconception(
                "membrane-counted-once-and-no-power",
                "Two things: the membrane comes off at both ends, and a volume needs the third "
                "power.",
                lambda: 100 * (1 - MEMBRANE_NM / DIAMETER_NM),
            ),
            Misconception(
                "fraction-for-percent",
                "As a fraction, yes. The question asks for percent.",
                lambda: _lumen_percent() / 100,
            ),
        ),
        hints=(
            "Use the width of the lumen from question a. Both lumen and vesicle are balls: what "
            "does the volume of a ball depend on?",
            "Divide lumen width by vesicle width, raise the result to the third power, and turn "
            "it into percent.",
        ),
    ),
    Question(
        id="1.1.c",
        prompt=(
            "Two vesicles, 60 and 120 nm across, both with a membrane of 5 nm. How many times as "
            "large as the smaller one's is the lumen of the larger one?"
        ),
        expects=Number(_lumen_growth, rtol=0.035),
        points=2,
        why=(
            "More than the eight times of a solid ball: the membrane stays as thick as it was, so "
            "the smaller vesicle loses more of its room to it."
        ),
        misconceptions=(
            Misconception(
                "grows-like-the-diameter",
                "The diameter doubles, but a volume grows faster than a width.",
                lambda: DOUBLE_NM / SMALL_NM,
            ),
            Misconception(
                "grows-like-the-surface",
                "That is how the outer surface grows. The lumen is a volume.",
                lambda: sphere_surface_nm2(DOUBLE_NM) / sphere_surface_nm2(SMALL_NM),
            ),
            Misconception(
                "solid-ball",
                "That holds for a solid ball. The membrane stays as thick as it was, so the "
                "small vesicle loses a larger part of its room to it.",
                lambda: (DOUBLE_NM / SMALL_NM) ** 3,
            ),
            Misconception(
                "ratio-of-lumen-widths",
                "That is the ratio of the two lumen widths. The lumen is a volume.",
                lambda: _lumen_width(DOUBLE_NM) / _lumen_width(SMALL_NM),
            ),
            Misconception(
                "ratio-of-inner-surfaces",
                "That is how the lumen's surface grows. A volume needs one power more.",
                lambda: (_lumen_width(DOUBLE_NM) / _lumen_width(SMALL_NM)) ** 2,
            ),
            Misconception(
                "membrane-counted-once",
                "The power is right, but the membrane comes off at both ends of each vesicle.",
                lambda: ((DOUBLE_NM - MEMBRANE_NM) / (SMALL_NM - MEMBRANE_NM)) ** 3,
            ),
            Misconception(
                "another-pair",
                "That is the pair of the lesson. Here the vesicles are 60 and 120 nm across.",
                lambda: _lumen_growth(*_DOUBLING_NM),
            ),
            Misconception(
                "ratio-of-shares",
                "That compares the lumen's shares. Compare the lumens themselves, in nm³.",
                lambda: (
                    lumen_fraction(DOUBLE_NM, MEMBRANE_NM) / lumen_fraction(SMALL_NM, MEMBRANE_NM)
                ),
            ),
            Misconception(
                "upside-down",
                "Upside down: the larger volume goes on top.",
                lambda: 1 / _lumen_growth(),
            ),
        ),
        hints=(
            "Not the vesicles are asked for but their lumens. How wide is each?",
            "First the two widths of the lumen, then their ratio, and only then the power that "
            "turns widths into volumes.",
        ),
    ),
    Question(
        id="1.1.d",
        prompt="About how many lipids has the membrane of a 120-nm vesicle, if it is lipid only?",
        expects=Number(_lipids, rtol=0.02),
        points=2,
        why="Two sheets, the inner one smaller. A membrane with proteins in it has room for fewer.",
        misconceptions=(
            Misconception(
                "outer-sheet-only",
                "That is the outer sheet alone. A membrane is two sheets of lipids.",
                lambda: _lipids_on(sphere_surface_nm2(LARGER_NM)),
            ),
            Misconception(
                "outer-sheet-twice",
                "You counted two sheets of the same size. The inner one closes around the lumen, "
                "which is narrower.",
                lambda: 2 * _lipids_on(sphere_surface_nm2(LARGER_NM)),
            ),
            Misconception(
                "radius-for-diameter",
                "A ball's surface is pi times its diameter squared. You put the radius in its "
                "place.",
                lambda: _lipids() / 4,
            ),
            Misconception(
                "inner-sheet-twice",
                "You counted two sheets of the inner size. The outer one goes around the outside.",
                lambda: 2 * _lipids_on(sphere_surface_nm2(_lumen_width(LARGER_NM))),
            ),
            Misconception(
                "inner-sheet-only",
                "That is the inner sheet alone. A membrane is two sheets of lipids.",
                lambda: _lipids_on(sphere_surface_nm2(_lumen_width(LARGER_NM))),
            ),
            Misconception(
                "area-for-count",
                "That is the surface of both sheets in nm². How many lipids does it hold?",
                lambda: _lipids() * fact("popc-area-per-lipid").value,
            ),
            Misconception(
                "another-vesicle",
                "That is the 100-nm vesicle of the lesson. This one is 120 nm across.",
                lambda: lipid_count(100.0, MEMBRANE_NM),
            ),
            Misconception(
                "multiplied-by-the-area",
                "You multiplied by the area of one lipid. To count tiles on a floor, divide.",
                lambda: _lipids() * fact("popc-area-per-lipid").value ** 2,
            ),
        ),
        hints=(
            "How many surfaces does a lipid bilayer have, and how wide is each?",
            "The surfaces of both sheets together, divided by what one lipid covers. Add first: "
            "brackets.",
        ),
    ),
    Question(
        id="1.1.e",
        prompt=(
            "Skin cells grow in a fluid that held no particles. Later it is spun; the pellet holds "
            "particles of 120 nm (particle tracking) with a bilayer (electron microscopy) and "
            "CD63, and nothing in it multiplies. Which name is the most exact one?"
        ),
        expects=Choice(
            (
                ("A", "exosomes"),
                ("B", "small extracellular vesicles"),
                ("C", "exosome-like vesicles"),
                ("D", "extracellular particles, nothing more"),
                ("E", "stem-cell exosomes"),
            ),
            answer="B",
        ),
        points=2,
        why=(
            "Release, a bilayer and no multiplying give EV; 120 nm by tracking makes it small; "
            "nobody showed the route."
        ),
        misconceptions=(
            Misconception(
                "size-or-marker-shows-the-route",
                "Neither 120 nm nor CD63 shows that these came out of a multivesicular body: "
                "ectosomes can have both.",
                "A",
            ),
            Misconception(
                "likeness-for-evidence",
                "A word that says neither yes nor no. The guideline advises against it: name what "
                "was shown.",
                "C",
            ),
            Misconception(
                "evidence-not-used",
                "Too careful: release, a bilayer and no multiplication were all shown. That earns "
                "more than the widest word.",
                "D",
            ),
            Misconception(
                "source-for-route",
                "Skin cells were grown, not stem cells; and a source is not a route.",
                "E",
            ),
        ),
        hints=(
            "Go through the three parts of the definition. Which are shown here? Then ask whether "
            "anybody showed the route.",
            "The name goes as far as the evidence, no further and no less far; a size may be "
            "added, together with its method.",
        ),
    ),
    Question(
        id="1.1.f",
        prompt="Leaves are blended; bilayered particles of 90 nm are filtered out. Best name?",
        expects=Choice(
            (
                ("A", "plant exosomes"),
                ("B", "small extracellular vesicles from plants"),
                ("C", "vesicles made by breaking cells, a kind of EV mimetic"),
                ("D", "ectosomes"),
            ),
            answer="C",
        ),
        points=1,
        why=(
            "The blender made them, no cell released them. The guideline's example is extrusion; "
            "that blending counts too is the course's reading."
        ),
        misconceptions=(
            Misconception(
                "size-shows-the-route",
                "The size fits, but no multivesicular body was seen to release them.",
                "A",
            ),
            Misconception(
                "anything-with-a-bilayer-is-an-ev",
                "A bilayer is one of three parts. Were these released by living cells, or did the "
                "blender free them?",
                "B",
            ),
            Misconception(
                "from-a-membrane-means-ectosome",
                "An ectosome buds from a living cell's plasma membrane. Here the cells were "
                "torn apart.",
                "D",
            ),
        ),
        hints=(
            "The first part of the definition of an EV is about what the cell does.",
            "What did the blender do to the cells? Look at the neighbours of the word EV in the "
            "lesson's first section.",
        ),
    ),
    Question(
        id="1.1.g",
        prompt="In three to five sentences: what does this label show, and what would you ask?",
        expects=Written(
            rubric=(
                "Says what is shown: particles in a size range, by one method.",
                "Says that size and count show neither a membrane nor the route, so that "
                "'exosomes' is not earned.",
                "Says that the range also fits other particles or vesicles, with one example.",
                "Asks for something that would decide: release, a bilayer, the route, or the "
                "controls.",
            ),
            min_words=30,
        ),
        hints=(
            "What did the counter see, and what can no counter see?",
            "Go up the ladder of names in the lesson: on which rung does this label stop?",
        ),
        points=4,
    ),
    Question(
        id="1.1.h",
        prompt="Write lumen_share(diameter_nm, membrane_nm): the lumen's share, from 0 to 1.",
        expects=Cases(
            "lumen_share",
            cases=((100.0, 5.0), (50.0, 5.0), (30.0, 4.0), (1000.0, 8.0), (20.0, 10.0)),
            reference=lumen_share,
            rtol=1e-3,
            atol=1e-3,
        ),
        points=2,
        why="The same sum as in question b, for any vesicle.",
        part="B",
        misconceptions=(
            Misconception(
                "membrane-counted-once",
                "It takes the membrane off once. There are two sides.",
                lambda diameter, membrane: ((diameter - membrane) / diameter) ** 3,
            ),
            Misconception(
                "ratio-of-widths",
                "It returns the ratio of the widths. A share of the volume needs a power.",
                lambda diameter, membrane: (diameter - 2 * membrane) / diameter,
            ),
            Misconception(
                "percent-for-fraction",
                "It returns percent. The question asks for a share from 0 to 1.",
                lambda diameter, membrane: 100 * lumen_share(diameter, membrane),
            ),
            Misconception(
                "share-of-the-wall",
                "It returns what the membrane takes up: the other part.",
                lambda diameter, membrane: 1 - lumen_share(diameter, membrane),
            ),
        ),
        hints=(
            "You did this by hand in question b. Put the names in the place of the numbers.",
            "In Python the third power is ** 3, and brackets come before powers.",
        ),
    ),
    Question(
        id="1.1.i",
        prompt=(
            "Write names_left_open(diameter_nm, ranges): the names of all ranges that include the "
            "diameter, both ends included, in the order of the dictionary."
        ),
        expects=Cases(
            "names_left_open",
            cases=(
                (120.0, RANGES),
                (100.0, RANGES),
                (150.0, RANGES),
                (20.0, RANGES),
                (600.0, RANGES),
                (3000.0, RANGES),
            ),
            reference=names_left_open,
        ),
        points=2,
        why="Ranges overlap, so a size can leave several classes open, or none.",
        part="B",
        misconceptions=(
            Misconception(
                "one-size-one-class",
                "It stops at the first range that fits. Ranges overlap: size leaves several "
                "classes open.",
                lambda diameter, ranges: names_left_open(diameter, ranges)[:1],
            ),
            Misconception(
                "ends-left-out",
                "It leaves out the ends. Both belong to the range.",
                lambda diameter, ranges: [n for n, (a, b) in ranges.items() if a < diameter < b],
            ),
            Misconception(
                "ends-for-the-inside",
                "It only looks at the lower end: what is too large for a range gets in.",
                lambda diameter, ranges: [n for n, (a, _) in ranges.items() if a <= diameter],
            ),
        ),
        hints=(
            "Go through ranges.items(): each gives a name and a pair of ends.",
            "Collect the names in a list, and return it after the loop, not inside it. Does your "
            "comparison include both ends?",
        ),
    ),
)

QUESTIONS = {question.id: question for question in _QUESTIONS_1_1}

# The prediction: what a doubling of the diameter does to the lumen.
_FACTORS = {"2": 2, "4": 4, "8": 8, "11": 11, "30": 30}


def lumen_growth_outcome() -> tuple[str, str]:
    """Return what came true of prediction 1.1.p, worked out by the vesicle model.

    It is said for the assumed membrane, and for one that is 1 nm thinner or thicker, to show how
    far the assumption carries.
    """
    small_nm, large_nm = _DOUBLING_NM
    membrane_nm = fact("vesicle-shell-thickness").value
    thinner, factor, thicker = (
        lumen_volume_nm3(large_nm, t) / lumen_volume_nm3(small_nm, t)
        for t in (membrane_nm - 1, membrane_nm, membrane_nm + 1)
    )
    key = min(_FACTORS, key=lambda name: abs(_FACTORS[name] - factor))
    wall_small, wall_large = (1 - lumen_fraction(d, membrane_nm) for d in _DOUBLING_NM)
    words = (
        f"With a membrane of {membrane_nm:g} nm (assumed) the lumen grows {factor:.1f} times "
        "(modelled). The diameter grows 2 times, the surface 4 times, the vesicle as a whole "
        "8 times. The rest comes from the membrane: it stays as thick as it was, so it takes "
        f"{100 * wall_small:.0f} % of the small vesicle's volume but only {100 * wall_large:.0f} % "
        f"of the large one's. With {membrane_nm - 1:g} or {membrane_nm + 1:g} nm of membrane "
        f"instead, the lumen would grow {thinner:.1f} or {thicker:.1f} times."
    )
    return key, words


PREDICTIONS = {
    "1.1.p": Prediction(
        id="1.1.p",
        prompt=(
            "A vesicle's diameter doubles, from 50 to 100 nm. Its membrane stays as thick as it "
            "was. How many times as large does its lumen, the hollow inside, become?"
        ),
        options=tuple((key, f"about {factor} times") for key, factor in _FACTORS.items()),
        outcome=lumen_growth_outcome,
    )
}
