"""What only whole pages need: addresses of built files and of cities, the sources in the footer."""

import json
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from django import template
from django.db import DatabaseError
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone

from twincitylab.atlas.choices import TwinningKind, TwinningStatus
from twincitylab.community.models import Person
from twincitylab.matching.engine.words import sea_words as words_for_the_sea
from twincitylab.partnerships.queries.faces import Faces, faces_of
from twincitylab.partnerships.queries.overview import Bell, Met, bell, met_by
from twincitylab.partnerships.queries.succession import LeftBehind, what_is_left_behind
from twincitylab.partnerships.queries.workspaces import partnerships_of
from twincitylab.web.queries import Footer, footer

register = template.Library()

BUILT = Path(__file__).resolve().parent.parent / "static" / "web" / "dist"


@register.simple_tag
def asset(name: str) -> str:
    """The address of a built style, script or picture."""
    manifest = BUILT / "manifest.json"
    changed = manifest.stat().st_mtime_ns if manifest.exists() else 0
    return static(f"web/dist/{_files(changed).get(name, name)}")


@lru_cache(maxsize=2)
def _files(changed: int) -> dict[str, str]:
    if not changed:
        return {}
    files: dict[str, str] = json.loads((BUILT / "manifest.json").read_text(encoding="utf-8"))
    return files


@register.simple_tag
def atlas_sources() -> Footer:
    """What the atlas was loaded from, shown under every page; nothing while there are no tables."""
    try:
        return footer()
    except DatabaseError:
        return Footer([], 0)


@register.simple_tag(takes_context=True)
def bell_of(context: template.Context, person: Person) -> Bell:
    """Two queries; none on the page that has counted already (``bell``)."""
    counted_already = context.get("bell")
    return counted_already if isinstance(counted_already, Bell) else bell(person, now=timezone.now())


@register.simple_tag
def met_of(person: Person, community: int = 0) -> Met:
    """Whom the person has met for the communities it acts for, or for one of them."""
    return met_by(person, community=community)


@register.simple_tag
def partnership_count(person: Person) -> int:
    """In how many partnerships communities of the person are or were a side."""
    return partnerships_of(person).count()


@register.inclusion_tag("partnerships/faces_of_community.html")
def partnerships_of_community(community: int) -> dict[str, Faces]:
    """The living published partnerships of a community."""
    return {"faces": faces_of(community)}


@register.simple_tag
def left_behind(person: Person, community: int) -> tuple[LeftBehind, ...]:
    """What somebody who leaves a community should hand over first."""
    return what_is_left_behind(person, community=community)


@register.filter
def is_facilitator(person: object) -> bool:
    """Whether somebody may bring two communities together."""
    return isinstance(person, Person) and person.is_active and (person.is_facilitator or person.is_superuser)


@register.filter
def page_above(path: str) -> str:
    """The nearest page above an address."""
    from twincitylab.web.refusals import page_above as above

    return above(path)


@register.filter
def counted(counts: Mapping[int, int], key: int) -> int:
    """How many there are under a key; 0 for one that is absent."""
    return counts.get(key, 0)


@register.filter
def city_href(slug: str) -> str:
    """The page of a city."""
    return reverse("web:city", args=[slug])


@register.filter
def pair_href(slug: str, other: str) -> str:
    """The page that compares two cities."""
    return reverse("web:pair", args=[slug, other])


@register.filter
def sea_words(km: float) -> str:
    """``447`` -> ``about 450 km``, ``8`` -> ``by the sea``."""
    return words_for_the_sea(km)


@register.filter
def country_href(iso2: str) -> str:
    """The page of a country."""
    return reverse("web:country", args=[iso2.lower()])


@register.filter
def twinning_kind(kind: str) -> str:
    """The word for a kind of twinning."""
    return str(TwinningKind(kind).label)


@register.filter
def twinning_status(status: str) -> str:
    """The word for the status of a twinning."""
    return str(TwinningStatus(status).label)
