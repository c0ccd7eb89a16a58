"""Proposing an introduction: by one side, or by a facilitator to both."""

import datetime as dt
import uuid

from django.db import transaction
from django.utils.translation import gettext as _

from twincitylab.community.models import Community, Person
from twincitylab.community.operations.seeing import let_see
from twincitylab.community.queries.visible import matchable, reachable_by
from twincitylab.community.rules.access import Standing, require_facilitator, require_standing
from twincitylab.community.rules.languages import written_codes
from twincitylab.community.rules.refusals import Refused, fitting_text
from twincitylab.partnerships.choices import OPEN_STATES, Answer, IntroductionState, IntroductionWay
from twincitylab.partnerships.models import LONGEST_MESSAGE, Introduction
from twincitylab.partnerships.operations.meeting import bring_together
from twincitylab.partnerships.operations.pairs import (
    lock_communities,
    require_pseudonym,
    tell_both,
    tell_side,
    write_down,
)
from twincitylab.partnerships.queries.introductions import has_interest
from twincitylab.partnerships.queries.situations import situation_of
from twincitylab.partnerships.rules.limits import OPEN_FOR
from twincitylab.partnerships.rules.proposing import (
    check_may_meet,
    check_may_propose,
    check_rest,
    check_takes_proposals,
    does_not_take_proposals,
)


def propose(
    *,
    community: Community,
    other: Community,
    message: str,
    language: str,
    form_key: uuid.UUID,
    by: Person,
    now: dt.datetime,
) -> Introduction:
    """Propose to another community to meet; from then on it sees this one's card.

    When the other side has said in private that it would like to meet, both have said yes, and they meet.
    ``Refused`` says why not; the same form again gives the same introduction.
    """
    text = written(message, language=language, field="message")
    with transaction.atomic():
        sides = lock_communities(community.pk, other.pk)
        require_standing(by, community, Standing.STEWARD)
        _require_reachable(other, by=by)
        sent = _sent_before(form_key, community, other, reader=community.pk)
        if sent is not None:
            return sent
        us, them = sides[community.pk], sides[other.pk]
        check_may_propose(situation_of(us, them, now=now, by=by), now=now)
        require_pseudonym(text, us=us, field="message")
        end_overdue(us, them, now=now)
        introduction = _new(us, them, way=IntroductionWay.PROPOSAL, by=by, now=now, form_key=form_key)
        introduction.proposer = us
        introduction.message, introduction.message_language = text, language
        introduction.say(us.pk, Answer.YES)
        introduction.save()
        let_see(us, to=them, now=now)
        write_down(introduction, "propose introduction", by=by, now=now, community=us)
        if has_interest(them, us):
            introduction.say(them.pk, Answer.YES)
            bring_together(introduction, sides=sides, now=now)
            write_down(introduction, "introduce by mutual interest", by=by, now=now)
            tell_both(introduction, "introduction-mutual", now=now, but=by)
        else:
            tell_side(introduction, them.pk, "introduction-proposed", now=now)
            tell_side(introduction, us.pk, "introduction-sent", now=now, but=by)
    return introduction


def facilitate(
    *,
    first: Community,
    second: Community,
    message: str,
    language: str,
    form_key: uuid.UUID,
    by: Person,
    now: dt.datetime,
) -> Introduction:
    """Propose to two communities that they meet, and sit in: both have to say yes.

    Nobody is introduced whom the facilitator may not see, or who is hidden: who hides proposes for itself.
    """
    text = written(message, language=language, field="message")
    with transaction.atomic():
        sides = lock_communities(first.pk, second.pk)
        require_facilitator(by)
        for side in (first, second):
            _require_reachable(side, by=by)
            if not matchable().filter(pk=side.pk).exists():
                raise Refused(
                    _("%(name)s is hidden, and only its own stewards can propose it to others.")
                    % {"name": side.shown_name}
                )
        sent = _sent_before(form_key, first, second, reader=0)
        if sent is not None:
            return sent
        _check_facilitated(sides[first.pk], sides[second.pk], now=now)
        end_overdue(first, second, now=now)
        introduction = _new(
            sides[first.pk],
            sides[second.pk],
            way=IntroductionWay.FACILITATED,
            by=by,
            now=now,
            form_key=form_key,
        )
        introduction.facilitator = by
        introduction.message, introduction.message_language = text, language
        introduction.save()
        write_down(introduction, "facilitate introduction", by=by, now=now)
        tell_both(introduction, "introduction-facilitated", now=now)
    return introduction


