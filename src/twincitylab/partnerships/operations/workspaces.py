"""How a partnership begins, and what every change in one begins and ends with: its lock, its audit row, whom
it tells."""

import datetime as dt
import secrets

from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils.translation import gettext as _

from twincitylab.base.audit import record
from twincitylab.community.choices import Role
from twincitylab.community.models import Community, Person
from twincitylab.community.operations.notices import notify
from twincitylab.community.rules.access import Standing, require_standing
from twincitylab.community.rules.refusals import Refused
from twincitylab.partnerships.choices import IntroductionState, Stage
from twincitylab.partnerships.models import Introduction, Partnership, Side

SLUG_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
SLUG_LENGTH = 10


def open_partnership(
    introduction: Introduction, *, sides: dict[int, Community], now: dt.datetime
) -> Partnership:
    """The workspace of two that have met; the same one when it is asked for again.

    Call it inside the transaction that holds the introduction's locks.
    """
    if introduction.state != IntroductionState.ACCEPTED:
        message = "Only two that have met open a partnership."
        raise ValueError(message)
    found = Partnership.objects.filter(introduction=introduction).first()
    if found is not None:
        return found
    a, b = sides[introduction.a_id], sides[introduction.b_id]
    partnership = Partnership.objects.create(
        slug="".join(secrets.choice(SLUG_LETTERS) for _letter in range(SLUG_LENGTH)),
        # Both names as they are shown; the two can give it a better one.
        name="",
        stage=Stage.EXPLORING,
        stage_since=now,
        introduction=introduction,
        is_demonstration=a.is_demonstration or b.is_demonstration,
        created_at=now,
        changed_at=now,
    )
    for number, community in enumerate((a, b)):
        Side.objects.create(partnership=partnership, community=community, number=number, joined_at=now)
    write_down(partnership, "open partnership", by=None, now=now, introduction=introduction.pk)
    return partnership


def lock_partnership(
    partnership: Partnership, *, is_closing: bool = False
) -> tuple[Partnership, tuple[Side, ...]]:
    """The partnership and its sides as they are now; nobody else changes what binds it until the transaction
    ends. Everything that reads consents and acts on them takes this lock first.

    Its communities are locked before it, so that it never waits for one that is being closed while that one
    waits for it; ``is_closing`` is for that change itself, which holds its community already.
    """
    if not is_closing:
        mine = Side.objects.filter(partnership=partnership).values_list("community_id", flat=True)
        communities = Community.objects.select_for_update(no_key=True).filter(pk__in=list(mine))
        list(communities.order_by("pk").values_list("pk", flat=True))
    found = Partnership.objects.select_for_update(no_key=True).get(pk=partnership.pk)
    sides = Side.objects.filter(partnership=found).select_related("community").order_by("number")
    return found, tuple(sides)


def require_side(
    partnership: Partnership, side: Side, *, by: Person, least: Standing = Standing.MEMBER
) -> Side:
    """The side as it is now, when ``by`` may act for it: ``PermissionDenied`` otherwise, ``Refused`` when the
    side has left or the partnership is over."""
    found = Side.objects.select_related("community").filter(partnership=partnership, pk=side.pk).first()
    if found is None:
        raise PermissionDenied
    require_standing(by, found.community, least)
    if not found.is_active:
        raise Refused(_("Your side has left this partnership. You can read everything and change nothing."))
    if partnership.stage == Stage.ENDED:
        raise Refused(_("This partnership has ended. Everything stays readable."))
    return found


def write_down(
    partnership: Partnership,
    action: str,
    *,
    by: Person | None,
    now: dt.datetime,
    side: Side | None = None,
    **detail: object,
) -> None:
    """The audit row of a change: who, for which side, what; never a text."""
    record(
        actor=f"person {by.pk}" if by else "background worker",
        action=action,
        subject=f"partnership {partnership.pk}",
        now=now,
        detail={**({"side": side.pk, "for": side.community_id} if side else {}), **detail},
    )


def tell_sides(
    partnership: Partnership,
    kind: str,
    *,
    now: dt.datetime,
    but: Person | None = None,
    only: tuple[Side, ...] | None = None,
    address: str = "",
) -> None:
    """A notice for the stewards of the active sides (or of ``only`` these), except whoever did it.

    Its sentence stands in ``community/rules/notice_sentences.py``; names are looked up when it is read.
    """
    active = [
        side for side in Side.objects.filter(partnership=partnership).order_by("number") if side.is_active
    ]
    for side in only if only is not None else active:
        other = next((one for one in active if one.pk != side.pk), side)
        stewards = Person.objects.filter(
            memberships__community=side.community_id, memberships__role=Role.STEWARD, is_active=True
        )
        notify(
            stewards.exclude(pk=but.pk) if but is not None else stewards,
            kind=kind,
            words={"community_id": side.community_id, "other_id": other.community_id},
            address=address or reverse("partnerships:partnership", args=[partnership.slug]),
            community=Community(pk=side.community_id),
            now=now,
        )
