"""The city of a community, as those who may know it ask for it."""

from twincitylab.atlas.models import CityName


def names_of_city(geonameid: int) -> list[str]:
    """All names by which the atlas knows the city; none for an unknown one."""
    return list(CityName.objects.filter(city_id=geonameid).order_by("pk").values_list("name", flat=True))
