"""Components that tell: empty state, progress, where data comes from."""

from collections.abc import Iterable

from twincitylab.base.components.library import register


@register.inclusion_tag("base/components/empty_state.html")
def empty_state(*, title: str, text: str, href: str = "", action: str = "") -> dict[str, object]:
    """What to do first where there is nothing yet."""
    return {"title": title, "text": text, "href": href, "action": action}


@register.inclusion_tag("base/components/progress_note.html")
def progress_note(*, sentence: str, percent: int, follow: str = "") -> dict[str, object]:
    """How far long work is; ``follow`` is the address that tells how it goes on."""
    return {"sentence": sentence, "percent": percent, "follow": follow}


@register.inclusion_tag("base/components/source_note.html")
def source_note(*, sources: Iterable[object]) -> dict[str, object]:
    """Where the data above comes from: each source has ``title``, ``licence`` and ``url``."""
    return {"sources": sources}


@register.inclusion_tag("base/components/level_mark.html")
def level_mark() -> dict[str, object]:
    """The mark: two shores at the same height."""
    return {}
