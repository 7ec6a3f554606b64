"""Quizzes of module 0."""

from exocourse.learning.quiz import Option, QuizItem

_QUIZ_0_1 = (
    QuizItem(
        id="0.1.q1",
        objective="0.1.o3",
        stem=(
            'A lesson uses a membrane of 5 nm; its status is "assumed by the course, '
            'not measured". What is such a number good for?'
        ),
        options=(
            Option(
                "measured",
                "The same as a measured one, since specialists chose it with care",
                "It is tempting to trust a number because careful people wrote it "
                "down. But nobody measured this one, and its status says so. "
                "Another choice could be just as reasonable.",
                misconception="assumed-is-measured",
            ),
            Option(
                "sweep",
                "Running a model, and seeing what changes when it is varied",
                "A model needs some number to start from. If the answer hardly "
                "moves when you vary it, the assumption does little harm; if it "
                "moves a lot, you have learned what should be measured.",
                right=True,
            ),
            Option(
                "useless",
                "Nothing: a number that nobody measured should be left out",
                "Caution is right, but leaving every such number out would leave no"
                " model at all. The trouble starts when an assumption is hidden, "
                "not when it is named.",
                misconception="assumed-is-worthless",
            ),
            Option(
                "average",
                "Standing for the mean of many published measurements",
                "A round number looks like an average. Here it is a choice. An "
                "average of measurements would come with its sources.",
                misconception="assumed-is-an-average",
            ),
        ),
    ),
    QuizItem(
        id="0.1.q2",
        objective="0.1.o4",
        stem=(
            "A leaflet says that a lamp uses half as much power as its rival. You "
            "search carefully and find that nobody has published a measurement of "
            "either lamp. Which rating fits today?"
        ),
        options=(
            Option(
                "contradicted",
                "Contradicted",
                "An empty search feels like a no. But contradicted needs evidence "
                "that points the other way, and here there is none of any kind.",
                misconception="missing-evidence-refutes",
            ),
            Option(
                "supported",
                "Supported",
                "Nothing speaks against the sentence, and that can feel like "
                "support. Supported needs evidence that agrees with it.",
                misconception="not-refuted-is-supported",
            ),
            Option(
                "unsupported",
                "Unsupported",
                "A power meter could settle the sentence, so it can be checked; the"
                " evidence is just not there. One good measurement would change the"
                " rating.",
                right=True,
            ),
            Option(
                "uncheckable",
                "Not checkable as written",
                "It has not been checked, but it could be: the sentence says what "
                "to measure and what to compare with. Not checkable is kept for "
                "sentences too vague for any finding to decide.",
                misconception="unchecked-is-uncheckable",
            ),
        ),
    ),
    QuizItem(
        id="0.1.q3",
        objective="0.1.o2",
        stem=(
            "You record a prediction, it turns out far off, and you switch the computer"
            " off without saving the notebook. What becomes of the prediction?"
        ),
        options=(
            Option(
                "lost",
                "It is gone, because the notebook was not saved",
                "That is how most documents behave. Recorded answers are written to"
                " a file of their own at once, so they don't depend on saving the "
                "page.",
                misconception="answers-live-in-the-notebook",
            ),
            Option(
                "mark",
                "It counts against you when the lesson is added up",
                "School has taught many of us to expect that. A prediction is never"
                " graded: a guess is data, not a mark.",
                misconception="a-guess-is-a-mark",
            ),
            Option(
                "replaced",
                "It is replaced by what came true, so that nothing wrong stays",
                "It would be tidy, and it would hide what you have learned. The "
                "guess and what came true are shown side by side.",
                misconception="wrong-guesses-are-erased",
            ),
            Option(
                "kept",
                "It stays on record and is shown beside what came true",
                "It was written down when you recorded it. After a restart, run the"
                " setup cell and then the cell with the comparison.",
                right=True,
            ),
        ),
    ),
)

QUIZZES = {"0.1": _QUIZ_0_1}
