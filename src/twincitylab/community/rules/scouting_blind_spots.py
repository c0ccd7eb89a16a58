"""What an actor map does not see: where nobody is, who was never asked on, one voice above all; and the one
thing to do next."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import gettext as _

from twincitylab.base.text import fold
from twincitylab.community.choices import AgeGroup, Consent, Sector
from twincitylab.community.rules.scouting_actors import Actor

FEWEST_RECOMMENDATIONS = 4
"""Below that one person naming most of the others is how every map begins."""
FEWEST_CONTACTS = 3


@dataclass(frozen=True)
class Count:
    """How many contacts there are of one sector, district or age group."""

    label: str
    count: int


@dataclass(frozen=True)
class Voice:
    """One contact who recommended ``count`` of all ``total`` that were recommended."""

    actor: Actor
    count: int
    total: int


class Way(StrEnum):
    """Where the next thing is done."""

    ADD = "add"
    CONTACT = "contact"
    PAPER = "paper"
    DISTRICTS = "districts"
    GRAPH = "graph"


@dataclass(frozen=True)
class NextStep:
    """One thing to do: what, why, and where; ``contact`` is whom it is about."""

    title: str
    reason: str
    way: Way
    contact: int | None = None


@dataclass(frozen=True)
class BlindSpots:
    """``districts`` are those the community named, then others in which somebody is. ``never_asked`` were not
    asked for further contacts and recommended nobody. ``loudest`` recommended more than half of all."""

    sectors: tuple[Count, ...]
    districts: tuple[Count, ...]
    age_groups: tuple[Count, ...]
    never_asked: tuple[Actor, ...]
    loudest: Voice | None
    next_step: NextStep

    @property
    def empty_sectors(self) -> tuple[str, ...]:
        return _empty(self.sectors)

    @property
    def empty_districts(self) -> tuple[str, ...]:
        return _empty(self.districts)

    @property
    def empty_age_groups(self) -> tuple[str, ...]:
        return _empty(self.age_groups)


def blind_spots(actors: Sequence[Actor], *, districts: Sequence[str] = ()) -> BlindSpots:
    """What the map misses; ``districts`` are those in which the community wants to know somebody."""
    sectors = _counts(Sector.choices, [actor.sector for actor in actors])
    groups = _counts(AgeGroup.choices, [actor.age_group for actor in actors])
    places = _district_counts(actors, districts)
    recommenders = {actor.recommended_by for actor in actors}
    never_asked = tuple(
        actor for actor in actors if actor.asked_further_date is None and actor.pk not in recommenders
    )
    loudest = _loudest(actors)
    step = _next_step(
        actors,
        never_asked=never_asked,
        loudest=loudest,
        gaps=[*_empty(sectors), *_empty(groups), *_empty(places)],
        has_districts=bool(districts),
    )
    return BlindSpots(sectors, places, groups, never_asked, loudest, step)


def _counts(choices: Iterable[tuple[str, object]], values: Sequence[str]) -> tuple[Count, ...]:
    return tuple(Count(str(label), values.count(value)) for value, label in choices)


def _district_counts(actors: Sequence[Actor], districts: Sequence[str]) -> tuple[Count, ...]:
    """However a district is written, "Südstadt" and "sudstadt" are one; the first way of writing is shown."""
    counts: dict[str, list[str]] = {_key(name): [name] for name in districts}
    for actor in actors:
        if actor.district:
            counts.setdefault(_key(actor.district), [actor.district]).append("")
    return tuple(Count(names[0], len(names) - 1) for names in counts.values())


def _key(district: str) -> str:
    return fold(district) or district.casefold()


def _empty(counts: Iterable[Count]) -> tuple[str, ...]:
    return tuple(count.label for count in counts if not count.count)


def _loudest(actors: Sequence[Actor]) -> Voice | None:
    by_pk = {actor.pk: actor for actor in actors}
    recommended = [actor.recommended_by for actor in actors if actor.recommended_by in by_pk]
    if len(recommended) < FEWEST_RECOMMENDATIONS:
        return None
    for pk, actor in by_pk.items():
        count = recommended.count(pk)
        if 2 * count > len(recommended):
            return Voice(actor, count, len(recommended))
    return None


def _next_step(
    actors: Sequence[Actor],
    *,
    never_asked: Sequence[Actor],
    loudest: Voice | None,
    gaps: Sequence[str],
    has_districts: bool,
) -> NextStep:
    """The first that is true: begin, hear other voices, ask on, fill a gap, ask for consent, look again."""
    if len(actors) < FEWEST_CONTACTS:
        return NextStep(
            _("Write down three contacts who know many people."),
            _(
                "Choose them from different parts of the city: whoever stands at the beginning decides whom "
                "you meet later."
            ),
            Way.ADD,
        )
    askable = [actor for actor in never_asked if actor.consent != Consent.REFUSED]
    if loudest:
        circle = _circle(loudest.actor, actors)
        return _hear_others(loudest, [actor for actor in askable if actor.pk not in circle])
    if askable:
        return _ask_on(askable[0], count=len(never_asked))
    return _fill_gaps(actors, gaps=gaps, has_districts=has_districts)


def _circle(actor: Actor, actors: Sequence[Actor]) -> set[int]:
    """The actor, those it recommended, those whom these recommended, and so on."""
    children: dict[int | None, list[int]] = {}
    for other in actors:
        children.setdefault(other.recommended_by, []).append(other.pk)
    circle, open_ones = {actor.pk}, [actor.pk]
    while open_ones:
        new = set(children.get(open_ones.pop(), ())) - circle
        circle |= new
        open_ones += new
    return circle


def _hear_others(loudest: Voice, others: Sequence[Actor]) -> NextStep:
    reason = _(
        "%(name)s recommended %(count)d of the %(total)d contacts whom somebody recommended: so far your map "
        "is one person's circle."
    ) % {"name": loudest.actor.name, "count": loudest.count, "total": loudest.total}
    if others:
        title = _("Ask %(name)s next whom they would recommend.") % {"name": others[0].name}
        return NextStep(title, reason, Way.CONTACT, others[0].pk)
    title = _("Add somebody from outside the circle of %(name)s.") % {"name": loudest.actor.name}
    return NextStep(title, reason, Way.ADD)


def _ask_on(actor: Actor, *, count: int) -> NextStep:
    if count == 1:
        reason = _("Everybody else was asked already.")
    else:
        reason = _("%(count)d contacts were never asked. Every contact is asked for further contacts.") % {
            "count": count
        }
    title = _("Ask %(name)s for further contacts.") % {"name": actor.name}
    return NextStep(title, reason, Way.CONTACT, actor.pk)


def _fill_gaps(actors: Sequence[Actor], *, gaps: Sequence[str], has_districts: bool) -> NextStep:
    if gaps:
        title = _("Look for somebody here: %(gap)s.") % {"gap": gaps[0]}
        return NextStep(title, _("Nobody on your map stands for it yet."), Way.PAPER)
    if not has_districts:
        title = _("Write down the districts of your city.")
        return NextStep(title, _("Then the map shows in which of them you know nobody."), Way.DISTRICTS)
    unasked = [actor for actor in actors if actor.consent == Consent.NOT_ASKED]
    if unasked:
        title = _("Ask %(name)s whether they agree to be named.") % {"name": unasked[0].name}
        reason = _("Nothing about a contact is public before they agree.")
        return NextStep(title, reason, Way.CONTACT, unasked[0].pk)
    title = _("Ask again in a few months.")
    return NextStep(
        title, _("Everybody was asked, and every part of the city is there. Cities change."), Way.GRAPH
    )
