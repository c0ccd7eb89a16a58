"""The pages of what binds: what is proposed, who has said yes, what is missing."""

import uuid
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from twincitylab.community.models import Membership
from twincitylab.community.tests.world import make_community, sign_in
from twincitylab.partnerships.choices import ProposalState
from twincitylab.partnerships.models import Partnership, Proposal
from twincitylab.partnerships.queries.own_binding import own_binding
from twincitylab.partnerships.tests.consents import edits, newest, objects, proposes, says_yes, side
from twincitylab.partnerships.tests.pages import MOST_QUERIES, queries
from twincitylab.partnerships.tests.pair import Pair, make_pair, partnered

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("atlas")]


@pytest.fixture
def pair() -> Pair:
    return make_pair()


@pytest.fixture
def partnership(pair: Pair) -> Partnership:
    return partnered(pair)


def at(made: Proposal, step: str = "") -> str:
    return f"/partnerships/{made.partnership.slug}/proposals/{made.pk}/{step}"


def answer(made: Proposal, **more: Any) -> dict[str, Any]:
    meant = newest(made)
    return {"number": meant.number, "digest": meant.digest, **more}


def new(partnership: Partnership, kind: str) -> str:
    return f"/partnerships/{partnership.slug}/proposals/new/{kind}/"


def test_a_proposal_tells_what_changes_and_who_is_missing(
    pair: Pair, partnership: Partnership, client: Client
) -> None:
    made = proposes(partnership, pair.ada, reason="So that nobody can be guessed.")
    page = sign_in(client, pair.bo).get(at(made)).content.decode()
    for words in (
        "So that nobody can be guessed.",
        "Yes to version 1",
        "has not answered yet",
        "Repair Café",
    ):
        assert words in page
    home = client.get(f"/partnerships/{partnership.slug}/").content.decode()
    assert "Waits for a yes" in home
    member = sign_in(client, pair.mo).get(at(made)).content.decode()
    assert "Yes to version" not in member


def test_a_yes_by_the_page_takes_effect(pair: Pair, partnership: Partnership, client: Client) -> None:
    made = proposes(partnership, pair.ada)
    sent = sign_in(client, pair.bo).post(at(made, "yes/"), answer(made), follow=True)
    assert "it is in effect now" in sent.content.decode()
    partnership.refresh_from_db()
    assert partnership.least_answers == 5


def test_a_yes_to_what_was_changed_meanwhile_shows_what_is_different(
    pair: Pair, partnership: Partnership, client: Client
) -> None:
    made = proposes(partnership, pair.ada)
    read = answer(made)
    edits(made, pair.ada, {"least_answers": 9}, number=0)
    sent = sign_in(client, pair.bo).post(at(made, "yes/"), read)
    page = sent.content.decode()
    assert sent.status_code == 409
    assert "This has changed meanwhile" in page
    assert "What is different from the version before" in page
    assert made.versions.latest("number").consents.count() == 1


def test_an_objection_keeps_what_was_typed(pair: Pair, partnership: Partnership, client: Client) -> None:
    made = proposes(partnership, pair.ada)
    sign_in(client, pair.bo)
    assert client.post(at(made, "object/"), answer(made, reason="")).status_code == 422
    long = "Too long. " * 80
    sent = client.post(at(made, "object/"), answer(made, reason=long))
    assert sent.status_code == 422
    assert "Too long. Too long." in sent.content.decode()
    assert client.post(at(made, "object/"), answer(made, reason="Too early.")).status_code == 302
    made.refresh_from_db()
    assert made.state == ProposalState.OBJECTED
    assert "Too early." in sign_in(client, pair.ada).get(at(made)).content.decode()


def test_only_who_proposed_withdraws(pair: Pair, partnership: Partnership, client: Client) -> None:
    made = proposes(partnership, pair.ada)
    assert sign_in(client, pair.bo).post(at(made, "withdraw/")).status_code == 422
    assert sign_in(client, pair.ada).post(at(made, "withdraw/")).status_code == 302
    made.refresh_from_db()
    assert made.state == ProposalState.WITHDRAWN
    assert sign_in(client, pair.bo).post(at(made, "yes/"), answer(made)).status_code == 409


def budget(partnership: Partnership, a: str, b: str, **more: Any) -> dict[str, Any]:
    first, second = (f"side_{side(partnership, number).pk}" for number in (0, 1))
    return {"year": "2026", "currency": "eur", first: a, second: b, "form_key": str(uuid.uuid4()), **more}


