"""Both sides have said yes: they are introduced."""

import datetime as dt

from django.db.models import Q

from twincitylab.community.models import Community
from twincitylab.community.operations.seeing import let_see
from twincitylab.matching.operations.communities import remember_pair
from twincitylab.partnerships.choices import Answer, IntroductionState
from twincitylab.partnerships.models import Interest, Introduction
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
