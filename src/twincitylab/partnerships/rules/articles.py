"""The articles of an agreement, and words to begin each with."""

from dataclasses import dataclass
from typing import Any

from django.utils import translation
from django.utils.translation import gettext_lazy as _

from twincitylab.partnerships.rules.openings import page_language

LONGEST_ARTICLE = 4000


@dataclass(frozen=True)
class Article:
    """One article: its title, the question it answers, and words to begin with; all in the reader's
    language."""

    key: str
    title: Any
    question: Any
    starter: Any


ARTICLES = (
    Article(
        "purpose",
        _("Purpose"),
        _("What is this partnership for?"),
        _(
            "We are partners at eye level. We learn from each other and work together on what matters to "
            "both of us: …"
        ),
    ),
    Article(
        "goals",
        _("Goals"),
        _("What will be different in a year, and how will you notice?"),
        _("Within the next twelve months we want to reach this together: 1. … 2. … 3. …"),
    ),
    Article(
        "roles",
        _("Roles"),
        _("Who does what on each side?"),
        _(
            "On each side two people look after the partnership, so that it never hangs on one person. We "
            "take turns in inviting, preparing and writing down what was said."
        ),
    ),
    Article(
        "money",
        _("Money"),
        _("Who pays for what, and what may it cost?"),
        _(
            "Each side carries its own costs. Who travels pays the journey, who invites pays the stay. What "
            "goes beyond that we agree on beforehand."
        ),
    ),
    Article(
        "languages",
        _("Languages"),
        _("In which languages do you speak and write?"),
        _(
            "We speak and write in … Nobody has to use a foreign language alone: we plan time for "
            "translating, and take turns."
        ),
    ),
    Article(
        "communication",
        _("Communication"),
        _("How often do you meet, and where is everything written down?"),
        _(
            "We speak with each other at least once a month, at hours that are fair to both. What we decide "
            "is written down where both sides can read it."
        ),
    ),
    Article(
        "review",
        _("Looking back together"),
        _("When do you look at how it goes?"),
        _(
            "Once a year we take an hour to look at what was good, what was uneven, and what we want to "
            "change. Before it both sides answer the eye-level check."
        ),
    ),
    Article(
        "ending",
        _("How to end"),
        _("How do you part well, if it comes to that?"),
        _(
            "Each side may pause or end the partnership. It says so openly and gives its reason. What we "
            "have begun we bring to an end, and we thank each other."
        ),
    ),
)
ARTICLE_KEYS = tuple(article.key for article in ARTICLES)


def starter(key: str, *, language: str) -> str:
    """Words to begin an article with in a language; an empty string where we have none in it.

    >>> starter("goals", language="xx")
    ''
    """
    page = page_language(language)
    if page is None:
        return ""
    with translation.override(page):
        return next((str(one.starter) for one in ARTICLES if one.key == key), "")
