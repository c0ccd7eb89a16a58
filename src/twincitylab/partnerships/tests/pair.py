"""Two communities and everybody who may have to do with their introduction."""

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import Any

from twincitylab.community.choices import Role
from twincitylab.community.models import Community, Notice, Person
from twincitylab.community.tests.world import NOW, make_community, make_person, seat
from twincitylab.partnerships.models import Introduction, Partnership
from twincitylab.partnerships.operations.answering import accept
from twincitylab.partnerships.operations.proposing import facilitate, propose

LATER = NOW + dt.timedelta(days=1)


@dataclass(frozen=True)
class Pair:
    """``a`` proposes to ``b``; ``ada`` and ``al`` act for a, ``bo`` and ``bea`` for b, ``mo`` is a member of
    b, ``zoe`` a steward elsewhere, ``fay`` a facilitator."""

    a: Community
    b: Community
    ada: Person
    al: Person
    bo: Person
    bea: Person
    mo: Person
    zoe: Person
    fay: Person

    @property
    def everybody(self) -> dict[str, Person]:
        return {name: getattr(self, name) for name in ("ada", "al", "bo", "bea", "mo", "zoe", "fay")}


def make_pair(*, a: dict[str, Any] | None = None, b: dict[str, Any] | None = None) -> Pair:
    """A pair in two cities."""
    ada, al, bo, bea, mo, zoe = (make_person(name) for name in ("Ada", "Al", "Bo", "Bea", "Mo", "Zoe"))
    fay = make_person("Fay", is_facilitator=True)
    first = make_community(**{"name": "Repair Café", "steward": ada, "city": "karlsruhe-de", **(a or {})})
    second = make_community(
        **{"name": "Fixers of Leeds", "steward": bo, "city": "leeds-gb", "members": [mo], **(b or {})}
    )
    seat(first, al, role=Role.STEWARD)
    seat(second, bea, role=Role.STEWARD)
    make_community(steward=zoe, city="nancy-fr")
    return Pair(a=first, b=second, ada=ada, al=al, bo=bo, bea=bea, mo=mo, zoe=zoe, fay=fay)


def proposed(
    pair: Pair, *, back: bool = False, now: dt.datetime = NOW, key: uuid.UUID | None = None
) -> Introduction:
    """What Ada proposes for a, or, ``back``, Bo for b."""
    return propose(
        community=pair.b if back else pair.a,
        other=pair.a if back else pair.b,
        message="Hello, shall we meet?",
        language="en",
        form_key=key or uuid.uuid4(),
        by=pair.bo if back else pair.ada,
        now=now,
    )


def partnered(pair: Pair, *, now: dt.datetime = NOW) -> Partnership:
    """The partnership that begins when b says yes to what a has proposed; a is side 0."""
    accept(introduction=proposed(pair, now=now), side=pair.b, by=pair.bea, now=now)
    return Partnership.objects.get(introduction__a=min(pair.a.pk, pair.b.pk))


def facilitated(pair: Pair, *, now: dt.datetime = NOW) -> Introduction:
    """What Fay proposes to both."""
    return facilitate(
        first=pair.b,
        second=pair.a,
        message="You two should meet.",
        language="en",
        form_key=uuid.uuid4(),
        by=pair.fay,
        now=now,
    )


def told(person: Person) -> list[str]:
    """The kinds of the person's notices, oldest first."""
    return list(Notice.objects.filter(person=person).order_by("pk").values_list("kind", flat=True))
