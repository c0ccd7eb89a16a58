"""A small world in which every address has something to show, and everybody who may ask for it."""

import datetime as dt
import uuid
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from django.test import Client
from django.utils import timezone

from twincitylab.api.tests.calling import token_of
from twincitylab.community.choices import ContactKind, Direction, Role, Topic, Visibility
from twincitylab.community.emails import unsubscribe_path
from twincitylab.community.models import Community, CommunityBlock, Contact, Membership, Notice, Person
from twincitylab.community.operations.invitations import invite
from twincitylab.community.rules.invitations import no_more_token
from twincitylab.community.rules.invitations import token_of as invitation_token
from twincitylab.community.tests.world import make_community, make_need, make_person, sign_in
from twincitylab.partnerships.choices import CheckState
from twincitylab.partnerships.engine.checks import result_of
from twincitylab.partnerships.models import LEAST_ANSWERS, EyeLevelCheck, Partnership, Side
from twincitylab.partnerships.operations import consenting
from twincitylab.partnerships.operations.activities import record_activity
from twincitylab.partnerships.operations.agreeing import save_agreement
from twincitylab.partnerships.operations.answering import accept
from twincitylab.partnerships.operations.calendars import make_calendar_key
from twincitylab.partnerships.operations.files import share_file
from twincitylab.partnerships.operations.papers import write_note
from twincitylab.partnerships.operations.proposing import facilitate, propose
from twincitylab.partnerships.operations.succession import (
    RoleFacts,
    add_task,
    begin_hand_over,
    give_role,
)
from twincitylab.partnerships.operations.talking import start_thread
from twincitylab.partnerships.rules.contributions import ActivityFacts
from twincitylab.partnerships.rules.questions import QUESTION_COUNT

PLACES = ("public", "members", "hidden", "safe", "closed")
"""One community of each kind; ``safe`` hides its city, too."""


@dataclass(frozen=True)
class World:
    """``people`` by role; ``arguments`` are those of the addresses below the community of each place, and
    ``introductions`` the open, the accepted and the facilitated one; ``working`` is what the two sides of the
    accepted one work with in their partnership."""

    people: MappingProxyType[str, Person | None]
    sessions: MappingProxyType[str, str]
    tokens: MappingProxyType[str, str]
    communities: MappingProxyType[str, Community]
    elsewhere: Community
    arguments: MappingProxyType[str, dict[str, Any]]
    introductions: MappingProxyType[str, int]
    working: MappingProxyType[str, object]
    notice: int
    api_token: int
    unsubscribe: str
    no_invitations: str

    def browser(self, role: str) -> Client:
        """A browser in which this person is signed in."""
        client = Client()
        if self.sessions[role]:
            client.cookies["sessionid"] = self.sessions[role]
        return client

    def word(self, word: str, *, place: str) -> object:
        """What a word of the table stands for at this place."""
        if word.startswith("="):
            return word[1:]
        where, _space, what = word.partition(" ")
        if where == "world":
            return getattr(self, what)
        if where == "working":
            return self.working[what]
        if where == "introduction":
            return self.introductions[what]
        return self.arguments[where][what] if what else self.arguments[place][where]

    def bearer(self, role: str) -> dict[str, str]:
        """The headers of a program of this person."""
        return {"Authorization": f"Bearer {self.tokens[role]}"} if self.tokens[role] else {}


