"""Who erases themselves takes along a community that nobody has met, and leaves one that somebody has."""

import pytest

from twincitylab.community.models import Community, Invitation, Membership, Notice
from twincitylab.community.operations.erase import erase_person
from twincitylab.community.rules.refusals import Refused
from twincitylab.partnerships.models import Introduction
from twincitylab.partnerships.operations.answering import accept, withdraw
from twincitylab.partnerships.tests.pair import LATER, Pair, make_pair, proposed, told

pytestmark = pytest.mark.usefixtures("atlas")


def alone() -> Pair:
    """A pair whose first community has nobody but Ada."""
    pair = make_pair()
    Membership.objects.filter(community=pair.a, person=pair.al).delete()
    Invitation.objects.create(
        community=pair.a, email="guest@example.org", digest="d", made_at=LATER, expires_at=LATER
    )
    return pair


def test_a_proposal_without_an_answer_goes_along_and_the_other_side_hears_of_it() -> None:
    pair = alone()
    proposed(pair)
    erase_person(by=pair.ada, now=LATER)
    assert not Community.objects.filter(pk=pair.a.pk).exists()
    assert (Introduction.objects.count(), Invitation.objects.count()) == (0, 0)
    assert told(pair.bo) == ["introduction-proposed", "introduction-withdrawn"]
    assert set(Notice.objects.filter(person=pair.bo).values_list("address", flat=True)) == {"/inbox/"}


def test_so_does_one_that_was_withdrawn() -> None:
    pair = alone()
    withdraw(introduction=proposed(pair), side=pair.a, by=pair.ada, now=LATER)
    erase_person(by=pair.ada, now=LATER)
    assert not Community.objects.filter(pk=pair.a.pk).exists()


def test_whom_others_have_met_stays() -> None:
    pair = alone()
    accept(introduction=proposed(pair), side=pair.b, by=pair.bo, now=LATER)
    with pytest.raises(Refused, match="last steward"):
        erase_person(by=pair.ada, now=LATER)