def written(text: str, *, language: str, field: str) -> str:
    """A text fit to be shown, in a language there is; ``Refused`` names the field otherwise."""
    if language not in written_codes():
        raise Refused(_("Choose one of the languages in the list."), field="language")
    found = fitting_text(text, longest=LONGEST_MESSAGE, field=field, one_line=False)
    if not found:
        raise Refused(_("Write a few words first."), field=field)
    return found


def end_overdue(a: Community, b: Community, *, now: dt.datetime) -> None:
    """End what the worker has not come to yet, so that it does not stand in the way of something new."""
    first, second = sorted((a.pk, b.pk))
    for introduction in Introduction.objects.filter(
        a_id=first, b_id=second, state__in=OPEN_STATES, expires_at__lte=now
    ):
        introduction.state = IntroductionState.EXPIRED
        introduction.answered_at = now
        introduction.save(update_fields=["state", "answered_at"])
        write_down(introduction, "expire introduction", by=None, now=now)
        tell_both(introduction, "introduction-expired", now=now)


def new_introduction(
    first: Community, second: Community, *, way: IntroductionWay, by: Person | None, now: dt.datetime
) -> Introduction:
    """An introduction of the two, not stored yet."""
    return _new(first, second, way=way, by=by, now=now, form_key=uuid.uuid4())


def _new(
    first: Community,
    second: Community,
    *,
    way: IntroductionWay,
    by: Person | None,
    now: dt.datetime,
    form_key: uuid.UUID,
) -> Introduction:
    a, b = sorted((first, second), key=lambda side: side.pk)
    return Introduction(
        a=a, b=b, way=way, made_by=by, made_at=now, expires_at=now + OPEN_FOR, form_key=form_key
    )


def _check_facilitated(first: Community, second: Community, *, now: dt.datetime) -> None:
    """A facilitator meets the same limits in both directions, and reads only of what anybody may know: what
    the two have said to each other, and what lies on their desks, is theirs."""
    if first.pk == second.pk:
        raise Refused(_("Choose two different communities."))
    there, back = (
        situation_of(us, them, now=now, is_for_facilitator=True)
        for us, them in ((first, second), (second, first))
    )
    if there.is_same_city:
        raise Refused(_("These two are in the same city. Introductions here lead to other cities."))
    try:
        for situation in (there, back):
            if situation.blocked_by_us or not situation.their_capacity:
                raise does_not_take_proposals(situation.their_name)
            check_may_meet(situation)
            check_rest(situation, now=now)
            check_takes_proposals(situation)
    except Refused:
        raise Refused(_("These two cannot be introduced at the moment.")) from None


def _sent_before(
    form_key: uuid.UUID, one: Community, other: Community, *, reader: int
) -> Introduction | None:
    """What the same form has made already; ``reader`` is whose form it is, 0 for a facilitator. It does
    not tell that a side is one that is not shown any more."""
    found = Introduction.objects.filter(form_key=form_key).first()
    if found is None:
        return None
    is_another = {found.a_id, found.b_id} != {one.pk, other.pk}
    if is_another or any(found.keeps_back(side.pk, reader=reader) for side in (one, other)):
        raise Refused(_("This form has been sent already. Open the page again and write anew."))
    return found


def _require_reachable(community: Community, *, by: Person) -> None:
    """What somebody may not see does not exist for them."""
    if not reachable_by(by).filter(pk=community.pk).exists():
        raise Community.DoesNotExist