def make_world() -> World:
    """The world, in the database; needs the sample atlas."""
    now = timezone.now()
    member, steward, other = make_person("Mo"), make_person("Stu"), make_person("Olu")
    facilitator = make_person("Fay", is_facilitator=True)
    people: dict[str, Person | None] = {
        "visitor": None,
        "stranger": make_person("Sam"),
        "member": member,
        "steward": steward,
        "other": other,
        "facilitator": facilitator,
        "admin": make_person("Adi", is_staff=True, is_superuser=True),
    }
    elsewhere = make_community("Elsewhere", steward=other, city="leeds-gb", topics=[Topic.TREES], now=now)
    for direction in Direction:
        make_need(elsewhere, topic=Topic.TREES, direction=direction, now=now)
    communities = _communities(steward=steward, member=member, now=now)
    introductions = _introductions(
        elsewhere, steward=steward, other=other, facilitator=facilitator, member=member, now=now
    )
    Notice.objects.create(
        person=steward,
        kind="introduction-sent",
        words={},
        address="/inbox/",
        made_at=now,
        community=elsewhere,
    )
    tokens = {role: token_of(person) if person else "" for role, person in people.items()}
    return World(
        people=MappingProxyType(people),
        sessions=MappingProxyType({role: _session(person) for role, person in people.items()}),
        tokens=MappingProxyType(tokens),
        communities=MappingProxyType(communities),
        elsewhere=elsewhere,
        arguments=MappingProxyType(
            {
                place: _below(community, other=elsewhere, by=steward, now=now)
                for place, community in communities.items()
            }
        ),
        introductions=MappingProxyType(introductions),
        working=MappingProxyType(_working(introductions["accepted"], steward=steward, now=now)),
        notice=Notice.objects.filter(person=steward).latest("pk").pk,
        api_token=steward.api_tokens.get().pk,
        unsubscribe=unsubscribe_path(member).strip("/").rpartition("/")[2],
        no_invitations=no_more_token("somebody@example.org"),
    )


def _communities(*, steward: Person, member: Person, now: dt.datetime) -> dict[str, Community]:
    shared: dict[str, Any] = {
        "steward": steward,
        "members": [member],
        "city": "kyoto-jp",
        "topics": [Topic.TREES],
        "now": now,
    }
    return {
        "public": make_community("Tree Friends", **shared),
        "members": make_community("Guests Only", visibility=Visibility.MEMBERS, **shared),
        "hidden": make_community("Harbour Walk", is_hidden=True, **shared),
        "safe": make_community("Moonlight Printers", pseudonym="Lanterns", hides_city=True, **shared),
        "closed": make_community("Former Choir", **shared),
    }


def _introductions(
    elsewhere: Community,
    *,
    steward: Person,
    other: Person,
    facilitator: Person,
    member: Person,
    now: dt.datetime,
) -> dict[str, int]:
    sides = {
        name: make_community(f"Side {name}", steward=steward, members=[member], city="nancy-fr", now=now)
        for name in ("open", "accepted", "facilitated")
    }
    made = {
        name: propose(
            community=elsewhere,
            other=sides[name],
            message="Shall we meet?",
            language="en",
            form_key=uuid.uuid4(),
            by=other,
            now=now,
        )
        for name in ("open", "accepted")
    }
    accept(introduction=made["accepted"], side=sides["accepted"], by=steward, now=now)
    made["facilitated"] = facilitate(
        first=elsewhere,
        second=sides["facilitated"],
        message="You two should meet.",
        language="en",
        form_key=uuid.uuid4(),
        by=facilitator,
        now=now,
    )
    return {name: one.pk for name, one in made.items()}


def _working(introduction: int, *, steward: Person, now: dt.datetime) -> dict[str, object]:
    """The partnership of the two that have met, with one of everything they work with."""
    partnership = Partnership.objects.get(introduction=introduction)
    side = next(
        one
        for one in partnership.sides.all()
        if Membership.objects.filter(community=one.community_id, person=steward).exists()
    )
    shared: dict[str, Any] = {"partnership": partnership, "side": side, "by": steward, "now": now}
    facts = ActivityFacts(kind="meeting", state="held", title="First meeting", starts_at=now)
    text: dict[str, Any] = {"title": "Trees", "text": "Which trees?", "language": "en"}
    file = share_file(content=b"words", name="a.txt", about="", form_key=uuid.uuid4(), **shared)
    return {
        "slug": partnership.slug,
        **_binding(**shared),
        "round": _check(partnership, now=now),
        **_succession(**shared),
        "activity": record_activity(facts=facts, form_key=uuid.uuid4(), **shared).pk,
        "thread": start_thread(form_key=uuid.uuid4(), **text, **shared).pk,
        "note": write_note(form_key=uuid.uuid4(), **text, **shared).pk,
        "file": file.key,
        "secret": make_calendar_key(partnership=partnership, by=steward, now=now),
    }


