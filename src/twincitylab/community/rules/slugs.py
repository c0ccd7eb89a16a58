"""The part of the address that names a community: never more than others may know of it."""

import secrets
from collections.abc import Iterator

from twincitylab.base.text import slug

LONGEST_SLUG = 80
MOST_NAMESAKES = 9
RESERVED = frozenset({"new", "map", "answers", "search"})


def slug_candidates(*, shown_name: str, city: str, kind: str, is_safe_mode: bool) -> Iterator[str]:
    """Addresses to try until one is free.

    In safety mode the pseudonym and letters drawn at random, so that an address cannot be guessed either;
    otherwise name and city, counted where the same are there already.
    """
    if is_safe_mode:
        yield from _drawn(slug(shown_name, longest=LONGEST_SLUG - 12) or "community")
        return
    name, place = slug(shown_name, longest=56), slug(city, longest=20)
    base = name if place and place in name else "-".join(filter(None, (name or kind, place)))
    if base not in RESERVED:
        yield base
    yield from (f"{base}-{number}" for number in range(2, MOST_NAMESAKES + 1))
    yield from _drawn(base)


def _drawn(base: str) -> Iterator[str]:
    for _attempt in range(MOST_NAMESAKES):
        yield f"{base}-{secrets.token_hex(4)}"
