"""Early warnings to the stewards of all sides, once for each occasion: a partnership falls silent by its own
rhythm (without one: for a year), one person carries over half of its contacts, its agreement is to be looked
at again."""

import datetime as dt
import logging

from django.db import transaction
from django.db.models import F, Q
from django.urls import reverse

from twincitylab.partnerships.choices import Stage
from twincitylab.partnerships.engine.health import signals
from twincitylab.partnerships.engine.health_life import carried_by_one, is_planned_soon, rhythm_of
from twincitylab.partnerships.models import Partnership
from twincitylab.partnerships.operations.workspaces import lock_partnership, tell_sides, write_down
from twincitylab.partnerships.queries.health import HealthRecords, health_records
from twincitylab.partnerships.queries.workspaces import side_cards

MOST_PER_ROUND = 100
REVIEW_AHEAD = dt.timedelta(days=30)
AGAIN_AFTER = dt.timedelta(days=365)
"""So long nobody is told again that the contacts of a side rest on one person."""
QUIET_AGAIN = dt.timedelta(days=90)
"""So long nobody is told again of a silence, whatever was written down late."""
SIGN_OF_LIFE = dt.timedelta(days=30)
"""So long after another stage began it is no silence."""
RESTING = (Stage.PAUSED, Stage.ENDED)

logger = logging.getLogger(__name__)


def warn_sides(*, now: dt.datetime) -> int:
    """Look at every partnership once a day; returns how many notices' occasions there were.

    What goes wrong with one is told, and keeps none of the others: it is looked at again tomorrow.
    """
    today = now.date()
    due = Partnership.objects.filter(Q(watched_on__isnull=True) | Q(watched_on__lt=today))
    due = due.exclude(stage__in=RESTING).order_by(F("watched_on").asc(nulls_first=True), "pk")
    told = 0
    for partnership in due[:MOST_PER_ROUND]:
        try:
            told += _warn(partnership, now=now)
        except Exception:
            logger.exception("partnership %s could not be looked at", partnership.pk)
            Partnership.objects.filter(pk=partnership.pk).update(watched_on=today)
    return told


def _warn(partnership: Partnership, *, now: dt.datetime) -> int:
    with transaction.atomic():
        found, _sides = lock_partnership(partnership)
        if found.watched_on is not None and found.watched_on >= now.date():
            return 0
        cards = [card for card in side_cards(found) if card.side.is_active]
        records = health_records(found, sides=[card.side for card in cards], now=now)
        occasions = _occasions(found, records)
        # For the front page, which has no time to look at all of them.
        found.warned["words"] = {one.key: str(one.word) for one in signals(records, cards)}
        for kind, page in occasions:
            tell_sides(found, kind, now=now, address=page)
            write_down(found, "warn sides", by=None, now=now, kind=kind)
        found.watched_on = now.date()
        found.save(update_fields=["watched_on", "warned"])
        return len(occasions)


def _occasions(partnership: Partnership, records: HealthRecords) -> list[tuple[str, str]]:
    """The kinds of notices that are new, with the page each leads to; remembers them on the partnership."""
    health = reverse("partnerships:health", args=[partnership.slug])
    occasions = []
    if _falls_silent(partnership, records):
        occasions.append(("partnership-silent", f"{health}#rhythm"))
    if _rests_on_one(partnership, records):
        occasions.append(("partnership-on-one", f"{health}#renewal"))
    kind = _review(partnership, today=records.now.date())
    if kind:
        occasions.append((kind, reverse("partnerships:agreement", args=[partnership.slug])))
    return occasions


def _falls_silent(partnership: Partnership, records: HealthRecords) -> bool:
    """Once for each silence: its occasion is the last activity before it, or the beginning. What is planned
    soon ends it, and another stage is a sign of life."""
    found, now = rhythm_of(records), records.now
    if not found.is_silent or is_planned_soon(records, found) or now - partnership.stage_since < SIGN_OF_LIFE:
        return False
    told = partnership.warned.get("silent-told")
    if told and dt.date.fromisoformat(told) + QUIET_AGAIN > now.date():
        return False
    last = max((one.starts_at for one in records.held), default=partnership.created_at).date()
    is_new = _is_new(partnership, "silent", last.isoformat())
    if is_new:
        partnership.warned["silent-told"] = now.date().isoformat()
    return is_new


def _rests_on_one(partnership: Partnership, records: HealthRecords) -> bool:
    told: dict[str, str] = dict(partnership.warned.get("on-one", {}))
    today = records.now.date()
    fresh = [
        str(side)
        for side in carried_by_one(records)
        if str(side) not in told or dt.date.fromisoformat(told[str(side)]) + AGAIN_AFTER <= today
    ]
    partnership.warned["on-one"] = {**told, **dict.fromkeys(fresh, today.isoformat())}
    return bool(fresh)


def _review(partnership: Partnership, *, today: dt.date) -> str:
    """Thirty days before, and on the day; who is told on the day only hears no more that it is soon."""
    day = partnership.review_on
    if partnership.agreement_id is None or day is None or today < day - REVIEW_AHEAD:
        return ""
    kind = "review-due" if day <= today else "review-soon"
    return kind if _is_new(partnership, kind, day.isoformat()) else ""


def _is_new(partnership: Partnership, kind: str, occasion: str) -> bool:
    if partnership.warned.get(kind) == occasion:
        return False
    partnership.warned[kind] = occasion
    return True
