"""Both sides have said yes: they are introduced."""

import datetime as dt

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from twincitylab.community.models import Community, Person
from twincitylab.community.operations.seeing import let_see
from twincitylab.matching.operations.communities import remember_pair
from twincitylab.partnerships.choices import Answer, IntroductionState
from twincitylab.partnerships.models import Interest, Introduction, Partnership
from twincitylab.partnerships.operations.pairs import (
    Overtaken,
    lock_introduction,
    require_not_blocked,
    require_steward_of_side,
)
from twincitylab.partnerships.operations.workspaces import open_partnership


def bring_together(introduction: Introduction, *, sides: dict[int, Community], now: dt.datetime) -> None:
    """Accept an introduction to which both have said yes, let the two see each other, and open the workspace
    that both own.

    Part of a change that holds the locks, and that writes the audit row and tells the stewards.
    """
    if {introduction.answer_a, introduction.answer_b} != {Answer.YES}:
        message = "An introduction is accepted only when both sides have said yes."
        raise ValueError(message)
    introduction.state = IntroductionState.ACCEPTED
    introduction.answered_at = now
    introduction.save(update_fields=["state", "answer_a", "answer_b", "answered_at"])
    a, b = sides[introduction.a_id], sides[introduction.b_id]
    remember_pair(a, b, now=now)
    let_see(a, to=b, now=now)
    let_see(b, to=a, now=now)
    Interest.objects.filter(Q(community=a, other=b) | Q(community=b, other=a)).delete()
    open_partnership(introduction, sides=sides, now=now)


def open_workspace(
    *, introduction: Introduction, side: Community, by: Person, now: dt.datetime
) -> Partnership:
    """The workspace of two that have met, also of those who met before there were any; the same one when it
    is asked for again."""
    with transaction.atomic():
        current, sides = lock_introduction(introduction)
        require_steward_of_side(current, side, by=by)
        if current.state != IntroductionState.ACCEPTED:
            raise Overtaken(_("A workspace opens when both sides have said yes."))
        found = Partnership.objects.filter(introduction=current).first()
        if found is not None:
            return found
        us, them = sides[side.pk], sides[current.across(side.pk)]
        if them.closed_at is not None:
            raise Overtaken(_("%(other)s is no longer active here.") % {"other": them.shown_name})
        require_not_blocked(current, us=us, them=them)
        return open_partnership(current, sides=sides, now=now)
