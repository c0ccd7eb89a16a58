"""The eye-level check: twenty questions in ten dimensions, the scale, what to ask each other later."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

CANNOT_SAY = "none"
"""What a form sends for an answer that somebody cannot give."""


@dataclass(frozen=True)
class Dimension:
    """One thing that can be level between sides. ``more`` is the sentence for the side that has or does more
    of it; ``guide`` is what the sides ask each other when they look at the result."""

    key: str
    label: Promise
    questions: tuple[Promise, Promise]
    more: Promise
    guide: tuple[Promise, ...]


DIMENSIONS = (
    Dimension(
        "agenda",
        _("Agenda"),
        (
            _("Who brings up the topics you work on together?"),
            _("Whose plans and dates decide what comes next?"),
        ),
        _("%(side)s sets the topics more often."),
        (
            _("Which topic have we wanted to bring up for a long time, and have not?"),
            _("When did we last do something because you had proposed it?"),
            _("Who writes the next agenda, and who the one after it?"),
        ),
    ),
    Dimension(
        "decision",
        _("Decisions"),
        (
            _("When something has to be decided, who has the last word?"),
            _("Whose “no” counts for more?"),
        ),
        _("%(side)s has the last word more often."),
        (
            _("Which decision of the last year would you have taken differently?"),
            _("Who was not asked and should have been?"),
            _("What may each of us decide alone, and what only together?"),
        ),
    ),
    Dimension(
        "money",
        _("Money"),
        (
            _("Who pays more, measured by what each can afford?"),
            _("Who brings more rooms, materials and other things that cost money?"),
        ),
        _("%(side)s gives more money and things."),
        (
            _("What do you pay for that we have never seen?"),
            _("Does paying more give anybody more of a say? Should it?"),
            _("What could we do that costs neither of us much?"),
        ),
    ),
    Dimension(
        "learning",
        _("Learning"),
        (
            _("Who learns more that is new?"),
            _("Who has changed more at home because of what was learned here?"),
        ),
        _("%(side)s learns more."),
        (
            _("What have you learned from us that you still use?"),
            _("What do you know that we have never asked about?"),
            _("Which mistake of yours could spare us one of our own?"),
        ),
    ),
    Dimension(
        "benefit",
        _("Benefit"),
        (
            _("All in all, who gains more from this partnership?"),
            _("Who would lose more if it ended tomorrow?"),
        ),
        _("%(side)s gains more."),
        (
            _("What would have to happen next year for you to say: it was worth it?"),
            _("Who in your city notices our partnership, and who should?"),
        ),
    ),
    Dimension(
        "effort",
        _("Effort"),
        (
            _("Who does more of the work: preparing, writing, organising?"),
            _("Who reminds the others and keeps things going?"),
        ),
        _("%(side)s does more of the work."),
        (
            _("Which work of yours do we not see?"),
            _("What could we leave out, and nobody would miss it?"),
            _("Which task could move to the other side for a year?"),
        ),
    ),
    Dimension(
        "movement",
        _("Coming and going"),
        (
            _("Who travels more to see the other?"),
            _("When you meet, who adapts more: hours, places, customs?"),
        ),
        _("%(side)s travels and adapts more."),
        (
            _("What keeps you from coming: money, time, visas, families?"),
            _("Who met at an uncomfortable hour last time? Whose turn is it next?"),
            _("Which meeting could go online, and which should not?"),
        ),
    ),
    Dimension(
        "language",
        _("Language"),
        (
            _("Who has to speak a language that is not their own more often?"),
            _("Who takes more care that everybody understands: translating, explaining?"),
        ),
        _("%(side)s carries more of the language work."),
        (
            _("When did you stay silent because the words were missing?"),
            _("Which words do we use differently without noticing?"),
            _("Could one meeting be held in your language, and we bring somebody who translates?"),
        ),
    ),
    Dimension(
        "information",
        _("Information"),
        (
            _("Who hears of important news earlier?"),
            _("Who knows better where plans, papers and contacts are?"),
        ),
        _("%(side)s knows more."),
        (
            _("What did you learn too late last year?"),
            _("What lies with one person only, and who else should have it?"),
            _("Where do we write down what both sides must know?"),
        ),
    ),
    Dimension(
        "voice",
        _("Voice"),
        (
            _("When you meet, who speaks more?"),
            _("Whose words are heeded more?"),
        ),
        _("%(side)s is heard more."),
        (
            _("Who among you has something to say and has not said it yet?"),
            _("When did you feel that we had really listened?"),
            _("What would make it easier to disagree with us?"),
        ),
    ),
)
_BY_KEY = {dimension.key: dimension for dimension in DIMENSIONS}
KEYS = tuple(dimension.key for dimension in DIMENSIONS)
QUESTIONS_EACH = 2
QUESTION_COUNT = QUESTIONS_EACH * len(DIMENSIONS)
DIMENSION_OF_QUESTION = tuple(number // QUESTIONS_EACH for number in range(QUESTION_COUNT))

PAIR = 2
SCALE = (-2, -1, 0, 1, 2)
LABELS_OF_TWO = (
    _("clearly the other side"),
    _("rather the other side"),
    _("both alike"),
    _("rather us"),
    _("clearly us"),
)
LABELS_OF_MORE = (
    _("clearly the others"),
    _("rather the others"),
    _("all alike"),
    _("rather us"),
    _("clearly us"),
)
LABEL_CANNOT_SAY = _("I cannot say")


def scale_labels(*, sides: int) -> tuple[Promise, ...]:
    """What the five steps are called between two sides, or among more."""
    return LABELS_OF_TWO if sides <= PAIR else LABELS_OF_MORE


def dimension(key: str) -> Dimension:
    """Raises KeyError for a dimension there is not."""
    return _BY_KEY[key]


def answers_fit(answers: Iterable[object]) -> bool:
    """Whether these are answers to all questions: one of the five steps each, or none.

    >>> answers_fit([0] * 20), answers_fit([None] * 19), answers_fit([True] * 20), answers_fit([3] * 20)
    (True, False, False, False)
    """
    given = list(answers)
    if len(given) != QUESTION_COUNT:
        return False
    return all(answer is None or (type(answer) is int and answer in SCALE) for answer in given)
