"""The agreement as its people see it: its versions, its articles side by side, what differs between two."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from twincitylab.base.figures import written_day
from twincitylab.partnerships.models import AgreementVersion
from twincitylab.partnerships.queries.workspaces import SideCard, Workspace
from twincitylab.partnerships.rules.articles import ARTICLES
from twincitylab.partnerships.rules.differences import Piece, differences

MOST_LISTED = 60


@dataclass(frozen=True)
class Text:
    """An article in one language."""

    language: str
    text: str


@dataclass(frozen=True)
class ArticleShown:
    key: str
    title: str
    texts: tuple[Text, ...]


@dataclass(frozen=True)
class VersionLine:
    """A version in the list of all."""

    number: int
    made_at: dt.datetime
    by: SideCard | None
    is_in_force: bool


@dataclass(frozen=True)
class TextDifference:
    """What differs in one article in one language, or in one date, which has no language of its own."""

    title: str
    language: str
    pieces: tuple[Piece, ...]


def version_of(workspace: Workspace, number: int) -> AgreementVersion | None:
    return workspace.partnership.agreement_versions.filter(number=number).first()


def newest_version(workspace: Workspace) -> AgreementVersion | None:
    return workspace.partnership.agreement_versions.order_by("-number").first()


def versions_of(workspace: Workspace) -> tuple[VersionLine, ...]:
    """All versions, the newest first."""
    rows = workspace.partnership.agreement_versions.order_by("-number").values_list(
        "pk", "number", "made_at", "side"
    )
    in_force = workspace.partnership.agreement_id
    return tuple(
        VersionLine(number, made_at, workspace.side(side), is_in_force=pk == in_force)
        for pk, number, made_at, side in rows[:MOST_LISTED]
    )


def languages_of(workspace: Workspace, *versions: AgreementVersion | None) -> tuple[str, ...]:
    """The languages side by side: one of each side, and every one in which something is written already."""
    own = [_own_language(one) for one in workspace.active or workspace.sides]
    written = [
        language
        for version in versions
        if version is not None
        for texts in version.articles.values()
        for language in texts
    ]
    return tuple(dict.fromkeys([*own, *written]))


def articles_of(version: AgreementVersion) -> tuple[ArticleShown, ...]:
    """The articles in which something stands, in their order."""
    return tuple(
        ArticleShown(
            article.key,
            str(article.title),
            tuple(Text(language, text) for language, text in version.articles[article.key].items()),
        )
        for article in ARTICLES
        if version.articles.get(article.key)
    )


def what_differs(before: AgreementVersion | None, after: AgreementVersion) -> tuple[TextDifference, ...]:
    """Every article and language that is not the same in both, word by word; from nothing, all is new."""
    old: Mapping[str, Mapping[str, str]] = before.articles if before else {}
    found = []
    for article in ARTICLES:
        was, now = old.get(article.key, {}), after.articles.get(article.key, {})
        for language in dict.fromkeys([*was, *now]):
            a, b = was.get(language, ""), now.get(language, "")
            if a != b:
                found.append(TextDifference(str(article.title), language, differences(a, b)))
    for label, name in ((_("Look at it again on"), "review_on"), (_("Runs until"), "runs_until")):
        days = [_day(getattr(version, name) if version else None) for version in (before, after)]
        if days[0] != days[1]:
            found.append(TextDifference(label, "", differences(*days)))
    return tuple(found)


def for_signature(version: AgreementVersion, workspace: Workspace, *, title: str) -> dict[str, Any]:
    """What the PDF is made of, in the reader's language; people's own words in theirs."""
    language = (get_language() or "en").partition("-")[0]
    is_in_force = workspace.partnership.agreement_id == version.pk
    standing = _("Version %(number)s of %(day)s") % {
        "number": version.number,
        "day": written_day(timezone.localtime(version.made_at)),
    }
    days = ((_("Look at it again on"), version.review_on), (_("Runs until"), version.runs_until))
    return {
        "title": title,
        "language": language,
        "standing": f"{standing} · {_('in force') if is_in_force else _('a draft')}",
        "articles": [
            {
                "title": article.title,
                "texts": [
                    {
                        "language": one.language.partition("_")[0][:3],
                        "text": one.text,
                        "is_rtl": one.language in settings.LANGUAGES_BIDI,
                    }
                    for one in article.texts
                ],
            }
            for article in articles_of(version)
        ],
        "days": [f"{label}: {written_day(day)}" for label, day in days if day],
        "sides": [
            {"name": one.name, "place": ", ".join(filter(None, (one.card.city, one.card.country_name)))}
            for one in workspace.active or workspace.sides
        ],
        "signature": _("Place, day, signature"),
    }


def _own_language(one: SideCard) -> str:
    """The language in which a side writes about itself, when it works in it."""
    own = one.card.purpose_language
    return own if own in one.card.languages or not one.card.languages else one.card.languages[0]


def _day(day: dt.date | None) -> str:
    return written_day(day) if day else ""
