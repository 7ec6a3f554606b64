"""Reading a label: what its words assert, and what evidence goes with each.

The eight labels are invented for the course.  None is a real product, and no firm is meant.

A label is read in three steps: take each word by itself (`WORDS`); look whether what comes with
the vial bears it out; give the contents the best honest name
(`exocourse.vesicles.nomenclature.name_preparation`).  A number of particles is a count.  It is no
identity, no dose and no potency (`COUNT_IS_NOT`).
"""

from dataclasses import dataclass

from exocourse.knowledge import UnknownId
from exocourse.knowledge.card import Card, Row, Shown, row
from exocourse.knowledge.references import with_citations
from exocourse.vesicles.centrifugation import one_number
from exocourse.vesicles.geometry import sphere_volume_nm3
from exocourse.vesicles.nomenclature import PreparationEvidence, PreparationName, name_preparation

_NL_PER_NM3 = 1e-15


@dataclass(frozen=True)
class LabelWord:
    """A word that stands on labels.

    Attributes
    ----------
    word : str
        The word.
    asserts : str
        What it says of the contents, taken at its word.
    evidence : str
        What would have to come with it; reference keys in brackets.
    """

    word: str
    asserts: str
    evidence: str


WORDS = {
    one.word: one
    for one in (
        LabelWord(
            "exosomes",
            "Vesicles that cells released by one route: an inner compartment opened to the "
            "outside.",
            "That these vesicles came that way. Live imaging can show that cells use the route "
            "(Verweij18); size, markers and counts do not show it (Welsh24, Mathieu21).",
        ),
        LabelWord(
            "extracellular vesicles",
            "Cells released them, a lipid bilayer encloses them, they cannot multiply.",
            "How they were collected, a picture of the membrane, no cells or microbes (Welsh24).",
        ),
        LabelWord(
            "stem cells",
            "Which cells the liquid was taken from. It is a source, not an effect.",
            "What the cells are, in numbers that can be checked (Witwer19).",
        ),
        LabelWord(
            "conditioned medium",
            "Liquid in which cells have lived, with all that they let out: soluble factors and "
            "vesicles together.",
            "Which cells, which medium, how long. An effect of the medium is no effect of its "
            "vesicles (Whittaker20, LeeHJ14).",
        ),
        LabelWord(
            "growth factors",
            "Proteins that cells respond to.",
            "Which ones, how much, whether they are active, and whether they are in the vesicles, "
            "on them or beside them (Whittaker20, Shelke19).",
        ),
        LabelWord(
            "billion particles",
            "A counter saw so many particles, of any kind.",
            "The method, the sizes that it sees, a blank, and what else may be counted: "
            "lipoproteins can pass for vesicles (Sodar16, Johnsen19).",
        ),
        LabelWord(
            "purified",
            "Something was taken out.",
            "What, how, and how much is left: particles and protein before and after, and a check "
            "for what should be gone (Thery18, Webber13).",
        ),
        LabelWord(
            "lysate",
            "Cells were broken up, and this is what was in them.",
            "Which cells, and how they were broken. What comes out so was not released (Welsh24).",
        ),
        LabelWord(
            "plant",
            "Which organism it was taken from.",
            "Which plant, and which part. Whether it released the particles is another question: "
            "much work has been done on blended plants (Ambrosone23).",
        ),
        LabelWord(
            "milk",
            "Which liquid it was taken from.",
            "Whose milk, and what was done to it. Whether the particles are vesicles, and not the "
            "fat and protein particles of milk, is another question (the course's reading). A "
            "study on the skin of 31 women names no comparison in its abstract (Lu24).",
        ),
        LabelWord(
            "platelets",
            "Which cells of the blood it was taken from; they are no stem cells.",
            "Donors and their tests. Whether the platelets released the particles or were broken "
            "is another question (the course's reading). Such a product has been tried "
            "(Proffer22).",
        ),
        LabelWord(
            "freeze-dried",
            "The water was taken out, so that it keeps.",
            "Count, size and function after water is added again, not before drying: stability "
            "has to be tested (Nguyen20).",
        ),
        LabelWord(
            "peptides",
            "Short proteins were added. They may act by themselves.",
            "A comparison with the same peptides without the vesicles: only that tells what the "
            "vesicles add (the course's reading of Whittaker20).",
        ),
        LabelWord(
            "sterile",
            "Nothing in it multiplies.",
            "A test of the filled vial, lot by lot (Nguyen20 names sterility as one of five).",
        ),
        LabelWord(
            "biomimetic",
            "People made it, to resemble something that grew.",
            "How it is made, and in what it resembles the model. The term is 'EV mimetic', not "
            "'exosome-like' (Welsh24).",
        ),
    )
}

