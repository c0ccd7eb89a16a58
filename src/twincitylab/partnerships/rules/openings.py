"""Words to begin a proposal with, in any language of the platform, and the language to write in."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from twincitylab.community.choices import Topic
from twincitylab.community.queries.cards import CommunityCard
from twincitylab.community.rules.languages import base_code


@dataclass(frozen=True)
class Opening:
    """One way to begin: what it is for and what it says, in the reader's language."""

    key: str
    title: str
    text: str


OPENING_KEYS = ("hello", "topic", "learn")


def openings(us: CommunityCard, them: CommunityCard) -> tuple[Opening, ...]:
    """All ways to begin, in the language in force."""
    topic = _topic(us, them)
    words = {"us": us.name, "them": them.name, "place": us.city or us.country_name, "topic": topic}
    hello = Opening(
        "hello",
        _("Say hello"),
        _(
            "Hello %(them)s, we are %(us)s from %(place)s. We like what you do and would be glad to get to "
            "know you. Would half an hour online suit you, to tell each other what we are working on?"
        )
        % words,
    )
    if not topic:
        return (hello,)
    return (
        hello,
        Opening(
            "topic",
            _("Speak about what you share"),
            _(
                "Hello %(them)s, we are %(us)s from %(place)s. We both care about this: %(topic)s. We would "
                "like to hear what has worked with you and what has not, and we gladly tell you the same. "
                "Shall we meet online?"
            )
            % words,
        ),
        Opening(
            "learn",
            _("Ask to learn from them"),
            _(
                "Hello %(them)s, we are %(us)s from %(place)s, and there is something we would like to "
                "learn: %(topic)s. May we ask you a few questions? What could we do for you in return?"
            )
            % words,
        ),
    )


def opening_in(language: str, key: str, *, us: CommunityCard, them: CommunityCard) -> str:
    """The text of one way to begin in the given language, or an empty string where we have no words in it."""
    page = page_language(language)
    if page is None:
        return ""
    with translation.override(page):
        return next((one.text for one in openings(us, them) if one.key == key), "")


def page_language(code: str) -> str | None:
    """The language of the platform that a text of this language is written in."""
    return next((page for page, _name in settings.LANGUAGES if base_code(page) == base_code(code)), None)


def message_language(ours: Sequence[str], theirs: Sequence[str], *, mine: str) -> str:
    """The language to propose for a message: one of theirs if possible.

    Best is one that both sides work in, the writer's own before others; then one of theirs in which we have
    words to begin with; then the writer's own.
    """
    shared = [code for code in theirs if code in ours]
    own = base_code(mine)
    if own in shared:
        return own
    if shared:
        return next((code for code in shared if page_language(code)), shared[0])
    return next((code for code in theirs if page_language(code)), own)


def _topic(us: CommunityCard, them: CommunityCard) -> str:
    """What to speak about: a topic of both, or else one of theirs; its label in the language in force."""
    shared = [topic for topic in them.topics if topic in us.topics]
    topic = next(iter(shared or them.topics), "")
    return str(Topic(topic).label) if topic else ""
