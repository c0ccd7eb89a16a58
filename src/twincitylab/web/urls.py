"""The addresses of the pages."""

from django.urls import URLPattern, path

from twincitylab.web.refusals import View, plainly
from twincitylab.web.views import (
    about,
    cities,
    community_map,
    countries,
    demonstration,
    exports,
    home,
    language,
    matches,
    pairs,
    world_map,
)

app_name = "web"


def page(address: str, view: View, name: str) -> URLPattern:
    """An address whose refusals are answered plainly."""
    return path(address, plainly(view), name=name)


urlpatterns: list[URLPattern] = [
    page("", home.home, "home"),
    page("map/", world_map.world_map, "map"),
    page("map/cities.bin", world_map.cities_file, "map-cities"),
    page("map/twinnings.bin", world_map.twinnings_file, "map-twinnings"),
    page("map/dots.svg", world_map.dots_file, "map-dots"),
    page("map/arcs.svg", world_map.arcs_file, "map-arcs"),
    page("map/place.json", world_map.place, "map-place"),
    page("map/communities/", community_map.community_map, "map-communities"),
    page("map/communities.bin", community_map.communities_file, "map-communities-file"),
    page("map/communities.svg", community_map.dots_file, "map-communities-dots"),
    page("map/communities.json", community_map.place, "map-communities-place"),
    page("cities/", cities.search, "cities"),
    page("cities/suggest.json", cities.suggest, "suggest"),
    page("cities/<str:slug>/", cities.city, "city"),
    page("cities/<str:slug>/matches/", matches.matches, "matches"),
    page("cities/<str:slug>/matches.csv", matches.matches_csv, "matches-csv"),
    page("cities/<str:slug>/matches.json", matches.matches_json, "matches-json"),
    page("matching/<slug:preset>/progress.json", matches.progress, "fair-progress"),
    page("pairs/<str:slug>/<str:other>/", pairs.pair, "pair"),
    page("countries/", countries.countries, "countries"),
    page("countries/<str:iso2>/", countries.country, "country"),
    page("export/twinnings.<str:form>", exports.twinnings, "export-twinnings"),
    page("about/data/", about.data, "about-data"),
    page("gallery/", about.gallery, "gallery"),
    path("demonstration/", demonstration.demonstration, name="demonstration"),
    path("demonstration/<int:pk>/", demonstration.sign_in_as, name="demonstration-sign-in"),
    path("language/", language.choose, name="language"),
    path("language/choice/", language.choice, name="language-choice"),
]
