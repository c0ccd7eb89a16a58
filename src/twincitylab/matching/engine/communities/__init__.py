"""Which communities could meet: what each would get and give, in the kind of space cities are matched in.

``matches_of`` and ``pair_of`` are for pages and the API; everything is imported on first use.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from twincitylab.matching.engine.communities.lists import matches_of
    from twincitylab.matching.engine.communities.pairs import pair_of
    from twincitylab.matching.engine.communities.results import (
        CommunityFilters,
        CommunityMatch,
        CommunityMatchList,
        CommunityPair,
    )

_HOMES = {
    "matches_of": "lists",
    "pair_of": "pairs",
    "CommunityFilters": "results",
    "CommunityMatch": "results",
    "CommunityMatchList": "results",
    "CommunityPair": "results",
}

__all__ = [
    "CommunityFilters",
    "CommunityMatch",
    "CommunityMatchList",
    "CommunityPair",
    "matches_of",
    "pair_of",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        message = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(message)
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
