"""Letting the invented people do what people do: found communities, write down needs, propose and answer."""

import datetime as dt
import uuid
from collections.abc import Mapping
from typing import Final

from allauth.account.models import EmailAddress
from django.conf import settings

from twincitylab.atlas.models import City
from twincitylab.base.audit import record
from twincitylab.cli.demonstration.world import (
    DemoCommunity,
    DemoContact,
    DemoMeeting,
    DemoNeed,
    DemoPerson,
    DemoStep,
    DemoWorld,
)
from twincitylab.community.choices import Digest, Role
from twincitylab.community.models import Community, Membership, Person
from twincitylab.community.operations.communities import found_community
from twincitylab.community.operations.needs import NeedFacts, add_need, take_need
from twincitylab.community.operations.scouting import ContactFacts, add_contact, name_districts
from twincitylab.community.operations.verification import verify_community
from twincitylab.community.rules.facts import CommunityFacts
from twincitylab.partnerships.models import Introduction
from twincitylab.partnerships.operations.answering import accept, decline, withdraw, write_note
from twincitylab.partnerships.operations.interest import mark_interest
from twincitylab.partnerships.operations.proposing import facilitate, propose

ACTOR: Final = "command line"
_NAMES: Final = uuid.uuid5(uuid.NAMESPACE_URL, "https://example.org/twin-city-lab/demonstration")
_BETWEEN_STEPS: Final = dt.timedelta(days=1.5)


def form_key(what: str) -> uuid.UUID:
    """The key under which a thing of the demonstration is known, so that it comes but once."""
    return uuid.uuid5(_NAMES, what)


