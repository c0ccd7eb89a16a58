"""Invented values for the gallery page, which shows every component once."""

from dataclasses import dataclass

from django.core.paginator import Paginator
from django.http import QueryDict

from twincitylab.base.components.cards import Chip


@dataclass(frozen=True)
class SampleShare:
    label: str
    percent: int


@dataclass(frozen=True)
class SampleCard:
    blocks: tuple[SampleShare, ...]


@dataclass(frozen=True)
class SampleSpan:
    start: float
    end: float


@dataclass(frozen=True)
class SampleHours:
    offset_a: float
    a: SampleSpan
    b: SampleSpan
    shared: tuple[SampleSpan, ...]
    shared_hours: float
    local_a: tuple[str, ...]
    local_b: tuple[str, ...]
    sentence: str
    year_sentence: str


@dataclass(frozen=True)
class SampleSource:
    title: str
    licence: str
    url: str


def samples() -> dict[str, object]:
    """What the gallery shows."""
    return {
        "blocks": [SampleShare("Size", 62), SampleShare("Nearness", 92), SampleShare("Language", 0)],
        "cards": [
            SampleCard((SampleShare("Size", 62), SampleShare("Nearness", 92), SampleShare("Language", 0))),
            SampleCard((SampleShare("Size", 74), SampleShare("Nearness", 91), SampleShare("Language", 48))),
        ],
        "reasons": ["Both are inland cities.", "All eight office hours are shared."],
        "hours": SampleHours(
            1, SampleSpan(8, 16), SampleSpan(6, 14), (SampleSpan(8, 14),), 6,
            ("09:00–15:00",), ("11:00–17:00",),
            "Six office hours are shared.", "In summer it is seven.",
        ),
        "no_hours": SampleHours(
            1, SampleSpan(8, 16), SampleSpan(19, 27), (), 0, (), (), "No office hour is shared.", "",
        ),
        "chips": [
            Chip("Balanced", "#balanced", is_current=True, explanation="A bit of everything."),
            Chip("Far horizons", "#far", is_current=False),
        ],
        "sources": [SampleSource("GeoNames", "CC BY 4.0", "https://www.geonames.org/")],
        "page": Paginator(range(30), 10).get_page(2),
        "params": QueryDict("country=DE"),
    }  # fmt: skip
