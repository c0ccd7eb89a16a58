"""That a partnership outlives whoever began it: roles for a time, small tasks, thanks, handing over.

Nothing here binds, so nobody is asked for a yes.
"""

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import TypeVar

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from twincitylab.community.choices import Role
from twincitylab.community.models import (
    LONGEST_LINE,
    LONGEST_NAME,
    LONGEST_TEXT,
    Membership,
    Notice,
    Person,
)
from twincitylab.community.rules.access import Standing
from twincitylab.community.rules.languages import written_codes
from twincitylab.community.rules.refusals import Refused, fitting_text
from twincitylab.partnerships.choices import Stage, TaskState
from twincitylab.partnerships.models import (
    HandOver,
    HandOverItem,
    Partnership,
    Side,
    SideRole,
    SmallTask,
    Thanks,
)
from twincitylab.partnerships.operations.workspaces import (
    lock_partnership,
    require_side,
    tell_sides,
    write_down,
)
from twincitylab.partnerships.rules.contributions import FIRST_YEAR, LAST_YEAR
from twincitylab.partnerships.rules.handing_over import CHECKLIST

REMINDED_BEFORE = dt.timedelta(days=30)
ROLE_ENDS = "role-ends-soon"
EVENING = 240
MOST_ITEMS = 40
Row = TypeVar("Row", SideRole, SmallTask, Thanks, HandOver)


@dataclass(frozen=True)
class RoleFacts:
    """A role of one's own side; ``person`` and ``deputy`` are ids of its own people, or None: vacant."""

    title: str
    language: str
    since: dt.date
    until: dt.date | None = None
    person: int | None = None
    deputy: int | None = None


def give_role(
    *,
    partnership: Partnership,
    side: Side,
    facts: RoleFacts,
    form_key: uuid.UUID,
    by: Person,
    now: dt.datetime,
) -> SideRole:
    """Write a role down, taken or vacant; the same form again gives the same role."""
    with transaction.atomic():
        found, _sides = lock_partnership(partnership)
        ours = require_side(found, side, by=by)
        before = SideRole.objects.filter(form_key=form_key).first()
        if before is not None:
            return _same(before, found)
        role = SideRole(partnership=found, side=ours, form_key=form_key)
        _fill(role, facts, side=ours)
        write_down(found, "give role", by=by, now=now, side=ours, role=role.pk)
    return role


def change_role(*, role: SideRole, side: Side, facts: RoleFacts, by: Person, now: dt.datetime) -> SideRole:
    """Change a role of one's own side: who has it, for how long."""
    with transaction.atomic():
        found, _sides = lock_partnership(role.partnership)
        ours = require_side(found, side, by=by)
        current = _own_role(role, found, ours)
        _fill(current, facts, side=ours)
        write_down(found, "change role of a side", by=by, now=now, side=ours, role=current.pk)
    return current


def end_role(*, role: SideRole, side: Side, by: Person, now: dt.datetime) -> None:
    """Nobody needs this role any more."""
    with transaction.atomic():
        found, _sides = lock_partnership(role.partnership)
        ours = require_side(found, side, by=by)
        current = _own_role(role, found, ours)
        current.ended_at = now
        current.save(update_fields=["ended_at"])
        write_down(found, "end role", by=by, now=now, side=ours, role=current.pk)


def add_task(
    *,
    partnership: Partnership,
    side: Side,
    title: str,
    text: str,
    language: str,
    minutes: int,
    only_ours: bool,
    form_key: uuid.UUID,
    by: Person,
    now: dt.datetime,
) -> SmallTask:
    """Offer something small to do; the same form again gives the same task."""
    with transaction.atomic():
        found, _sides = lock_partnership(partnership)
        ours = require_side(found, side, by=by)
        before = SmallTask.objects.filter(form_key=form_key).first()
        if before is not None:
            return _same(before, found)
        named = _named(title, missing=_("Say in a few words what is to be done."), language=language)
        if not 1 <= minutes <= EVENING:
            raise Refused(
                _("A small task takes an evening at most: %(most)d minutes.") % {"most": EVENING},
                field="minutes",
            )
        task = SmallTask.objects.create(
            partnership=found,
            side=ours if only_ours else None,
            title=named,
            text=fitting_text(text, longest=LONGEST_TEXT, field="text", one_line=False),
            language=language,
            minutes=minutes,
            made_by=by,
            made_at=now,
            form_key=form_key,
        )
        write_down(found, "add task", by=by, now=now, side=ours, task=task.pk)
    return task


