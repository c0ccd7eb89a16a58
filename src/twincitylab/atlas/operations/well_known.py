"""The well-known twinnings that the product ships, so that the map lives from the first start."""

import contextlib
import datetime as dt
import hashlib
from pathlib import Path
from typing import Final

from twincitylab.atlas import sources
from twincitylab.atlas.choices import SourceKind
from twincitylab.atlas.operations.twinning_writer import LineRefused, TwinningWriter
from twincitylab.atlas.sources import SourceCard, parse_twinnings

FILE: Final = Path(sources.__file__).parent / "data" / "well_known_twinnings.csv"
CARD: Final = SourceCard(
    key="well-known-twinnings",
    title="Well-known twinnings, collected by the Lab",
    licence="Apache-2.0",
    url="",
    attribution="Facts in our own words; pairs checked against lists of twin towns in the English Wikipedia.",
    columns=("geonameid_a", "geonameid_b", "kind", "status", "since", "until", "reason", "source"),
    kind=SourceKind.TWINNINGS.value,
)
# The pages that tell of a twinning are other people's; what is ours is the collection.
TOLD: Final = (
    "facts, no licence claimed; collected under Apache-2.0",
    "Collected in the well-known twinnings of Twin City Lab (Apache-2.0).",
)


def load_well_known(*, now: dt.datetime) -> int:
    """Add what is not known yet and fill in missing facts; what an import said stays."""
    if not FILE.is_file():
        return 0
    writer = TwinningWriter(own=CARD, licence="", now=now, fill_only=True, told=TOLD)
    for line in parse_twinnings(FILE.read_bytes(), this_year=now.year):
        # A smaller atlas does not hold every one of these cities, and an import may know better.
        with contextlib.suppress(LineRefused):
            if not line.problem:
                writer.take(line)
    writer.write()
    return writer.added + writer.updated


def well_known_digest() -> str:
    """Changes when the shipped file does."""
    return hashlib.blake2b(FILE.read_bytes() if FILE.is_file() else b"", digest_size=16).hexdigest()
