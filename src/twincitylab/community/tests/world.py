"""A small world for tests: people, their communities, and what these seek and bring.

The communities live in cities of the sample atlas: ask for the fixture ``atlas``.
"""

import datetime as dt
import itertools
import threading
import uuid
from collections.abc import Callable, Sequence
from typing import Any

from django.db import connection
from django.test import Client

from twincitylab.atlas.models import City
from twincitylab.base.text import slug
from twincitylab.community.choices import (
    CommunityKind,
    Direction,
    ExchangeKind,
    Mode,
    Role,
    Topic,
    Urgency,
    Visibility,
)
from twincitylab.community.models import (
    Community,
    CommunityLanguage,
    CommunityTopic,
    Membership,
    NeedOffer,
    Person,
)

NOW = dt.datetime(2026, 3, 2, 9, 0, tzinfo=dt.UTC)
PASSWORD = "a long enough phrase"
_numbers = itertools.count(1)


def make_person(name: str = "", *, email: str = "", language: str = "en", **more: Any) -> Person:
    """Somebody with an account and a confirmed address, by default without a password, which is quicker."""
    from allauth.account.models import EmailAddress

    number = next(_numbers)
    person = Person.objects.create_user(
        email or f"person{number}@example.org", name or f"Person {number}", language=language, **more
    )
    EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    return person


def make_community(
    name: str = "",
    *,
    city: str = "karlsruhe-de",
    steward: Person | None = None,
    members: Sequence[Person] = (),
    topics: Sequence[Topic] = (Topic.CIRCULAR_ECONOMY,),
    languages: Sequence[str] = ("en",),
    modes: Sequence[Mode] = (Mode.ONLINE,),
    is_hidden: bool = False,
    pseudonym: str = "",
    now: dt.datetime = NOW,
    **more: Any,
) -> Community:
    """A community in ``city`` (a slug) with at least one steward; with a ``pseudonym`` in safety mode."""
    name = name or f"Community {next(_numbers)}"
    if is_hidden:
        more["visibility"] = Visibility.HIDDEN
    community = Community.objects.create(
        **{
            "slug": more.pop("slug", "") or slug(pseudonym or name),
            "name": name,
            "city": City.objects.get(slug=city),
            "kind": CommunityKind.INITIATIVE,
            "purpose": "Repair what is broken, together.",
            "is_safe_mode": bool(pseudonym),
            "pseudonym": pseudonym,
            "mode_online": Mode.ONLINE in modes,
            "mode_visit": Mode.VISIT in modes,
            "mode_hybrid": Mode.HYBRID in modes,
            "created_at": now,
            "changed_at": now,
            "matched_at": now,
            **more,
        }
    )
    CommunityTopic.objects.bulk_create(CommunityTopic(community=community, topic=topic) for topic in topics)
    CommunityLanguage.objects.bulk_create(
        CommunityLanguage(community=community, language=language) for language in languages
    )
    seat(community, steward or make_person(), role=Role.STEWARD, now=now)
    for member in members:
        seat(community, member, now=now)
    return community


def seat(
    community: Community, person: Person, *, role: Role = Role.MEMBER, now: dt.datetime = NOW
) -> Membership:
    """A seat for the person in the community."""
    return Membership.objects.create(community=community, person=person, role=role, since=now)


def make_need(
    community: Community,
    *,
    direction: Direction = Direction.NEED,
    topic: Topic = Topic.CIRCULAR_ECONOMY,
    kind: ExchangeKind = ExchangeKind.KNOWLEDGE,
    text: str = "How do you run a repair evening?",
    now: dt.datetime = NOW,
    **more: Any,
) -> NeedOffer:
    """A need of the community or, with the other direction, an offer."""
    return NeedOffer.objects.create(
        **{
            "community": community,
            "direction": direction,
            "topic": topic,
            "kind": kind,
            "text": text,
            "language": "en",
            "urgency": Urgency.YEAR if direction == Direction.NEED else "",
            "created_at": now,
            "changed_at": now,
            "form_key": uuid.uuid4(),
            **more,
        }
    )


def sign_in(client: Client, person: Person) -> Client:
    """The same client, now with the person's session."""
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def at_once(*acts: Callable[[], str]) -> list[str]:
    """What each act answered, or the name of what it raised, all begun together in threads with connections
    of their own; ask for the fixture ``real_database``."""
    start = threading.Barrier(len(acts))
    outcomes: list[str] = []

    def run(act: Callable[[], str]) -> None:
        start.wait(timeout=10)
        try:
            outcomes.append(act())
        except Exception as problem:
            outcomes.append(type(problem).__name__)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[act]) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return outcomes
