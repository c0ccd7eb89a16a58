"""Whatever binds: proposed, changed, said yes to, objected to, withdrawn; in effect with the last yes.

Every change locks the partnership first, so that two who act in the same second come one after the other, and
the last yes, what it puts into effect and the decision that tells of it are one transaction.
"""

import datetime as dt
import uuid
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from twincitylab.community.models import LONGEST_TEXT, Community, Person
from twincitylab.community.operations.notices import mark_read
from twincitylab.community.rules.access import Standing, require_standing
from twincitylab.community.rules.refusals import Refused, fitting_text
from twincitylab.partnerships.choices import LIVING_PROPOSALS, ProposalKind, ProposalState, Stage
from twincitylab.partnerships.models import (
    Consent,
    Decision,
    Objection,
    Partnership,
    Proposal,
    ProposalVersion,
    Side,
)
from twincitylab.partnerships.operations import agreeing, claiming, sides, stages
from twincitylab.partnerships.operations.matters import Case, Matter, newest_version, reasoned, vote_on
from twincitylab.partnerships.operations.pairs import Overtaken, require_pseudonym
from twincitylab.partnerships.operations.telling import address_of, tell
from twincitylab.partnerships.operations.workspaces import lock_partnership, write_down
from twincitylab.partnerships.rules.consent import digest_of

MATTERS: Mapping[str, Matter] = {
    ProposalKind.AGREEMENT: Matter(agreeing.check_agreement, agreeing.put_in_force),
    ProposalKind.STAGE: Matter(stages.check_stage, stages.change_stage),
    ProposalKind.NEW_SIDE: Matter(sides.check_new_side, sides.join),
    ProposalKind.BUDGET: Matter(stages.check_budget, stages.set_budget),
    ProposalKind.PUBLISH: Matter(stages.check_publish, stages.publish),
    ProposalKind.LEAST_ANSWERS: Matter(stages.check_least_answers, stages.set_least_answers),
    ProposalKind.TWINNING: Matter(claiming.check_twinning, claiming.claim),
    ProposalKind.ENDING: Matter(stages.check_ending, stages.end),
}


class VersionChanged(Refused):
    """The answer was meant for an older version; ``proposal`` is as it is now."""

    def __init__(self, proposal: Proposal) -> None:
        super().__init__(
            _("This has changed meanwhile. Look at what is proposed now; what you said was not counted.")
        )
        self.proposal = proposal


class OneIsOpen(Refused):
    """There is a living proposal of the same kind; ``proposal`` is the one to look at."""

    def __init__(self, proposal: Proposal) -> None:
        super().__init__(_("Something like this is proposed already. Say yes to it, or change it."))
        self.proposal = proposal


def propose(
    *,
    partnership: Partnership,
    side: Side,
    kind: str,
    payload: Mapping[str, Any],
    reason: str = "",
    language: str = "en",
    form_key: uuid.UUID,
    by: Person,
    now: dt.datetime,
) -> Proposal:
    """A first version, to which its side has said yes. The same form sent again gives the same proposal.

    Raises OneIsOpen.
    """
    matter = MATTERS[kind]
    with transaction.atomic():
        case = _opened(partnership, by=by, now=now)
        us = _require_voice(case, side)
        sent = Proposal.objects.filter(form_key=form_key).first()
        if sent is not None:
            if sent.partnership_id != case.partnership.pk or sent.side_id != us.pk:
                raise Refused(_("This form has been sent already. Open the page again and write anew."))
            return sent
        one = _living(case).filter(kind=kind).first()
        if one is not None:
            raise OneIsOpen(one)
        checked = matter.check(case, payload)
        words = _own_words(reason, us=us)
        _guard(checked, us=us)
        made = Proposal.objects.create(
            partnership=case.partnership, kind=kind, side=us, made_by=by, made_at=now, form_key=form_key
        )
        version = _add_version(case, made, checked, side=us, reason=words, language=language)
        write_down(case.partnership, "propose", by=by, now=now, side=us, proposal=made.pk, kind=kind)
        _say_yes(case, made, version, us)
        if not made.is_settled:
            tell(case, made, "proposal-made", actor=us)
    return made


