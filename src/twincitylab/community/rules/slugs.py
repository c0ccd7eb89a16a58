"""The part of the address that names a community: never more than others may know of it."""

import secrets
from collections.abc import Iterator

from twincitylab.base.text import slug

MOST_NAMESAKES = 9
RESERVED = frozenset({"new", "map", "answers", "search"})


def plain_slugs(name: str, *, kind: str, city: str = "") -> Iterator[str]:
    """Addresses to try until one is free, for a community that everybody can see: name and city, counted
    where the same are there already."""
    base = _base(name, city=city, kind=kind)
    if base not in RESERVED:
        yield base
    yield from (f"{base}-{number}" for number in range(2, MOST_NAMESAKES + 1))
    yield from _drawn(base)


def drawn_slugs(name: str, *, kind: str, city: str = "") -> Iterator[str]:
    """Addresses for a community that not everybody can see: letters drawn at random stand at the end from the
    start, so that nobody guesses an address, nor learns from one that is taken who else is there."""
    yield from _drawn(_base(name, city=city, kind=kind))


def _base(name: str, *, city: str, kind: str) -> str:
    first, place = slug(name, longest=48), slug(city, longest=20)
    return first if place and place in first else "-".join(filter(None, (first or kind, place)))


def _drawn(base: str) -> Iterator[str]:
    for _attempt in range(MOST_NAMESAKES):
        yield f"{base}-{secrets.token_hex(4)}"
