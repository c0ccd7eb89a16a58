"""What the planner needs to know of each side: its clock, its free days, its early hours so far."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.db.models import Sum
from django.utils.translation import get_language

from twincitylab.atlas.models import City
from twincitylab.community.choices import Mode
from twincitylab.partnerships.choices import ActivityState
from twincitylab.partnerships.queries.workspaces import SideCard, Workspace
from twincitylab.partnerships.rules.planner import PlannerSide, Slot, Strain, fair_slots, strain_of

USUAL_LENGTH = dt.timedelta(hours=1)
LONGEST_COUNTED = dt.timedelta(hours=12)
USUAL_WEEKEND = frozenset({5, 6})


@dataclass(frozen=True)
class PlanningSide:
    """A side with its clock. ``is_guessed``: its city is hidden, and the clock its country's most common."""

    card: SideCard
    rule: PlannerSide
    strain: Strain
    is_guessed: bool


@dataclass(frozen=True)
class Planning:
    """Everything the planner's page shows. ``meetings`` were held online this year."""

    sides: tuple[PlanningSide, ...]
    slots: tuple[Slot, ...]
    meetings: int


def planning(workspace: Workspace, *, first: dt.datetime, days: int, minutes: int) -> Planning:
    """Fair hours for the sides that are here; early and late hours are those of the year of ``first``."""
    meetings = _held_online(workspace, year=first.year)
    years = (first.year, (first + dt.timedelta(days=days)).year)
    sides = tuple(_side(one, meetings=meetings, years=years) for one in workspace.active)
    slots = fair_slots([one.rule for one in sides], first=first, days=days, minutes=minutes)
    return Planning(sides, slots, len(meetings))


def zone_of(side: SideCard) -> tuple[str, bool]:
    """The clock by which a side lives, and whether it is only the most common one of its country."""
    if side.card.city and _is_known(zone := side.side.community.city.timezone):
        return zone, False
    zones = (
        City.objects.filter(country=side.card.country)
        .values("timezone")
        .annotate(people=Sum("population"))
        .order_by("-people", "timezone")
        .values_list("timezone", flat=True)
    )
    return next((zone for zone in zones if _is_known(zone)), "UTC"), True


def free_days(country: str, *, years: tuple[int, ...]) -> tuple[Mapping[dt.date, str] | None, frozenset[int]]:
    """The public holidays of a country, None where nobody knows them, and the days of its weekend."""
    return _free_days(country, tuple(sorted(set(years))), get_language() or "en")


@lru_cache(maxsize=512)
def _free_days(
    country: str, years: tuple[int, ...], language: str
) -> tuple[Mapping[dt.date, str] | None, frozenset[int]]:
    import holidays  # a large library, for this page only

    try:
        plain = holidays.country_holidays(country, years=years)
        wanted = [code for code in (language, "en_US") if code in plain.supported_languages]
        named = holidays.country_holidays(country, years=years, language=wanted[0]) if wanted else plain
    except NotImplementedError:
        return None, USUAL_WEEKEND
    return dict(named.items()), frozenset(plain.weekend) or USUAL_WEEKEND


def _side(
    side: SideCard, *, meetings: list[tuple[dt.datetime, dt.datetime]], years: tuple[int, ...]
) -> PlanningSide:
    zone, is_guessed = zone_of(side)
    strain = strain_of(meetings, zone=zone)
    holidays, weekend = free_days(side.card.country, years=years)
    rule = PlannerSide(side.name, zone, weekend, holidays, strain.weight)
    return PlanningSide(side, rule, strain, is_guessed)


def _held_online(workspace: Workspace, *, year: int) -> list[tuple[dt.datetime, dt.datetime]]:
    """When this year's online meetings were; without an end they count as an hour."""
    rows = workspace.partnership.activities.filter(
        state=ActivityState.HELD, mode=Mode.ONLINE, starts_at__year=year
    )
    return [
        (begins, min(ends or begins + USUAL_LENGTH, begins + LONGEST_COUNTED))
        for begins, ends in rows.order_by("starts_at", "pk").values_list("starts_at", "ends_at")
    ]


def _is_known(zone: str) -> bool:
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True