# The five that Nguyen20 names; the questions are the course's.
QUALITY_BOXES = {
    "identity": "What is it?",
    "purity": "What else is in it?",
    "sterility": "Does anything in it multiply?",
    "potency": "Does it do what it is for, by a test that measures how much?",
    "stability": "Is all this still so on the day of use?",
}

COUNT_IS_NOT = {
    "identity": "A counter sees vesicles, lipoproteins and aggregates alike (Sodar16, Johnsen19): "
    "a number does not say what was counted.",
    "dose": "A dose is an amount of what acts. Which part acts is open (Whittaker20), and ten "
    "billion balls of 100 nm are a few nanolitres.",
    "potency": "Preparations made by one procedure differed in effect, and no protein or microRNA "
    "told the active ones from the others (Madel23). Potency is tested, not counted (Nguyen20).",
}

GROUPS = {
    "vesicles": "may call itself extracellular vesicles",
    "particles": "may call itself particles: membrane or release is not shown",
    "mimetic": "may call itself a mimetic: made, not released",
    "mixture": "is named after its liquid: nothing was separated",
}
_VESICLE_NAMES = ("EV", "small EV", "large EV", "exosomes", "ectosomes")


@dataclass(frozen=True, repr=False)
class Label(Shown):
    """An invented product label, and what comes with the vial.

    Attributes
    ----------
    id : str
        Such as ``"milk"``.
    printed : str
        What is printed on it.
    comes_with : str
        What the maker's sheet says.
    words : tuple of str
        Words on it that assert something: keys of `WORDS`.
    shown : tuple of str
        Those of the words that the sheet bears out.
    boxes : tuple of str
        Those of `QUALITY_BOXES` that the sheet has something on.
    evidence : PreparationEvidence or None
        What is shown of the particles.  None where nothing was separated, so that there is a
        liquid to be named and not a preparation.
    liquid : str or None
        What to call that liquid; None where there is a preparation.
    particles : float or None
        The count on the label.
    """

    id: str
    printed: str
    comes_with: str
    words: tuple[str, ...]
    shown: tuple[str, ...]
    boxes: tuple[str, ...]
    evidence: PreparationEvidence | None
    liquid: str | None = None
    particles: float | None = None

    def card(self) -> Card:
        """Return the label and the sheet, without a verdict."""
        return Card(
            f"Label '{self.id}' (invented)",
            (row("printed on it", self.printed), row("comes with it", self.comes_with)),
        )


