"""Saying in private that one would like to meet; when both have, they are introduced.

Nobody learns of an interest that is not mutual: not the other side, not its stewards' notices, not a count,
a limit or an error that the other side meets, and the audit trail keeps who said it but not about whom.
"""

import datetime as dt

from django.db import transaction
from django.db.models import Exists, F, OuterRef
from django.utils.translation import gettext as _

from twincitylab.base.audit import record
from twincitylab.community.models import Community, CommunityBlock, Person
from twincitylab.community.queries.visible import reachable_by
from twincitylab.community.rules.access import Standing, require_standing
from twincitylab.community.rules.refusals import Refused
from twincitylab.partnerships.choices import Answer, IntroductionWay
from twincitylab.partnerships.models import Interest, Introduction
from twincitylab.partnerships.operations.meeting import bring_together
from twincitylab.partnerships.operations.pairs import lock_communities, tell_both, write_down
from twincitylab.partnerships.operations.proposing import end_overdue, new_introduction
from twincitylab.partnerships.queries.introductions import has_interest
from twincitylab.partnerships.queries.situations import situation_of
from twincitylab.partnerships.rules.limits import INTEREST_KEPT_FOR, MOST_INTERESTS
from twincitylab.partnerships.rules.proposing import Situation, check_may_meet


def mark_interest(
    *, community: Community, other: Community, by: Person, now: dt.datetime
) -> Introduction | None:
    """Keep in private that this community would like to meet that one; the introduction when it is mutual.

    What is refused is what the one who asks knows or may see: never what the other side has said, or whom
    it blocks.
    """
    with transaction.atomic():
        sides = lock_communities(community.pk, other.pk)
        require_standing(by, community, Standing.STEWARD)
        if not reachable_by(by).filter(pk=other.pk).exists():
            raise Community.DoesNotExist
        us, them = sides[community.pk], sides[other.pk]
        situation = situation_of(us, them, now=now)
        check_may_meet(situation)
        if not situation.is_said:
            _require_room(us)
            Interest.objects.create(community=us, other=them, made_by=by, made_at=now)
            _write_down(us, "say interest in private", by=by, now=now)
        if has_interest(them, us) and not situation.blocks_us:
            return _introduce(us, them, by=by, sides=sides, now=now)
    return None


def drop_interest(*, community: Community, other: Community, by: Person, now: dt.datetime) -> bool:
    """Take back what was said in private; False when there was nothing."""
    with transaction.atomic():
        lock_communities(community.pk, other.pk)
        require_standing(by, community, Standing.STEWARD)
        gone, _kinds = Interest.objects.filter(community=community, other=other).delete()
        if gone:
            _write_down(community, "take back interest", by=by, now=now)
    return bool(gone)


def introduce_mutual(*, now: dt.datetime) -> int:
    """Introduce pairs whose interest has become mutual without a click, such as when a block was lifted."""
    back = Interest.objects.filter(community=OuterRef("other"), other=OuterRef("community"))
    blocks = CommunityBlock.objects.filter(community=OuterRef("community"), blocked=OuterRef("other"))
    blocked = CommunityBlock.objects.filter(community=OuterRef("other"), blocked=OuterRef("community"))
    mutual = Interest.objects.filter(
        Exists(back), ~Exists(blocks), ~Exists(blocked), community__lt=F("other")
    ).select_related("community", "other", "made_by")
    return sum(_introduce_quietly(interest, now=now) for interest in mutual.order_by("pk")[:100])


def forget_old_interest(*, now: dt.datetime) -> int:
    """Interest fades: what was said a year ago surprises everybody. Returns how many were forgotten."""
    gone, _kinds = Interest.objects.filter(made_at__lt=now - INTEREST_KEPT_FOR).delete()
    return gone


def _introduce_quietly(interest: Interest, *, now: dt.datetime) -> bool:
    with transaction.atomic():
        sides = lock_communities(interest.community_id, interest.other_id)
        us, them = sides[interest.community_id], sides[interest.other_id]
        try:
            situation: Situation = situation_of(us, them, now=now)
            check_may_meet(situation)
        except Refused:
            return False
        if situation.blocks_us or not (has_interest(us, them) and has_interest(them, us)):
            return False
        _introduce(us, them, by=None, sides=sides, now=now)
    return True


def _introduce(
    us: Community, them: Community, *, by: Person | None, sides: dict[int, Community], now: dt.datetime
) -> Introduction:
    end_overdue(us, them, now=now)
    introduction = new_introduction(us, them, way=IntroductionWay.MUTUAL, by=by, now=now)
    introduction.answer_a = introduction.answer_b = Answer.YES
    introduction.save()
    bring_together(introduction, sides=sides, now=now)
    write_down(introduction, "introduce by mutual interest", by=by, now=now)
    tell_both(introduction, "introduction-mutual", now=now)
    return introduction


def _require_room(community: Community) -> None:
    if Interest.objects.filter(community=community).count() >= MOST_INTERESTS:
        raise Refused(
            _(
                "You have said this of %(most)d communities already. "
                "Take one back first: what is said to everybody means little."
            )
            % {"most": MOST_INTERESTS}
        )


def _write_down(community: Community, action: str, *, by: Person, now: dt.datetime) -> None:
    record(actor=f"person {by.pk}", action=action, subject=f"community {community.pk}", now=now)