def take_task(*, task: SmallTask, side: Side, by: Person, now: dt.datetime) -> SmallTask:
    """Take a task; refused when somebody was quicker."""
    with transaction.atomic():
        current, ours = _open_task(task, side=side, by=by)
        if current.side_id not in (None, ours.pk):
            raise PermissionDenied
        if current.state == TaskState.DONE:
            raise Refused(_("This is done already."))
        if current.state == TaskState.TAKEN and current.taken_by_id not in (None, by.pk):
            raise Refused(_("Somebody has just taken this task. Perhaps there is another one for you."))
        current.state, current.taken_by, current.taken_at = TaskState.TAKEN, by, now
        current.save(update_fields=["state", "taken_by", "taken_at"])
        write_down(current.partnership, "take task", by=by, now=now, side=ours, task=current.pk)
    return current


def give_task_back(*, task: SmallTask, side: Side, by: Person, now: dt.datetime) -> SmallTask:
    """Whoever took it lets another do it, and need not say why; a steward can do so for them."""
    with transaction.atomic():
        current, ours = _open_task(task, side=side, by=by)
        _require_own_task(current, ours, by=by)
        if current.state == TaskState.TAKEN:
            current.state, current.taken_by, current.taken_at = TaskState.OPEN, None, None
            current.save(update_fields=["state", "taken_by", "taken_at"])
            write_down(current.partnership, "give task back", by=by, now=now, side=ours, task=current.pk)
    return current


def finish_task(*, task: SmallTask, side: Side, by: Person, now: dt.datetime) -> SmallTask:
    """It is done."""
    with transaction.atomic():
        current, ours = _open_task(task, side=side, by=by)
        if current.state == TaskState.DONE:
            return current
        if current.state == TaskState.OPEN:
            raise Refused(_("Take the task first: then others know that somebody is at it."))
        _require_own_task(current, ours, by=by)
        current.state, current.done_at = TaskState.DONE, now
        current.save(update_fields=["state", "done_at"])
        write_down(current.partnership, "finish task", by=by, now=now, side=ours, task=current.pk)
    return current


def say_thanks(
    *,
    partnership: Partnership,
    side: Side,
    to_side: int,
    text: str,
    language: str,
    form_key: uuid.UUID,
    by: Person,
    now: dt.datetime,
) -> Thanks:
    """Thank a side, the other or one's own. Kept, and never counted."""
    with transaction.atomic():
        found, sides = lock_partnership(partnership)
        ours = require_side(found, side, by=by)
        before = Thanks.objects.filter(form_key=form_key).first()
        if before is not None:
            return _same(before, found)
        to = next((one for one in sides if one.pk == to_side and one.joined_at is not None), None)
        if to is None:
            raise Refused(_("Choose whom you thank."), field="to_side")
        said = fitting_text(text, longest=LONGEST_LINE, field="text")
        if not said:
            raise Refused(_("Write a few words first."), field="text")
        _require_language(language)
        thanks = Thanks.objects.create(
            partnership=found,
            from_side=ours,
            from_person=by,
            to_side=to,
            text=said,
            language=language,
            said_at=now,
            form_key=form_key,
        )
        if to.pk != ours.pk and to.is_active:
            tell_sides(found, "thanks-said", now=now, but=by, only=(to,), address=people_address(found))
        write_down(found, "say thanks", by=by, now=now, side=ours, thanks=thanks.pk)
    return thanks


