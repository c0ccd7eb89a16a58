"""Writing down where rows came from."""

import datetime as dt

from django.db.models import Exists, OuterRef

from twincitylab.atlas.choices import SourceKind
from twincitylab.atlas.models import Source, Twinning
from twincitylab.atlas.sources import SourceCard, package_version


def source_of(card: SourceCard, *, now: dt.datetime) -> Source:
    """The row of what a source says about itself, not stored yet."""
    return Source(
        key=card.key,
        kind=card.kind,
        title=card.title,
        licence=card.licence,
        url=card.url,
        attribution=card.attribution,
        version=package_version(card.package) if card.package else "",
        loaded_at=now,
    )


def store_card(card: SourceCard, *, now: dt.datetime) -> None:
    """Write what a source says about itself over what it said before."""
    source_of(card, now=now).save()


def forget_unused_sources() -> None:
    """Remove the sources of twinnings that tell of none any more."""
    unused = Source.objects.filter(
        ~Exists(Twinning.objects.filter(source=OuterRef("pk"))), kind=SourceKind.TWINNINGS
    )
    earlier = {
        key
        for told in Twinning.objects.exclude(earlier_sources={}).values_list("earlier_sources", flat=True)
        for key in told.values()
    }
    unused.exclude(key__in=earlier).delete()
