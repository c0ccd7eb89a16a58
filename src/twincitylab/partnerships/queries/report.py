"""What a yearly report rests on: the activities of a year with what each side gave, and what is planned."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.conf import settings
from django.db.models import Count
from django.db.models.functions import ExtractYear

from twincitylab.community.rules.languages import base_code
from twincitylab.partnerships.choices import ActivityState, CheckState
from twincitylab.partnerships.models import Activity, ActivitySide, EyeLevelCheck, Partnership
from twincitylab.partnerships.queries.workspaces import SideCard

FIRST_YEAR = 1900
MOST_LANGUAGES = 2
MOST_PLANNED = 20


@dataclass(frozen=True)
class Record:
    """One activity of the year under its number in the report, with what each side gave."""

    number: int
    activity: Activity
    gifts: dict[int, ActivitySide]


@dataclass(frozen=True)
class ReportRecords:
    """All that the report of one year is made of; the year is that of UTC, so that all sides have one."""

    partnership: Partnership
    sides: tuple[SideCard, ...]
    year: int
    records: tuple[Record, ...]
    planned: tuple[Activity, ...]
    check: EyeLevelCheck | None


@dataclass(frozen=True)
class ReportYear:
    number: int
    activities: int


def report_records(
    partnership: Partnership, *, sides: Sequence[SideCard], year: int, now: dt.datetime
) -> ReportRecords:
    """Four queries, however many activities there are."""
    start, end = dt.datetime(year, 1, 1, tzinfo=dt.UTC), dt.datetime(year + 1, 1, 1, tzinfo=dt.UTC)
    held = partnership.activities.filter(
        state=ActivityState.HELD, starts_at__gte=start, starts_at__lt=min(end, max(now, start))
    )
    planned = partnership.activities.filter(state=ActivityState.PLANNED, starts_at__gte=now)
    checks = partnership.checks.filter(state=CheckState.CLOSED, result__isnull=False, closed_at__lt=end)
    return ReportRecords(
        partnership=partnership,
        sides=tuple(sides),
        year=year,
        records=tuple(
            Record(number, one, {gift.side_id: gift for gift in one.contributions.all()})
            for number, one in enumerate(
                held.prefetch_related("contributions").order_by("starts_at", "pk"), start=1
            )
        ),
        planned=tuple(planned.order_by("starts_at", "pk")[:MOST_PLANNED]),
        check=checks.order_by("-number").first(),
    )


def report_years(partnership: Partnership, *, now: dt.datetime) -> tuple[ReportYear, ...]:
    """The years with activities, and this one, newest first; one query."""
    rows = (
        partnership.activities.filter(state=ActivityState.HELD, starts_at__lte=now)
        .annotate(year=ExtractYear("starts_at", tzinfo=dt.UTC))
        .values("year")
        .annotate(count=Count("pk"))
        .values_list("year", "count")
    )
    counts = {now.astimezone(dt.UTC).year: 0, **dict(rows)}
    return tuple(ReportYear(year, counts[year]) for year in sorted(counts, reverse=True))


def has_report(partnership: Partnership, *, year: int, now: dt.datetime) -> bool:
    """Whether a report of the year can say anything: not of one to come, nor of one before all there is."""
    if not FIRST_YEAR <= year <= now.astimezone(dt.UTC).year:
        return False
    if year >= partnership.created_at.astimezone(dt.UTC).year:
        return True
    end = dt.datetime(year + 1, 1, 1, tzinfo=dt.UTC)
    return partnership.activities.filter(state=ActivityState.HELD, starts_at__lt=end).exists()


def report_languages(sides: Iterable[SideCard]) -> tuple[str, ...]:
    """The main languages of the sides that the platform speaks, at most two; English where there is none.

    The main language of a side is the one it describes itself in, or else the first it works in.
    """
    known = {base_code(code): code for code, _name in settings.LANGUAGES}
    found: list[str] = []
    for side in sides:
        spoken = [base_code(code) for code in (side.card.purpose_language, *side.card.languages)]
        main = next((known[code] for code in spoken if code in known), None)
        if main and main not in found:
            found.append(main)
    return tuple(found[:MOST_LANGUAGES]) or ("en",)
