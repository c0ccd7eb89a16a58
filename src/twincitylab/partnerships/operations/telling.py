"""What is told to the sides of a partnership when one of them proposes, answers or goes."""

from django.urls import reverse

from twincitylab.community.choices import Role
from twincitylab.community.models import Community, Person
from twincitylab.community.operations.notices import notify
from twincitylab.partnerships.choices import ProposalKind
from twincitylab.partnerships.models import Proposal, Side
from twincitylab.partnerships.operations.matters import Case, newest_version


def address_of(proposal: Proposal) -> str:
    return reverse("partnerships:proposal", args=[proposal.partnership.slug, proposal.pk])


def tell_of_side(case: Case, kind: str, about: Side) -> None:
    """A notice for the stewards of all other sides that one of them is gone."""
    for side in case.active:
        if side.pk != about.pk:
            address = reverse("partnerships:partnership", args=[case.partnership.slug])
            _tell_one(case, side, kind, other=about, address=address)


def tell(case: Case, proposal: Proposal, kind: str, *, actor: Side | None) -> None:
    """A notice for the stewards of every side whose matter it is, except those of the side that did it."""
    asked = {side.pk: side for side in case.active}
    if proposal.kind == ProposalKind.NEW_SIDE:
        invited = newest_version(proposal).payload["side"]
        asked[invited] = Side.objects.select_related("community").get(pk=invited)
    for side in asked.values():
        if actor is not None and side.pk == actor.pk:
            continue
        other = actor or next((one for one in case.active if one.pk != side.pk), side)
        is_first = kind == "proposal-made" and not side.is_active
        said = "side-invited" if is_first else kind
        _tell_one(case, side, said, other=other, address=address_of(proposal))


def _tell_one(case: Case, side: Side, kind: str, *, other: Side, address: str) -> None:
    stewards = Person.objects.filter(
        memberships__community=side.community_id, memberships__role=Role.STEWARD, is_active=True
    )
    notify(
        stewards.exclude(pk=case.by.pk) if case.by else stewards,
        kind=kind,
        words={"community_id": side.community_id, "other_id": other.community_id},
        address=address,
        # Two that close in the same moment would wait for each other.
        community=None if case.is_closing else Community(pk=side.community_id),
        now=case.now,
    )
