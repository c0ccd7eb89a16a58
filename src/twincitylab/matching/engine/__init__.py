"""The adapter to ``eyelevel.matching``: cities in, ranked partners with reasons out.

Doors call these functions and show what they return; nothing else of the product imports ``eyelevel``.
Everything is imported on first use, so that naming a value type costs no NumPy::

    presets.presets() -> tuple[Preset, ...]              find_preset(key) -> Preset
    blocks() -> tuple[BlockInfo, ...]                    filter_choices() -> FilterChoices
    matches_for(geonameid, *, preset="balanced", weights=None, filters=Filters(), top=10, compare_with=None)
        -> MatchList
    many_matches(geonameids, *, preset, top, filters=Filters()) -> Iterator[MatchList]
    compare(geonameid, other, *, preset="balanced", weights=None) -> Match
    pair_analysis(a, b, *, now) -> PairAnalysis
    fair_progress(preset) -> FairProgress                all_fair_progress() -> tuple[FairProgress, ...]
    city_cards(geonameids) -> tuple[CityCard, ...]       known_cities(geonameids) -> set[int]

``matches_for`` raises ``InvalidRequest(field=...)`` for a preset, weight, filter or count that cannot be, and
the atlas' ``AtlasMissing`` before ``twincitylab setup``. Resolve cities by ``atlas.queries.resolve_city``.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from twincitylab.matching.engine.cards import city_cards, filter_choices, known_cities
    from twincitylab.matching.engine.fair import all_fair_progress, fair_progress
    from twincitylab.matching.engine.lists import compare, many_matches, matches_for
    from twincitylab.matching.engine.pairs import pair_analysis
    from twincitylab.matching.engine.presets import blocks, find_preset
    from twincitylab.matching.engine.results import Filters, InvalidRequest, Match, MatchList, PairAnalysis

_HOMES = {
    "blocks": "presets",
    "find_preset": "presets",
    "city_cards": "cards",
    "filter_choices": "cards",
    "known_cities": "cards",
    "compare": "lists",
    "fair_progress": "fair",
    "all_fair_progress": "fair",
    "many_matches": "lists",
    "matches_for": "lists",
    "pair_analysis": "pairs",
    "Filters": "results",
    "InvalidRequest": "results",
    "Match": "results",
    "MatchList": "results",
    "PairAnalysis": "results",
}

__all__ = [
    "Filters",
    "InvalidRequest",
    "Match",
    "MatchList",
    "PairAnalysis",
    "all_fair_progress",
    "blocks",
    "city_cards",
    "compare",
    "fair_progress",
    "filter_choices",
    "find_preset",
    "known_cities",
    "many_matches",
    "matches_for",
    "pair_analysis",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(name)
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
