"""Components that draw: level beam, block bars, a bar in a table."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext

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
class ListScale:
    """What the bars of a list run from and to, so that they tell its cards apart.

    ``spans`` has lowest and highest for each factor, None where all cards have as good as the same;
    ``alike`` says what they have there, such as ("Size", "97–99").
    """

    spans: tuple[tuple[int, int] | None, ...]
    alike: tuple[tuple[str, str], ...]


# Points of 100: less than the first is no difference, and no difference is drawn larger than the second.
AS_GOOD_AS_EQUAL = 3
NARROWEST_SPAN = 20
SHORTEST_BAR = 3.0


@register.simple_tag
def list_scale(*, cards: Iterable[Shares], besides: Shares | None = None) -> ListScale | None:
    """The scale of a list and of the one card shown besides; None for fewer than two cards."""
    rows = [_bars(card.blocks) for card in (*cards, *([besides] if besides else []))]
    if len(rows) < 2:
        return None
    spans, alike = [], []
    for shares in zip(*rows, strict=True):
        low, high = min(share.percent for share in shares), max(share.percent for share in shares)
        is_alike = high - low < AS_GOOD_AS_EQUAL
        spans.append(None if is_alike else (max(min(low, high - NARROWEST_SPAN), 0), high))
        if is_alike:
            alike.append((shares[0].label, f"{low}–{high}" if low < high else str(low)))
    return ListScale(tuple(spans), tuple(alike))


BAR = (
    '<dt>{}</dt><dd><svg viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true">'
    '<rect width="{}" height="4"/></svg>{}'
)
FIGURE_BESIDE = '</dd><dd class="value">{}</dd>'
FIGURE_HIDDEN = '<span class="hidden-text">{}</span></dd>'


@register.simple_tag
def block_bars(
    *, blocks: Iterable[Share], is_wide: bool = False, scale: ListScale | None = None
) -> SafeString:
    """How well each factor fits, one bar each; the figure is in the text, the bar repeats it.

    With a ``scale`` the bars compare the cards of a list, and what they have in common is left out.
    Written here and not as a template: a list of matches has seventy of them.
    """
    is_beside = is_wide or scale is not None
    figure = FIGURE_BESIDE if is_beside else FIGURE_HIDDEN
    words = "{percent}" if is_beside else gettext("%(percent)s of 100").replace("%(percent)s", "{percent}")
    rows = [
        (share.label, width, format_html(figure, words.format(percent=share.percent)))
        for share, width in _widths(_bars(blocks), scale=scale)
    ]
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


def _widths(blocks: Sequence[_Bar], *, scale: ListScale | None) -> list[tuple[_Bar, float]]:
    if scale is None:
        return [(share, share.percent) for share in blocks]
    return [
        (share, round(max(100 * (share.percent - span[0]) / (span[1] - span[0]), SHORTEST_BAR), 1))
        for share, span in zip(blocks, scale.spans, strict=True)
        if span is not None
    ]


@register.inclusion_tag("base/components/bar.html")
def bar(*, share: float) -> dict[str, object]:
    """One bar from 0 to 1; the figure it draws stands beside it in text."""
    return {"width": round(100 * max(0.0, min(1.0, share)), 1)}
