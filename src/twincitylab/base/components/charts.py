"""Components that draw: level beam, block bars, a bar in a table."""

from collections.abc import Iterable
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


BAR = (
    '<dt>{}</dt><dd><svg viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true">'
    '<rect width="{}" height="4"/></svg>{}'
)
FIGURE_BESIDE = '</dd><dd class="value">{}</dd>'
FIGURE_HIDDEN = '<span class="hidden-text">{}</span></dd>'


@register.simple_tag
def block_bars(*, blocks: Iterable[Share], is_wide: bool = False) -> SafeString:
    """How well each factor fits, one bar each; the figure is in the text, the bar repeats it.

    Written here and not as a template: a list of matches has seventy of them.
    """
    figure = FIGURE_BESIDE if is_wide else FIGURE_HIDDEN
    words = "{percent}" if is_wide else gettext("%(percent)s of 100").replace("%(percent)s", "{percent}")
    rows = [(b.label, b.percent, format_html(figure, words.format(percent=b.percent))) for b in blocks]
    return format_html(
        '<dl class="{}">{}</dl>', "bars wide" if is_wide else "bars", format_html_join("", BAR, rows)
    )


@register.inclusion_tag("base/components/bar.html")
def bar(*, share: float) -> dict[str, object]:
    """One bar from 0 to 1; the figure it draws stands beside it in text."""
    return {"width": round(100 * max(0.0, min(1.0, share)), 1)}
