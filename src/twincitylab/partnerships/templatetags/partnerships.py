"""What the pages of a partnership share: its name, and the way between its pages."""

from collections.abc import Sequence

from django import template
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from twincitylab.base.components.cards import Chip
from twincitylab.partnerships.models import Introduction, Partnership
from twincitylab.partnerships.queries.workspaces import SideCard, Workspace

register = template.Library()


@register.filter
def partnership_name(workspace: Workspace) -> str:
    """The name its sides gave it, or else their names."""
    return name_of_partnership(workspace.partnership, workspace.sides)


@register.filter
def name_of_partnership(partnership: Partnership, sides: Sequence[SideCard]) -> str:
    """What its sides call it, or else their own names."""
    return partnership.name or " – ".join(one.name for one in sides)


@register.simple_tag
def workspace_slug(introduction: Introduction) -> str:
    """The address of the workspace of two that have met; empty where there is none yet."""
    partnership: Partnership | None = getattr(introduction, "partnership", None)
    return partnership.slug if partnership else ""


@register.inclusion_tag("base/components/chips.html")
def workspace_tabs(workspace: Workspace, here: str) -> dict[str, object]:
    """The pages inside a partnership, the open one marked."""
    pages = {
        "home": (_("Overview"), "partnership"),
        "agreement": (_("Agreement"), "agreement"),
        "proposals": (_("What binds"), "proposals"),
        "activities": (_("Activities"), "activities"),
        "planner": (_("Planner"), "planner"),
        "talk": (_("Talk"), "talk"),
        "papers": (_("Notes and files"), "papers"),
        "check": (_("Eye-level check"), "check"),
        "health": (_("Health"), "health"),
        "report": (_("Report"), "reports"),
        "people": (_("People and tasks"), "people"),
        "sides": (_("Sides"), "sides"),
    }
    if workspace.may_bind:
        pages["settings"] = (_("Settings"), "settings")
    slug = workspace.partnership.slug
    chips = [
        Chip(label, href=address, is_current=key == here)
        for key, (label, view) in pages.items()
        if (address := _address(view, slug))
    ]
    return {"items": chips, "label": _("In this partnership"), "explanation": ""}


def _address(view: str, slug: str) -> str:
    try:
        return reverse(f"partnerships:{view}", args=[slug])
    except NoReverseMatch:
        return ""