@dataclass(frozen=True, repr=False)
class LabelReading(Shown):
    """What a label may claim.

    Attributes
    ----------
    label : Label
        The label.
    honest_name : str
        The best honest name of the contents.
    group : str
        One of `GROUPS`.
    naming : PreparationName or None
        Reasons for the name, and what is missing for a bolder one; None for a liquid.
    not_shown : tuple of str
        Words on the label that nothing bears out.
    empty_boxes : tuple of str
        Those of `QUALITY_BOXES` that the sheet is silent on.
    """

    label: Label
    honest_name: str
    group: str
    naming: PreparationName | None
    not_shown: tuple[str, ...]
    empty_boxes: tuple[str, ...]

    def card(self) -> Card:
        """Return the words one by one, the honest name, and what the count is not."""
        words = tuple(
            (
                f"'{word}' ({'not shown' if word in self.not_shown else 'shown'}): "
                f"{WORDS[word].asserts} Evidence: ",
                *with_citations(WORDS[word].evidence),
            )
            for word in self.label.words
        )
        rows = [
            row("best honest name", self.honest_name),
            row("it", GROUPS[self.group]),
            Row("word by word", words),
        ]
        if self.naming:
            rows.append(Row("why", tuple(with_citations(one) for one in self.naming.reasons)))
        if self.label.particles:
            rows.append(
                Row(
                    "the count is not",
                    tuple(
                        (f"{what}: ", *with_citations(why)) for what, why in COUNT_IS_NOT.items()
                    ),
                )
            )
        if self.empty_boxes:
            rows.append(row("nothing is said of", ", ".join(self.empty_boxes)))
        return Card(f"Label '{self.label.id}', read", tuple(rows))


def labels() -> dict[str, Label]:
    """Return the eight labels by id."""
    return {one.id: one for one in _LABELS}


def read_label(label: Label | str) -> LabelReading:
    """Read a label: word by word, then the best honest name.

    Parameters
    ----------
    label : Label or str
        A label, or the id of one of `labels`.

    Returns
    -------
    LabelReading
        What the label may claim.

    Raises
    ------
    UnknownId
        Where there is no label of this id; it names the nearest ones.
    """
    if not isinstance(label, Label):
        if label not in labels():
            raise UnknownId.nearest(label, labels(), "label", "labels()")
        label = labels()[label]
    naming = None if label.evidence is None else name_preparation(label.evidence)
    return LabelReading(
        label=label,
        honest_name=label.liquid if naming is None else naming.term,
        group=_group(label.evidence, naming),
        naming=naming,
        not_shown=tuple(word for word in label.words if word not in label.shown),
        empty_boxes=tuple(box for box in QUALITY_BOXES if box not in label.boxes),
    )


def _group(evidence, naming):
    if naming is None:
        return "mixture"
    if naming.short in _VESICLE_NAMES:
        return "vesicles"
    return "mimetic" if evidence.is_artificial else "particles"


def particle_volume_nl(particles: float, diameter_nm: float) -> float:
    """Volume that so many balls take up together, nL.

    Parameters
    ----------
    particles : float
        How many there are.
    diameter_nm : float
        Their diameter, nm.

    Returns
    -------
    float
        Nanolitres.

    Raises
    ------
    TypeError, ValueError
        Where a parameter is not a finite number above zero.
    """
    return one_number(particles, "particles") * sphere_volume_nm3(diameter_nm) * _NL_PER_NM3