def test_a_budget_is_proposed_and_changed(pair: Pair, partnership: Partnership, client: Client) -> None:
    sign_in(client, pair.ada)
    for kind in (
        "stage",
        "budget",
        "publish",
        "new-side",
        "least-answers",
        "ending",
        "twinning",
        "agreement",
    ):
        assert client.get(new(partnership, kind)).status_code == 200
    assert client.get(new(partnership, "no-such")).status_code == 404
    wrong = client.post(new(partnership, "budget"), budget(partnership, "many", "0", why="We meet twice."))
    assert wrong.status_code == 422
    assert "We meet twice." in wrong.content.decode()
    assert client.post(new(partnership, "budget"), budget(partnership, "1500", "0")).status_code == 302
    made = Proposal.objects.get()
    sign_in(client, pair.bo)
    assert client.get(at(made, "edit/")).status_code == 200
    changed = budget(partnership, "1000", "500", number="1")
    assert client.post(at(made, "edit/"), changed).status_code == 302
    stale = sign_in(client, pair.ada).post(at(made, "edit/"), budget(partnership, "1", "2", number="1"))
    assert stale.status_code == 409
    assert "1,000.00 EUR" in stale.content.decode()
    again = client.post(new(partnership, "budget"), budget(partnership, "3", "4"))
    assert again.status_code == 409
    assert f"/proposals/{made.pk}/" in again.content.decode()


def test_another_side_is_invited_and_sees_only_the_invitation(
    pair: Pair, partnership: Partnership, client: Client
) -> None:
    third = make_community("Menders of Nancy", steward=pair.zoe, city="nancy-fr", slug="menders")
    sign_in(client, pair.ada)
    key = str(uuid.uuid4())
    unknown = client.post(new(partnership, "new-side"), {"community": "Nobody", "form_key": key})
    assert unknown.status_code == 422
    sent = client.post(new(partnership, "new-side"), {"community": "menders of nancy", "form_key": key})
    assert sent.status_code == 302
    made = Proposal.objects.get()
    sign_in(client, pair.zoe)
    page = client.get(at(made)).content.decode()
    assert "Who invites you" in page
    for hidden in ("", "proposals/", "agreement/", "sides/"):
        assert client.get(f"/partnerships/{partnership.slug}/{hidden}").status_code == 404
    home = sign_in(client, pair.bo).get(f"/partnerships/{partnership.slug}/").content.decode()
    assert f"Leeds – {third.name}" not in home
    says_yes(made, pair.bo)
    assert sign_in(client, pair.zoe).post(at(made, "yes/"), answer(made)).status_code == 302
    assert client.get(f"/partnerships/{partnership.slug}/").status_code == 200


def test_no_side_alone_shows_the_agreement_to_one_that_is_invited(
    pair: Pair, partnership: Partnership, client: Client
) -> None:
    sign_in(client, pair.ada).post(
        f"/partnerships/{partnership.slug}/agreement/write/",
        {"base": 0, "form_key": str(uuid.uuid4()), "purpose_en": "Between the two of us."},
    )
    says_yes(proposes(partnership, pair.ada, kind="agreement", payload={"version": 1}), pair.bo)
    third = make_community("Menders of Nancy", steward=pair.zoe, city="nancy-fr")
    made = proposes(partnership, pair.ada, kind="new-side", payload={"community": third.pk})
    before = sign_in(client, pair.zoe).get(at(made)).content.decode()
    says_yes(made, pair.bo)
    after = client.get(at(made)).content.decode()
    assert ["Between the two of us." in one for one in (before, after)] == [False, True]
    assert "as soon as all sides" in before


def test_an_invitation_that_was_withdrawn_shows_nothing_more(
    pair: Pair, partnership: Partnership, client: Client
) -> None:
    third = make_community("Menders of Nancy", steward=pair.zoe, city="nancy-fr")
    made = proposes(partnership, pair.ada, kind="new-side", payload={"community": third.pk})
    sign_in(client, pair.ada).post(at(made, "withdraw/"))
    assert sign_in(client, pair.zoe).get(at(made)).status_code == 404


def test_leaving_asks_why_and_everything_stays_readable(
    pair: Pair, partnership: Partnership, client: Client
) -> None:
    address = f"/partnerships/{partnership.slug}/leave/"
    sign_in(client, pair.bo)
    assert client.get(address).status_code == 200
    assert client.post(address, {"reason": ""}).status_code == 422
    assert client.post(address, {"reason": "We move on."}).status_code == 302
    for page in ("", "sides/", "proposals/", "agreement/"):
        assert client.get(f"/partnerships/{partnership.slug}/{page}").status_code == 200
    assert (
        "We move on." in sign_in(client, pair.ada).get(f"/partnerships/{partnership.slug}/").content.decode()
    )


def test_a_side_says_what_it_can_give(pair: Pair, partnership: Partnership, client: Client) -> None:
    address = f"/partnerships/{partnership.slug}/sides/capacity/"
    sign_in(client, pair.bo)
    assert client.post(address, {"people": "-1"}).status_code == 422
    assert client.post(address, {"people": "12", "hours_a_month": "30.5"}).status_code == 302
    ours = side(partnership, 1)
    assert (ours.people, ours.hours_a_month, ours.money_a_year) == (12, Decimal("30.5"), None)
    assert sign_in(client, pair.mo).post(address, {"people": "1"}).status_code == 403