def edit(
    *,
    proposal: Proposal,
    side: Side,
    number: int,
    payload: Mapping[str, Any],
    reason: str = "",
    language: str = "en",
    by: Person,
    now: dt.datetime,
) -> Proposal:
    """A new version instead of version ``number``, to which only this side has said yes.

    Raises VersionChanged when there is a newer one, and Overtaken when it is settled. It answers all
    objections: who had one reads the new version and may object again.
    """
    with transaction.atomic():
        case = _opened(proposal.partnership, by=by, now=now)
        found = _fresh(case, proposal)
        us = _require_voice(case, side, proposal=found)
        _require_living(found)
        newest = newest_version(found)
        checked = MATTERS[found.kind].check(case, payload)
        words = _own_words(reason, us=us)
        _guard(checked, us=us)
        digest = digest_of(checked)
        if newest.made_by_id == by.pk and newest.digest == digest and newest.reason == words:
            return found  # the same form sent twice
        if newest.number != number:
            raise VersionChanged(found)
        if newest.digest == digest and newest.reason == words:
            raise Refused(_("Nothing is different. If you agree, say yes."))
        version = _add_version(case, found, checked, side=us, reason=words, language=language)
        _lift_objections(found)
        write_down(case.partnership, "edit proposal", by=by, now=now, side=us, proposal=found.pk)
        _say_yes(case, found, version, us)
        if not found.is_settled:
            tell(case, found, "proposal-edited", actor=us)
    return found


def consent(
    *, proposal: Proposal, side: Side, number: int, digest: str, by: Person, now: dt.datetime
) -> Proposal:
    """This side's yes to exactly this version; with the last one it takes effect. Saying it again changes
    nothing.

    Raises VersionChanged when there is a newer version, and Overtaken when it was withdrawn or overtaken.
    """
    with transaction.atomic():
        case = _opened(proposal.partnership, by=by, now=now, is_over_too=True)
        found = _fresh(case, proposal)
        if found.state == ProposalState.EFFECTIVE and _is_said(found, side, number, digest, by=by):
            return found
        us = _require_voice(case, side, proposal=found)
        _require_living(found)
        version = _require_version(found, number, digest)
        _lift_objections(found, of=[us])
        mark_read(by=by, now=now, address=address_of(found))
        if Consent.objects.filter(version=version, side=us).exists():
            # Said before; somebody whose yes was missing may have vanished since.
            _take_effect_if_carried(case, found, version, side=us)
            return found
        write_down(
            case.partnership,
            "consent",
            by=by,
            now=now,
            side=us,
            proposal=found.pk,
            version=version.number,
            digest=version.digest,
        )
        _say_yes(case, found, version, us)
        if not found.is_settled:
            tell(case, found, "proposal-consented", actor=us)
    return found


def object_to(
    *, proposal: Proposal, side: Side, number: int, digest: str, reason: str, by: Person, now: dt.datetime
) -> Proposal:
    """This side says what stands in its way; a yes it has said to this version no longer holds.

    It is lifted by its own yes, or answered by a new version; other sides may object besides.
    """
    missing = _("Say what stands in the way, so that the other side can mend it.")
    with transaction.atomic():
        case = _opened(proposal.partnership, by=by, now=now)
        found = _fresh(case, proposal)
        us = _require_voice(case, side, proposal=found)
        _require_living(found)
        version = _require_version(found, number, digest)
        words = reasoned(reason, longest=LONGEST_TEXT, missing=missing)
        require_pseudonym(words, us=us.community, field="reason")
        if version.side_id == us.pk and version.made_by_id is not None:
            raise Refused(_("This is your own proposal: you can change it or withdraw it."))
        Consent.objects.filter(version=version, side=us).delete()
        Objection.objects.update_or_create(
            proposal=found, side=us, defaults={"reason": words, "made_at": now}
        )
        found.state = ProposalState.OBJECTED
        found.save(update_fields=["state"])
        mark_read(by=by, now=now, address=address_of(found))
        write_down(case.partnership, "object", by=by, now=now, side=us, proposal=found.pk)
        tell(case, found, "proposal-objected", actor=us)
    return found


def withdraw(*, proposal: Proposal, side: Side, by: Person, now: dt.datetime) -> Proposal:
    """The side that proposed it takes it back; again changes nothing. Raises Overtaken when it is settled."""
    with transaction.atomic():
        case = _opened(proposal.partnership, by=by, now=now, is_over_too=True)
        found = _fresh(case, proposal)
        us = _require_voice(case, side, proposal=found)
        if found.side_id != us.pk:
            raise Refused(_("Only the side that has proposed this can withdraw it. You can object."))
        if found.state == ProposalState.WITHDRAWN:
            return found
        _require_living(found)
        withdraw_now(case, found, side=us)
    return found


