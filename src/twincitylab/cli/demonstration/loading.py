"""Bringing the demonstration world in, through the same operations as everything that people do."""

import datetime as dt
from collections.abc import Callable, Collection
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q

from twincitylab.atlas.models import AtlasLoad, City
from twincitylab.base.audit import record
from twincitylab.cli.demonstration.cast import ACTOR, Cast, form_key
from twincitylab.cli.demonstration.together import live_together
from twincitylab.cli.demonstration.world import DemoWorld, read_world
from twincitylab.community.models import Community, Notice
from twincitylab.partnerships.models import Partnership

Progress = Callable[[float], None]

# What is older was told long ago; the rest is news in the inboxes, and mailed.
NEWS = dt.timedelta(days=6)


class CityMissing(Exception):
    """The atlas lacks a city of the demonstration world."""


@dataclass(frozen=True)
class DemoReport:
    """What was added; all zero when everything was there."""

    communities: int = 0
    cities: int = 0
    needs: int = 0
    introductions: int = 0
    partnerships: int = 0


@transaction.atomic
def add_demonstration(*, now: dt.datetime, progress: Progress = lambda _share: None) -> DemoReport:
    """Add whatever of the demonstration world is absent, all or nothing; what is there stays as it is."""
    one_at_a_time()
    world = read_world()
    there = _there(world)
    new = [one for one in world.communities if one.key not in there]
    if not new:
        return DemoReport()
    _check_cities({one.city for one in new})
    cast = Cast(world, there, now=now)
    for done, one in enumerate(new):
        cast.found(one)
        progress(0.8 * done / len(new))
    absent = {one.key for one in new}
    meetings = [one for one in world.meetings if {one.first, one.second} & absent]
    for done, meeting in enumerate(meetings):
        cast.bring_together(meeting)
        progress(0.8 + 0.1 * done / len(meetings))
    together = [one for one in world.partnerships if {one.first, one.second} & absent]
    for done, partnership in enumerate(together):
        live_together(partnership, cast=cast, now=now)
        progress(0.9 + 0.1 * done / len(together))
    _settle([cast.communities[key].pk for key in absent], now=now)
    report = DemoReport(
        communities=len(new),
        cities=len({one.city for one in new}),
        needs=sum(len(one.needs) for one in new),
        introductions=sum(one.way != "interest" for one in meetings),
        partnerships=Partnership.objects.filter(is_demonstration=True).count(),
    )
    detail: dict[str, object] = {"communities": report.communities, "introductions": report.introductions}
    record(actor=ACTOR, action="add demonstration", subject="demonstration", now=now, detail=detail)
    return report


def one_at_a_time() -> None:
    """Wait until nobody else adds or removes the demonstration; call it inside a transaction."""
    list(AtlasLoad.objects.select_for_update().order_by("pk").values_list("pk", flat=True))


def _there(world: DemoWorld) -> dict[str, Community]:
    keys = {form_key(one.key): one.key for one in world.communities}
    return {keys[one.form_key]: one for one in Community.objects.filter(form_key__in=keys) if one.form_key}


def _check_cities(wanted: Collection[int]) -> None:
    if missing := sorted(set(wanted) - set(City.objects.in_bulk(wanted))):
        raise CityMissing(", ".join(map(str, missing)))


def _settle(pks: Collection[int], *, now: dt.datetime) -> None:
    """Matching sees them from now on, and what was told long ago has been read."""
    Community.objects.filter(pk__in=pks).update(matched_at=now)
    told = Notice.objects.filter(person__is_demonstration=True, mailed_at__isnull=True)
    is_old = Q(made_at__lt=now - NEWS)
    told.filter(is_old).update(read_at=F("made_at"), mailed_at=F("made_at"))
    if not settings.DEMONSTRATION:
        told.update(mailed_at=F("made_at"))