def begin_hand_over(
    *,
    partnership: Partnership,
    side: Side,
    following: int | None,
    last_day: dt.date | None,
    form_key: uuid.UUID,
    by: Person,
    now: dt.datetime,
) -> HandOver:
    """Begin to pass on what one has in hand: a checklist, and all sides know. One at a time for a person."""
    with transaction.atomic():
        found, _sides = lock_partnership(partnership)
        ours = require_side(found, side, by=by, least=Standing.STEWARD)
        before = HandOver.objects.filter(form_key=form_key).first()
        if before is not None:
            return _same(before, found)
        running = HandOver.objects.filter(partnership=found, side=ours, leaving=by, done_at__isnull=True)
        if running.exists():
            raise Refused(_("You are handing over already: the list stands on this page."))
        if following == by.pk:
            raise Refused(_("Choose somebody else, or leave it open for now."), field="following")
        _require_people_of(ours, following, field="following")
        _require_year(last_day, field="last_day")
        hand_over = HandOver.objects.create(
            partnership=found,
            side=ours,
            leaving=by,
            following_id=following,
            started_at=now,
            last_day=last_day,
            form_key=form_key,
        )
        HandOverItem.objects.bulk_create(HandOverItem(hand_over=hand_over, key=key) for key in CHECKLIST)
        tell_sides(found, "hand-over-begun", now=now, but=by, address=people_address(found))
        write_down(found, "begin hand-over", by=by, now=now, side=ours, hand_over=hand_over.pk)
    return hand_over


def add_item(*, hand_over: HandOver, side: Side, text: str, by: Person, now: dt.datetime) -> HandOverItem:
    """Something of one's own to pass on; the same words again are the same line."""
    with transaction.atomic():
        found, _sides = lock_partnership(hand_over.partnership)
        ours = require_side(found, side, by=by)
        current = _own_hand_over(hand_over.pk, found, ours)
        said = fitting_text(text, longest=LONGEST_LINE, field="text")
        if not said:
            raise Refused(_("Say what is to be passed on."), field="text")
        before = current.items.filter(text=said).first()
        if before is not None:
            return before
        if current.items.count() >= MOST_ITEMS:
            raise Refused(
                _("This list is long enough: there is room for %(most)d lines.") % {"most": MOST_ITEMS}
            )
        item = HandOverItem.objects.create(hand_over=current, text=said)
        HandOver.objects.filter(pk=current.pk).update(done_at=None)
        write_down(found, "add to hand-over", by=by, now=now, side=ours, hand_over=current.pk, item=item.pk)
    return item


def tick_item(
    *, item: HandOverItem, side: Side, is_done: bool, note: str, by: Person, now: dt.datetime
) -> HandOverItem:
    """One thing is passed on, or not yet after all; when the last is, the hand-over is done."""
    with transaction.atomic():
        found, _sides = lock_partnership(item.hand_over.partnership)
        ours = require_side(found, side, by=by)
        current = _own_hand_over(item.hand_over_id, found, ours)
        line = current.items.get(pk=item.pk)
        line.note = fitting_text(note, longest=LONGEST_TEXT, field="note", one_line=False)
        if is_done != (line.done_at is not None):
            line.done_at, line.done_by = (now, by) if is_done else (None, None)
        line.save()
        is_over = not current.items.filter(done_at__isnull=True).exists()
        if is_over != (current.done_at is not None):
            HandOver.objects.filter(pk=current.pk).update(done_at=now if is_over else None)
        write_down(
            found, "hand over", by=by, now=now, side=ours, hand_over=current.pk, item=line.pk, is_done=is_done
        )
    return line


def remind_of_roles(*, now: dt.datetime) -> int:
    """Tell the stewards of a side, once, that a role of theirs ends within thirty days; returns how many
    roles. Safe to run in several processes at once."""
    today = now.date()
    due = SideRole.objects.filter(
        until__gte=today, until__lte=today + REMINDED_BEFORE, ended_at__isnull=True
    ).exclude(partnership__stage=Stage.ENDED)
    return sum(_remind(pk, now=now) for pk in list(due.values_list("pk", flat=True)))


def people_address(partnership: Partnership) -> str:
    return reverse("partnerships:people", args=[partnership.slug])


