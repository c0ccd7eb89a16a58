"""What binds takes effect with the last yes to exactly one version, once, and is written down."""

import uuid

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from twincitylab.base.models import AuditEntry
from twincitylab.community.models import Membership, Notice
from twincitylab.community.operations.communities import close_community
from twincitylab.community.operations.erase import erase_person
from twincitylab.community.rules.refusals import Refused
from twincitylab.community.tests.world import NOW, make_community, make_person
from twincitylab.partnerships.choices import ProposalKind, ProposalState, Stage
from twincitylab.partnerships.models import Consent, Decision, Partnership, Proposal, Side
from twincitylab.partnerships.operations.consenting import OneIsOpen, VersionChanged
from twincitylab.partnerships.operations.leaving import leave
from twincitylab.partnerships.operations.pairs import Overtaken
from twincitylab.partnerships.operations.stages import hide_page
from twincitylab.partnerships.queries.workspaces import workspace
from twincitylab.partnerships.rules.consent import differing, digest_of
from twincitylab.partnerships.tests.consents import (
    edits,
    newest,
    objects,
    proposes,
    says_yes,
    side,
    withdraws,
)
from twincitylab.partnerships.tests.pair import Pair, make_pair, partnered, told

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("atlas")]


@pytest.fixture
def pair() -> Pair:
    return make_pair()


@pytest.fixture
def partnership(pair: Pair) -> Partnership:
    return partnered(pair)


@pytest.fixture
def three(pair: Pair, partnership: Partnership) -> Partnership:
    """With a third side, for which Zoe acts."""
    third = make_community("Menders of Nancy", steward=pair.zoe, city="nancy-fr")
    made = proposes(partnership, pair.ada, kind=ProposalKind.NEW_SIDE, payload={"community": third.pk})
    says_yes(made, pair.bo)
    says_yes(made, pair.zoe, number=2)
    return partnership


def test_the_last_yes_puts_it_into_effect_and_writes_it_down(pair: Pair, partnership: Partnership) -> None:
    made = proposes(partnership, pair.ada)
    partnership.refresh_from_db()
    assert (made.state, partnership.least_answers) == (ProposalState.OPEN, 3)
    assert told(pair.bo)[-1] == "proposal-made"
    done = says_yes(made, pair.bo)
    partnership.refresh_from_db()
    assert (done.state, partnership.least_answers) == (ProposalState.EFFECTIVE, 5)
    assert Decision.objects.get().proposal == made
    assert AuditEntry.objects.filter(action="take effect").count() == 1
    assert told(pair.ada)[-1] == told(pair.al)[-1] == "proposal-effective"
    assert says_yes(made, pair.bo).state == ProposalState.EFFECTIVE
    assert Decision.objects.count() == 1


def test_a_yes_to_an_older_version_is_not_counted(pair: Pair, partnership: Partnership) -> None:
    made = proposes(partnership, pair.ada)
    first = newest(made)
    edits(made, pair.ada, {"least_answers": 7}, number=0)
    with pytest.raises(VersionChanged):
        says_yes(made, pair.bo, version=first)
    partnership.refresh_from_db()
    assert partnership.least_answers == 3
    assert Consent.objects.filter(version__proposal=made, side__number=1).count() == 0
    assert says_yes(made, pair.bo).state == ProposalState.EFFECTIVE


def test_an_edit_asks_everybody_else_anew(pair: Pair, partnership: Partnership) -> None:
    made = proposes(partnership, pair.ada)
    edits(made, pair.bo, {"least_answers": 7})
    assert [yes.side.number for yes in Consent.objects.filter(version=newest(made))] == [1]
    assert told(pair.ada)[-1] == "proposal-edited"
    with pytest.raises(VersionChanged):
        edits(made, pair.ada, {"least_answers": 8}, number=0, base=1)
    says_yes(made, pair.ada, number=0)
    partnership.refresh_from_db()
    assert partnership.least_answers == 7


def test_one_of_a_kind_is_open(pair: Pair, partnership: Partnership) -> None:
    made = proposes(partnership, pair.ada)
    with pytest.raises(OneIsOpen) as refused:
        proposes(partnership, pair.bo, number=1)
    assert refused.value.proposal == made


