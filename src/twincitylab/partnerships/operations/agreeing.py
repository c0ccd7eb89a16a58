"""Writing the agreement together, and putting one of its versions in force by consent."""

import datetime as dt
import uuid
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from twincitylab.community.models import Person
from twincitylab.community.rules.refusals import Refused, fitting_text
from twincitylab.partnerships.choices import Stage
from twincitylab.partnerships.models import AgreementVersion, Partnership, Side
from twincitylab.partnerships.operations.matters import Case
from twincitylab.partnerships.operations.pairs import require_pseudonym
from twincitylab.partnerships.operations.stages import enter
from twincitylab.partnerships.operations.workspaces import (
    lock_partnership,
    require_side,
    tell_sides,
    write_down,
)
from twincitylab.partnerships.rules.articles import ARTICLE_KEYS, LONGEST_ARTICLE
from twincitylab.partnerships.rules.consent import digest_of

Articles = Mapping[str, Mapping[str, str]]
MOST_LANGUAGES = 12
TOLD_AGAIN_AFTER = dt.timedelta(hours=12)
FARTHEST_DATE = dt.timedelta(days=36525)


class WrittenMeanwhile(Exception):
    """Somebody else has saved another version since the form was made; ``current`` is the newest."""

    def __init__(self, current: AgreementVersion) -> None:
        super().__init__(f"version {current.number}")
        self.current = current


def save_agreement(
    *,
    partnership: Partnership,
    side: Side,
    articles: Articles,
    review_on: dt.date | None,
    runs_until: dt.date | None,
    base: int,
    form_key: uuid.UUID,
    by: Person,
    now: dt.datetime,
) -> AgreementVersion:
    """A new version of the text; members write, and nothing binds before every side has said yes to it.

    ``base`` is the number of the version that was edited, 0 for none. Raises WrittenMeanwhile when it is no
    longer the newest. The same text again is the same version.
    """
    with transaction.atomic():
        found, _sides = lock_partnership(partnership)
        us = require_side(found, side, by=by)
        sent = AgreementVersion.objects.filter(form_key=form_key).first()
        if sent is not None:
            if sent.partnership_id != found.pk:
                raise Refused(_("This form has been sent already. Open the page again and write anew."))
            return sent
        clean = _clean(articles, us=us)
        newest = found.agreement_versions.order_by("-number").first()
        _check_dates(review_on, runs_until, before=newest, today=now.date())
        if newest is not None and newest.number != base:
            raise WrittenMeanwhile(newest)
        if newest is not None and content_of(newest) == _content(clean, review_on, runs_until):
            return newest
        made = AgreementVersion.objects.create(
            partnership=found,
            number=newest.number + 1 if newest else 1,
            articles=clean,
            review_on=review_on,
            runs_until=runs_until,
            side=us,
            made_by=by,
            made_at=now,
            form_key=form_key,
        )
        write_down(found, "write agreement", by=by, now=now, side=us, version=made.number)
        # A session of writing is many versions, and one notice.
        is_news = newest is None or newest.side_id != us.pk or newest.made_at < now - TOLD_AGAIN_AFTER
        if is_news:
            others = tuple(one for one in _sides if one.is_active and one.pk != us.pk)
            tell_sides(found, "agreement-written", now=now, but=by, only=others)
    return made


def check_agreement(case: Case, payload: Mapping[str, Any]) -> dict[str, Any]:
    """``{"version": 3, "text": <digest>}``: a version of the agreement, and exactly its text."""
    number = payload.get("version")
    found = case.partnership.agreement_versions.filter(number=number).first() if number else None
    if found is None:
        raise Refused(_("There is no such version of the agreement."))
    if not any(text for texts in found.articles.values() for text in texts.values()):
        raise Refused(_("The agreement is still empty. Write it first."))
    if case.partnership.agreement_id == found.pk:
        raise Refused(_("This version is in force already."))
    return {"version": found.number, "text": digest_of(content_of(found))}


def put_in_force(case: Case, payload: Mapping[str, Any]) -> None:
    """Two that were getting to know each other have agreed with it."""
    found = case.partnership.agreement_versions.get(number=payload["version"])
    case.partnership.agreement, case.partnership.review_on = found, found.review_on
    if case.partnership.stage == Stage.EXPLORING:
        enter(case.partnership, Stage.AGREED, now=case.now)


def content_of(version: AgreementVersion) -> dict[str, Any]:
    """All that is agreed with a version."""
    return _content(version.articles, version.review_on, version.runs_until)


def _content(articles: Articles, review_on: dt.date | None, runs_until: dt.date | None) -> dict[str, Any]:
    days = {"review_on": review_on, "runs_until": runs_until}
    return {"articles": articles, **{key: day.isoformat() if day else "" for key, day in days.items()}}


def _clean(articles: Articles, *, us: Side) -> dict[str, dict[str, str]]:
    clean: dict[str, dict[str, str]] = {}
    for key in ARTICLE_KEYS:
        texts = {}
        for language, text in list(articles.get(key, {}).items())[:MOST_LANGUAGES]:
            field = f"{key}_{language}"
            written = fitting_text(text, longest=LONGEST_ARTICLE, field=field, one_line=False)
            if written:
                require_pseudonym(written, us=us.community, field=field)
                texts[language] = written
        if texts:
            clean[key] = texts
    return clean


def _check_dates(
    review_on: dt.date | None, runs_until: dt.date | None, *, before: AgreementVersion | None, today: dt.date
) -> None:
    """A date that stood there before may have passed meanwhile; a new one lies ahead."""
    for field, day in (("review_on", review_on), ("runs_until", runs_until)):
        if day is None or (before is not None and day == getattr(before, field)):
            continue
        if not today <= day <= today + FARTHEST_DATE:
            raise Refused(_("Choose a day from today on, within the next hundred years."), field=field)
    if review_on and runs_until and runs_until < review_on:
        raise Refused(_("Look at it together before it runs out."), field="review_on")
