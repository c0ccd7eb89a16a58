"""Writing down what was done together, correcting it, calling it off."""

import datetime as dt
import uuid

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from twincitylab.community.models import Membership, Person
from twincitylab.community.rules.refusals import Refused
from twincitylab.partnerships.choices import ActivityState
from twincitylab.partnerships.models import Activity, ActivityPerson, ActivitySide, Partnership, Side
from twincitylab.partnerships.operations.workspaces import (
    lock_partnership,
    require_side,
    tell_sides,
    write_down,
)
from twincitylab.partnerships.rules.contributions import OWN_DELETION, ActivityFacts, Gift, fitting

GIFT_FIELDS = ("people", "new_people", "hours", "money", "in_kind", "in_kind_worth")
PLAIN_FIELDS = (
    "kind", "state", "title", "about", "language", "starts_at", "ends_at", "mode", "place", "language_used",
    "topic", "outcome", "story", "is_put_to_use", "is_public",
)  # fmt: skip


class ChangedMeanwhile(Exception):
    """Somebody else has saved the activity since the form was opened; ``activity`` is as it is now."""

    def __init__(self, activity: Activity) -> None:
        super().__init__("changed in the meantime")
        self.activity = activity


def record_activity(
    *,
    partnership: Partnership,
    side: Side,
    facts: ActivityFacts,
    form_key: uuid.UUID,
    by: Person,
    now: dt.datetime,
) -> Activity:
    """Write an activity down, planned or held; the same form again gives the same activity."""
    with transaction.atomic():
        found, sides = lock_partnership(partnership)
        ours = require_side(found, side, by=by)
        before = Activity.objects.filter(form_key=form_key).first()
        if before is not None:
            if before.partnership_id != found.pk:
                raise PermissionDenied
            return before
        fit = fitting(facts, sides=_joined(sides), now=now)
        activity = Activity(
            partnership=found,
            made_by_side=ours,
            made_by=by,
            made_at=now,
            changed_at=now,
            form_key=form_key,
        )
        _store(activity, fit, side=ours)
        write_down(found, "record activity", by=by, now=now, side=ours, activity=activity.pk)
        if activity.state == ActivityState.PLANNED:
            _tell_others(found, sides, ours, by=by, now=now)
        _touch(found, now=now)
    return activity


def correct_activity(
    *,
    activity: Activity,
    side: Side,
    facts: ActivityFacts,
    revision: int,
    by: Person,
    now: dt.datetime,
) -> Activity:
    """Correct a record, whichever side wrote it; ``ChangedMeanwhile`` when somebody else was quicker."""
    with transaction.atomic():
        found, sides = lock_partnership(activity.partnership)
        ours = require_side(found, side, by=by)
        current = _current(activity, partnership=found)
        fit = fitting(facts, sides=_joined(sides), now=now)
        if current.revision != revision:
            raise ChangedMeanwhile(current)
        was = current.state
        current.revision += 1
        current.changed_at = now
        _store(current, fit, side=ours)
        write_down(
            found,
            "correct activity",
            by=by,
            now=now,
            side=ours,
            activity=current.pk,
            state=current.state,
            revision=current.revision,
        )
        if current.state == ActivityState.CALLED_OFF != was:
            tell_sides(found, "activity-called-off", now=now, but=by, only=_others(sides, ours))
        _touch(found, now=now)
    return current


def delete_activity(*, activity: Activity, side: Side, by: Person, now: dt.datetime) -> None:
    """Take out what one's own side has written down within a day; after that it is called off."""
    with transaction.atomic():
        found, _sides = lock_partnership(activity.partnership)
        ours = require_side(found, side, by=by)
        current = _current(activity, partnership=found)
        if current.made_by_side_id != ours.pk:
            raise Refused(_("Only the side that wrote it down can take it out. You can call it off."))
        if now - current.made_at > OWN_DELETION:
            raise Refused(
                _("It was written down more than a day ago and stays. You can correct it or call it off.")
            )
        gone = current.pk
        current.delete()
        write_down(found, "delete activity", by=by, now=now, side=ours, activity=gone)
        _touch(found, now=now)


def _current(activity: Activity, *, partnership: Partnership) -> Activity:
    found = Activity.objects.select_for_update().filter(partnership=partnership, pk=activity.pk).first()
    if found is None:
        raise Refused(_("This activity has been taken out in the meantime."))
    found.partnership = partnership
    return found


def _store(activity: Activity, facts: ActivityFacts, *, side: Side) -> None:
    for name in PLAIN_FIELDS:
        setattr(activity, name, getattr(facts, name))
    activity.host_id = facts.host
    activity.put_to_use_by_id = facts.put_to_use_by
    activity.goals = list(facts.goals)
    activity.save()
    for pk, gift in facts.gifts.items():
        _store_gift(activity, pk, gift)
    if facts.carriers is not None:
        _store_carriers(activity, facts.carriers, side=side)


def _store_gift(activity: Activity, side: int, gift: Gift) -> None:
    """One row a side, and none for a side of which nothing is known."""
    rows = ActivitySide.objects.filter(activity=activity, side_id=side)
    if gift.is_empty:
        rows.delete()
        return
    amounts = {name: getattr(gift, name) for name in GIFT_FIELDS}
    ActivitySide.objects.update_or_create(activity=activity, side_id=side, defaults=amounts)


def _store_carriers(activity: Activity, carriers: frozenset[int], *, side: Side) -> None:
    """Each side names its own people; who has left since keeps the row, without a name."""
    rows = ActivityPerson.objects.filter(activity=activity, side=side, person__isnull=False)
    seated = set(
        Membership.objects.filter(community=side.community_id, person__in=carriers).values_list(
            "person_id", flat=True
        )
    )
    there = set(rows.values_list("person_id", flat=True))
    # Somebody who is no member any more was one then: kept as long as the form still names them.
    rows.exclude(person__in=carriers).delete()
    elsewhere = set(
        ActivityPerson.objects.filter(activity=activity, person__in=seated).values_list(
            "person_id", flat=True
        )
    )
    ActivityPerson.objects.bulk_create(
        ActivityPerson(activity=activity, side=side, person_id=person)
        for person in sorted(seated - there - elsewhere)
    )


def _joined(sides: tuple[Side, ...]) -> frozenset[int]:
    """Who is or was here: a side that is only invited has given nothing."""
    return frozenset(one.pk for one in sides if one.joined_at is not None)


def _others(sides: tuple[Side, ...], ours: Side) -> tuple[Side, ...]:
    return tuple(one for one in sides if one.is_active and one.pk != ours.pk)


def _tell_others(
    partnership: Partnership, sides: tuple[Side, ...], ours: Side, *, by: Person, now: dt.datetime
) -> None:
    tell_sides(partnership, "activity-planned", now=now, but=by, only=_others(sides, ours))


def _touch(partnership: Partnership, *, now: dt.datetime) -> None:
    """The partnership has changed; nothing that binds, so its revision stays."""
    Partnership.objects.filter(pk=partnership.pk).update(changed_at=now)
