"""Consent under attack: random orders of propose, edit, yes, object, withdraw and leave, by two or three
sides, against a model that knows nothing of the code.

    TWINCITYLAB_INTERLEAVINGS=2000 pytest -n 0 -s -k machine src/twincitylab/partnerships

runs as many orders as the bar asks for; ``DATABASE_URL`` names the database.
"""

import os
import secrets
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from twincitylab.community.models import Community, Person
from twincitylab.community.rules.refusals import Refused
from twincitylab.community.tests.world import NOW, make_community, make_person
from twincitylab.partnerships.models import Consent, Decision, Objection, Partnership, Proposal, Side
from twincitylab.partnerships.operations import consenting
from twincitylab.partnerships.operations.leaving import leave
from twincitylab.partnerships.operations.pairs import Overtaken

INTERLEAVINGS = int(os.environ.get("TWINCITYLAB_INTERLEAVINGS", "60"))
STEPS = 16 if INTERLEAVINGS > 60 else 10

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("atlas")]

KINDS = ("least-answers", "budget", "stage", "ending")
FOLLOWS = {  # where the model's partnership may go without an agreement
    "exploring": {"active", "paused"},
    "active": {"in-review", "paused"},
    "in-review": {"active", "paused"},
    "paused": {"active", "in-review"},
}
STAGES = ("active", "paused", "in-review")


@dataclass
class Told:
    """A proposal as the model knows it."""

    pk: int
    kind: str
    proposer: int
    contents: list[Any]
    makers: list[int | None]
    yes: list[set[int]]
    objecting: set[int] = field(default_factory=set)
    state: str = "open"
    needed_then: set[int] = field(default_factory=set)

    @property
    def lives(self) -> bool:
        return self.state in {"open", "objected"}


class World:
    """What is made once for all orders."""

    people: list[Person]
    communities: list[Community]
    orders = 0
    steps = 0
    in_effect = 0
    objected_by_two = 0


