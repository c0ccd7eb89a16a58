"""Components that name places: city link, match card, fact row, presets as chips, pages of a list."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page
from django.http import QueryDict

from twincitylab.base.components.charts import ListScale, Share
from twincitylab.base.components.library import register


@dataclass(frozen=True)
class Chip:
    """One choice among a few, as a link."""

    label: str
    href: str
    is_current: bool
    explanation: str = ""


@register.inclusion_tag("base/components/city_link.html")
def city_link(*, name: str, href: str, country: str = "", side: str = "") -> dict[str, object]:
    """A city by name, with its country, and the shape of its side (``a`` or ``b``) where two sides appear."""
    if side not in {"", "a", "b"}:
        message = f"A side is a or b, not {side!r}."
        raise ValueError(message)
    return {"name": name, "href": href, "country": country, "side": side}


@register.inclusion_tag("base/components/match_card.html")
def match_card(
    *,
    name: str,
    country: str,
    href: str,
    pair_href: str,
    home: str,
    benefit_here: float,
    benefit_there: float,
    reasons: Iterable[object],
    blocks: Iterable[Share],
    rank: int = 0,
    is_twinned: bool = False,
    beside: str = "",
    scale: ListScale | None = None,
    communities: int = 0,
) -> dict[str, object]:
    """A candidate with its reasons, the level beam and the factors.

    ``rank`` 0 means unranked; ``beside`` names the much larger city it lies beside; with a ``scale`` the
    bars show where it stands out from its list; ``communities`` is how many are known there.
    """
    return dict(locals())


@register.inclusion_tag("base/components/fact.html")
def fact(*, label: str, value: object, note: str = "") -> dict[str, object]:
    """One row of a list of facts."""
    return {"label": label, "value": value, "note": note}


@register.inclusion_tag("base/components/chips.html")
def chips(*, items: Sequence[Chip], label: str) -> dict[str, object]:
    """A few choices in a row, one of them current; the current one's explanation stands below."""
    current = next((item for item in items if item.is_current), None)
    return {"items": items, "label": label, "explanation": current.explanation if current else ""}


@register.inclusion_tag("base/components/pagination.html")
def pagination(*, page: "Page[Any]", params: QueryDict) -> dict[str, object]:
    """Earlier and later pages of a list, keeping what else is asked for in the address."""
    return {
        "page": page,
        "earlier": _address(params, page.previous_page_number()) if page.has_previous() else "",
        "later": _address(params, page.next_page_number()) if page.has_next() else "",
    }


def _address(params: QueryDict, page_number: int) -> str:
    copy = params.copy()
    copy["page"] = str(page_number)
    return f"?{copy.urlencode()}"