def test_the_public_page_is_hidden_at_once(pair: Pair, partnership: Partnership, client: Client) -> None:
    made = proposes(partnership, pair.ada, kind="publish", payload={"is_public": True})
    says_yes(made, pair.bo)
    assert client.get(f"/partnerships/{partnership.slug}/").status_code == 200
    sign_in(client, pair.bo).post(f"/partnerships/{partnership.slug}/hide/")
    client.logout()
    assert client.get(f"/partnerships/{partnership.slug}/").status_code == 404


def test_an_objection_is_answered_by_a_new_version(
    pair: Pair, partnership: Partnership, client: Client
) -> None:
    made = proposes(partnership, pair.ada)
    objects(made, pair.bo)
    sent = sign_in(client, pair.ada).post(
        at(made, "edit/"), {"least_answers": "4", "number": "1", "form_key": str(uuid.uuid4())}
    )
    assert sent.status_code == 302
    made.refresh_from_db()
    assert (made.state, newest(made).number) == (ProposalState.OPEN, 2)


@pytest.fixture
def three(pair: Pair, partnership: Partnership) -> Partnership:
    """With a third side, for which Zoe acts."""
    third = make_community("Menders of Nancy", steward=pair.zoe, city="nancy-fr")
    made = proposes(partnership, pair.ada, kind="new-side", payload={"community": third.pk})
    says_yes(made, pair.bo)
    says_yes(made, pair.zoe, number=2)
    return partnership


def test_two_sides_object_and_the_page_tells_both(pair: Pair, three: Partnership, client: Client) -> None:
    made = proposes(three, pair.ada)
    objects(made, pair.bo, reason="Too early.")
    shown = sign_in(client, pair.zoe).get(at(made)).content.decode()
    assert "Say what stands in the way" in shown
    client.post(at(made, "object/"), answer(made, reason="Too late."))
    shown = client.get(at(made)).content.decode()
    assert "Too early." in shown
    assert "Too late." in shown
    assert "Change your objection" in shown
    for where in (at(made), f"/partnerships/{three.slug}/proposals/"):
        assert queries(client, where) <= MOST_QUERIES
    agreed = client.post(at(made, "yes/"), answer(made), follow=True).content.decode()
    assert "It takes effect when every side has." in agreed  # although another side still objects


def test_objections_that_tell_who_hides_now_are_hidden(
    pair: Pair, three: Partnership, client: Client
) -> None:
    made = proposes(three, pair.ada)
    objects(made, pair.bo, reason="Not with the Menders of Nancy.")
    objects(made, pair.zoe, number=2, reason="We, the Menders of Nancy, have no hands.")
    hiding = side(three, 2).community
    hiding.is_safe_mode, hiding.pseudonym = True, "Lanterns"
    hiding.save()
    shown = sign_in(client, pair.ada).get(at(made)).content.decode()
    assert "Menders of Nancy" not in shown
    assert shown.count("This text is hidden") == 2
    assert "have no hands" in sign_in(client, pair.zoe).get(at(made)).content.decode()


def test_numbers_that_cannot_be_lead_nowhere(pair: Pair, partnership: Partnership, client: Client) -> None:
    sign_in(client, pair.ada)
    for page in (
        f"proposals/{2**70}/",
        f"agreement/{2**70}/",
        f"agreement/{2**70}.pdf",
        f"agreement/1/{2**70}/",
    ):
        assert client.get(f"/partnerships/{partnership.slug}/{page}").status_code == 404


def test_a_person_takes_along_what_they_proposed_and_said_yes_to(
    pair: Pair, partnership: Partnership
) -> None:
    made = proposes(partnership, pair.ada, reason="So that nobody can be guessed.")
    says_yes(made, pair.bo)
    mine, theirs = own_binding(pair.ada), own_binding(pair.bo)
    assert mine["proposed"][0]["reason"] == "So that nobody can be guessed."
    assert theirs["proposed"] == []
    assert [len(one["said_yes"]) for one in (mine, theirs)] == [1, 1]


def test_words_that_tell_who_hides_now_are_hidden(
    pair: Pair, partnership: Partnership, client: Client
) -> None:
    made = proposes(partnership, pair.ada, reason="The Repair Café wants it.")
    pair.a.is_safe_mode, pair.a.pseudonym = True, "Lanterns"
    pair.a.save()
    assert "Repair Café wants" not in sign_in(client, pair.bo).get(at(made)).content.decode()
    assert "Repair Café wants" in sign_in(client, pair.ada).get(at(made)).content.decode()


def test_who_is_left_ends_alone_what_it_has_proposed_before(
    pair: Pair, partnership: Partnership, client: Client
) -> None:
    made = proposes(partnership, pair.ada, kind="ending", payload={"reason": "Nobody answers."})
    sign_in(client, pair.ada)
    assert "Yes to version 1" not in client.get(at(made)).content.decode()
    Membership.objects.filter(community=pair.b, role="steward").delete()
    page = client.get(f"/partnerships/{partnership.slug}/proposals/").content.decode()
    assert "Nobody acts for Fixers of Leeds any more." in page
    assert "Yes to version 1" in client.get(at(made)).content.decode()
    assert client.post(at(made, "yes/"), answer(made)).status_code == 302
    partnership.refresh_from_db()
    assert partnership.stage == "ended"
