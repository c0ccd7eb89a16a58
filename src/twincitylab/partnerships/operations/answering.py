"""Answering an introduction: yes, a question, a kind no; taking it back; and the end of its time."""

import datetime as dt
import uuid

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from twincitylab.community.models import Community, Person
from twincitylab.community.operations.notices import mark_read
from twincitylab.community.rules.access import require_facilitator
from twincitylab.community.rules.refusals import Refused, fitting_text
from twincitylab.matching.operations.communities import learn_from
from twincitylab.partnerships.choices import OPEN_STATES, Answer, DeclineReason, IntroductionState
from twincitylab.partnerships.models import Introduction, IntroductionNote
from twincitylab.partnerships.operations.meeting import bring_together
from twincitylab.partnerships.operations.pairs import (
    Overtaken,
    address_of,
    lock_introduction,
    over_sentence,
    require_not_blocked,
    require_open,
    require_pseudonym,
    require_steward_of_side,
    tell_both,
    tell_facilitator,
    tell_side,
    write_down,
)
from twincitylab.partnerships.operations.proposing import written
from twincitylab.partnerships.queries.introductions import last_side_to_write, overdue
from twincitylab.partnerships.rules.limits import MOST_NOTES_IN_A_ROW

LONGEST_REASON_NOTE = 300
MOST_ENDED_PER_ROUND = 200


def accept(*, introduction: Introduction, side: Community, by: Person, now: dt.datetime) -> Introduction:
    """One side says yes; when the other has too, they meet. Saying yes again changes nothing.

    ``Overtaken`` when somebody has declined, withdrawn or waited too long meanwhile.
    """
    with transaction.atomic():
        found, sides = lock_introduction(introduction)
        require_steward_of_side(found, side, by=by)
        if found.state == IntroductionState.ACCEPTED:
            return found
        require_open(found, sides=sides, now=now)
        if found.answer_of(side.pk) == Answer.YES:
            return found
        other = sides[found.across(side.pk)]
        require_not_blocked(found, us=sides[side.pk], them=other)
        found.say(side.pk, Answer.YES)
        write_down(found, "accept introduction", by=by, now=now, community=side)
        if found.answer_of(other.pk) == Answer.YES:
            bring_together(found, sides=sides, now=now)
            tell_both(found, "introduction-accepted", now=now)
            tell_facilitator(found, "facilitated-accepted", now=now, side=side.pk, but=by)
        else:
            found.save(update_fields=["answer_a", "answer_b"])
        # Also the line of whoever said the last yes: it stays in the inbox, but is no news to them.
        mark_read(by=by, now=now, address=address_of(found))
    return found


def write_note(
    *,
    introduction: Introduction,
    side: Community | None,
    text: str,
    language: str,
    form_key: uuid.UUID,
    by: Person,
    now: dt.datetime,
) -> IntroductionNote:
    """Ask before deciding, or answer what the other side asked; ``side`` is None for the facilitator.

    The side that has proposed only answers; nobody writes more than a few notes in a row.
    """
    clean = written(text, language=language, field="text")
    with transaction.atomic():
        found, sides = lock_introduction(introduction)
        if side is None:
            _require_sits_in(found, by=by)
        else:
            require_steward_of_side(found, side, by=by)
        sent = IntroductionNote.objects.filter(form_key=form_key).first()
        if sent is not None:
            if sent.introduction_id != found.pk:
                raise Refused(_("This form has been sent already. Open the page again and write anew."))
            return sent
        require_open(found, sides=sides, now=now)
        if side is not None:
            require_pseudonym(clean, us=sides[side.pk], field="text")
        kind = _settle_question(found, side=side, sides=sides)
        note = IntroductionNote.objects.create(
            introduction=found,
            side=side,
            person=by,
            text=clean,
            language=language,
            written_at=now,
            form_key=form_key,
        )
        found.save(update_fields=["state"])
        mark_read(by=by, now=now, address=address_of(found))
        write_down(found, "write note on introduction", by=by, now=now, community=side, note=note.pk)
        if side is None:
            tell_both(found, "introduction-note", now=now, but=by)
        else:
            tell_side(found, found.across(side.pk), kind, now=now, but=by)
            tell_facilitator(found, "facilitated-asked", now=now, side=side.pk, but=by)
    return note


def decline(
    *,
    introduction: Introduction,
    side: Community,
    reason: str,
    note: str = "",
    by: Person,
    now: dt.datetime,
) -> Introduction:
    """One side says no, kindly: the other reads the reason, and the side's own list learns from it."""
    if reason not in DeclineReason.values:
        raise Refused(_("Choose the reason that fits best."), field="reason")
    clean = fitting_text(note, longest=LONGEST_REASON_NOTE, field="note")
    with transaction.atomic():
        found, sides = lock_introduction(introduction)
        require_steward_of_side(found, side, by=by)
        if found.state == IntroductionState.DECLINED and found.declined_by_id == side.pk:
            return found
        require_open(found, sides=sides, now=now)
        require_pseudonym(clean, us=sides[side.pk], field="note")
        if found.proposer_id == side.pk:
            raise Refused(_("You have proposed this yourselves: you can withdraw it."))
        found.say(side.pk, Answer.NO)
        found.state, found.answered_at = IntroductionState.DECLINED, now
        found.decline_reason, found.decline_note = reason, clean
        found.declined_by = sides[side.pk]
        found.save()
        other = sides[found.across(side.pk)]
        learn_from(sides[side.pk], other, reason=reason, now=now)
        mark_read(by=by, now=now, address=address_of(found))
        write_down(found, "decline introduction", by=by, now=now, community=side, reason=reason)
        tell_side(found, other.pk, "introduction-declined", now=now, but=by)
        tell_side(found, side.pk, "introduction-declined-here", now=now, but=by)
        tell_facilitator(found, "facilitated-declined", now=now, side=side.pk, but=by)
    return found


