"""What everybody may see of partnerships: the public page of one, and the living ones of a place.

Everything starts at ``published``, so that what is not published, and what one of its sides hides, is neither
shown nor counted.
"""

from dataclasses import dataclass

from django.db.models import BooleanField, ExpressionWrapper, Q, QuerySet

from twincitylab.partnerships.choices import ActivityState, Stage
from twincitylab.partnerships.models import Activity, Partnership, Side
from twincitylab.partnerships.queries.workspaces import published

LIVING = (Stage.EXPLORING, Stage.AGREED, Stage.ACTIVE, Stage.REVIEW)
STORIES_SHOWN = 30
MOST_LISTED = 12


@dataclass(frozen=True)
class Face:
    """A living partnership in a public list; ``name`` is empty where its sides gave it none."""

    slug: str
    name: str
    language: str
    sides: tuple[str, ...]
    stage_label: str
    is_demonstration: bool

    @property
    def title(self) -> str:
        return self.name or " – ".join(self.sides)


@dataclass(frozen=True)
class Faces:
    """The newest living partnerships of a place, and how many of its communities work in any."""

    faces: tuple[Face, ...]
    communities: int
    count: int

    @property
    def more(self) -> int:
        return self.count - len(self.faces)


def public_activities(partnership: Partnership) -> list[Activity]:
    """What was held and may stand on the public page, newest first. Without place, hours or people."""
    rows = Activity.objects.filter(partnership=partnership, is_public=True, state=ActivityState.HELD)
    shown = ("pk", "title", "language", "kind", "starts_at", "topic", "goals", "story", "partnership_id")
    return list(rows.only(*shown).order_by("-starts_at", "-pk")[:STORIES_SHOWN])


def faces_in_city(city: int) -> Faces:
    """Of communities of a city. Whoever hides its city is in safety mode, and never published."""
    return _faces(Q(community__city=city))


def faces_in_country(iso2: str) -> Faces:
    """Of communities of a country."""
    return _faces(Q(community__city__country=iso2))


def faces_of(community: int) -> Faces:
    """Of one community."""
    return _faces(Q(community=community))


def faces_between(first: int, second: int) -> Faces:
    """Of communities of two cities with each other."""
    return _faces(Q(community__city=first), Q(community__city=second))


def _faces(*places: Q) -> Faces:
    """The living published partnerships with an active side in each of the places: one query."""
    found = published().filter(stage__in=LIVING)
    for place in places:
        found = found.filter(pk__in=_active_sides().filter(place).values("partnership"))
    is_here = ExpressionWrapper(places[0], output_field=BooleanField())
    sides = _active_sides().filter(partnership__in=found).annotate(is_here=is_here)
    communities: set[int] = set()
    names: dict[Partnership, list[str]] = {}
    for side in sides.select_related("partnership", "community").only(*_SHOWN).order_by(*_NEWEST):
        names.setdefault(side.partnership, []).append(side.community.shown_name)
        if side.is_here:
            communities.add(side.community_id)
    first = list(names.items())[:MOST_LISTED]
    return Faces(tuple(_face(row, sides=tuple(own)) for row, own in first), len(communities), len(names))


_NEWEST = ("-partnership__stage_since", "-partnership", "number")
_SHOWN = (
    "community__name",
    "community__pseudonym",
    "community__is_safe_mode",
    "partnership__slug",
    "partnership__name",
    "partnership__language",
    "partnership__stage",
    "partnership__is_demonstration",
)


def _face(row: Partnership, *, sides: tuple[str, ...]) -> Face:
    return Face(
        slug=row.slug,
        name=row.name,
        language=row.language,
        sides=sides,
        stage_label=row.get_stage_display(),
        is_demonstration=row.is_demonstration,
    )


def _active_sides() -> QuerySet[Side]:
    return Side.objects.filter(joined_at__isnull=False, left_at__isnull=True)