def withdraw_now(case: Case, proposal: Proposal, *, side: Side) -> None:
    """Take a proposal back as part of another change under the same lock."""
    _settle(case, proposal, ProposalState.WITHDRAWN, side=side)
    write_down(
        case.partnership, "withdraw proposal", by=case.by, now=case.now, side=side, proposal=proposal.pk
    )
    tell(case, proposal, "proposal-withdrawn", actor=side)


def renew_living(case: Case, *, but: Proposal | None = None) -> None:
    """After the sides have changed every yes is to be said anew: each living proposal gets a new version to
    which nobody has said yes."""
    for proposal in _living(case):
        if but is not None and proposal.pk == but.pk:
            continue
        newest = newest_version(proposal)
        try:
            checked = MATTERS[proposal.kind].check(case, newest.payload)
        except Refused:
            overtake(case, proposal)
            continue
        maker = case.side(proposal.side_id) or newest.side
        _add_version(
            case,
            proposal,
            checked,
            side=maker,
            reason=newest.reason,
            language=newest.language,
            is_renewed=True,
        )
        _lift_objections(proposal, of=[side for side in case.sides if not side.is_active])
        tell(case, proposal, "proposal-renewed", actor=None)


def overtake(case: Case, proposal: Proposal) -> None:
    """What was proposed can no longer be: something else has happened."""
    _settle(case, proposal, ProposalState.OVERTAKEN, side=None)
    write_down(case.partnership, "overtake proposal", by=case.by, now=case.now, proposal=proposal.pk)
    tell(case, proposal, "proposal-overtaken", actor=None)


def overtake_all(case: Case) -> None:
    for proposal in _living(case):
        overtake(case, proposal)


def settle_carried(case: Case) -> None:
    """Let take effect what needs no further yes, because a side whose yes was missing has vanished."""
    for proposal in _living(case):
        newest = newest_version(proposal)
        proposer = case.side(newest.side_id)
        if proposer is not None and vote_on(case, newest).is_carried:
            _take_effect(case, proposal, newest, side=proposer)


def living_of(case: Case, side: Side) -> Iterable[Proposal]:
    """The living proposals that a side has made."""
    found: Iterable[Proposal] = _living(case).filter(side=side)
    return found


def opened_case(
    partnership: Partnership, *, by: Person | None, now: dt.datetime, is_closing: bool = False
) -> Case:
    """The partnership under its lock, whatever stage it is in."""
    found, all_sides = lock_partnership(partnership, is_closing=is_closing)
    return Case(found, all_sides, by, now, is_closing)


def _opened(partnership: Partnership, *, by: Person, now: dt.datetime, is_over_too: bool = False) -> Case:
    case = opened_case(partnership, by=by, now=now)
    if case.partnership.stage == Stage.ENDED and not is_over_too:
        raise Overtaken(_("This partnership has ended. Everything stays readable."))
    return case


def _fresh(case: Case, proposal: Proposal) -> Proposal:
    found: Proposal = case.partnership.proposals.get(pk=proposal.pk)
    found.partnership = case.partnership
    return found


def _living(case: Case) -> Any:
    found = case.partnership.proposals.filter(state__in=LIVING_PROPOSALS)
    return found.select_related("partnership", "side").order_by("pk")


def _require_voice(case: Case, side: Side, *, proposal: Proposal | None = None) -> Side:
    """The side as it is now, when the person is a steward of it and its yes counts here."""
    us = case.side(side.pk)
    if us is None or case.by is None:
        raise Refused(_("Your community is not a side of this partnership."))
    require_standing(case.by, us.community, Standing.STEWARD)
    if us.community.closed_at is not None:
        raise Refused(_("Your community is closed, so it can no longer bind itself."))
    invited = (
        proposal is not None
        and proposal.kind == ProposalKind.NEW_SIDE
        and newest_version(proposal).payload["side"] == us.pk
    )
    if not us.is_active and not invited:
        raise Refused(_("Your side has left this partnership. You can read everything and change nothing."))
    return us


def _require_living(proposal: Proposal) -> None:
    if proposal.state in LIVING_PROPOSALS:
        return
    sentence = {
        ProposalState.EFFECTIVE: _("Every side has said yes meanwhile: it is in effect."),
        ProposalState.WITHDRAWN: _("This has been withdrawn meanwhile."),
        ProposalState.OVERTAKEN: _("Something else has happened meanwhile, so this is settled."),
    }[ProposalState(proposal.state)]
    raise Overtaken(sentence)


def _require_version(proposal: Proposal, number: int, digest: str) -> ProposalVersion:
    newest = newest_version(proposal)
    if (newest.number, newest.digest) != (number, digest):
        raise VersionChanged(proposal)
    newest.proposal = proposal
    return newest