def _remind(pk: int, *, now: dt.datetime) -> bool:
    with transaction.atomic():
        row = SideRole.objects.select_for_update(no_key=True, skip_locked=True, of=("self",)).filter(pk=pk)
        role = row.select_related("partnership", "side").first()
        if role is None or role.until is None or not role.side.is_active:
            return False
        address = f"{people_address(role.partnership)}#role-{role.pk}"
        first = dt.datetime.combine(role.until - REMINDED_BEFORE, dt.time(), tzinfo=dt.UTC)
        if Notice.objects.filter(kind=ROLE_ENDS, address=address, made_at__gte=first).exists():
            return False
        tell_sides(role.partnership, ROLE_ENDS, now=now, only=(role.side,), address=address)
    return True


def _fill(role: SideRole, facts: RoleFacts, *, side: Side) -> None:
    role.title = _named(facts.title, missing=_("Say what the role is called."), language=facts.language)
    role.language = facts.language
    if facts.person is not None and facts.person == facts.deputy:
        raise Refused(_("Somebody cannot stand in for themselves."), field="deputy")
    kept = {role.person_id, role.deputy_id}
    for field, person in (("person", facts.person), ("deputy", facts.deputy)):
        if person not in kept:
            _require_people_of(side, person, field=field)
    _require_year(facts.since, field="since")
    _require_year(facts.until, field="until")
    if facts.until is not None and facts.until < facts.since:
        raise Refused(_("It cannot end before it begins."), field="until")
    role.person_id, role.deputy_id = facts.person, facts.deputy
    role.since, role.until = facts.since, facts.until
    role.save()


def _named(title: str, *, missing: str, language: str) -> str:
    named = fitting_text(title, longest=LONGEST_NAME, field="title")
    if not named:
        raise Refused(missing, field="title")
    _require_language(language)
    return named


def _require_language(language: str) -> None:
    if language not in written_codes():
        raise Refused(_("Choose one of the languages."), field="language")


def _require_year(day: dt.date | None, *, field: str) -> None:
    if day is not None and not FIRST_YEAR <= day.year <= LAST_YEAR:
        words = {"first": FIRST_YEAR, "last": LAST_YEAR}
        raise Refused(_("Choose a day between %(first)d and %(last)d.") % words, field=field)


def _require_people_of(side: Side, person: int | None, *, field: str) -> None:
    if person is None:
        return
    if not Membership.objects.filter(community=side.community_id, person=person).exists():
        raise Refused(_("Choose somebody of your own community."), field=field)


def _same(row: Row, partnership: Partnership) -> Row:
    if row.partnership_id != partnership.pk:
        raise PermissionDenied
    return row


def _own_role(role: SideRole, partnership: Partnership, ours: Side) -> SideRole:
    found = (
        SideRole.objects.select_for_update(no_key=True).filter(partnership=partnership, pk=role.pk).first()
    )
    if found is None or found.side_id != ours.pk:
        raise PermissionDenied
    if found.ended_at is not None:
        raise Refused(_("This role has been ended in the meantime."))
    return found


def _open_task(task: SmallTask, *, side: Side, by: Person) -> tuple[SmallTask, Side]:
    found, _sides = lock_partnership(task.partnership)
    ours = require_side(found, side, by=by)
    current = SmallTask.objects.select_for_update(no_key=True).get(partnership=found, pk=task.pk)
    current.partnership = found
    return current, ours


def _require_own_task(task: SmallTask, ours: Side, *, by: Person) -> None:
    if task.taken_by_id in (None, by.pk):
        return
    # A steward does so for somebody of their own side, or for somebody who is here no more.
    is_steward = Membership.objects.filter(community=ours.community_id, person=by, role=Role.STEWARD).exists()
    others = Side.objects.filter(partnership=task.partnership).exclude(pk=ours.pk).values("community")
    is_of_others = Membership.objects.filter(community__in=others, person=task.taken_by_id).exists()
    if not is_steward or is_of_others:
        raise PermissionDenied


def _own_hand_over(pk: int, partnership: Partnership, ours: Side) -> HandOver:
    found = HandOver.objects.select_for_update(no_key=True).filter(partnership=partnership, pk=pk).first()
    if found is None or found.side_id != ours.pk:
        raise PermissionDenied
    return found