def withdraw(
    *, introduction: Introduction, side: Community | None, by: Person, now: dt.datetime
) -> Introduction:
    """Whoever proposed takes it back: one side, or the facilitator (``side`` is None)."""
    with transaction.atomic():
        found, _sides = lock_introduction(introduction)
        if side is None:
            _require_sits_in(found, by=by)
        else:
            require_steward_of_side(found, side, by=by)
            if found.proposer_id != side.pk:
                raise PermissionDenied
        if found.state == IntroductionState.WITHDRAWN:
            return found
        if not found.is_open:
            raise Overtaken(over_sentence(found.state))
        _close(found, IntroductionState.WITHDRAWN, now=now)
        write_down(found, "withdraw introduction", by=by, now=now, community=side)
        if side is None:
            tell_both(found, "introduction-called-off", now=now, but=by)
        else:
            tell_side(found, found.across(side.pk), "introduction-withdrawn", now=now, but=by)
            tell_side(found, side.pk, "introduction-withdrawn-here", now=now, but=by)
    return found


def end_introductions(*, now: dt.datetime) -> int:
    """End what nobody has answered in time; returns how many. Safe to run in several processes at once."""
    due = list(overdue(now=now)[:MOST_ENDED_PER_ROUND])
    return sum(_end(introduction, now=now) for introduction in due)


def end_open_of(community: Community, *, by: Person, now: dt.datetime) -> None:
    """End all open introductions of a community that is given up; part of that change."""
    mine = Introduction.objects.select_for_update(no_key=True).filter(
        Q(a=community) | Q(b=community), state__in=OPEN_STATES
    )
    for introduction in mine.order_by("pk"):
        is_ours = introduction.proposer_id == community.pk
        _close(introduction, IntroductionState.WITHDRAWN if is_ours else IntroductionState.EXPIRED, now=now)
        write_down(introduction, "end introduction", by=by, now=now, community=community)
        kind = "introduction-withdrawn" if is_ours else "introduction-expired"
        tell_side(introduction, introduction.across(community.pk), kind, now=now, but=by)
        tell_facilitator(introduction, "facilitated-expired", now=now, but=by)


def take_back_proposals(community: Community, *, to: Community, by: Person, now: dt.datetime) -> None:
    """Withdraw what a community has proposed to one that it blocks; part of that change."""
    proposals = Introduction.objects.select_for_update(no_key=True).filter(
        Q(a=to) | Q(b=to), proposer=community, state__in=OPEN_STATES
    )
    for introduction in proposals.order_by("pk"):
        _close(introduction, IntroductionState.WITHDRAWN, now=now)
        write_down(introduction, "withdraw introduction", by=by, now=now, community=community)
        tell_side(introduction, to.pk, "introduction-withdrawn", now=now, but=by)


def _close(introduction: Introduction, state: IntroductionState, *, now: dt.datetime) -> None:
    introduction.state, introduction.answered_at = state, now
    introduction.save(update_fields=["state", "answered_at"])


def _end(introduction: Introduction, *, now: dt.datetime) -> bool:
    with transaction.atomic():
        found, _sides = lock_introduction(introduction)
        if not found.is_overdue(now=now):
            return False
        _close(found, IntroductionState.EXPIRED, now=now)
        write_down(found, "expire introduction", by=None, now=now)
        tell_both(found, "introduction-expired", now=now)
        tell_facilitator(found, "facilitated-expired", now=now)
    return True


def _settle_question(
    introduction: Introduction, *, side: Community | None, sides: dict[int, Community]
) -> str:
    """Open or close the question with a note of this side; returns which notice tells of it."""
    if side is None:
        return "introduction-note"
    us, them = sides[side.pk], sides[introduction.across(side.pk)]
    require_not_blocked(introduction, us=us, them=them)
    last = last_side_to_write(introduction)
    is_asked = introduction.state == IntroductionState.ASKED and last == them.pk
    if introduction.proposer_id == us.pk and not is_asked:
        raise Refused(
            _("Now it is up to %(other)s: you can write when they ask something.")
            % {"other": them.shown_name}
        )
    _require_breath(introduction, side=us.pk)
    introduction.state = IntroductionState.PROPOSED if is_asked else IntroductionState.ASKED
    return "introduction-answered" if is_asked else "introduction-asked"


def _require_breath(introduction: Introduction, *, side: int) -> None:
    recent = introduction.notes.exclude(side=None).order_by("-written_at", "-pk")
    newest = list(recent.values_list("side_id", flat=True)[:MOST_NOTES_IN_A_ROW])
    if newest == [side] * MOST_NOTES_IN_A_ROW:
        raise Refused(_("Your last notes have not been answered yet. Give the other side some time."))


def _require_sits_in(introduction: Introduction, *, by: Person) -> None:
    require_facilitator(by)
    if introduction.facilitator_id != by.pk:
        raise PermissionDenied
