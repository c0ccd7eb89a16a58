"""A round of the eye-level check: opened, answered blind, closed once.

Answering leaves no audit row and changes nothing a page shows to anybody else: who has answered, how many of
which side and when could tell what somebody answered. Everything happens under the lock of the partnership.
"""

import datetime as dt
from collections.abc import Sequence

from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from twincitylab.community.models import Community, Person
from twincitylab.community.operations.notices import mark_read, notify
from twincitylab.community.rules.access import Standing
from twincitylab.community.rules.refusals import Refused
from twincitylab.partnerships.choices import CheckState, Stage
from twincitylab.partnerships.engine.checks import result_of
from twincitylab.partnerships.models import CheckSheet, CheckTaken, EyeLevelCheck, Partnership, Side
from twincitylab.partnerships.operations.workspaces import lock_partnership, require_side, write_down
from twincitylab.partnerships.queries.check_records import recorded
from twincitylab.partnerships.rules.questions import PAIR, answers_fit

FEWEST_WEEKS, USUAL_WEEKS, MOST_WEEKS = 1, 3, 6
REMINDED_BEFORE = dt.timedelta(days=3)
MOST_PER_ROUND = 200


class NotAsked(Refused):
    """The side came after the round had opened."""

    def __init__(self) -> None:
        super().__init__(_("This round began before your side was here. Your side is asked in the next one."))


class RoundOver(Refused):
    """The round takes no answers any more."""

    def __init__(self) -> None:
        super().__init__(_("This round is over and takes no more answers. What was sent in time is counted."))


def open_check(
    *, partnership: Partnership, side: Side, weeks: int = USUAL_WEEKS, by: Person, now: dt.datetime
) -> EyeLevelCheck:
    """A new round, of which everybody of all sides is told; while one is open, that one."""
    if not FEWEST_WEEKS <= weeks <= MOST_WEEKS:
        words = {"fewest": FEWEST_WEEKS, "most": MOST_WEEKS}
        raise Refused(_("Choose %(fewest)d to %(most)d weeks.") % words, field="weeks")
    with transaction.atomic():
        found, sides = lock_partnership(partnership)
        us = require_side(found, side, by=by, least=Standing.STEWARD)
        one = _open_one(found)
        if one is not None and not _close_if_due(one, partnership=found, sides=sides, now=now):
            return one
        last = found.checks.order_by("-number").first()
        made = EyeLevelCheck.objects.create(
            partnership=found,
            number=last.number + 1 if last else 1,
            least=found.least_answers,
            opened_at=now,
            opened_by_side=us,
            closes_at=now + dt.timedelta(weeks=weeks),
        )
        write_down(found, "open check", by=by, now=now, side=us, number=made.number)
        _tell_people(made, "check-opened", sides=sides, now=now, but=[by.pk])
    return made


def answer_check(
    *, check: EyeLevelCheck, side: Side, answers: Sequence[int | None], by: Person, now: dt.datetime
) -> None:
    """Take somebody's answers: once, whatever comes again. Raises RoundOver, and ValueError for what are no
    answers to the questions."""
    if not answers_fit(answers):
        message = "These are no answers to the questions of the check."
        raise ValueError(message)
    with transaction.atomic():
        partnership, sides = lock_partnership(check.partnership)
        found = EyeLevelCheck.objects.get(pk=check.pk)
        us = require_side(partnership, side, by=by)
        if found.state != CheckState.OPEN or now >= found.closes_at:
            raise RoundOver
        if not found.asks(us):
            raise NotAsked
        _made, is_first = CheckTaken.objects.get_or_create(check_round=found, person=by)
        if not is_first:
            return
        CheckSheet.objects.create(check_round=found, side=us, answers=list(answers))
        _lay_in_random_order(found)
        mark_read(by=by, now=now, address=_address(found))
        _close_if_asked(found, sides=sides, now=now)


def ask_to_close(*, check: EyeLevelCheck, side: Side, by: Person, now: dt.datetime) -> EyeLevelCheck:
    """A side would like to see the result early. The round closes once every side has asked and has enough
    answers; until then no other side learns that this one has asked."""
    with transaction.atomic():
        partnership, sides = lock_partnership(check.partnership)
        found = EyeLevelCheck.objects.get(pk=check.pk)
        us = require_side(partnership, side, by=by, least=Standing.STEWARD)
        if found.state != CheckState.OPEN:
            return found
        if not found.asks(us):
            raise NotAsked
        if us.pk not in found.closing_asked:
            found.closing_asked = sorted([*found.closing_asked, us.pk])
            found.save(update_fields=["closing_asked"])
            write_down(partnership, "ask to close check", by=by, now=now, side=us, number=found.number)
        _close_if_asked(found, sides=sides, now=now)
    return found


def close_due(partnership: Partnership, *, now: dt.datetime) -> bool:
    """Close the round whose time is over, or whose partnership is; whether this call did. Whoever looks first
    does it, or the worker; safe in several processes at once."""
    if not partnership.checks.filter(_is_due(now), state=CheckState.OPEN).exists():
        return False
    with transaction.atomic():
        found, sides = lock_partnership(partnership)
        one = _open_one(found)
        return one is not None and _close_if_due(one, partnership=found, sides=sides, now=now)