def test_only_the_proposing_side_withdraws(pair: Pair, partnership: Partnership) -> None:
    made = proposes(partnership, pair.ada)
    with pytest.raises(Refused):
        withdraws(made, pair.bo, number=1)
    assert withdraws(made, pair.al).state == ProposalState.WITHDRAWN
    with pytest.raises(Overtaken):
        says_yes(made, pair.bo)
    assert told(pair.bo)[-1] == "proposal-withdrawn"


def test_an_objection_has_a_reason_and_is_lifted_by_a_yes_or_answered_by_an_edit(
    pair: Pair, partnership: Partnership
) -> None:
    made = proposes(partnership, pair.ada)
    with pytest.raises(Refused):
        objects(made, pair.bo, reason="  ")
    with pytest.raises(Refused):
        objects(made, pair.ada, number=0)
    assert objects(made, pair.bo).state == ProposalState.OBJECTED
    edited = edits(made, pair.ada, {"least_answers": 4}, number=0)
    assert (edited.state, edited.objections.count()) == (ProposalState.OPEN, 0)
    objects(made, pair.bo)
    assert says_yes(made, pair.bo).state == ProposalState.EFFECTIVE


def test_every_side_of_three_objects_for_itself(pair: Pair, three: Partnership) -> None:
    made = proposes(three, pair.ada)
    objects(made, pair.bo, reason="Too early.")
    objects(made, pair.zoe, number=2, reason="Too late.")
    objects(made, pair.bo, reason="Too many.")
    assert [one.reason for one in made.objections.order_by("side__number")] == ["Too many.", "Too late."]
    assert says_yes(made, pair.bo).state == ProposalState.OBJECTED
    assert [one.side.number for one in made.objections.all()] == [2]
    objects(made, pair.bo)
    leave(partnership=three, side=side(three, 2), reason="We move on.", by=pair.zoe, now=NOW)
    assert [one.side.number for one in made.objections.all()] == [1]
    made.refresh_from_db()
    assert made.state == ProposalState.OBJECTED
    assert edits(made, pair.ada, {"least_answers": 4}, number=0).state == ProposalState.OPEN
    assert not made.objections.exists()


def test_members_strangers_and_the_other_side_do_not_bind_a_side(
    pair: Pair, partnership: Partnership
) -> None:
    made = proposes(partnership, pair.ada)
    for person in (pair.mo, pair.zoe, pair.fay, pair.ada):
        with pytest.raises(PermissionDenied):
            says_yes(made, person)
    assert made.state == ProposalState.OPEN


def test_the_same_form_makes_one(pair: Pair, partnership: Partnership) -> None:
    key = uuid.uuid4()
    assert proposes(partnership, pair.ada, key=key) == proposes(partnership, pair.ada, key=key)
    with pytest.raises(Refused):
        proposes(partnership, pair.bo, number=1, key=key)


@pytest.mark.parametrize(
    ("kind", "payload", "field"),
    [
        ("least-answers", {"least_answers": 2}, "least_answers"),
        ("least-answers", {"least_answers": 3}, "least_answers"),
        ("stage", {"stage": "ended", "reason": "x"}, "stage"),
        ("stage", {"stage": "agreed"}, "stage"),
        ("stage", {"stage": "in-review"}, "stage"),
        ("stage", {"stage": "paused", "reason": " "}, "reason"),
        ("ending", {"reason": ""}, "reason"),
        ("budget", {"year": 1999, "currency": "EUR", "sides": {}}, "year"),
        ("budget", {"year": 2026, "currency": "euro", "sides": {}}, "currency"),
        ("publish", {"is_public": False}, ""),
        ("agreement", {"version": 1}, ""),
        ("new-side", {"community": 0}, "community"),
        ("twinning", {"a": 1, "b": 2}, ""),
    ],
)
def test_what_cannot_be_is_not_proposed(
    pair: Pair, partnership: Partnership, kind: str, payload: dict[str, object], field: str
) -> None:
    with pytest.raises(Refused) as refused:
        proposes(partnership, pair.ada, kind=kind, payload=payload)
    assert refused.value.field == field
    assert not Proposal.objects.exists()


