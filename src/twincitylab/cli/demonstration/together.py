"""Letting invented partners do what partners do: agree, meet, write down, answer the eye-level check."""

import datetime as dt
import uuid
from collections.abc import Callable, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any, Final

from twincitylab.cli.demonstration.cast import Cast, form_key
from twincitylab.cli.demonstration.world import DemoDeed, DemoPartnership
from twincitylab.community.models import Person
from twincitylab.partnerships.choices import ActivityState
from twincitylab.partnerships.models import Partnership, Proposal, Side, SmallTask
from twincitylab.partnerships.operations.activities import correct_activity, record_activity
from twincitylab.partnerships.operations.agreeing import save_agreement
from twincitylab.partnerships.operations.checking import answer_check, ask_to_close, open_check
from twincitylab.partnerships.operations.consenting import consent, propose
from twincitylab.partnerships.operations.matters import newest_version
from twincitylab.partnerships.operations.papers import note_decision, write_note
from twincitylab.partnerships.operations.sides import state_capacity
from twincitylab.partnerships.operations.succession import (
    RoleFacts,
    add_task,
    finish_task,
    give_role,
    say_thanks,
    take_task,
)
from twincitylab.partnerships.operations.talking import say, start_thread
from twincitylab.partnerships.rules.contributions import ActivityFacts, Gift

DAY: Final = dt.timedelta(days=1)
HOUR: Final = dt.timedelta(hours=1)
_TAKES: Final = {"visit": 6 * DAY, "workshop": 3 * HOUR}


def live_together(told: DemoPartnership, *, cast: Cast, now: dt.datetime) -> None:
    """All that two that have met did since, on the days on which they did it."""
    sides = {cast.communities[told.first].pk, cast.communities[told.second].pk}
    partnership = Partnership.objects.get(introduction__a=min(sides), introduction__b=max(sides))
    company = Company(told, partnership, cast=cast, now=now)
    for deed in told.deeds:
        company.act(deed)


