"""A partnership as a calendar."""

import datetime as dt
import hashlib
from collections.abc import Iterable
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import reverse

from twincitylab.partnerships.choices import ActivityState
from twincitylab.partnerships.models import Activity, CalendarKey
from twincitylab.partnerships.queries.workspaces import Workspace, workspace

SHOWN_BEFORE = dt.timedelta(days=400)
USUAL_LENGTH = dt.timedelta(hours=1)
STATUS = {
    ActivityState.PLANNED: "TENTATIVE",
    ActivityState.HELD: "CONFIRMED",
    ActivityState.CALLED_OFF: "CANCELLED",
}


def digest_of(secret: str) -> str:
    """What is kept of the secret in a calendar's address."""
    return hashlib.sha256(secret.encode()).hexdigest()


def workspace_of_calendar(secret: str) -> Workspace | None:
    """The partnership whose calendar this secret opens, as long as its person belongs to it."""
    key = CalendarKey.objects.select_related("person", "partnership").filter(digest=digest_of(secret)).first()
    if key is None or not key.person.is_active:
        return None
    return workspace(key.partnership.slug, person=key.person)


def has_calendar(workspace: Workspace, *, person: int) -> bool:
    return CalendarKey.objects.filter(partnership=workspace.partnership, person=person).exists()


def calendar_of(workspace: Workspace, *, name: str, now: dt.datetime) -> bytes:
    """What is planned, and what was within a little more than a year."""
    rows = workspace.partnership.activities.filter(starts_at__gte=now - SHOWN_BEFORE)
    return calendar_file(rows.order_by("starts_at", "pk"), slug=workspace.partnership.slug, name=name)


def calendar_file(activities: Iterable[Activity], *, slug: str, name: str) -> bytes:
    """iCalendar (RFC 5545). Moments are in universal time, which every calendar shows on its own clock."""
    from icalendar import Calendar

    calendar = Calendar()
    calendar.add("prodid", "-//Twin City Lab//Partnerships//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", name)
    for activity in activities:
        calendar.add_component(_event(activity, slug=slug, name=name))
    return bytes(calendar.to_ical())


def _event(activity: Activity, *, slug: str, name: str) -> "object":
    from icalendar import Event

    host = urlsplit(settings.SITE_ADDRESS).hostname or "localhost"
    event = Event()
    event.add("uid", f"activity-{activity.pk}@{host}")
    event.add("sequence", activity.revision - 1)
    event.add("dtstamp", activity.changed_at.astimezone(dt.UTC))
    event.add("last-modified", activity.changed_at.astimezone(dt.UTC))
    begins = activity.starts_at.astimezone(dt.UTC)
    event.add("dtstart", begins)
    event.add("dtend", (activity.ends_at or begins + USUAL_LENGTH).astimezone(dt.UTC))
    event.add("summary", f"{activity.title} ({name})")
    if activity.about:
        event.add("description", activity.about)
    if activity.place:
        event.add("location", activity.place)
    event.add("status", STATUS[ActivityState(activity.state)])
    event.add("url", settings.SITE_ADDRESS + reverse("partnerships:activity", args=[slug, activity.pk]))
    return event
