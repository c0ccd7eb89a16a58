"""Short ways to propose and to say yes, for tests."""

import uuid
from typing import Any

from twincitylab.community.models import Person
from twincitylab.community.tests.world import NOW
from twincitylab.partnerships.choices import ProposalKind
from twincitylab.partnerships.models import Partnership, Proposal, ProposalVersion, Side
from twincitylab.partnerships.operations import consenting


def side(partnership: Partnership, number: int) -> Side:
    return partnership.sides.get(number=number)


def newest(proposal: Proposal) -> ProposalVersion:
    return proposal.versions.latest("number")


def proposes(
    partnership: Partnership,
    by: Person,
    *,
    number: int = 0,
    kind: str = ProposalKind.LEAST_ANSWERS,
    payload: dict[str, Any] | None = None,
    key: uuid.UUID | None = None,
    reason: str = "",
) -> Proposal:
    """What a steward of side ``number`` proposes; by default that five must answer."""
    return consenting.propose(
        partnership=partnership,
        side=side(partnership, number),
        kind=kind,
        payload={"least_answers": 5} if payload is None else payload,
        reason=reason,
        form_key=key or uuid.uuid4(),
        by=by,
        now=NOW,
    )


def says_yes(
    proposal: Proposal, by: Person, *, number: int = 1, version: ProposalVersion | None = None
) -> Proposal:
    """A yes of side ``number``, to the newest version unless another is named."""
    meant = version or newest(proposal)
    return consenting.consent(
        proposal=proposal,
        side=side(proposal.partnership, number),
        number=meant.number,
        digest=meant.digest,
        by=by,
        now=NOW,
    )


def edits(
    proposal: Proposal,
    by: Person,
    payload: dict[str, Any],
    *,
    number: int = 1,
    base: int = 0,
    reason: str = "",
) -> Proposal:
    return consenting.edit(
        proposal=proposal,
        side=side(proposal.partnership, number),
        number=base or newest(proposal).number,
        payload=payload,
        reason=reason,
        by=by,
        now=NOW,
    )


def objects(proposal: Proposal, by: Person, *, number: int = 1, reason: str = "Too early.") -> Proposal:
    meant = newest(proposal)
    return consenting.object_to(
        proposal=proposal,
        side=side(proposal.partnership, number),
        number=meant.number,
        digest=meant.digest,
        reason=reason,
        by=by,
        now=NOW,
    )


def withdraws(proposal: Proposal, by: Person, *, number: int = 0) -> Proposal:
    return consenting.withdraw(proposal=proposal, side=side(proposal.partnership, number), by=by, now=NOW)
