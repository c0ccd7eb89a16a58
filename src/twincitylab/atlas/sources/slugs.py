"""The address part of every city: ``karlsruhe-de``."""

from collections.abc import Iterable, Sequence

from twincitylab.base.text import slug


def assign_slugs(cities: Iterable[tuple[int, str, str, int, Sequence[str]]]) -> dict[int, str]:
    """Slugs by GeoNames id, for rows of (id, name, country, population, other names).

    Of several cities with one name in one country the largest keeps the plain slug (of equals the lower id);
    the others carry their id, so a slug does not change when a smaller namesake comes or goes.
    """
    taken: set[str] = set()
    slugs: dict[int, str] = {}
    for geonameid, name, country, _, others in sorted(cities, key=lambda city: (-city[3], city[0])):
        base = slug(name) or next(filter(None, map(slug, others)), "") or "city"
        plain = f"{base}-{country.lower()}"
        slugs[geonameid] = plain if base != "city" and plain not in taken else f"{plain}-{geonameid}"
        taken.add(plain)
    return slugs
