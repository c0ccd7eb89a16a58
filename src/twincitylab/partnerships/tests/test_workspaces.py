"""A partnership begins when two have met, and only its people get in."""

import pytest
from django.test import Client

from twincitylab.community.tests.world import sign_in
from twincitylab.partnerships.models import Partnership
from twincitylab.partnerships.queries.workspaces import workspace, workspaces_of
from twincitylab.partnerships.tests.pair import Pair, make_pair, partnered

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("atlas")]


@pytest.fixture
def pair() -> Pair:
    return make_pair()


@pytest.fixture
def partnership(pair: Pair) -> Partnership:
    return partnered(pair)


def test_two_that_have_met_own_one_partnership(pair: Pair, partnership: Partnership) -> None:
    sides = [(side.number, side.community_id) for side in partnership.sides.all()]
    assert sides == [(0, pair.a.pk), (1, pair.b.pk)]
    assert [one.partnership for one in workspaces_of(pair.ada)] == [partnership]


def test_each_steward_acts_for_their_own_side(pair: Pair, partnership: Partnership) -> None:
    mine = workspace(partnership.slug, person=pair.ada)
    theirs = workspace(partnership.slug, person=pair.bea)
    assert mine is not None
    assert theirs is not None
    assert (mine.ours.card.pk, theirs.ours.card.pk) == (pair.a.pk, pair.b.pk)
    assert mine.may_bind


def test_a_member_writes_but_does_not_bind(pair: Pair, partnership: Partnership) -> None:
    found = workspace(partnership.slug, person=pair.mo)
    assert found is not None
    assert (found.may_write, found.may_bind) == (True, False)


def test_nobody_else_learns_that_there_is_one(pair: Pair, partnership: Partnership, client: Client) -> None:
    address = f"/partnerships/{partnership.slug}/"
    assert client.get(address).status_code == 404
    for stranger in (pair.zoe, pair.fay):
        assert sign_in(client, stranger).get(address).status_code == 404
    assert sign_in(client, pair.mo).get(address).status_code == 200
    assert "Fixers of Leeds" in client.get("/partnerships/").content.decode()
