"""Loading the atlas: all or nothing, and nothing at all when it is up to date."""

import datetime as dt
import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from django.db import connection, transaction
from django.utils.translation import gettext as _

from twincitylab.atlas.models import AtlasLoad, City
from twincitylab.atlas.operations.bulk import refresh_statistics
from twincitylab.atlas.operations.places import cities_to_keep, store_cities, store_countries
from twincitylab.atlas.operations.provenance import store_card
from twincitylab.atlas.operations.well_known import load_well_known, well_known_digest
from twincitylab.atlas.signals import atlas_loaded, twinnings_changed
from twincitylab.atlas.sources import CARDS, LEVELS, AtlasFacts, read_atlas, sources_digest
from twincitylab.base.audit import record

Progress = Callable[[str, float], None]
_READING: Final[Mapping[str, tuple[Callable[[], str], float]]] = {
    "cities": (lambda: _("Reading cities"), 0.0),
    "languages": (lambda: _("Reading languages"), 0.12),
    "climate": (lambda: _("Reading the climate"), 0.14),
    "sea": (lambda: _("Measuring the way to the sea"), 0.2),
}


class UnknownLevel(ValueError):
    """Raised for a level that no source knows."""


@dataclass(frozen=True)
class LoadReport:
    """What a load did. ``kept_count`` towns below the level stay because something refers to them."""

    changed: bool
    level: int
    city_count: int
    kept_count: int
    well_known_count: int


def load_atlas(
    *, level: int, now: dt.datetime, progress: Progress | None = None, by: str = "command line"
) -> LoadReport:
    """Bring the atlas to ``level``; the old one stays whole until the new one is complete.

    ``progress(message, share)`` is called with a share of 0 to 1. Raises UnknownLevel.
    """
    if level not in LEVELS:
        raise UnknownLevel(
            _("There is no level %(level)s. Choose 15000, 5000, 1000 or 500.") % {"level": level}
        )
    say = progress or (lambda _message, _share: None)
    inputs = _digest(sources_digest(level), well_known_digest())
    in_use = AtlasLoad.objects.order_by("-id").first()
    if in_use and in_use.inputs == inputs and City.objects.count() == in_use.city_count:
        return LoadReport(
            changed=False, level=level, city_count=in_use.city_count, kept_count=0, well_known_count=0
        )
    facts = read_atlas(level, say=lambda part: say(_READING[part][0](), _READING[part][1]))
    return store_atlas(facts, inputs=inputs, now=now, progress=say, by=by)


def store_atlas(
    facts: AtlasFacts, *, inputs: str, now: dt.datetime, progress: Progress, by: str = "command line"
) -> LoadReport:
    """Replace the atlas by these facts in one transaction."""
    with transaction.atomic():
        _one_load_at_a_time()
        for card in CARDS:
            store_card(card, now=now)
        store_countries(facts)
        kept = cities_to_keep(facts)
        store_cities(
            facts, kept=kept, progress=lambda share: progress(_("Writing cities"), 0.3 + 0.6 * share)
        )
        refresh_statistics(("atlas_city", "atlas_cityname"))
        progress(_("Writing well-known twinnings"), 0.92)
        well_known = load_well_known(now=now)
        report = LoadReport(
            changed=True,
            level=facts.level,
            city_count=len(facts.cities) + len(kept),
            kept_count=len(kept),
            well_known_count=well_known,
        )
        _note(report, inputs=inputs, fingerprint=_digest(facts.digest, str(sorted(kept))), now=now, by=by)
        transaction.on_commit(lambda: _announce(with_twinnings=well_known > 0))
    progress(_("The atlas is ready"), 1.0)
    return report


def _note(report: LoadReport, *, inputs: str, fingerprint: str, now: dt.datetime, by: str) -> None:
    AtlasLoad.objects.create(
        level=report.level,
        inputs=inputs,
        fingerprint=fingerprint,
        city_count=report.city_count,
        finished_at=now,
    )
    detail: dict[str, object] = {
        "cities": report.city_count,
        "kept": report.kept_count,
        "well-known twinnings": report.well_known_count,
    }
    record(actor=by, action="load atlas", subject=f"level {report.level}", now=now, detail=detail)


def _announce(*, with_twinnings: bool) -> None:
    atlas_loaded.send_robust(sender="atlas")
    if with_twinnings:
        twinnings_changed.send_robust(sender="atlas")


def _one_load_at_a_time() -> None:
    # SQLite's immediate transaction already shuts out a second writer.
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("LOCK TABLE atlas_atlasload IN SHARE ROW EXCLUSIVE MODE")


def _digest(*parts: str) -> str:
    return hashlib.blake2b("\n".join(parts).encode(), digest_size=16).hexdigest()
