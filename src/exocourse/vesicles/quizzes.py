"""Quizzes of module 1."""

from exocourse.learning.quiz import Option, QuizItem

_QUIZ_1_1 = (
    QuizItem(
        id="1.1.q1",
        objective="1.1.o1",
        stem=(
            "The surface of a healthy cell bulges outward and pinches off a vesicle. It"
            " is 90 nm wide and carries the protein CD63. Which word fits?"
        ),
        options=(
            Option(
                "by-size",
                "Exosome, because it is well below 150 nm",
                "Exosomes are often that small, but so are some ectosomes. You saw "
                "where this vesicle came from, and that decides.",
                misconception="size-proves-origin",
            ),
            Option(
                "by-marker",
                "Exosome, because it carries CD63 on its surface",
                "CD63 has long been used as a marker of exosomes, which is why this"
                " tempts. It has been found on other EVs too: CD63 alone does not "
                "tell the two apart.",
                misconception="marker-proves-origin",
            ),
            Option(
                "ectosome",
                "Ectosome, because it budded from the plasma membrane",
                "The route makes the name, and you watched the route. Size and CD63"
                " don't change it.",
                right=True,
            ),
            Option(
                "apoptotic",
                "Apoptotic body, because a piece of the cell was shed",
                "Dying cells do shed pieces, and those are apoptotic bodies. This "
                "cell is healthy: living cells release vesicles all the time.",
                misconception="shedding-means-dying",
            ),
        ),
    ),
    QuizItem(
        id="1.1.q2",
        objective="1.1.o1",
        stem="In the moment when a cell releases exosomes, what merges with what?",
        options=(
            Option(
                "cells",
                "The cell with a neighbouring cell",
                "Something does merge, and the picture of two cells is easy to "
                "remember. But one cell is enough: two membranes of the same cell "
                "merge.",
                misconception="cells-merge",
            ),
            Option(
                "uptake",
                "The exosome with the cell that receives it",
                "What happens at the receiving cell comes later, and is a different"
                " question. The stem asks about the moment of release.",
                misconception="release-confused-with-uptake",
            ),
            Option(
                "nothing",
                "Nothing: the plasma membrane bulges out and pinches a vesicle off",
                "That is the other way out, and it makes an ectosome.",
                misconception="all-evs-bud-outward",
            ),
            Option(
                "mvb",
                "A multivesicular body with the plasma membrane",
                "Its vesicles were inside it; when it opens to the outside they are"
                " free, and only now are they exosomes.",
                right=True,
            ),
        ),
    ),
    QuizItem(
        id="1.1.q3",
        objective="1.1.o2",
        stem=(
            "The fluid around stored platelets is put into a particle counter, which "
            "finds particles of 110 nm. No other test was made. Which name goes as far "
            "as this evidence, and no further?"
        ),
        options=(
            Option(
                "ep",
                "Extracellular particles",
                "The counter shows that particles are there, outside cells, and how"
                " big they are. Nobody has looked for a membrane yet.",
                right=True,
            ),
            Option(
                "small-ev",
                "Small extracellular vesicles",
                'The size would fit. But "vesicle" says that there is a membrane, '
                "and the counter sees particles with and without one.",
                misconception="counted-means-vesicle",
            ),
            Option(
                "exosomes",
                "Platelet exosomes",
                "110 nm lies in the range that is quoted for exosomes, and the "
                "source is known. The route is not, and not even a membrane was "
                "shown.",
                misconception="size-proves-origin",
            ),
            Option(
                "mimetic",
                "Exosome-like particles",
                '"Like" sounds modest, but the word still hints at a route that '
                "nobody has shown. A name for what was measured is better.",
                misconception="like-makes-it-safe",
            ),
        ),
    ),
    QuizItem(
        id="1.1.q4",
        objective="1.1.o3",
        stem=(
            "A vesicle's diameter doubles from 100 to 200 nm while its membrane stays 5"
            " nm thick. What happens to the share of its volume that is lumen?"
        ),
        options=(
            Option(
                "doubles",
                "It doubles, as the diameter does",
                "Then it would have to go from 73 % to 146 %. A share can't pass "
                "100 %: compare 0.9³ with 0.95³.",
                misconception="share-grows-like-diameter",
            ),
            Option(
                "rises",
                "It rises, though by much less than twofold",
                "0.9³ becomes 0.95³: from 73 to 86 %. The larger the vesicle, the "
                "less a membrane of 5 nm matters.",
                right=True,
            ),
            Option(
                "same",
                "It stays the same, because a ball is a ball at any size",
                "That would be so if the membrane doubled as well. It stays 5 nm, "
                "so the large vesicle is not an enlarged copy of the small one.",
                misconception="share-does-not-depend-on-size",
            ),
            Option(
                "falls",
                "It falls, because there is more membrane than before",
                "There is more membrane, about four times as much. But the lumen "
                "grows more than nine times.",
                misconception="more-membrane-means-smaller-share",
            ),
        ),
    ),
    QuizItem(
        id="1.1.q5",
        objective="1.1.o4",
        stem=(
            "One particle from a cell culture measures 120 nm, and that is all that is "
            "known. What is still open?"
        ),
        options=(
            Option(
                "route-only",
                "Only whether it is an exosome or an ectosome",
                "The route is open indeed, so this is half right. But a size "
                "doesn't show a membrane either: it may not be a vesicle at all.",
                misconception="every-particle-is-a-vesicle",
            ),
            Option(
                "exosome",
                "Nothing: at 120 nm it has to be an exosome",
                "120 nm lies in the range quoted for exosomes, and in the one "
                "quoted for ectosomes too.",
                misconception="size-proves-origin",
            ),
            Option(
                "ectosome",
                "Nothing: above 100 nm it has to be an ectosome",
                "A round number makes a handy border in tables. Nature doesn't keep"
                " it: the quoted ranges overlap above 100 nm, and small ectosomes "
                "lie below it.",
                misconception="one-hundred-is-a-border",
            ),
            Option(
                "both",
                "Its route, and even whether it has a membrane",
                "A size describes how big something is. Extracellular particle is "
                "the name that needs no more evidence.",
                right=True,
            ),
        ),
    ),
    QuizItem(
        id="1.1.q6",
        objective="0.1.o1",
        stem=(
            "Looking back at 0.1. A vesicle is 60 nm across, its membrane 5 nm thick "
            "all round. How wide is its lumen?"
        ),
        options=(
            Option(
                "25",
                "25 nm",
                "That is the way from the middle to the membrane. Asked for is the "
                "way across, from one side of the lumen to the other.",
                misconception="radius-for-width",
            ),
            Option(
                "50",
                "50 nm",
                "A line through the middle crosses the membrane twice, as it "
                "crossed the wall of the tank.",
                right=True,
            ),
            Option(
                "55",
                "55 nm",
                "One side has been taken off. Draw a line straight through: how "
                "often does it cross the membrane?",
                misconception="wall-counted-once",
            ),
            Option(
                "60",
                "60 nm",
                "That is the whole vesicle, membrane included. The lumen is what "
                "the membrane encloses.",
                misconception="wall-ignored",
            ),
        ),
    ),
    QuizItem(
        id="1.1.q7",
        objective="0.1.o4",
        stem=(
            "Looking back at 0.1. An advertisement says that a pillow brings sleep into"
            " balance. Which rating fits the sentence as it is written?"
        ),
        options=(
            Option(
                "uncheckable",
                "Not checkable as written",
                "What would sleep out of balance look like, and how would one "
                "measure it? As long as that is not said, no finding can decide. A "
                "sharper sentence, on hours slept for instance, could be checked.",
                right=True,
            ),
            Option(
                "unsupported",
                "Unsupported",
                "Evidence is missing, that is true. But ask what evidence would "
                "look like: the sentence doesn't say what to measure, so a search "
                "has no target.",
                misconception="vague-is-unsupported",
            ),
            Option(
                "contradicted",
                "Contradicted",
                "Vague sentences can annoy, and then one wants to say no. "
                "Contradicted needs evidence that says otherwise, and nothing "
                "could.",
                misconception="annoying-is-false",
            ),
            Option(
                "opinion",
                "Opinion or signal (nothing to check)",
                "It reads like a mood. Yet it says that the pillow does something, "
                "which is a claim about the world, only a blurred one.",
                misconception="vague-is-opinion",
            ),
        ),
    ),
)

QUIZZES = {"1.1": _QUIZ_1_1}
