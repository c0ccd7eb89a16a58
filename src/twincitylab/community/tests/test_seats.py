"""Seats, and that the last steward's is never empty: also when two leave in the same moment."""

from functools import partial

import pytest
from django.core.exceptions import PermissionDenied

from twincitylab.community.choices import Role
from twincitylab.community.models import Community, Invitation, Membership, Person
from twincitylab.community.operations.seats import change_role, leave_community, remove_member
from twincitylab.community.rules.refusals import Refused
from twincitylab.community.tests.test_invitations import link
from twincitylab.community.tests.world import NOW, at_once, make_community, make_person, seat


def roles(community: Community) -> list[str]:
    return sorted(Membership.objects.filter(community=community).values_list("role", flat=True))


@pytest.mark.usefixtures("atlas")
class TestSeats:
    def test_the_last_steward_stays(self) -> None:
        ada = make_person()
        community = make_community(steward=ada, members=[make_person()])
        with pytest.raises(Refused, match="last steward"):
            leave_community(community=community, by=ada, now=NOW)
        with pytest.raises(Refused, match="last steward"):
            change_role(seat=community.memberships.get(person=ada), role=Role.MEMBER, by=ada, now=NOW)
        assert roles(community) == ["member", "steward"]

    def test_a_steward_without_access_does_not_count(self) -> None:
        ada = make_person()
        community = make_community(steward=ada)
        seat(community, make_person(is_active=False), role=Role.STEWARD)
        with pytest.raises(Refused):
            leave_community(community=community, by=ada, now=NOW)

    def test_leave_after_somebody_else_became_steward(self) -> None:
        ada, bo = make_person(), make_person()
        community = make_community(steward=ada, members=[bo])
        change_role(seat=community.memberships.get(person=bo), role=Role.STEWARD, by=ada, now=NOW)
        leave_community(community=community, by=ada, now=NOW)
        assert list(community.memberships.values_list("person", "role")) == [(bo.pk, "steward")]

    def test_everybody_may_leave_a_closed_community(self) -> None:
        ada = make_person()
        community = make_community(steward=ada, closed_at=NOW)
        leave_community(community=community, by=ada, now=NOW)
        assert roles(community) == []

    def test_members_change_nothing(self) -> None:
        ada, bo = make_person(), make_person()
        community = make_community(steward=ada, members=[bo])
        with pytest.raises(PermissionDenied):
            change_role(seat=community.memberships.get(person=bo), role=Role.STEWARD, by=bo, now=NOW)
        with pytest.raises(PermissionDenied):
            remove_member(seat=community.memberships.get(person=ada), by=bo, now=NOW)

    def test_a_steward_of_another_community_changes_nothing(self) -> None:
        ada, bo = make_person(), make_person()
        community = make_community(steward=ada)
        make_community(steward=bo)
        with pytest.raises(PermissionDenied):
            remove_member(seat=community.memberships.get(person=ada), by=bo, now=NOW)

    def test_remove_member_takes_back_what_they_handed_out(self) -> None:
        ada, bo = make_person(), make_person()
        community = make_community(steward=ada)
        held = seat(community, bo, role=Role.STEWARD)
        link(community, by=bo)
        remove_member(seat=held, by=ada, now=NOW)
        assert (roles(community), Invitation.objects.get().revoked_at) == (["steward"], NOW)
        with pytest.raises(Refused, match="meanwhile"):
            remove_member(seat=held, by=ada, now=NOW)

    def test_nobody_removes_themselves(self) -> None:
        ada = make_person()
        community = make_community(steward=ada)
        with pytest.raises(Refused, match="leave"):
            remove_member(seat=community.memberships.get(), by=ada, now=NOW)


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("lasting_atlas")
def test_of_two_stewards_who_leave_in_the_same_moment_one_stays() -> None:
    for _round in range(4):
        both = [make_person(), make_person()]
        community = make_community(steward=both[0])
        seat(community, both[1], role=Role.STEWARD)
        outcomes = at_once(*(partial(_leave, community, person) for person in both))
        assert sorted(outcomes) == ["left", "refused"]
        assert roles(community) == ["steward"]


def _leave(community: Community, person: Person) -> str:
    try:
        leave_community(community=community, by=person, now=NOW)
    except Refused:
        return "refused"
    return "left"