def test_a_budget_names_a_sum_for_every_side(pair: Pair, partnership: Partnership) -> None:
    a, b = (str(side(partnership, number).pk) for number in (0, 1))
    for bad in ({a: "10"}, {a: "10", b: "-1"}, {a: "10", b: "NaN"}, {a: "10", b: "many"}):
        with pytest.raises(Refused):
            proposes(
                partnership,
                pair.ada,
                kind="budget",
                payload={"year": 2026, "currency": "EUR", "sides": bad},
            )
    payload = {"year": 2026, "currency": "usd", "sides": {a: "1500", b: "0"}}
    says_yes(proposes(partnership, pair.ada, kind="budget", payload=payload), pair.bo)
    partnership.refresh_from_db()
    assert partnership.budget == {"year": 2026, "sides": {a: "1500.00", b: "0.00"}}
    assert partnership.currency == "USD"


def test_a_pause_and_an_end_tell_their_reason_and_the_archive_stays(
    pair: Pair, partnership: Partnership
) -> None:
    pause = {"stage": "paused", "reason": "Elections."}
    says_yes(proposes(partnership, pair.ada, kind="stage", payload=pause), pair.bo)
    partnership.refresh_from_db()
    assert (partnership.stage, partnership.stage_reason) == (Stage.PAUSED, "Elections.")
    says_yes(
        proposes(partnership, pair.bo, number=1, kind="stage", payload={"stage": "active"}),
        pair.ada,
        number=0,
    )
    waiting = proposes(partnership, pair.ada)
    says_yes(proposes(partnership, pair.ada, kind="ending", payload={"reason": "All done."}), pair.bo)
    partnership.refresh_from_db()
    waiting.refresh_from_db()
    assert (partnership.stage, partnership.stage_reason) == (Stage.ENDED, "All done.")
    assert waiting.state == ProposalState.OVERTAKEN
    with pytest.raises(Overtaken):
        proposes(partnership, pair.ada)
    assert workspace(partnership.slug, person=pair.mo) is not None


def test_the_page_is_published_together_and_hidden_alone(pair: Pair, partnership: Partnership) -> None:
    says_yes(proposes(partnership, pair.ada, kind="publish", payload={"is_public": True}), pair.bo)
    partnership.refresh_from_db()
    assert partnership.is_public
    hide_page(partnership=partnership, side=side(partnership, 1), by=pair.bea, now=NOW)
    partnership.refresh_from_db()
    assert not partnership.is_public
    assert told(pair.ada)[-1] == "partnership-hidden"


def test_a_new_side_joins_when_the_invited_one_has_said_yes_too(pair: Pair, partnership: Partnership) -> None:
    third = make_community("Menders of Nancy", steward=pair.zoe, city="nancy-fr")
    waiting = proposes(partnership, pair.ada)
    made = proposes(partnership, pair.ada, kind="new-side", payload={"community": third.pk})
    assert told(pair.zoe)[-1] == "side-invited"
    assert says_yes(made, pair.bo).state == ProposalState.OPEN
    assert workspace(partnership.slug, person=pair.zoe) is None
    assert says_yes(made, pair.zoe, number=2).state == ProposalState.EFFECTIVE
    assert workspace(partnership.slug, person=pair.zoe) is not None
    # What was proposed before needs everybody's yes anew, and that of the new side.
    assert (newest(waiting).number, newest(waiting).consents.count()) == (2, 0)


def test_who_is_only_invited_has_no_other_say(pair: Pair, partnership: Partnership) -> None:
    third = make_community("Menders of Nancy", steward=pair.zoe, city="nancy-fr")
    proposes(partnership, pair.ada, kind="new-side", payload={"community": third.pk})
    other = proposes(partnership, pair.ada)
    with pytest.raises(Refused):
        says_yes(other, pair.zoe, number=2)


