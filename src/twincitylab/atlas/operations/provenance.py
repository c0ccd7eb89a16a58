"""Writing down where rows came from."""

import datetime as dt

from twincitylab.atlas.models import Source
from twincitylab.atlas.sources import SourceCard, package_version


def source_of(card: SourceCard, *, now: dt.datetime) -> Source:
    """The row of what a source says about itself, not stored yet."""
    return Source(
        key=card.key,
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