class Company:
    """A partnership with its invented people."""

    def __init__(
        self, told: DemoPartnership, partnership: Partnership, *, cast: Cast, now: dt.datetime
    ) -> None:
        self._key = told.key
        self._keys = [told.first, told.second]
        self._partnership = partnership
        self._cast = cast
        self._now = now
        self._base = 0
        self._acts: Mapping[str, Callable[[DemoDeed, dt.datetime], None]] = {
            "activity": self._activity,
            "agreement": self._agreement,
            "capacity": self._capacity,
            "check": self._check,
            "decision": self._decision,
            "note": self._note,
            "plan": self._plan,
            "propose": self._propose,
            "role": self._role,
            "task": self._task,
            "thanks": self._thanks,
            "thread": self._thread,
        }

    def act(self, deed: DemoDeed) -> None:
        """Let it happen on its day."""
        self._acts[deed.act](deed, self._now - deed.days * DAY)

    def _activity(self, deed: DemoDeed, day: dt.datetime) -> None:
        told = deed.told
        starts = day.replace(hour=15, minute=0, second=0, microsecond=0)
        ends = starts + _TAKES.get(told["kind"], HOUR)
        written = min(self._now, ends + HOUR)
        used_by = self._side(told["used"]).pk if "used" in told else None
        facts = ActivityFacts(
            kind=told["kind"],
            state=ActivityState.HELD,
            title=told["title"],
            starts_at=starts,
            ends_at=ends,
            mode=told["mode"],
            place=told.get("place", ""),
            host=self._side(told["host"]).pk if "host" in told else None,
            language=told["language"],
            language_used=told["language_used"],
            topic=told.get("topic", ""),
            goals=tuple(told.get("goals", ())),
            outcome=told.get("outcome", ""),
            story=told.get("story", ""),
            is_put_to_use=True if used_by else None,
            put_to_use_by=used_by,
            is_public=told.get("public", False),
            gifts=self._gifts(told),
        )
        self._store(deed, facts, now=written)

    def _store(self, deed: DemoDeed, facts: ActivityFacts, *, now: dt.datetime) -> None:
        """Written down by one side; each other side adds who of its own people carried it."""
        carriers = dict(deed.told["carriers"])
        own = carriers.pop(deed.by, [])
        activity = record_activity(
            partnership=self._partnership,
            side=self._side(deed.by),
            facts=replace(facts, carriers=self._people(deed.by, own)),
            form_key=self._form_key(deed),
            by=self._cast.member(deed.by, own[0] if own else 1),
            now=now,
        )
        for key, numbers in carriers.items():
            activity = correct_activity(
                activity=activity,
                side=self._side(key),
                facts=replace(facts, carriers=self._people(key, numbers)),
                revision=activity.revision,
                by=self._cast.member(key, numbers[0]),
                now=now,
            )

    def _plan(self, deed: DemoDeed, day: dt.datetime) -> None:
        told = deed.told
        starts = self._now.replace(hour=15, minute=0, second=0, microsecond=0) + told["ahead"] * DAY
        facts = ActivityFacts(
            kind=told["kind"],
            state=ActivityState.PLANNED,
            title=told["title"],
            starts_at=starts,
            ends_at=starts + _TAKES.get(told["kind"], HOUR),
            mode=told["mode"],
            host=self._side(told["host"]).pk if "host" in told else None,
            language=told["language"],
        )
        record_activity(
            partnership=self._partnership,
            side=self._side(deed.by),
            facts=facts,
            form_key=self._form_key(deed),
            by=self._cast.steward(deed.by),
            now=day,
        )

    def _agreement(self, deed: DemoDeed, day: dt.datetime) -> None:
        made = save_agreement(
            partnership=self._partnership,
            side=self._side(deed.by),
            articles=deed.told["articles"],
            review_on=(day + deed.told["review_ahead"] * DAY).date(),
            runs_until=None,
            base=self._base,
            form_key=self._form_key(deed),
            by=self._cast.steward(deed.by),
            now=day,
        )
        self._base = made.number

    def _propose(self, deed: DemoDeed, day: dt.datetime) -> None:
        """Proposed by one side; the others say yes a day later, each in its turn."""
        proposal = propose(
            partnership=self._partnership,
            side=self._side(deed.by),
            kind=deed.told["kind"],
            payload=self._payload(deed.told),
            reason=deed.told["reason"],
            language=deed.told["language"],
            form_key=self._form_key(deed),
            by=self._cast.steward(deed.by),
            now=day,
        )
        for number, key in enumerate(deed.told["yes"], 1):
            self._say_yes(proposal, key, now=day + number * DAY)

    def _payload(self, told: Mapping[str, Any]) -> dict[str, Any]:
        if told["kind"] == "agreement":
            return {"version": self._base}
        if told["kind"] == "new-side":
            self._keys.append(told["community"])
            return {"community": self._cast.communities[told["community"]].pk}
        return dict(told["payload"])

    def _say_yes(self, proposal: Proposal, key: str, *, now: dt.datetime) -> None:
        version = newest_version(proposal)
        consent(
            proposal=proposal,
            side=self._side(key),
            number=version.number,
            digest=version.digest,
            by=self._cast.steward(key),
            now=now,
        )

    def _capacity(self, deed: DemoDeed, day: dt.datetime) -> None:
        state_capacity(
            partnership=self._partnership,
            side=self._side(deed.by),
            people=deed.told["people"],
            hours_a_month=Decimal(deed.told["hours"]),
            money_a_year=Decimal(deed.told["money"]),
            by=self._cast.steward(deed.by),
            now=day,
        )

    def _check(self, deed: DemoDeed, day: dt.datetime) -> None:
        """Opened, answered by everybody of all sides, and closed when all of them have asked for it."""
        check = open_check(
            partnership=self._partnership, side=self._side(deed.by), by=self._cast.steward(deed.by), now=day
        )
        for key, sheets in deed.told["sheets"].items():
            for number, answers in enumerate(sheets, 1):
                answer_check(
                    check=check,
                    side=self._side(key),
                    answers=answers,
                    by=self._cast.member(key, number),
                    now=day + number * DAY,
                )
        for key in deed.told["sheets"]:
            ask_to_close(check=check, side=self._side(key), by=self._cast.steward(key), now=day + 5 * DAY)

    def _note(self, deed: DemoDeed, day: dt.datetime) -> None:
        write_note(
            title=deed.told["title"],
            text=deed.told["text"],
            **self._words(deed, day),
        )

    def _decision(self, deed: DemoDeed, day: dt.datetime) -> None:
        note_decision(day=day.date(), text=deed.told["text"], **self._words(deed, day))

    def _thanks(self, deed: DemoDeed, day: dt.datetime) -> None:
        say_thanks(to_side=self._side(deed.told["to"]).pk, text=deed.told["text"], **self._words(deed, day))

    def _thread(self, deed: DemoDeed, day: dt.datetime) -> None:
        thread = start_thread(title=deed.told["title"], text=deed.told["text"], **self._words(deed, day))
        for number, (key, person, language, text) in enumerate(deed.told["says"], 1):
            say(
                thread=thread,
                side=self._side(key),
                text=text,
                language=language,
                form_key=self._form_key(deed, number),
                by=self._cast.member(key, person),
                now=day + number * DAY,
            )

    def _role(self, deed: DemoDeed, day: dt.datetime) -> None:
        give_role(
            partnership=self._partnership,
            side=self._side(deed.by),
            facts=RoleFacts(
                title=deed.told["title"],
                language=deed.told["language"],
                since=day.date(),
                until=(day + deed.told["until_ahead"] * DAY).date(),
                person=self._cast.member(deed.by, deed.told["person"]).pk,
                deputy=self._cast.member(deed.by, deed.told["deputy"]).pk,
            ),
            form_key=self._form_key(deed),
            by=self._cast.steward(deed.by),
            now=day,
        )

    def _task(self, deed: DemoDeed, day: dt.datetime) -> None:
        task = add_task(
            title=deed.told["title"],
            text=deed.told["text"],
            minutes=deed.told["minutes"],
            only_ours=False,
            **self._words(deed, day),
        )
        if "taken" in deed.told:
            by = self._cast.member(deed.by, deed.told["taken"])
            self._take(task, self._side(deed.by), by=by, now=day, is_done=deed.told.get("done", False))

    def _take(self, task: SmallTask, side: Side, *, by: Person, now: dt.datetime, is_done: bool) -> None:
        take_task(task=task, side=side, by=by, now=now + DAY)
        if is_done:
            finish_task(task=task, side=side, by=by, now=now + 3 * DAY)

    def _words(self, deed: DemoDeed, day: dt.datetime) -> dict[str, Any]:
        """What every text that somebody writes has in common."""
        return {
            "partnership": self._partnership,
            "side": self._side(deed.by),
            "language": deed.told["language"],
            "form_key": self._form_key(deed),
            "by": self._cast.steward(deed.by),
            "now": day,
        }

    def _gifts(self, told: Mapping[str, Any]) -> dict[int, Gift]:
        """What each side gave; the numbers stand in the order in which the communities came together."""
        empty = [None] * len(told["people"])
        columns = zip(
            self._keys, told["people"], told["hours"], told.get("money", empty), told.get("new", empty),
            strict=False,
        )  # fmt: skip
        return {
            self._side(key).pk: Gift(
                people=people,
                hours=Decimal(hours),
                money=None if money is None else Decimal(money),
                new_people=new,
            )
            for key, people, hours, money, new in columns
        }

    def _people(self, key: str, numbers: list[int]) -> frozenset[int]:
        return frozenset(self._cast.member(key, number).pk for number in numbers)

    def _side(self, key: str) -> Side:
        return Side.objects.select_related("community").get(
            partnership=self._partnership, community=self._cast.communities[key]
        )

    def _form_key(self, deed: DemoDeed, more: int = 0) -> uuid.UUID:
        return form_key(f"{self._key} {deed.number} {more}" if more else f"{self._key} {deed.number}")