class Consents(RuleBasedStateMachine):
    """Each step is done to the product and to the model; what the model says comes true."""

    def __init__(self) -> None:
        super().__init__()
        World.orders += 1
        self.unit = transaction.atomic()
        self.unit.__enter__()
        self.told: list[Told] = []
        self.effects: list[tuple[str, Any]] = []
        self.stage, self.least = "exploring", 3
        self.budget: dict[int, float] | None = None

    @initialize(count=st.sampled_from([2, 3, 3]), kind=st.sampled_from(["", *KINDS]), value=st.integers(0, 1))
    def begin(self, count: int, kind: str, value: int) -> None:
        self.partnership = Partnership.objects.create(
            slug=secrets.token_hex(8), name="", stage_since=NOW, created_at=NOW, changed_at=NOW
        )
        self.sides = [
            Side.objects.create(
                partnership=self.partnership,
                community=World.communities[number],
                number=number,
                joined_at=NOW,
            )
            for number in range(count)
        ]
        self.here = set(range(count))
        if kind:  # many orders begin with something to answer
            self.propose(0, kind, value)

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.unit.__exit__(None, None, None)

    # What can be done -------------------------------------------------------------------------------------

    @rule(side=st.integers(0, 2), kind=st.sampled_from(KINDS), value=st.integers(0, 2))
    def propose(self, side: int, kind: str, value: int) -> None:
        if side >= len(self.sides):
            return
        made: list[Proposal] = []

        def act() -> None:
            made.append(
                consenting.propose(
                    partnership=self.partnership,
                    side=self.sides[side],
                    kind=kind,
                    payload=self.payload(kind, value),
                    form_key=uuid.uuid4(),
                    by=World.people[side],
                    now=NOW,
                )
            )

        expected = self.why_no_voice(side)
        if not expected and any(one.lives and one.kind == kind for one in self.told):
            expected = "open"
        if not expected and not self.can_be(kind, value):
            expected = "refused"
        assert self.outcome(act) == expected
        if not expected:
            told = Told(made[0].pk, kind, side, [self.content(kind, value)], [side], [{side}])
            self.told.append(told)
            self.settle(told)

    @rule(side=st.integers(0, 2), which=st.integers(0, 3), value=st.integers(0, 2), back=st.integers(0, 2))
    def edit(self, side: int, which: int, value: int, back: int) -> None:
        told = self.pick(side, which)
        if told is None:
            return
        number = max(1, len(told.contents) - (back == 2))

        def act() -> None:
            consenting.edit(
                proposal=self.row(told),
                side=self.sides[side],
                number=number,
                payload=self.payload(told.kind, value),
                by=World.people[side],
                now=NOW,
            )

        expected = self.why_no_voice(side) or ("" if told.lives else "overtaken")
        content = self.content(told.kind, value)
        is_same = content == told.contents[-1]
        changes = False
        if not expected and not self.can_be(told.kind, value):
            expected = "refused"
        elif not expected and is_same and told.makers[-1] == side:
            pass
        elif not expected and number != len(told.contents):
            expected = "changed"
        elif not expected and is_same:
            expected = "refused"
        elif not expected:
            changes = True
        assert self.outcome(act) == expected
        if changes:
            told.contents.append(content)
            told.makers.append(side)
            told.yes.append({side})
            self.lift(told, {0, 1, 2})
            self.settle(told)

    @rule(side=st.integers(0, 2), which=st.integers(0, 1))
    def agree(self, side: int, which: int) -> None:
        self.consent(side, which, back=0)

    @rule(which=st.integers(0, 1), who=st.integers(0, 2))
    def agree_where_missing(self, which: int, who: int) -> None:
        told = self.pick(0, which)
        if told is not None and told.lives:
            missing = sorted(self.here - told.yes[-1])
            self.consent(missing[who % len(missing)], which, back=0)

    @rule(side=st.integers(0, 2), which=st.integers(0, 3), back=st.integers(0, 3))
    def answer(self, side: int, which: int, back: int) -> None:
        self.consent(side, which, back)

    def consent(self, side: int, which: int, back: int) -> None:
        told = self.pick(side, which)
        if told is None:
            return
        number = max(1, len(told.contents) - (back == 3))
        version = self.row(told).versions.get(number=number)

        def act() -> None:
            consenting.consent(
                proposal=self.row(told),
                side=self.sides[side],
                number=number,
                digest=version.digest,
                by=World.people[side],
                now=NOW,
            )

        is_last = number == len(told.contents)
        if told.state == "effective" and is_last and side in told.yes[-1]:
            expected = ""
        elif side not in self.here:
            expected = "refused"
        elif not told.lives:
            expected = "overtaken"
        else:
            expected = "" if is_last else "changed"
        assert self.outcome(act) == expected
        if not expected and told.lives:
            told.yes[-1].add(side)
            self.lift(told, {side})
            self.settle(told)

    @rule(side=st.integers(0, 2), which=st.integers(0, 3))
    def object(self, side: int, which: int) -> None:
        told = self.pick(side, which)
        if told is None:
            return
        version = self.row(told).versions.latest("number")

        def act() -> None:
            consenting.object_to(
                proposal=self.row(told),
                side=self.sides[side],
                number=version.number,
                digest=version.digest,
                reason="Not so.",
                by=World.people[side],
                now=NOW,
            )

        expected = self.why_no_voice(side) or ("" if told.lives else "overtaken")
        if not expected and told.makers[-1] == side:
            expected = "refused"
        assert self.outcome(act) == expected
        if not expected:
            told.yes[-1].discard(side)
            told.objecting.add(side)
            told.state = "objected"
            World.objected_by_two += len(told.objecting) > 1

    @rule(which=st.integers(0, 1), who=st.integers(0, 2))
    def object_besides(self, which: int, who: int) -> None:
        told = self.pick(0, which)
        if told is not None and told.lives:
            others = sorted(self.here - told.objecting - {told.makers[-1]})
            if others:
                self.object(others[who % len(others)], which)

    @rule(side=st.integers(0, 2), which=st.integers(0, 3))
    def withdraw(self, side: int, which: int) -> None:
        told = self.pick(side, which)
        if told is None:
            return

        def act() -> None:
            consenting.withdraw(
                proposal=self.row(told), side=self.sides[side], by=World.people[side], now=NOW
            )

        if side not in self.here or told.proposer != side:
            expected = "refused"
        elif told.lives or told.state == "withdrawn":
            expected = ""
        else:
            expected = "overtaken"
        assert self.outcome(act) == expected
        if not expected:
            told.state = "withdrawn"

    @rule(side=st.integers(0, 2), really=st.integers(0, 3))
    def leave(self, side: int, really: int) -> None:
        if side >= len(self.sides) or really < 3:  # else most orders would end before they have begun
            return

        def act() -> None:
            leave(
                partnership=self.partnership,
                side=self.sides[side],
                reason="We move on.",
                by=World.people[side],
                now=NOW,
            )

        expected = "" if side not in self.here else ("refused" if self.stage == "ended" else "")
        assert self.outcome(act) == expected
        if expected or side not in self.here:
            return
        self.here.discard(side)
        for told in self.told:
            if told.lives and told.proposer == side:
                told.state = "withdrawn"
        if len(self.here) < 2:
            self.stage = "ended"
            self.overtake_all()
            return
        for told in self.told:
            if told.lives:
                told.contents.append(self.without(told.contents[-1], side))
                told.makers.append(None)
                told.yes.append(set())
                self.lift(told, {side})

    # What holds after every step ----------------------------------------------------------------------------

    @invariant()
    def nothing_binds_without_every_yes(self) -> None:
        if not hasattr(self, "partnership"):
            return
        World.steps += 1
        rows = Proposal.objects.in_bulk([told.pk for told in self.told])
        said: dict[tuple[int, int], list[int]] = {}
        numbers = {side.pk: side.number for side in self.sides}
        consents = Consent.objects.filter(version__proposal__partnership=self.partnership)
        for proposal, number, side in consents.values_list("version__proposal", "version__number", "side"):
            said.setdefault((proposal, number), []).append(numbers[side])
        standing: dict[int, list[int]] = {}
        objections = Objection.objects.filter(proposal__partnership=self.partnership)
        for proposal, side in objections.values_list("proposal", "side"):
            standing.setdefault(proposal, []).append(numbers[side])
        for told in self.told:
            assert rows[told.pk].state == told.state
            assert sorted(standing.get(told.pk, [])) == sorted(told.objecting)
            for number, yes in enumerate(told.yes, start=1):
                # None lost, none counted twice.
                assert sorted(said.get((told.pk, number), [])) == sorted(yes)
            if told.state == "effective":
                assert told.needed_then <= told.yes[-1]
                assert not told.objecting
                assert rows[told.pk].effective_id is not None
            elif told.lives:
                assert not self.here <= told.yes[-1]
        decided = sorted(Decision.objects.filter(partnership=self.partnership).values_list("proposal"))
        assert decided == sorted((told.pk,) for told in self.told if told.state == "effective")
        now = Partnership.objects.get(pk=self.partnership.pk)
        assert (now.stage, now.least_answers) == (self.stage, self.least)
        if self.budget is None:
            assert now.budget == {}
        else:
            by_number = {numbers[int(pk)]: float(sum_) for pk, sum_ in now.budget["sides"].items()}
            assert by_number == self.budget

    # The model ----------------------------------------------------------------------------------------------

    def settle(self, told: Told) -> None:
        """In effect once, and only with every yes of those who are here."""
        if not self.here <= told.yes[-1]:
            return
        told.state, told.needed_then = "effective", set(self.here)
        World.in_effect += 1
        content = told.contents[-1]
        if told.kind == "least-answers":
            self.least = content
        elif told.kind == "budget":
            self.budget = dict(content)
        elif told.kind == "stage":
            self.stage = content
        else:
            self.stage = "ended"
            self.overtake_all()

    def overtake_all(self) -> None:
        for told in self.told:
            if told.lives:
                told.state = "overtaken"

    def lift(self, told: Told, sides: set[int]) -> None:
        """One side's objection or several; it waits for a yes again when none stands."""
        told.objecting -= sides
        told.state = "objected" if told.objecting else "open"

    def why_no_voice(self, side: int) -> str:
        if self.stage == "ended":
            return "overtaken"
        return "" if side in self.here else "refused"

    def can_be(self, kind: str, value: int) -> bool:
        if kind == "least-answers":
            return value + 4 != self.least
        if kind == "stage":
            return STAGES[value] in FOLLOWS[self.stage]
        return True

    def content(self, kind: str, value: int) -> Any:
        return {
            "least-answers": value + 4,
            "budget": tuple((side, 100.0 * value + side) for side in sorted(self.here)),
            "stage": STAGES[value],
            "ending": f"Reason {value}.",
        }[kind]

    def without(self, content: Any, side: int) -> Any:
        if isinstance(content, tuple):
            return tuple(pair for pair in content if pair[0] != side)
        return content

    # Between the two ----------------------------------------------------------------------------------------

    def payload(self, kind: str, value: int) -> dict[str, Any]:
        if kind == "budget":
            sums = {str(self.sides[side].pk): str(100 * value + side) for side in self.here}
            return {"year": NOW.year, "currency": "EUR", "sides": sums}
        if kind == "stage":
            return {"stage": STAGES[value], "reason": "A rest."}
        if kind == "ending":
            return {"reason": f"Reason {value}."}
        return {"least_answers": value + 4}

    def pick(self, side: int, which: int) -> Told | None:
        """One of those that live, or else, and now and then, one that is settled."""
        newest = self.told[::-1][:4]
        living = [told for told in newest if told.lives]
        some = living if living and which < 3 else newest
        return some[which % len(some)] if some and side < len(self.sides) else None

    def row(self, told: Told) -> Proposal:
        return Proposal.objects.select_related("partnership").get(pk=told.pk)

    def outcome(self, act: Callable[[], None]) -> str:
        try:
            act()
        except Overtaken:
            return "overtaken"
        except consenting.VersionChanged:
            return "changed"
        except consenting.OneIsOpen:
            return "open"
        except Refused:
            return "refused"
        return ""


def test_no_order_of_steps_lets_anything_bind_without_every_yes() -> None:
    World.people = [make_person(name) for name in ("Ada", "Bo", "Cem")]
    cities = ("karlsruhe-de", "leeds-gb", "nancy-fr")
    World.communities = [
        make_community(steward=person, city=city) for person, city in zip(World.people, cities, strict=True)
    ]
    World.orders = World.steps = World.in_effect = World.objected_by_two = 0
    begun = time.perf_counter()
    run_state_machine_as_test(
        Consents,
        settings=settings(
            max_examples=INTERLEAVINGS,
            stateful_step_count=STEPS,
            deadline=None,
            database=None,
            derandomize=INTERLEAVINGS <= 60,
            suppress_health_check=list(HealthCheck),
        ),
    )
    took = time.perf_counter() - begun
    print(  # noqa: T201 - the figures of the evaluation
        f"\n{World.orders} interleavings, {World.steps} steps, {World.in_effect} took effect, "
        f"{World.objected_by_two} times more than one side objected, {took:.0f} s"
    )
    assert World.orders >= INTERLEAVINGS
    assert World.in_effect > INTERLEAVINGS // 12, "too few orders reach an effect to say anything"
    assert World.objected_by_two > 0