_LABELS = (
    Label(
        id="medium",
        printed="Exosome serum: conditioned medium of human stem cells, rich in growth factors. "
        "2 billion particles in each mL.",
        comes_with="The cells and their markers, donor tests, medium and days of culture. A count "
        "by particle tracking, with its size range and a blank. Nothing was separated.",
        words=(
            "exosomes",
            "conditioned medium",
            "stem cells",
            "growth factors",
            "billion particles",
        ),
        shown=("conditioned medium", "stem cells", "billion particles"),
        boxes=("identity",),
        evidence=None,
        liquid="conditioned medium of human stem cells: soluble factors and particles together",
        particles=2e9,
    ),
    Label(
        id="ev",
        printed="Small extracellular vesicles of human stem cells from fat tissue, purified, "
        "sterile. 10 billion particles in each vial.",
        comes_with="The cells and their markers. Medium of living cells, spins, then a column. "
        "Membranes seen by electron microscopy. CD9, CD81 and syntenin found, albumin and "
        "apolipoprotein nearly gone. 110 nm by particle tracking, with a blank. Particles and "
        "protein before and after. Sterility test of the lot.",
        words=(
            "extracellular vesicles",
            "stem cells",
            "purified",
            "sterile",
            "billion particles",
        ),
        shown=("extracellular vesicles", "stem cells", "purified", "sterile", "billion particles"),
        boxes=("identity", "purity", "sterility"),
        evidence=PreparationEvidence(
            released_from_cells=True,
            lipid_bilayer=True,
            cannot_replicate=True,
            diameter_nm=110,
            size_method="NTA",
            markers=("CD9", "CD81", "syntenin"),
            non_vesicular_controls=True,
        ),
        particles=1e10,
    ),
    Label(
        id="lysate",
        printed="Stem cell exosome complex: lysate of human cord cells, sterile.",
        comes_with="Cells frozen and thawed three times and filtered. Protein content. Sterility "
        "test of the lot.",
        words=("exosomes", "stem cells", "lysate", "sterile"),
        shown=("lysate", "sterile"),
        boxes=("sterility",),
        evidence=None,
        liquid="lysate of human cord cells: what is in broken cells",
    ),
    Label(
        id="plant",
        printed="Rose exosomes: purified plant vesicles, 50 billion particles in each vial.",
        comes_with="Petals blended and pressed, then spins. Membranes seen by electron microscopy. "
        "120 nm by particle tracking.",
        words=("exosomes", "plant", "purified", "billion particles"),
        shown=("plant",),
        boxes=("identity",),
        evidence=PreparationEvidence(
            made_by_disruption=True,
            lipid_bilayer=True,
            diameter_nm=120,
            size_method="NTA",
        ),
        particles=5e10,
    ),
    Label(
        id="milk",
        printed="Milk exosomes, purified. 20 billion particles in each vial.",
        comes_with="Skimmed cow's milk, spins. CD9 found. 140 nm by particle tracking. No picture "
        "of a membrane, no check for fat or milk protein.",
        words=("exosomes", "milk", "purified", "billion particles"),
        shown=("milk",),
        boxes=(),
        evidence=PreparationEvidence(
            released_from_cells=True,
            diameter_nm=140,
            size_method="NTA",
            markers=("CD9",),
        ),
        particles=2e10,
    ),
    Label(
        id="platelet",
        printed="Exosomes of human platelets, purified.",
        comes_with="Platelets of tested donors, frozen and thawed, then a column. Membranes seen "
        "by electron microscopy. CD41 and CD9 found. 150 nm by particle tracking. Whether the "
        "platelets let the vesicles go or burst was not looked at.",
        words=("exosomes", "platelets", "purified"),
        shown=("platelets",),
        boxes=("identity",),
        evidence=PreparationEvidence(
            lipid_bilayer=True,
            diameter_nm=150,
            size_method="NTA",
            markers=("CD41", "CD9"),
        ),
    ),
    Label(
        id="lyophilised",
        printed="Freeze-dried exosomes with peptides. 10 billion particles in each vial. Keeps for "
        "two years.",
        comes_with="A count by particle tracking, 130 nm, before drying. A list of ingredients: "
        "sugar, three peptides.",
        words=("exosomes", "freeze-dried", "peptides", "billion particles"),
        shown=(),
        boxes=(),
        evidence=PreparationEvidence(diameter_nm=130, size_method="NTA"),
        particles=1e10,
    ),
    Label(
        id="mimetic",
        printed="Biomimetic exosomes with growth factors.",
        comes_with="Bilayers assembled from two lipids, with three growth factors made in yeast: "
        "how much of each is inside, and how active in cells. Bilayers seen by electron "
        "microscopy. 100 nm by light scattering, lot by lot, also after twelve months.",
        words=("exosomes", "biomimetic", "growth factors"),
        shown=("biomimetic", "growth factors"),
        boxes=("identity", "potency", "stability"),
        evidence=PreparationEvidence(
            fully_synthetic=True,
            lipid_bilayer=True,
            diameter_nm=100,
            size_method="light scattering",
        ),
    ),
)
