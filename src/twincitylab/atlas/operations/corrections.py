"""What the town halls of two cities tell about their twinning together; what stood there before is kept."""

import datetime as dt
from dataclasses import asdict, dataclass
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext as _

from twincitylab.atlas.choices import SourceKind, TwinningKind, TwinningStatus
from twincitylab.atlas.models import EARLIEST_TWINNING_YEAR, Source, Twinning, TwinningChange
from twincitylab.atlas.operations.provenance import source_of
from twincitylab.atlas.operations.twinning_writer import FACTS, TOWN_HALLS
from twincitylab.atlas.signals import twinnings_changed
from twincitylab.atlas.sources import SourceCard
from twincitylab.base.audit import record

LONGEST_REASON = 500
CARD: Final = SourceCard(
    key=TOWN_HALLS,
    title="The two town halls",
    licence="facts, no licence claimed",
    url="",
    attribution="Told by the town halls of both cities together.",
    columns=FACTS,
    kind=SourceKind.TWINNINGS.value,
)


class WrongFact(ValueError):
    """Raised for a fact that cannot be; ``field`` names it and the message says what would be right."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


@dataclass(frozen=True)
class TwinningFacts:
    """All that the atlas says of a twinning."""

    kind: str = TwinningKind.PARTNERSHIP.value
    status: str = TwinningStatus.UNKNOWN.value
    since: int | None = None
    until: int | None = None
    reason: str = ""


def facts_of_twinning(twinning: Twinning) -> TwinningFacts:
    return TwinningFacts(**{name: getattr(twinning, name) for name in FACTS})


def check_facts(facts: TwinningFacts, *, this_year: int) -> None:
    """Raises WrongFact for the first fact that cannot be."""
    if facts.kind not in TwinningKind.values:
        raise WrongFact("kind", _("Choose one of the kinds."))
    if facts.status not in TwinningStatus.values:
        raise WrongFact("status", _("Choose one of the words for how it stands."))
    for field, year in (("since", facts.since), ("until", facts.until)):
        if year is not None and not EARLIEST_TWINNING_YEAR <= year <= this_year:
            raise WrongFact(
                field,
                _("This must be a year between %(first)d and %(last)d.")
                % {"first": EARLIEST_TWINNING_YEAR, "last": this_year},
            )
    if facts.since and facts.until and facts.until < facts.since:
        raise WrongFact("until", _("It cannot have ended before it began."))
    if facts.until and facts.status not in {TwinningStatus.ENDED, TwinningStatus.UNKNOWN}:
        raise WrongFact("until", _("Only a twinning that has ended has a year in which it did."))
    if len(facts.reason) > LONGEST_REASON:
        raise WrongFact(
            "reason",
            _("This is too long: there is room for %(longest)d characters.") % {"longest": LONGEST_REASON},
        )


def correct_twinning(*, first: int, second: int, facts: TwinningFacts, by: str, now: dt.datetime) -> Twinning:
    """Let the twinning of two cities (by geonameid) be as their town halls say, and keep what stood there.

    A twinning that the atlas did not know begins here. The same facts again change nothing but the source.
    Raises WrongFact.
    """
    check_facts(facts, this_year=now.year)
    a, b = sorted((first, second))
    with transaction.atomic():
        source, _made = Source.objects.get_or_create(
            key=TOWN_HALLS, defaults=_defaults(source_of(CARD, now=now))
        )
        told = asdict(facts)
        row, is_new = Twinning.objects.select_for_update(no_key=True, of=("self",)).get_or_create(
            a_id=a, b_id=b, defaults={**told, "source": source, "imported_at": now}
        )
        before = {} if is_new else {**asdict(facts_of_twinning(row)), "source": row.source.title}
        changed = [name for name in FACTS if is_new or before[name] != told[name]]
        if not changed and row.source_id == TOWN_HALLS:
            return row
        for name in FACTS:
            setattr(row, name, told[name])
        row.source, row.earlier_sources, row.imported_at = source, {}, now
        row.save()
        TwinningChange.objects.create(
            twinning=row, facts=changed, before=before, after=told, source=source, changed_at=now
        )
        record(
            actor=by,
            action="correct twinning",
            subject=f"twinning {row.pk}",
            now=now,
            detail={"facts": changed, "new": is_new},
        )
        transaction.on_commit(lambda: twinnings_changed.send_robust(sender="atlas"))
    return row


def _defaults(source: Source) -> dict[str, Any]:
    names = ("kind", "title", "licence", "url", "attribution", "version", "loaded_at")
    return {name: getattr(source, name) for name in names}
