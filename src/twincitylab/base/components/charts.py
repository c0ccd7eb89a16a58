"""Components that draw: level beam, block bars, a bar in a table."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Protocol

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from twincitylab.base.components.library import register

LARGEST_TILT = 8.0
MIDDLE = 18.0
NEARLY_LEVEL = 0.05


class Share(Protocol):
    """What a block bar shows."""

    @property
    def label(self) -> str: ...
    @property
    def percent(self) -> int: ...


@register.inclusion_tag("base/components/level_beam.html")
def level_beam(*, a_name: str, b_name: str, a: float, b: float) -> dict[str, object]:
    """What each side has from the other: two shores, level when both have as much."""
    tilt = max(-LARGEST_TILT, min(LARGEST_TILT, (b - a) * 28))
    return {
        "a_name": a_name,
        "b_name": b_name,
        "a": a,
        "b": b,
        "a_y": round(MIDDLE - tilt, 1),
        "b_y": round(MIDDLE + tilt, 1),
        "b_top": round(MIDDLE + tilt - 10, 1),
        "is_level": abs(a - b) < NEARLY_LEVEL,
        "a_gains_more": a > b,
    }


class Shares(Protocol):
    """A card of a list, as far as its bars go."""

    @property
    def blocks(self) -> Sequence[Share]: ...


@dataclass(frozen=True)
class Span:
    """What the cards of a list have of one factor: the least, the most, and the middle."""

    low: int
    high: int
    middle: float


@dataclass(frozen=True)
class ListScale:
    """What the bars of a list run from and to, so that they tell its cards apart.

    ``spans`` is None for a factor of which all cards have as good as the same; ``alike`` says how much that
    is, such as ("Size", "97–99").
    """

    spans: tuple[Span | None, ...]
    alike: tuple[tuple[str, str], ...]


# Points of 100: less than the first is no difference, and no difference is drawn larger than the second.
AS_GOOD_AS_EQUAL = 3
NARROWEST_SPAN = 20
SHORTEST_BAR = 3.0
MOST_BARS = 4


@register.simple_tag
def list_scale(*, cards: Iterable[Shares]) -> ListScale | None:
    """The scale of a list; None for fewer than two cards."""
    rows = [_bars(card.blocks) for card in cards]
    if len(rows) < 2:
        return None
    spans: list[Span | None] = []
    alike: list[tuple[str, str]] = []
    for bars in zip(*rows, strict=True):
        percents = [bar.percent for bar in bars]
        low, high = min(percents), max(percents)
        if high - low < AS_GOOD_AS_EQUAL:
            spans.append(None)
            alike.append((bars[0].label, f"{low}–{high}" if low < high else str(low)))
        else:
            spans.append(Span(max(min(low, high - NARROWEST_SPAN), 0), high, median(percents)))
    return ListScale(tuple(spans), tuple(alike))


BAR = (
    '<dt>{}</dt><dd><svg viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true">'
    '<rect width="{}" height="4"/>{}</svg></dd><dd class="value">{}</dd>'
)
MIDDLE_OF_LIST = '<path d="M{} 0v4"/>'


@register.simple_tag
def block_bars(
    *, blocks: Iterable[Share], is_wide: bool = False, scale: ListScale | None = None
) -> SafeString:
    """How well each factor fits, one bar each; the figure stands beside, the bar repeats it.

    With a ``scale`` only where the card stands out from its list, from the least to the most of the list.
    Written here and not as a template: a list of matches has forty of them.
    """
    bars = _bars(blocks)
    rows = (
        _scaled(bars, scale=scale) if scale else [(bar.label, bar.percent, "", bar.percent) for bar in bars]
    )
    if not rows:
        return SafeString()
    names = "bars wide" if is_wide else "bars scaled" if scale else "bars"
    return format_html('<dl class="{}">{}</dl>', names, format_html_join("", BAR, rows))


@dataclass(frozen=True)
class _Bar:
    label: str
    percent: int


def _bars(blocks: Iterable[Share]) -> list[_Bar]:
    """One bar for each name: factors that a reader cannot tell apart are shown by their mean."""
    named: dict[str, list[int]] = {}
    for share in blocks:
        named.setdefault(share.label, []).append(share.percent)
    return [_Bar(label, round(sum(percents) / len(percents))) for label, percents in named.items()]


def _scaled(bars: Sequence[_Bar], *, scale: ListScale) -> list[tuple[str, float, str, int]]:
    """Label, length, mark and figure of the few bars that are farthest from the middle of the list."""
    told = [
        (abs(bar.percent - span.middle), bar, span)
        for bar, span in zip(bars, scale.spans, strict=True)
        if span is not None and abs(bar.percent - span.middle) >= AS_GOOD_AS_EQUAL
    ]
    kept = sorted(told, key=lambda entry: -entry[0])[:MOST_BARS]
    return [
        (
            bar.label,
            max(_length(bar.percent, span=span), SHORTEST_BAR),
            format_html(MIDDLE_OF_LIST, _length(span.middle, span=span)),
            bar.percent,
        )
        for apart, bar, span in told
        if (apart, bar, span) in kept
    ]


def _length(percent: float, *, span: Span) -> float:
    return round(100 * (percent - span.low) / (span.high - span.low), 1)


@register.inclusion_tag("base/components/bar.html")
def bar(*, share: float) -> dict[str, object]:
    """One bar from 0 to 1; the figure it draws stands beside it in text."""
    return {"width": round(100 * max(0.0, min(1.0, share)), 1)}
