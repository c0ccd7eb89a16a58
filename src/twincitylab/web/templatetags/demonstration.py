"""The line above every page of a demonstration."""

from django import template
from django.conf import settings

register = template.Library()


@register.inclusion_tag("web/demonstration_line.html")
def demonstration_line() -> dict[str, bool]:
    """Says that communities and people are invented; nothing where they are real."""
    return {"is_demonstration": settings.DEMONSTRATION}