def _succession(*, partnership: Partnership, side: Side, by: Person, now: dt.datetime) -> dict[str, object]:
    """A role, a small task, and something to hand over."""
    shared: dict[str, Any] = {"partnership": partnership, "side": side, "by": by, "now": now}
    role = RoleFacts(title="Keeps the calendar", language="en", since=now.date())
    task: dict[str, Any] = {
        "title": "Take pictures",
        "text": "",
        "language": "en",
        "minutes": 60,
        "only_ours": False,
    }
    hand_over = begin_hand_over(following=None, last_day=None, form_key=uuid.uuid4(), **shared)
    return {
        "role": give_role(facts=role, form_key=uuid.uuid4(), **shared).pk,
        "task": add_task(**task, form_key=uuid.uuid4(), **shared).pk,
        "hand_over": hand_over.pk,
        "item": hand_over.items.order_by("pk")[0].pk,
    }


def _check(partnership: Partnership, *, now: dt.datetime) -> int:
    """A round with a result, and one that is open."""
    sides = list(partnership.sides.all())
    answers = [[[0] * QUESTION_COUNT] * LEAST_ANSWERS for _side in sides]
    keys = [side.pk for side in sides]
    result = result_of(answers, sides=keys, records={}, least=LEAST_ANSWERS, now=now)
    EyeLevelCheck.objects.create(
        partnership=partnership,
        number=1,
        state=CheckState.CLOSED,
        result=result,
        opened_at=now,
        closes_at=now,
        closed_at=now,
    )
    later = now + dt.timedelta(weeks=3)
    return EyeLevelCheck.objects.create(
        partnership=partnership, number=2, opened_at=now, closes_at=later
    ).number


def _binding(*, partnership: Partnership, side: Side, by: Person, now: dt.datetime) -> dict[str, object]:
    """Something that is proposed, and two versions of the agreement."""
    for base, text in enumerate(("We learn.", "We learn more.")):
        save_agreement(
            partnership=partnership,
            side=side,
            articles={"purpose": {"en": text}},
            review_on=None,
            runs_until=None,
            base=base,
            form_key=uuid.uuid4(),
            by=by,
            now=now,
        )
    made = consenting.propose(
        partnership=partnership,
        side=side,
        kind="least-answers",
        payload={"least_answers": 5},
        form_key=uuid.uuid4(),
        by=by,
        now=now,
    )
    return {"proposal": made.pk}


def _below(community: Community, *, other: Community, by: Person, now: dt.datetime) -> dict[str, Any]:
    """One of everything that a community has."""
    key = uuid.uuid4()
    need = make_need(community, topic=Topic.TREES, direction=Direction.NEED, now=now)
    contact = Contact.objects.create(
        community=community, kind=ContactKind.PERSON, name="Somebody", created_at=now, changed_at=now
    )
    invitation = invite(community=community, role=Role.MEMBER, form_key=key, by=by, now=now, uses=50)
    token = invitation_token(key, community=community, by=by)
    blocked = make_community(now=now)
    block = CommunityBlock.objects.create(community=community, blocked=blocked, made_at=now)
    seat = Membership.objects.get(community=community, role=Role.MEMBER)
    if community.slug == "former-choir":
        Community.objects.filter(pk=community.pk).update(closed_at=now)
        community.refresh_from_db()
    return {
        "slug": community.slug,
        "other": other.slug,
        "need": need.pk,
        "contact": contact.pk,
        "invitation": invitation.pk,
        "block": block.pk,
        "seat": seat.pk,
        "token": token,
    }


def _session(person: Person | None) -> str:
    return sign_in(Client(), person).cookies["sessionid"].value if person else ""
