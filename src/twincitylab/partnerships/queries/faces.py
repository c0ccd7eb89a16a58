"""What everybody may see of partnerships: the public page of one, and the living ones of a place.

Everything starts at ``published``, so that what is not published, and what one of its sides hides, is neither
shown nor counted.
"""

from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet, Window

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
    """Of communities of a city; three queries, one where there is none. Whoever hides its city is in safety
    mode, and never published."""
    return _faces(Q(community__city=city))


def faces_in_country(iso2: str) -> Faces:
    """Of communities of a country."""
    return _faces(Q(community__city__country=iso2))


def faces_of(community: int) -> Faces:
    """Of one community; one query."""
    living = published().filter(
        stage__in=LIVING, pk__in=_sides_here(Q(community=community)).values("partnership")
    )
    sides = Side.objects.filter(partnership__in=living, joined_at__isnull=False, left_at__isnull=True)
    order = ("-partnership__stage_since", "-partnership", "number")
    names: dict[Partnership, list[str]] = {}
    for side in sides.select_related("partnership", "community").order_by(*order):
        names.setdefault(side.partnership, []).append(side.community.shown_name)
    faces = tuple(_face(row, sides=tuple(own)) for row, own in names.items())
    return Faces(faces[:MOST_LISTED], min(len(faces), 1), len(faces))


def faces_between(first: int, second: int) -> Faces:
    """Of communities of two cities with each other."""
    return _faces(
        Q(community__city=first),
        Q(community__city=second),
    )


def _faces(*places: Q) -> Faces:
    """The living published partnerships with an active side in each of the places: three queries, one where
    there is none."""
    found = published().filter(stage__in=LIVING)
    for place in places:
        found = found.filter(pk__in=_sides_here(place).values("partnership"))
    rows = list(found.annotate(total=Window(Count("pk"))).order_by("-stage_since", "-pk")[:MOST_LISTED])
    if not rows:
        return Faces((), 0, 0)
    here = _sides_here(places[0]).filter(partnership__in=found)
    communities = here.order_by().values("community").distinct().count()
    names: dict[int, list[str]] = {row.pk: [] for row in rows}
    sides = Side.objects.filter(partnership__in=rows, joined_at__isnull=False, left_at__isnull=True)
    for side in sides.select_related("community").order_by("number"):
        names[side.partnership_id].append(side.community.shown_name)
    faces = tuple(_face(row, sides=tuple(names[row.pk])) for row in rows)
    return Faces(faces, communities, rows[0].total)


def _face(row: Partnership, *, sides: tuple[str, ...]) -> Face:
    return Face(
        slug=row.slug,
        name=row.name,
        language=row.language,
        sides=sides,
        stage_label=row.get_stage_display(),
        is_demonstration=row.is_demonstration,
    )


def _sides_here(place: Q) -> QuerySet[Side]:
    return Side.objects.filter(place, joined_at__isnull=False, left_at__isnull=True)
