"""The town halls of two twinned cities say together how their twinning stands."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from twincitylab.atlas.operations import TwinningFacts, WrongFact, check_facts, correct_twinning
from twincitylab.community.choices import CommunityKind
from twincitylab.community.models import Community
from twincitylab.community.rules.refusals import Refused
from twincitylab.partnerships.operations.matters import Case, reasoned


def speaks_for_its_city(community: Community) -> bool:
    """Whether a community may tell of its city's twinnings: a town hall that a facilitator knows to be one,
    and that does not hide."""
    return (
        community.kind == CommunityKind.TOWN_HALL
        and community.verified_at is not None
        and community.closed_at is None
        and not community.is_safe_mode
    )


def town_halls() -> QuerySet[Community]:
    """The same as a question to the database."""
    return Community.objects.filter(
        Q(kind=CommunityKind.TOWN_HALL),
        verified_at__isnull=False,
        closed_at__isnull=True,
        is_safe_mode=False,
    )


def claimable(case: Case) -> list[tuple[int, int]]:
    """The pairs of cities (smaller id first) of which both town halls are sides here."""
    cities = sorted({side.community.city_id for side in case.active if speaks_for_its_city(side.community)})
    return [(a, b) for at, a in enumerate(cities) for b in cities[at + 1 :]]


def check_twinning(case: Case, payload: Mapping[str, Any]) -> dict[str, Any]:
    """``{"a": …, "b": …}`` (geonameids) with all the facts of the atlas about a twinning."""
    pair = (payload.get("a"), payload.get("b"))
    if pair not in claimable(case):
        raise Refused(
            _(
                "Only the town halls of both cities can say this together, and a facilitator must know them: "
                "ask for the badge first."
            )
        )
    missing = _("Say in a sentence why the two cities are linked.")
    reason = reasoned(payload.get("reason"), longest=500, missing=missing)
    facts = TwinningFacts(
        kind=str(payload.get("kind", "")),
        status=str(payload.get("status", "")),
        since=_year(payload.get("since")),
        until=_year(payload.get("until")),
        reason=reason,
    )
    try:
        check_facts(facts, this_year=case.now.year)
    except WrongFact as wrong:
        raise Refused(str(wrong), field=wrong.field) from None
    return {"a": pair[0], "b": pair[1], **asdict(facts)}


def claim(case: Case, payload: Mapping[str, Any]) -> None:
    """The atlas says it from now on, and the partnership rests on it."""
    facts = TwinningFacts(**{name: payload[name] for name in asdict(TwinningFacts())})
    who = f"person {case.by.pk}" if case.by else "background worker"
    case.partnership.twinning = correct_twinning(
        first=payload["a"], second=payload["b"], facts=facts, by=who, now=case.now
    )


def _year(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None