def look_after_checks(*, now: dt.datetime) -> int:
    """Close the rounds whose time is over and remind of those that end soon; returns how many."""
    rounds = EyeLevelCheck.objects.filter(state=CheckState.OPEN).select_related("partnership")
    due = rounds.filter(_is_due(now)).order_by("closes_at")[:MOST_PER_ROUND]
    closed = sum(close_due(check.partnership, now=now) for check in due)
    soon = rounds.filter(closes_at__gt=now, closes_at__lte=now + REMINDED_BEFORE, reminded_at=None)
    return closed + sum(_remind(check, now=now) for check in soon.order_by("closes_at")[:MOST_PER_ROUND])


def _remind(check: EyeLevelCheck, *, now: dt.datetime) -> bool:
    with transaction.atomic():
        _partnership, sides = lock_partnership(check.partnership)
        found = EyeLevelCheck.objects.get(pk=check.pk)
        if found.state != CheckState.OPEN or found.reminded_at is not None:
            return False
        found.reminded_at = now
        found.save(update_fields=["reminded_at"])
        taken = CheckTaken.objects.filter(check_round=found).values_list("person_id", flat=True)
        asked = _asked(found, sides)
        _tell_people(found, "check-ends-soon", sides=asked, now=now, but=list(taken))
    return True


def _open_one(partnership: Partnership) -> EyeLevelCheck | None:
    found: EyeLevelCheck | None = partnership.checks.filter(state=CheckState.OPEN).first()
    return found


def _is_due(now: dt.datetime) -> Q:
    return Q(closes_at__lte=now) | Q(partnership__stage=Stage.ENDED)


def _close_if_due(
    check: EyeLevelCheck, *, partnership: Partnership, sides: Sequence[Side], now: dt.datetime
) -> bool:
    if now < check.closes_at and partnership.stage != Stage.ENDED:
        return False
    _close(check, sides=sides, now=now)
    return True


def _close_if_asked(check: EyeLevelCheck, *, sides: Sequence[Side], now: dt.datetime) -> None:
    asked = _asked(check, sides)
    if not {side.pk for side in asked} <= set(check.closing_asked):
        return
    if _has_enough(check, _answers(check, asked)):
        _close(check, sides=sides, now=now)


def _close(check: EyeLevelCheck, *, sides: Sequence[Side], now: dt.datetime) -> None:
    """Compute once, keep only that, and forget the sheets and who has answered."""
    asked = _asked(check, sides)
    sheets = _answers(check, asked)
    if _has_enough(check, sheets):
        check.state = CheckState.CLOSED
        check.result = result_of(
            sheets,
            sides=[side.pk for side in asked],
            records=recorded(check.partnership, sides=asked, now=now),
            least=check.least,
            now=now,
        )
    else:
        check.state = CheckState.TOO_FEW
    check.closed_at = now
    check.closing_asked = []
    check.save(update_fields=["state", "result", "closed_at", "closing_asked"])
    CheckSheet.objects.filter(check_round=check).delete()
    CheckTaken.objects.filter(check_round=check).delete()
    write_down(
        check.partnership, "close check", by=None, now=now, number=check.number, state=str(check.state)
    )
    is_told = check.state == CheckState.CLOSED
    _tell_people(check, "check-closed" if is_told else "check-too-few", sides=sides, now=now)


def _asked(check: EyeLevelCheck, sides: Sequence[Side]) -> list[Side]:
    """Those that were here when the round opened and still are: who comes or goes meanwhile takes nobody
    else's result away."""
    return [side for side in sides if side.is_active and check.asks(side)]


def _answers(check: EyeLevelCheck, asked: Sequence[Side]) -> list[list[list[int | None]]]:
    rows = list(CheckSheet.objects.filter(check_round=check).order_by("pk"))
    return [[row.answers for row in rows if row.side_id == side.pk] for side in asked]


def _has_enough(check: EyeLevelCheck, sheets: Sequence[Sequence[object]]) -> bool:
    return len(sheets) >= PAIR and all(len(side) >= check.least for side in sheets)


def _lay_in_random_order(check: EyeLevelCheck) -> None:
    """Store all sheets anew in the order of their random keys: the order of the rows tells nobody who came
    when."""
    rows = list(CheckSheet.objects.filter(check_round=check).order_by("pk"))
    CheckSheet.objects.filter(check_round=check).delete()
    CheckSheet.objects.bulk_create(rows)


def _tell_people(
    check: EyeLevelCheck, kind: str, *, sides: Sequence[Side], now: dt.datetime, but: Sequence[int] = ()
) -> None:
    """Everybody of all sides once, for the first of their sides."""
    active = [side for side in sides if side.is_active]
    told = set(but)
    for side in active:
        other = next((one for one in active if one.pk != side.pk), side)
        people = list(
            Person.objects.filter(memberships__community=side.community_id, is_active=True)
            .exclude(pk__in=told)
            .distinct()
        )
        told.update(person.pk for person in people)
        notify(
            people,
            kind=kind,
            words={"community_id": side.community_id, "other_id": other.community_id},
            address=_address(check),
            community=Community(pk=side.community_id),
            now=now,
        )


def _address(check: EyeLevelCheck) -> str:
    return reverse("partnerships:check", args=[check.partnership.slug])