def test_one_of_three_leaves_and_no_earlier_yes_carries(pair: Pair, three: Partnership) -> None:
    theirs = proposes(three, pair.bo, number=1, kind="ending", payload={"reason": "Enough."})
    ours = proposes(three, pair.ada)
    says_yes(ours, pair.bo)
    leave(partnership=three, side=side(three, 1), reason="We move on.", by=pair.bea, now=NOW)
    theirs.refresh_from_db()
    ours.refresh_from_db()
    assert (theirs.state, ours.state) == (ProposalState.WITHDRAWN, ProposalState.OPEN)
    assert says_yes(ours, pair.zoe, number=2).state == ProposalState.OPEN
    assert says_yes(ours, pair.ada, number=0).state == ProposalState.EFFECTIVE
    assert told(pair.zoe).count("side-left") == 1
    Side.objects.filter(partnership=three, number=1).update(left_at=timezone.now())
    assert workspace(three.slug, person=pair.bo) is not None


def test_with_one_side_left_it_ends_with_the_reason(pair: Pair, partnership: Partnership) -> None:
    with pytest.raises(Refused):
        leave(partnership=partnership, side=side(partnership, 1), reason="", by=pair.bo, now=NOW)
    leave(partnership=partnership, side=side(partnership, 1), reason="We move on.", by=pair.bo, now=NOW)
    partnership.refresh_from_db()
    assert (partnership.stage, partnership.stage_reason) == (Stage.ENDED, "We move on.")


def test_the_side_that_is_left_pauses_or_ends_alone(pair: Pair, partnership: Partnership) -> None:
    before = proposes(partnership, pair.ada)
    close_community(community=pair.b, by=pair.bo, now=NOW)
    assert told(pair.ada)[-1] == "side-vanished"
    pause = {"stage": "paused", "reason": "They are gone."}
    assert proposes(partnership, pair.ada, kind="stage", payload=pause).state == ProposalState.EFFECTIVE
    before.refresh_from_db()
    assert before.state == ProposalState.OPEN
    ended = proposes(partnership, pair.ada, kind="ending", payload={"reason": "They are gone."})
    assert ended.state == ProposalState.EFFECTIVE
    assert Notice.objects.filter(person=pair.ada, kind="side-vanished").count() == 1


def test_a_pending_end_takes_effect_when_the_missing_side_vanishes(
    pair: Pair, partnership: Partnership
) -> None:
    waiting = proposes(partnership, pair.ada, kind="ending", payload={"reason": "No answer."})
    close_community(community=pair.b, by=pair.bo, now=NOW)
    waiting.refresh_from_db()
    assert waiting.state == ProposalState.EFFECTIVE


def test_a_side_without_stewards_has_vanished(pair: Pair, partnership: Partnership) -> None:
    Membership.objects.filter(community=pair.b, role="steward").delete()
    ended = proposes(partnership, pair.ada, kind="ending", payload={"reason": "Nobody answers."})
    assert ended.state == ProposalState.EFFECTIVE


def test_one_of_three_that_closes_is_gone_and_the_others_go_on(pair: Pair, three: Partnership) -> None:
    close_community(community=pair.b, by=pair.bo, now=NOW)
    assert side(three, 1).left_at == NOW
    made = proposes(three, pair.ada)
    assert says_yes(made, pair.zoe, number=2).state == ProposalState.EFFECTIVE


def test_who_is_the_last_steward_of_a_side_does_not_vanish_unsaid(
    pair: Pair, partnership: Partnership
) -> None:
    lone = make_person("Lone")
    third = make_community("Lone menders", steward=lone, city="nancy-fr")
    proposes(partnership, pair.ada, kind="new-side", payload={"community": third.pk})
    with pytest.raises(Refused):
        erase_person(by=lone, now=NOW)
    close_community(community=third, by=lone, now=NOW)
    erase_person(by=lone, now=NOW)
    assert Proposal.objects.get().state == ProposalState.OVERTAKEN
    assert Side.objects.filter(community=third, joined_at=None).count() == 1


def test_whoever_is_in_safety_mode_is_kept_from_telling(pair: Pair, partnership: Partnership) -> None:
    pair.a.is_safe_mode, pair.a.pseudonym = True, "Lanterns"
    pair.a.save()
    with pytest.raises(Refused):
        proposes(partnership, pair.ada, reason="The Repair Café wants it.")


def test_what_differs_is_named() -> None:
    assert differing({"a": 1, "b": 2}, {"b": 3, "a": 1, "c": 0}) == ("b", "c")
    assert digest_of({"a": 1, "b": [2]}) == digest_of({"b": [2], "a": 1}) != digest_of({"a": 1, "b": [3]})
