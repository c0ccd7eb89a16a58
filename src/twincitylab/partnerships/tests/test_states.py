"""In whatever order both sides act, an introduction is never accepted without both yes, and never moves on
from its end."""

import datetime as dt
import uuid
from collections.abc import Callable
from contextlib import suppress

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from twincitylab.community.models import Community, Person
from twincitylab.community.rules.refusals import Refused
from twincitylab.community.tests.world import NOW
from twincitylab.partnerships.choices import Answer, IntroductionState
from twincitylab.partnerships.models import Interest, Introduction
from twincitylab.partnerships.operations.answering import (
    accept,
    decline,
    end_introductions,
    withdraw,
    write_note,
)
from twincitylab.partnerships.operations.interest import drop_interest, mark_interest
from twincitylab.partnerships.tests.pair import Pair, facilitated, make_pair, proposed

SIDES = ("a", "b")
ACTIONS = ("propose", "accept", "ask", "decline", "withdraw", "interest", "drop", "expire", "facilitate")
OPEN = {IntroductionState.PROPOSED, IntroductionState.ASKED}


class Undo(Exception):
    """Ends one walk without a trace."""


@pytest.fixture
def pair(atlas: None) -> Pair:
    del atlas
    return make_pair()


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(steps=st.lists(st.tuples(st.sampled_from(ACTIONS), st.sampled_from(SIDES)), min_size=2, max_size=9))
def test_never_accepted_without_both_yes(pair: Pair, steps: list[tuple[str, str]]) -> None:
    with suppress(Undo), transaction.atomic():
        _walk(pair, steps)
        raise Undo


def _walk(pair: Pair, steps: list[tuple[str, str]]) -> None:
    now = NOW
    # Who has said yes since the last end, kept here apart from what the tables say.
    yes: set[str] = set()
    for action, side in steps:
        now += dt.timedelta(days=61 if action == "expire" else 1)
        before = dict(Introduction.objects.values_list("pk", "state"))
        done = _act(pair, action, side, now=now)
        yes = _said(yes, action, side) if done else yes
        latest = Introduction.objects.order_by("-made_at", "-pk").first()
        if latest is None:
            continue
        if latest.state == IntroductionState.ACCEPTED:
            assert (latest.answer_a, latest.answer_b) == (Answer.YES, Answer.YES)
            assert yes == {"a", "b"}
            assert not Interest.objects.exists()
        elif latest.state not in OPEN and action in ("decline", "withdraw", "expire") and done:
            yes = _interested(pair)
        after = dict(Introduction.objects.values_list("pk", "state"))
        assert all(after[pk] == state for pk, state in before.items() if state not in OPEN)
        living = [state for state in after.values() if state in OPEN | {IntroductionState.ACCEPTED}]
        assert len(living) <= 1


def _said(yes: set[str], action: str, side: str) -> set[str]:
    if action in ("propose", "accept", "interest"):
        return yes | {side}
    if action in ("decline", "drop"):
        return yes - {side}
    return yes


def _interested(pair: Pair) -> set[str]:
    names = {pair.a.pk: "a", pair.b.pk: "b"}
    return {names[pk] for pk in Interest.objects.values_list("community_id", flat=True)}


def _act(pair: Pair, action: str, side: str, *, now: dt.datetime) -> bool:
    """Try it; False when it is refused or there is nothing to do it to."""
    us, them, by = (pair.a, pair.b, pair.ada) if side == "a" else (pair.b, pair.a, pair.bo)
    latest = Introduction.objects.order_by("-made_at", "-pk").first()
    begin: dict[str, Callable[[], object]] = {
        "propose": lambda: proposed(pair, back=side == "b", now=now),
        "facilitate": lambda: facilitated(pair, now=now),
        "interest": lambda: mark_interest(community=us, other=them, by=by, now=now) or True,
        "drop": lambda: drop_interest(community=us, other=them, by=by, now=now),
        "expire": lambda: end_introductions(now=now),
    }
    if action not in begin and latest is None:
        return False
    acts = begin if latest is None else begin | _answers(latest, us=us, by=by, now=now)
    try:
        with transaction.atomic():
            return bool(acts[action]())
    except (Refused, PermissionDenied):
        return False


def _answers(
    latest: Introduction, *, us: Community, by: Person, now: dt.datetime
) -> dict[str, Callable[[], object]]:
    key = uuid.uuid4()
    return {
        "accept": lambda: accept(introduction=latest, side=us, by=by, now=now),
        "decline": lambda: decline(introduction=latest, side=us, reason="not-now", by=by, now=now),
        "withdraw": lambda: withdraw(introduction=latest, side=us, by=by, now=now),
        "ask": lambda: write_note(
            introduction=latest, side=us, text="?", language="en", form_key=key, by=by, now=now
        ),
    }
