"""Inviting people, by link and by mail, and coming in once."""

import datetime as dt
import uuid
from functools import partial

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied
from pytest_django import DjangoCaptureOnCommitCallbacks

from twincitylab.community.choices import Role
from twincitylab.community.models import Community, Invitation, Membership, Person
from twincitylab.community.operations.communities import close_community
from twincitylab.community.operations.invitations import accept_invitation, invite, revoke_invitation
from twincitylab.community.queries.invitations import invitation_of, open_invitations
from twincitylab.community.rules.invitations import MOST_MAILS_A_DAY, digest_of, token_of, trouble_with
from twincitylab.community.rules.refusals import Refused
from twincitylab.community.tests.world import NOW, at_once, make_community, make_person

DAY = dt.timedelta(days=1)


def link(community: Community, *, by: Person, **more: object) -> Invitation:
    """An invitation by link."""
    given: dict[str, object] = {"role": Role.MEMBER, "form_key": uuid.uuid4(), "now": NOW, **more}
    return invite(community=community, by=by, **given)  # type: ignore[arg-type]


@pytest.fixture
def ada(atlas: None) -> Person:
    return make_person("Ada Steward", language="de")


@pytest.fixture
def community(ada: Person) -> Community:
    return make_community("Choir of the East", steward=ada)


def test_only_the_digest_of_a_link_is_stored(community: Community, ada: Person) -> None:
    key = uuid.uuid4()
    invitation = link(community, by=ada, form_key=key, uses=3)
    token = token_of(key, community=community, by=ada)
    assert (invitation.digest, invitation_of(token)) == (digest_of(token), invitation)
    assert token not in str(Invitation.objects.values())
    assert link(community, by=ada, form_key=key) == invitation
    assert link(community, by=ada) != invitation


def test_only_stewards_invite(community: Community) -> None:
    bo = make_person()
    accept_invitation(invitation=link(community, by=community.memberships.get().person), by=bo, now=NOW)
    for person in (bo, make_person()):
        with pytest.raises(PermissionDenied):
            link(community, by=person)


def test_a_link_lets_as_many_in_as_it_says_each_once(community: Community, ada: Person) -> None:
    invitation, bo = link(community, by=ada, uses=2), make_person()
    assert accept_invitation(invitation=invitation, by=bo, now=NOW).role == Role.MEMBER
    assert accept_invitation(invitation=invitation, by=bo, now=NOW).person == bo
    accept_invitation(invitation=invitation, by=make_person(), now=NOW)
    with pytest.raises(Refused, match="used already"):
        accept_invitation(invitation=invitation, by=make_person(), now=NOW)
    assert Membership.objects.filter(community=community).count() == 3


def test_a_link_for_stewards_is_good_for_one_and_raises_a_member(community: Community, ada: Person) -> None:
    bo = make_person()
    accept_invitation(invitation=link(community, by=ada), by=bo, now=NOW)
    invitation = link(community, by=ada, role=Role.STEWARD, uses=50)
    assert invitation.uses_left == 1
    assert accept_invitation(invitation=invitation, by=bo, now=NOW).role == Role.STEWARD
    accept_invitation(invitation=link(community, by=ada), by=bo, now=NOW)
    assert Membership.objects.get(person=bo).role == Role.STEWARD


def test_expired_revoked_and_closed_open_nothing(community: Community, ada: Person) -> None:
    invitation, revoked = link(community, by=ada, days=1), link(community, by=ada)
    with pytest.raises(Refused, match="in time"):
        accept_invitation(invitation=invitation, by=make_person(), now=NOW + DAY)
    revoke_invitation(invitation=revoked, by=ada, now=NOW)
    with pytest.raises(Refused, match="taken back"):
        accept_invitation(invitation=revoked, by=make_person(), now=NOW)
    assert list(open_invitations(community, now=NOW)) == [invitation]
    close_community(community=community, by=ada, now=NOW)
    invitation = Invitation.objects.get(pk=invitation.pk)
    assert "taken back" in trouble_with(invitation, now=NOW)
    assert not open_invitations(community, now=NOW)


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"uses": 0}, "uses"), ({"uses": 101}, "uses"), ({"days": 0}, "days"), ({"days": 61}, "days"),
        ({"role": "king"}, "role"), ({"email": "nobody"}, "email"),
        ({"email": "a@b.org\nBcc: c@d.org"}, "email"),
    ],
)  # fmt: skip
def test_unfit_invitations_are_refused_by_field(
    community: Community, ada: Person, more: dict[str, object], field: str
) -> None:
    with pytest.raises(Refused) as refused:
        link(community, by=ada, **more)
    assert refused.value.field == field


def test_a_mail_names_who_invites_and_is_sent_once(
    community: Community, ada: Person, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    key = uuid.uuid4()
    for _twice in range(2):
        with django_capture_on_commit_callbacks(execute=True):
            link(community, by=ada, form_key=key, email=" Bo@Example.org", language="en")
    (sent,) = mail.outbox
    assert sent.to == ["bo@example.org"]
    assert "Ada Steward" in sent.body
    assert "Choir of the East" in sent.subject
    assert token_of(key, community=community, by=ada) in sent.body


def test_a_mail_in_safety_mode_names_nobody(
    ada: Person, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    safe = make_community("Real Name", steward=ada, pseudonym="Blue Lantern")
    with django_capture_on_commit_callbacks(execute=True):
        link(safe, by=ada, email="bo@example.org", language="en")
    text = f"{mail.outbox[0].subject} {mail.outbox[0].body}"
    assert "Blue Lantern" in text
    assert "Ada" not in text
    assert "Real Name" not in text


def test_an_invitation_by_mail_is_for_its_address(community: Community, ada: Person) -> None:
    invitation = link(community, by=ada, email="bo@example.org", uses=9)
    with pytest.raises(Refused, match="another address"):
        accept_invitation(invitation=invitation, by=make_person(), now=NOW)
    bo = make_person(email="bo@example.org")
    assert accept_invitation(invitation=invitation, by=bo, now=NOW).person == bo


def test_nobody_is_flooded_with_mails(community: Community, ada: Person) -> None:
    for number in range(MOST_MAILS_A_DAY):
        link(community, by=ada, email=f"p{number}@example.org")
    with pytest.raises(Refused, match="tomorrow"):
        link(community, by=ada, email="one-more@example.org")
    link(community, by=ada, email="one-more@example.org", now=NOW + DAY)


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("lasting_atlas")
def test_of_two_who_use_the_last_place_at_once_one_comes_in() -> None:
    ada = make_person()
    community = make_community(steward=ada)
    for _round in range(3):
        invitation = link(community, by=ada)
        before = community.memberships.count()
        people = [make_person(), make_person()]
        outcomes = at_once(*(partial(_accept, invitation, person) for person in people))
        assert (sorted(outcomes), community.memberships.count()) == (["in", "refused"], before + 1)


def _accept(invitation: Invitation, person: Person) -> str:
    try:
        accept_invitation(invitation=invitation, by=person, now=NOW)
    except Refused:
        return "refused"
    return "in"
