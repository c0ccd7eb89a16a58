"""A question to the engine, checked before anything is computed."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from twincitylab.matching.choices import DEFAULT_PRESET
from twincitylab.matching.engine.filters import checked_filters
from twincitylab.matching.engine.presets import effective_weights, find_preset
from twincitylab.matching.engine.results import LIMITS, Filters, InvalidRequest, Preset
from twincitylab.matching.engine.words import number
from twincitylab.matching.engine.world import World

NO_FILTERS = Filters()


@dataclass(frozen=True, eq=False)
class Plan:
    """A question, checked: what counts, what is ruled out, how long the list may be, in which world."""

    world: World
    preset: Preset
    weights: Mapping[str, float]
    is_personal: bool
    filters: Filters
    top: int


def checked_plan(
    *,
    world: World,
    preset: str = DEFAULT_PRESET,
    weights: Mapping[str, float] | None = None,
    filters: Filters = NO_FILTERS,
    top: int = 1,
) -> Plan:
    """The question as a plan; raises ``InvalidRequest`` naming what cannot be."""
    if not 1 <= top <= LIMITS.top:
        message = _("A list may have 1 to %(most)s cities.") % {"most": number(LIMITS.top)}
        raise InvalidRequest(message, field="top")
    return Plan(
        world=world,
        preset=find_preset(preset),
        weights=effective_weights(preset, personal=weights),
        is_personal=weights is not None,
        filters=checked_filters(filters, world=world),
        top=top,
    )


def row_of(geonameid: int, *, world: World, field: str = "city") -> int:
    """The row of a city; raises ``InvalidRequest`` for one that the atlas does not have."""
    row = world.row(geonameid)
    if row is None:
        message = _("The atlas has no city with the GeoNames id %(id)s.") % {"id": geonameid}
        raise InvalidRequest(message, field=field)
    return row
