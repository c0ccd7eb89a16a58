"""Who sits in a community, and as what. There is always somebody who acts for it."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from twincitylab.base.audit import record
from twincitylab.community.choices import Role
from twincitylab.community.models import Community, Invitation, Membership, Person
from twincitylab.community.rules.access import Standing, require_standing
from twincitylab.community.rules.refusals import Refused


@transaction.atomic
def leave_community(*, community: Community, by: Person, now: dt.datetime) -> None:
    """Give up one's own seat; refused to the last steward of a community that is not closed."""
    community = lock_seats(community)
    require_standing(by, community, Standing.MEMBER)
    seat = Membership.objects.get(community=community, person=by)
    _refuse_last_steward(seat, community=community)
    _empty(seat, action="leave community", by=by, now=now)


@transaction.atomic
def change_role(*, seat: Membership, role: str, by: Person, now: dt.datetime) -> Membership:
    """Make a member a steward, or a steward a member."""
    community = lock_seats(seat.community)
    require_standing(by, community, Standing.STEWARD)
    seat = _still_there(seat)
    if role not in Role.values:
        raise Refused(_("Somebody is a steward or a member."), field="role")
    if seat.role == role:
        return seat
    if role != Role.STEWARD:
        _refuse_last_steward(seat, community=community)
        _revoke_invitations(seat, now=now)
    seat.role = role
    seat.save(update_fields=["role"])
    _note("change role", seat=seat, by=by, now=now, role=role)
    return seat


@transaction.atomic
def remove_member(*, seat: Membership, by: Person, now: dt.datetime) -> None:
    """Take the seat of somebody else; whatever invitations they made no longer open the community."""
    community = lock_seats(seat.community)
    require_standing(by, community, Standing.STEWARD)
    seat = _still_there(seat)
    if seat.person_id == by.pk:
        raise Refused(_("To give up your own seat, leave the community."))
    _refuse_last_steward(seat, community=community)
    _empty(seat, action="remove member", by=by, now=now)


def lock_seats(community: Community) -> Community:
    """The community as it is now; until the transaction ends nobody else changes who sits in it."""
    return Community.objects.select_for_update().get(pk=community.pk)


def _still_there(seat: Membership) -> Membership:
    found = Membership.objects.filter(pk=seat.pk).first()
    if found is None:
        raise Refused(_("This person has left the community meanwhile."))
    return found


def _refuse_last_steward(seat: Membership, *, community: Community) -> None:
    if seat.role != Role.STEWARD or community.closed_at:
        return
    others = Membership.objects.filter(community=community, role=Role.STEWARD, person__is_active=True)
    if not others.exclude(pk=seat.pk).exists():
        raise Refused(
            _(
                "A community needs somebody who acts for it, and this is its last steward. "
                "Make somebody else a steward first, or close the community."
            )
        )


def _empty(seat: Membership, *, action: str, by: Person, now: dt.datetime) -> None:
    _revoke_invitations(seat, now=now)
    _note(action, seat=seat, by=by, now=now)
    seat.delete()


def _revoke_invitations(seat: Membership, *, now: dt.datetime) -> None:
    Invitation.objects.filter(
        community_id=seat.community_id, made_by_id=seat.person_id, revoked_at__isnull=True
    ).update(revoked_at=now)


def _note(action: str, *, seat: Membership, by: Person, now: dt.datetime, **detail: object) -> None:
    record(
        actor=f"person {by.pk}",
        action=action,
        subject=f"community {seat.community_id}",
        now=now,
        detail={"person": seat.person_id, **detail},
    )
