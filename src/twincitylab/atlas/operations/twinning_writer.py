"""Collecting twinnings and writing them together; what is known already is compared, not written again."""

import datetime as dt
import hashlib
from typing import Any

from django.utils.translation import gettext as _

from twincitylab.atlas.choices import SourceKind, TwinningKind, TwinningStatus
from twincitylab.atlas.models import City, Source, Twinning
from twincitylab.atlas.operations.provenance import source_of
from twincitylab.atlas.sources import SourceCard, TwinningLine
from twincitylab.base.text import slug

FACTS = ("kind", "status", "since", "until", "reason")
TOWN_HALLS = "town-halls"
"""The source of what the town halls of both cities have told together: it is never overwritten."""
# What stands in a row when nobody said anything.
UNSAID: dict[str, Any] = {
    "kind": TwinningKind.PARTNERSHIP.value,
    "status": TwinningStatus.UNKNOWN.value,
    "since": None,
    "until": None,
    "reason": "",
}


class LineRefused(ValueError):
    """Raised for a line that cannot be taken; the message says why."""


class UnknownCities(LineRefused):
    """Raised for a line about cities that this atlas does not hold."""

    def __init__(self, ids: tuple[int, ...]) -> None:
        super().__init__(", ".join(map(str, ids)))
        self.ids = ids


class TwinningWriter:
    """Takes lines one by one and writes them at the end; use it inside one transaction."""

    def __init__(
        self,
        *,
        own: SourceCard,
        licence: str,
        now: dt.datetime,
        fill_only: bool = False,
        told: tuple[str, str] | None = None,
    ) -> None:
        """``own`` is the source of lines that name none; ``fill_only`` leaves known facts as they are.

        ``told`` is the licence and the attribution of sources that lines name without a licence.
        """
        self._told = told
        self.added = self.updated = self.unchanged = 0
        self._own, self._licence, self._now, self._fill_only = own, licence, now, fill_only
        self._cities = set(City.objects.values_list("geonameid", flat=True))
        self._known = {(row.a_id, row.b_id): row for row in Twinning.objects.all()}
        self._sources = Source.objects.in_bulk()
        self._changed_sources: dict[str, Source] = {}
        self._seen: dict[tuple[int, int], int] = {}
        self._new: list[Twinning] = []
        self._changed: list[Twinning] = []

    def take(self, line: TwinningLine) -> None:
        """Raises LineRefused, or UnknownCities."""
        missing = tuple(geonameid for geonameid in (line.a, line.b) if geonameid not in self._cities)
        if missing:
            raise UnknownCities(missing)
        pair = (line.a, line.b)
        if pair in self._seen:
            raise LineRefused(_("the same twinning as in line %(number)s") % {"number": self._seen[pair]})
        said = {name: getattr(line, name) for name in FACTS if getattr(line, name)}
        row = self._known.get(pair)
        if row is None:
            facts = UNSAID | said
            self._new.append(
                Twinning(a_id=line.a, b_id=line.b, source=self._source(line), imported_at=self._now, **facts)
            )
            self.added += 1
        else:
            self._compare(row, said=said, line=line)
        self._seen[pair] = line.number

    def write(self) -> None:
        """Store everything taken."""
        changed = list(self._changed_sources.values())
        fields = ["kind", "title", "licence", "url", "version", "attribution", "loaded_at"]
        Source.objects.bulk_create(
            changed, update_conflicts=True, unique_fields=["key"], update_fields=fields
        )
        Twinning.objects.bulk_create(self._new, batch_size=2000)
        Twinning.objects.bulk_update(
            self._changed, [*FACTS, "source", "earlier_sources", "imported_at"], batch_size=200
        )

    def _compare(self, row: Twinning, *, said: dict[str, Any], line: TwinningLine) -> None:
        if row.source_id == TOWN_HALLS:  # nobody knows it better
            self.unchanged += 1
            return
        news = {name: value for name, value in said.items() if getattr(row, name) != value}
        if self._fill_only:
            news = {name: value for name, value in news.items() if getattr(row, name) == UNSAID[name]}
        merged = {name: news.get(name, getattr(row, name)) for name in ("since", "until")}
        if merged["since"] and merged["until"] and merged["until"] < merged["since"]:
            raise LineRefused(_("it contradicts what is known: since %(since)s, until %(until)s") % merged)
        if not news:
            if row.source_id == self._card(line).key:
                self._source(line)  # its licence may be news
            self.unchanged += 1
            return
        source = self._source(line)
        row.earlier_sources = _left_to_others(
            row, said={*said} if not self._fill_only else {*news}, source=source
        )
        for name, value in news.items():
            setattr(row, name, value)
        row.source, row.imported_at = source, self._now
        self._changed.append(row)
        self.updated += 1

    def _source(self, line: TwinningLine) -> Source:
        wanted = source_of(self._card(line), now=self._now)
        known = self._sources.get(wanted.key)
        stated = self._licence or line.licence
        if known is None or (stated and known.licence != stated):
            self._sources[wanted.key] = self._changed_sources[wanted.key] = wanted
        return self._sources[wanted.key]

    def _card(self, line: TwinningLine) -> SourceCard:
        if not line.source and not line.source_url:
            return self._own
        title = line.source or line.source_url
        licence, attribution = self._told or (self._own.licence, title)
        mark = hashlib.blake2b(f"{title} {line.source_url}".encode(), digest_size=4).hexdigest()
        return SourceCard(
            key=f"{slug(title, longest=60) or 'source'}-{mark}",
            title=title,
            licence=self._licence or line.licence or licence,
            url=line.source_url or (title if title.startswith(("https://", "http://")) else ""),
            attribution=attribution,
            columns=FACTS,
            kind=SourceKind.TWINNINGS.value,
        )


def _left_to_others(row: Twinning, *, said: set[str], source: Source) -> dict[str, str]:
    """Who told each known fact that the new source of the row leaves open."""
    earlier = {
        name: row.earlier_sources.get(name, row.source_id)
        for name in FACTS
        if name not in said and getattr(row, name) != UNSAID[name]
    }
    return {name: key for name, key in earlier.items() if key != source.key}