def _is_said(proposal: Proposal, side: Side, number: int, digest: str, *, by: Person) -> bool:
    """Whether this yes is part of what took effect."""
    require_standing(by, Community(pk=side.community_id), Standing.STEWARD)
    said = Consent.objects.filter(
        version=proposal.effective_id, version__number=number, version__digest=digest, side=side
    )
    return said.exists()


def _add_version(
    case: Case,
    proposal: Proposal,
    payload: Mapping[str, Any],
    *,
    side: Side,
    reason: str,
    language: str,
    is_renewed: bool = False,
) -> ProposalVersion:
    last = proposal.versions.order_by("-number").values_list("number", flat=True).first()
    return ProposalVersion.objects.create(
        proposal=proposal,
        number=(last or 0) + 1,
        payload=payload,
        digest=digest_of(payload),
        reason=reason,
        language=language,
        side=side,
        made_by=None if is_renewed else case.by,
        made_at=case.now,
    )


def _say_yes(case: Case, proposal: Proposal, version: ProposalVersion, side: Side) -> None:
    Consent.objects.create(version=version, side=side, person=case.by, given_at=case.now)
    _take_effect_if_carried(case, proposal, version, side=side)


def _take_effect_if_carried(case: Case, proposal: Proposal, version: ProposalVersion, *, side: Side) -> None:
    if vote_on(case, version).is_carried:
        _take_effect(case, proposal, version, side=side)


def _take_effect(case: Case, proposal: Proposal, version: ProposalVersion, *, side: Side) -> None:
    """Called once, with the last yes: the effect, the decision and everybody's notice are one transaction."""
    matter = MATTERS[proposal.kind]
    try:
        payload = matter.check(case, version.payload)
    except Refused:
        overtake(case, proposal)
        return
    if digest_of(payload) != version.digest:
        overtake(case, proposal)
        return
    proposal.effective = version
    _settle(case, proposal, ProposalState.EFFECTIVE, side=side)
    matter.take_effect(case, payload)
    case.partnership.changed_at = case.now
    case.partnership.revision += 1
    case.partnership.save()
    Decision.objects.create(
        partnership=case.partnership,
        day=case.now.date(),
        language=version.language,
        proposal=proposal,
        side=case.side(proposal.side_id) or side,
        made_by=case.by,
        made_at=case.now,
        form_key=uuid.uuid4(),
    )
    write_down(
        case.partnership,
        "take effect",
        by=case.by,
        now=case.now,
        side=side,
        proposal=proposal.pk,
        kind=proposal.kind,
        version=version.number,
        digest=version.digest,
    )
    after = opened_case(case.partnership, by=case.by, now=case.now, is_closing=case.is_closing)
    tell(after, proposal, "proposal-effective", actor=None)
    _look_at_the_others(after, proposal)


def _look_at_the_others(case: Case, done: Proposal) -> None:
    """What else is proposed may no longer be possible; a new side must be asked about it, too."""
    if case.partnership.stage == Stage.ENDED:
        overtake_all(case)
        return
    if done.kind == ProposalKind.NEW_SIDE:
        renew_living(case, but=done)
        return
    for proposal in _living(case):
        try:
            MATTERS[proposal.kind].check(case, newest_version(proposal).payload)
        except Refused:
            overtake(case, proposal)


def _settle(case: Case, proposal: Proposal, state: ProposalState, *, side: Side | None) -> None:
    proposal.state, proposal.settled_at, proposal.settled_by_side = state, case.now, side
    proposal.save(update_fields=["state", "settled_at", "settled_by_side", "effective"])


def _lift_objections(proposal: Proposal, *, of: Iterable[Side] | None = None) -> None:
    """All objections to what is not settled, or those of some sides; it is open again when none stands."""
    if proposal.state != ProposalState.OBJECTED:
        return
    standing = Objection.objects.filter(proposal=proposal)
    (standing if of is None else standing.filter(side__in=of)).delete()
    if not standing.exists():
        proposal.state = ProposalState.OPEN
        proposal.save(update_fields=["state"])


def _own_words(reason: str, *, us: Side) -> str:
    words = fitting_text(reason, longest=LONGEST_TEXT, field="reason", one_line=False)
    require_pseudonym(words, us=us.community, field="reason")
    return words


def _guard(payload: Mapping[str, Any], *, us: Side) -> None:
    """What is proposed must not tell who a side in safety mode is."""
    require_pseudonym(str(payload.get("reason", "")), us=us.community, field="reason")
