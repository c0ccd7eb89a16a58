"""Is the atlas there, which one is it, and has it changed?"""

import datetime as dt
import hashlib
from dataclasses import dataclass

from django.db import DatabaseError
from django.db.models import Count, F, Sum
from django.utils.translation import gettext as _

from twincitylab.atlas.models import AtlasLoad, Source, Twinning


@dataclass(frozen=True)
class AtlasState:
    """The atlas in use; without one ``is_ready`` is false and the rest says nothing."""

    is_ready: bool
    level: int
    city_count: int
    fingerprint: str
    loaded_at: dt.datetime | None


class AtlasMissing(RuntimeError):
    """Raised where the atlas is needed and there is none, or only a half-made database."""

    def __init__(self) -> None:
        super().__init__(_("There is no atlas yet. Run `twincitylab setup` to load it."))


def atlas_state() -> AtlasState:
    """The newest finished load: one query. A database without tables is an atlas that is not there."""
    try:
        load = AtlasLoad.objects.order_by("-id").first()
    except DatabaseError:
        load = None
    if load is None:
        return AtlasState(is_ready=False, level=0, city_count=0, fingerprint="", loaded_at=None)
    return AtlasState(
        is_ready=True,
        level=load.level,
        city_count=load.city_count,
        fingerprint=load.fingerprint,
        loaded_at=load.finished_at,
    )


def require_atlas() -> AtlasState:
    """The state of the atlas; raises AtlasMissing without one."""
    state = atlas_state()
    if not state.is_ready:
        raise AtlasMissing
    return state


def atlas_fingerprint() -> str:
    """Changes whenever the cities do; empty without an atlas."""
    return atlas_state().fingerprint


def twinnings_fingerprint() -> str:
    """Changes whenever a pair of cities is added or removed: one query over the pairs alone."""
    sums = Twinning.objects.aggregate(
        pairs=Count("id"),
        a=Sum("a_id"),
        b=Sum("b_id"),
        mixed=Sum(F("a_id") * F("b_id") % 2_147_483_647),
        mixed_again=Sum(F("a_id") * F("b_id") % 1_000_003),
    )
    return hashlib.blake2b(repr(sorted(sums.items())).encode(), digest_size=16).hexdigest()


def sources() -> list[Source]:
    """Every source, by title."""
    return list(Source.objects.order_by("title", "key"))
