"""Who may propose to whom: each refusal is a sentence for the one who asks, and tells nothing that the other
side keeps to itself."""

import datetime as dt
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _

from twincitylab.base.figures import written_day
from twincitylab.community.rules.refusals import Refused
from twincitylab.partnerships.choices import IntroductionState
from twincitylab.partnerships.rules.limits import (
    REST_AFTER_DECLINE,
    REST_AFTER_WITHDRAWAL,
    most_received,
    most_sent,
)


class HaveMet(Refused):
    """There is an introduction between the two already: ``introduction_pk`` leads to it."""

    def __init__(self, message: str, *, introduction_pk: int) -> None:
        super().__init__(message)
        self.introduction_pk = introduction_pk


@dataclass(frozen=True)
class Situation:
    """All that decides whether one community may propose to another.

    ``is_same_city`` is false where either side hides its city: a refusal would tell where it lives.
    ``blocks_us`` is whether they block, or our own block is silent because they have another name since.
    ``is_said`` is whether the first has said in private that it would like to meet; never the second.
    ``latest_*`` is the newest introduction of the two that is not overdue, if there ever was one.
    ``asked_as`` is the community for which the same person has proposed to them without an answer yet: None
    for none, empty where the person does not act for it any more.
    """

    us: int
    our_name: str
    their_name: str
    our_capacity: int
    their_capacity: int
    is_same: bool = False
    is_same_city: bool = False
    is_over: bool = False
    blocks_us: bool = False
    blocked_by_us: bool = False
    is_known: bool = False
    is_said: bool = False
    received_by_them: int = 0
    sent_by_us: int = 0
    asked_as: str | None = None
    latest_pk: int = 0
    latest_state: str = ""
    latest_proposer: int | None = None
    latest_answered_at: dt.datetime | None = None


def check_may_meet(situation: Situation) -> None:
    """``Refused`` when these two cannot be introduced, whichever way."""
    words = {"other": situation.their_name, "community": situation.our_name}
    if situation.is_same:
        raise Refused(_("This is your own community: choose another one to meet."))
    if situation.is_over:
        raise Refused(_("%(other)s is no longer active here.") % words)
    if situation.blocked_by_us:
        raise Refused(
            _("%(community)s has blocked %(other)s. Lift the block first if you want to meet.") % words
        )
    _check_have_not_met(situation, words)
    if situation.is_same_city:
        raise Refused(
            _(
                "%(other)s is in your own city: you do not need us to meet. "
                "Introductions here lead to other cities."
            )
            % words
        )


def check_may_propose(situation: Situation, *, now: dt.datetime) -> None:
    """``Refused`` when the one may not propose to the other now.

    Being blocked and having too many proposals to answer give the same sentence, so that neither is told.
    """
    check_may_meet(situation)
    words = {"other": situation.their_name, "community": situation.our_name}
    check_rest(situation, now=now)
    if situation.sent_by_us >= most_sent(situation.our_capacity):
        raise Refused(
            _(
                "%(count)d of your proposals are waiting for an answer, and more at a time would be too many "
                "for the capacity of %(community)s. Wait for answers, withdraw one, or raise the capacity."
            )
            % {**words, "count": situation.sent_by_us}
        )
    if not situation.their_capacity:
        raise Refused(
            _(
                "%(other)s does not take proposals at the moment: it has no room for a new partnership. "
                "You can still say in private that you would like to meet."
            )
            % words
        )
    _check_asks_once(situation)
    check_takes_proposals(situation)


def check_rest(situation: Situation, *, now: dt.datetime) -> None:
    """``Refused`` while a no, or one's own withdrawal, still stands."""
    words = {"other": situation.their_name}
    since = situation.latest_answered_at
    if since is None:
        return
    if situation.latest_state == IntroductionState.DECLINED and now < since + REST_AFTER_DECLINE:
        raise Refused(
            _(
                "The last proposal between you was declined on %(day)s. From %(again)s it can be proposed "
                "again; until then both can say in private that they would like to meet after all."
            )
            % {"day": _day(since), "again": _day(since + REST_AFTER_DECLINE)}
        )
    if (
        situation.latest_state == IntroductionState.WITHDRAWN
        and situation.latest_proposer == situation.us
        and now < since + REST_AFTER_WITHDRAWAL
    ):
        raise Refused(
            _("You withdrew your proposal to %(other)s on %(day)s. From %(again)s you can propose again.")
            % {**words, "day": _day(since), "again": _day(since + REST_AFTER_WITHDRAWAL)}
        )


def check_takes_proposals(situation: Situation) -> None:
    """``Refused`` when the other side is blocking or has as much to answer as it can."""
    if not takes_proposals(situation):
        raise does_not_take_proposals(situation.their_name)


def _check_asks_once(situation: Situation) -> None:
    """``Refused`` while the other side has another proposal of the same person to answer: somebody with many
    communities would leave no room on a desk for anybody else."""
    if situation.asked_as is None:
        return
    if not situation.asked_as:
        raise does_not_take_proposals(situation.their_name)
    raise Refused(
        _("%(community)s has proposed this already, and %(other)s has not answered yet.")
        % {"community": situation.asked_as, "other": situation.their_name}
    )


def takes_proposals(situation: Situation) -> bool:
    """Whether the other side neither blocks nor has as much to answer as it can."""
    return not situation.blocks_us and situation.received_by_them < most_received(situation.their_capacity)


def does_not_take_proposals(name: str) -> Refused:
    """The one sentence behind which a block and a full desk look alike; it asks for nothing further."""
    return Refused(_("%(other)s does not take proposals from you at the moment.") % {"other": name})


def _check_have_not_met(situation: Situation, words: dict[str, str]) -> None:
    state = situation.latest_state
    if state == IntroductionState.ACCEPTED:
        raise HaveMet(_("You have met %(other)s already.") % words, introduction_pk=situation.latest_pk)
    if state in {IntroductionState.PROPOSED, IntroductionState.ASKED}:
        if situation.latest_proposer == situation.us:
            sentence = _("%(community)s has proposed this already, and %(other)s has not answered yet.")
        elif situation.latest_proposer:
            sentence = _("%(other)s has proposed the same to you: you only need to answer.")
        else:
            sentence = _("A facilitator has proposed already that you two meet: you only need to answer.")
        raise HaveMet(sentence % words, introduction_pk=situation.latest_pk)
    if situation.is_known:
        raise Refused(_("You have met %(other)s already.") % words)


def _day(moment: dt.datetime) -> str:
    return written_day(timezone.localtime(moment))
