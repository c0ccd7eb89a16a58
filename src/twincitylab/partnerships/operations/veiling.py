"""A community becomes hidden, or another to everybody: nothing leads those it has not met to what it is."""

import datetime as dt

from django.db.models import Q

from twincitylab.community.models import Community, Notice, Person
from twincitylab.community.operations.seeing import show_only
from twincitylab.matching.operations.communities import forget_refusals_of
from twincitylab.partnerships.choices import IntroductionState
from twincitylab.partnerships.models import Interest, Introduction, Side
from twincitylab.partnerships.operations.answering import end_open_of
from twincitylab.partnerships.operations.pairs import address_of


def veil(community: Community, *, by: Person, now: dt.datetime) -> None:
    """End its open introductions, and show nothing of it on any to those it has not met; part of the change.

    What others said of it in private or turned down is forgotten: it would tell in their own lists. Its own
    limits stay, so that hiding for a moment is no way round them.
    """
    end_open_of(community, by=by, now=now)
    mine = Introduction.objects.filter(Q(a=community) | Q(b=community))
    mine.filter(a=community).update(is_a_veiled=True)
    mine.filter(b=community).update(is_b_veiled=True)
    met = _met(community)
    show_only(community, to=met)
    _take_out_of_notices(community, list(mine), met=met)
    Interest.objects.filter(other=community).delete()
    forget_refusals_of(community)


def _met(community: Community) -> set[int]:
    """Those with whom it has been introduced, or shares a partnership."""
    accepted = Introduction.objects.filter(
        Q(a=community) | Q(b=community), state=IntroductionState.ACCEPTED
    ).values_list("a_id", "b_id")
    own = Side.objects.filter(community=community, joined_at__isnull=False).values("partnership")
    beside = Side.objects.filter(partnership__in=own, joined_at__isnull=False)
    met = {side for pair in accepted for side in pair} | set(beside.values_list("community_id", flat=True))
    return met - {community.pk}


def _take_out_of_notices(community: Community, introductions: list[Introduction], *, met: set[int]) -> None:
    """Notices look names up when they are read: those of others must not find the one it has now. Those of
    a facilitator are on behalf of no community."""
    addresses = [address_of(one) for one in introductions]
    keeping = Q(community=community) | Q(community__in=met)
    others = list(Notice.objects.filter(address__in=addresses).exclude(keeping & Q(community__isnull=False)))
    for notice in others:
        notice.words = {key: word for key, word in notice.words.items() if word != community.pk}
    Notice.objects.bulk_update(others, ["words"], batch_size=500)