class Cast:
    """The invented people, and their communities as far as there are any."""

    def __init__(self, world: DemoWorld, communities: Mapping[str, Community], *, now: dt.datetime) -> None:
        self.communities = dict(communities)
        self._of = {one.key: one for one in world.communities}
        self._facilitator = world.facilitator
        self._now = now
        self._people: dict[str, Person] = {}

    def found(self, told: DemoCommunity) -> None:
        """The community with its people, its badge, its needs and offers."""
        founded = self._now - dt.timedelta(days=told.founded)
        steward, *members = (
            self._person(one, timezone=City.objects.values_list("timezone", flat=True).get(pk=told.city))
            for one in told.people
        )
        community = found_community(
            facts=CommunityFacts(**told.facts), form_key=form_key(told.key), by=steward, now=founded
        )
        community.is_demonstration = True
        community.save(update_fields=["is_demonstration"])
        Membership.objects.bulk_create(
            Membership(community=community, person=person, role=Role.MEMBER, since=founded)
            for person in members
        )
        for need in told.needs:
            self._write_down(need, told=told, community=community, by=steward)
        if told.actor_map.contacts:
            self._map_actors(told, community=community, by=steward)
        if told.verified_reason:
            known = self._now - dt.timedelta(days=told.days * 3 / 4)
            verify_community(
                community=community,
                reason=told.verified_reason,
                by=self._person(self._facilitator),
                now=known,
            )
        self.communities[told.key] = community

    def bring_together(self, told: DemoMeeting) -> None:
        """The introduction and all that follows, up to where it stands today."""
        first, second = self.communities[told.first], self.communities[told.second]
        begun = self._now - dt.timedelta(days=told.days)
        if told.way == "interest":
            mark_interest(community=first, other=second, by=self.steward(told.first), now=begun)
            return
        propose_it = self._facilitate if told.way == "facilitated" else self._propose
        introduction = propose_it(told, first, second, begun)
        pause = min(_BETWEEN_STEPS, (self._now - begun) / (len(told.steps) + 1))
        for number, step in enumerate(told.steps, 1):
            self._go_on(introduction, step, told=told, number=number, now=begun + number * pause)

    def _propose(
        self, told: DemoMeeting, first: Community, second: Community, now: dt.datetime
    ) -> Introduction:
        return propose(
            community=first,
            other=second,
            message=told.message,
            language=told.language,
            form_key=form_key(told.key),
            by=self.steward(told.first),
            now=now,
        )

    def _facilitate(
        self, told: DemoMeeting, first: Community, second: Community, now: dt.datetime
    ) -> Introduction:
        return facilitate(
            first=first,
            second=second,
            message=told.message,
            language=told.language,
            form_key=form_key(told.key),
            by=self._person(self._facilitator),
            now=now,
        )

    def _go_on(
        self, introduction: Introduction, step: DemoStep, *, told: DemoMeeting, number: int, now: dt.datetime
    ) -> None:
        key = told.first if step.act in {"answer", "withdraw"} else told.second
        side, by = self.communities[key], self.steward(key)
        match step.act:
            case "ask" | "answer":
                write_note(
                    introduction=introduction,
                    side=side,
                    text=step.said,
                    language=step.language,
                    form_key=form_key(f"{told.key} {number}"),
                    by=by,
                    now=now,
                )
            case "accept":
                accept(introduction=introduction, side=side, by=by, now=now)
            case "decline":
                decline(
                    introduction=introduction, side=side, reason=step.said, note=step.note, by=by, now=now
                )
            case "withdraw":
                withdraw(introduction=introduction, side=side, by=by, now=now)

    def _write_down(self, need: DemoNeed, *, told: DemoCommunity, community: Community, by: Person) -> None:
        written = self._now - dt.timedelta(days=told.days * 0.8 ** (need.number + 1))
        facts = NeedFacts(need.text, need.topic, need.kind, need.language, urgency=need.urgency)
        row = add_need(
            community,
            direction=need.direction,
            facts=facts,
            form_key=form_key(f"{told.key} {need.number}"),
            by=by,
            now=written,
        )
        if need.is_taken:
            take_need(row, by=by, now=self._now - (self._now - written) / 2)

    def _map_actors(self, told: DemoCommunity, *, community: Community, by: Person) -> None:
        """Whom the steward has met in the city, one after the other, and who recommended them."""
        named = self._now - dt.timedelta(days=told.days * 0.9)
        name_districts(community, names="\n".join(told.actor_map.districts), by=by, now=named)
        known: dict[int, int] = {}
        met: dict[int, dt.datetime] = {}
        for contact in told.actor_map.contacts:
            met[contact.number] = max(
                named, self._met(contact, after=met.get(contact.recommended_by or 0, named))
            )
            added = add_contact(
                community,
                facts=self._contact_facts(contact, known=known),
                form_key=form_key(f"{told.key} contact {contact.number}"),
                by=by,
                now=met[contact.number],
            )
            known[contact.number] = added.pk

    def _met(self, told: DemoContact, *, after: dt.datetime) -> dt.datetime:
        """On the day of the conversation; who was only named, soon after that was said."""
        if told.asked_days is not None:
            return self._now - dt.timedelta(days=told.asked_days)
        return min(self._now, after + _BETWEEN_STEPS)

    def _contact_facts(self, told: DemoContact, *, known: Mapping[int, int]) -> ContactFacts:
        asked = None if told.asked_days is None else (self._now - dt.timedelta(days=told.asked_days)).date()
        return ContactFacts(
            **told.facts,
            recommended_by=None if told.recommended_by is None else known[told.recommended_by],
            asked_further_date=asked,
            consent_date=None if told.facts.get("consent") is None else asked,
        )

    def steward(self, key: str) -> Person:
        """Who acts for a community."""
        return self._person(self._of[key].steward)

    def member(self, key: str, number: int) -> Person:
        """One of its people; the first is the steward."""
        return self._person(self._of[key].people[number - 1])

    def _person(self, told: DemoPerson, *, timezone: str = "UTC") -> Person:
        """The account, made when there is none; nobody knows a password to it."""
        if told.email not in self._people:
            found = Person.objects.filter(email=told.email).first()
            self._people[told.email] = found or self._welcome(told, timezone=timezone)
        return self._people[told.email]

    def _welcome(self, told: DemoPerson, *, timezone: str) -> Person:
        # Beside real people nobody writes to somebody who is not there.
        digest = Digest.AT_ONCE if settings.DEMONSTRATION else Digest.NEVER
        person = Person.objects.create_user(
            told.email,
            told.name,
            language=told.language,
            timezone=timezone,
            digest=digest,
            is_demonstration=True,
            is_facilitator=told == self._facilitator,
        )
        EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
        record(actor=ACTOR, action="add person", subject=f"person {person.pk}", now=self._now)
        return person
