"""Who recommended whom, as trees: everybody has at most one recommender, so only rings are cut open."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from twincitylab.community.rules.scouting_actors import Actor


@dataclass(frozen=True)
class Branch:
    """An actor, how many recommendations lead to it, and those it recommended."""

    actor: Actor
    depth: int
    recommended: "tuple[Branch, ...]" = ()


@dataclass(frozen=True)
class Forest:
    """``roots`` stand at the beginning of a chain of recommendations, the largest tree first; ``loners`` are
    those whom nobody recommended and who recommended nobody. ``closing`` has the recommendations that close a
    ring, as (who recommended, who was recommended)."""

    roots: tuple[Branch, ...] = ()
    loners: tuple[Actor, ...] = ()
    closing: tuple[tuple[int, int], ...] = ()


@dataclass
class _Links:
    """The recommender of each actor, without those that close a ring, and the other way round."""

    recommender: dict[int, int]
    closing: list[tuple[int, int]] = field(default_factory=list)


def forest(actors: Sequence[Actor]) -> Forest:
    """The trees of recommendations; brothers and sisters stand in the order of ``actors``. O(n log n)."""
    links = _links(actors)
    children: dict[int, list[Actor]] = {}
    for actor in actors:
        if actor.pk in links.recommender:
            children.setdefault(links.recommender[actor.pk], []).append(actor)
    roots, loners = [], []
    for actor in actors:
        if actor.pk in links.recommender:
            continue
        if actor.pk in children:
            roots.append(_grown(actor, children))
        else:
            loners.append(actor)
    roots.sort(key=lambda root: -_size(root))
    return Forest(tuple(roots), tuple(loners), tuple(links.closing))


def _links(actors: Sequence[Actor]) -> _Links:
    """Cut each ring before its first member, so that every way up comes to an end."""
    place = {actor.pk: number for number, actor in enumerate(actors)}
    links = _Links(
        {
            actor.pk: actor.recommended_by
            for actor in actors
            if actor.recommended_by is not None and actor.recommended_by in place
        }
    )
    seen: set[int] = set()
    for actor in actors:
        way: list[int] = []
        here: int | None = actor.pk
        while here is not None and here not in seen:
            seen.add(here)
            way.append(here)
            here = links.recommender.get(here)
        if here is not None and here in way:
            first = min(way[way.index(here) :], key=place.__getitem__)
            links.closing.append((links.recommender.pop(first), first))
    return links


def _grown(root: Actor, children: dict[int, list[Actor]]) -> Branch:
    """The tree above ``root``; without recursion, because a chain may be as long as the map."""
    order: list[tuple[Actor, int]] = []
    open_ones = [(root, 0)]
    while open_ones:
        actor, depth = open_ones.pop()
        order.append((actor, depth))
        open_ones.extend((child, depth + 1) for child in children.get(actor.pk, ()))
    grown: dict[int, Branch] = {}
    for actor, depth in reversed(order):
        recommended = tuple(grown.pop(child.pk) for child in children.get(actor.pk, ()))
        grown[actor.pk] = Branch(actor, depth, recommended)
    return grown[root.pk]


def _size(root: Branch) -> int:
    count, open_ones = 0, [root]
    while open_ones:
        branch = open_ones.pop()
        count += 1
        open_ones.extend(branch.recommended)
    return count
