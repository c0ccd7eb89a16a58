"""The invented world as the JSON files beside this module tell it; nothing here touches a database."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from importlib.resources import files
from typing import Any

CONTINENTS = ("africa", "americas", "asia", "europe", "oceania")
MARK = "demo"


@dataclass(frozen=True)
class DemoPerson:
    """Somebody invented; the name says so, and no mail ever reaches the address."""

    email: str
    name: str
    language: str


@dataclass(frozen=True)
class DemoNeed:
    """Something sought or brought; ``number`` counts within its community."""

    number: int
    direction: str
    text: str
    topic: str
    kind: str
    language: str
    urgency: str
    is_taken: bool


@dataclass(frozen=True)
class DemoContact:
    """Somebody invented on an actor map. ``facts`` are those of ``ContactFacts`` that tell of it alone.

    ``recommended_by`` is the number of another one of the map; ``asked_days`` ago it was asked on.
    """

    number: int
    facts: Mapping[str, str]
    recommended_by: int | None
    asked_days: int | None


@dataclass(frozen=True)
class DemoActorMap:
    """Whom a community knows in its city, and the districts in which it wants to know somebody."""

    districts: tuple[str, ...] = ()
    contacts: tuple[DemoContact, ...] = ()


@dataclass(frozen=True)
class DemoCommunity:
    """An invented community. ``facts`` are those of ``CommunityFacts``. It was founded ``founded`` days ago;
    what it has on its page it wrote down within the last ``days``."""

    key: str
    facts: Mapping[str, Any]
    founded: float
    days: float
    people: tuple[DemoPerson, ...]
    needs: tuple[DemoNeed, ...]
    verified_reason: str
    actor_map: DemoActorMap

    @property
    def city(self) -> int:
        """GeoNames id."""
        return int(self.facts["city"])

    @property
    def steward(self) -> DemoPerson:
        return self.people[0]


@dataclass(frozen=True)
class DemoStep:
    """What happens next to an introduction: ``act`` is ask, answer, accept, decline or withdraw."""

    act: str
    said: str
    language: str
    note: str


@dataclass(frozen=True)
class DemoMeeting:
    """How two communities come together, begun ``days`` ago: a proposal of the first, one of the facilitator,
    or an interest that the first keeps to itself."""

    way: str
    first: str
    second: str
    days: float
    message: str
    language: str
    steps: tuple[DemoStep, ...]

    @property
    def key(self) -> str:
        return f"{self.first} {self.second}"


@dataclass(frozen=True)
class DemoDeed:
    """Something that the community ``by`` did in a partnership, ``days`` ago; ``told`` is what it was."""

    number: int
    act: str
    by: str
    days: float
    told: Mapping[str, Any]


@dataclass(frozen=True)
class DemoPartnership:
    """What two that have met did since, the oldest first. More sides may join on the way."""

    first: str
    second: str
    deeds: tuple[DemoDeed, ...]

    @property
    def key(self) -> str:
        return f"{self.first} {self.second} together"


@dataclass(frozen=True)
class DemoWorld:
    """All of it."""

    communities: tuple[DemoCommunity, ...]
    meetings: tuple[DemoMeeting, ...]
    partnerships: tuple[DemoPartnership, ...]
    facilitator: DemoPerson

    @cached_property
    def people(self) -> tuple[DemoPerson, ...]:
        return (self.facilitator, *(person for one in self.communities for person in one.people))


def read_world() -> DemoWorld:
    """The world as it is written down."""
    maps = {one["community"]: _actor_map(one) for one in _read("actor_maps")}
    communities = [
        _community(one, actor_map=maps.get(one["key"], DemoActorMap()))
        for name in CONTINENTS
        for one in _read(name)
    ]
    meetings = [_meeting(one) for one in _read("introductions")]
    return DemoWorld(
        tuple(communities),
        tuple(meetings),
        tuple(_partnership(one) for one in _read("partnerships")),
        DemoPerson(_email("facilitator"), _marked("Robin"), "en"),
    )


def _read(name: str) -> Sequence[Mapping[str, Any]]:
    text = files(__package__ or "").joinpath(f"{name}.json").read_text(encoding="utf-8")
    found: Sequence[Mapping[str, Any]] = json.loads(text)
    return found


def _community(told: Mapping[str, Any], *, actor_map: DemoActorMap) -> DemoCommunity:
    pseudonym = told.get("pseudonym", "")
    facts = {
        name: told[name]
        for name in ("name", "city", "kind", "purpose", "about", "website", "since", "size", "capacity")
        if name in told
    } | {
        "topics": tuple(told["topics"]),
        "languages": tuple(told["languages"]),
        "modes": tuple(told["modes"]),
        "about_language": told["language"],
        "visibility": told.get("visibility", "public"),
        "is_safe_mode": bool(pseudonym),
        "pseudonym": pseudonym,
        "hides_city": told.get("hides_city", False),
    }
    names = (told["steward"], *told.get("members", ()))
    return DemoCommunity(
        key=told["key"],
        facts=facts,
        founded=told.get("founded", told["days"]),
        days=told["days"],
        people=tuple(
            DemoPerson(_email(told["key"], number), _marked(name), _language_of_pages(told["language"]))
            for number, name in enumerate(names, 1)
        ),
        needs=tuple(
            _need(number, one, language=told["language"]) for number, one in enumerate(told["needs"], 1)
        ),
        verified_reason=told.get("verified", ""),
        actor_map=actor_map,
    )


def _actor_map(told: Mapping[str, Any]) -> DemoActorMap:
    contacts = (_contact(number, one) for number, one in enumerate(told["contacts"], 1))
    return DemoActorMap(tuple(told["districts"]), tuple(contacts))


def _contact(number: int, told: Mapping[str, Any]) -> DemoContact:
    facts = {name: value for name, value in told.items() if name not in {"recommended_by", "asked_further"}}
    return DemoContact(
        number=number,
        facts=facts | {"name": _marked(told["name"])},
        recommended_by=told.get("recommended_by"),
        asked_days=told.get("asked_further"),
    )


def _need(number: int, told: Mapping[str, Any], *, language: str) -> DemoNeed:
    is_need = "seek" in told
    return DemoNeed(
        number=number,
        direction="need" if is_need else "offer",
        text=told["seek" if is_need else "bring"],
        topic=told["topic"],
        kind=told["kind"],
        language=told.get("language", language),
        urgency=told.get("when", ""),
        is_taken=told.get("taken", False),
    )


def _meeting(told: Mapping[str, Any]) -> DemoMeeting:
    way = "interest" if told.get("interest") else "facilitated" if told.get("facilitator") else "proposal"
    language = told.get("language", "en")
    return DemoMeeting(
        way=way,
        first=told["from"],
        second=told["to"],
        days=told["days"],
        message=told.get("message", ""),
        language=language,
        steps=tuple(_step(one, language=language) for one in told.get("then", ())),
    )


def _step(told: Mapping[str, str], *, language: str) -> DemoStep:
    act, said = next(iter(told.items()))
    return DemoStep(act, said, told.get("language", language), told.get("note", ""))


def _partnership(told: Mapping[str, Any]) -> DemoPartnership:
    first, second = told["between"]
    deeds = (
        DemoDeed(
            number=number,
            act=one["act"],
            by=one["by"],
            days=one["days"],
            told={name: value for name, value in one.items() if name not in {"act", "by", "days"}},
        )
        for number, one in enumerate(told["then"], 1)
    )
    return DemoPartnership(first=first, second=second, deeds=tuple(deeds))


def _email(key: str, number: int = 1) -> str:
    """``example.org`` belongs to nobody, by agreement of the internet."""
    return f"{MARK}.{key}@example.org" if number == 1 else f"{MARK}.{key}-{number}@example.org"


def _marked(name: str) -> str:
    return f"{name} ({MARK})"


def _language_of_pages(language: str) -> str:
    return "zh-hans" if language == "zh" else language
