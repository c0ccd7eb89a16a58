"""The addresses of the pages."""

from django.urls import URLPattern, path

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


urlpatterns: list[URLPattern] = [
    path("", home.home, name="home"),
    path("map/", world_map.world_map, name="map"),
    path("map/cities.bin", world_map.cities_file, name="map-cities"),
    path("map/twinnings.bin", world_map.twinnings_file, name="map-twinnings"),
    path("map/dots.svg", world_map.dots_file, name="map-dots"),
    path("map/arcs.svg", world_map.arcs_file, name="map-arcs"),
    path("map/place.json", world_map.place, name="map-place"),
    path("map/communities/", community_map.community_map, name="map-communities"),
    path("map/communities.bin", community_map.communities_file, name="map-communities-file"),
    path("map/communities.svg", community_map.dots_file, name="map-communities-dots"),
    path("map/communities.json", community_map.place, name="map-communities-place"),
    path("cities/", cities.search, name="cities"),
    path("cities/suggest.json", cities.suggest, name="suggest"),
    path("cities/<str:slug>/", cities.city, name="city"),
    path("cities/<str:slug>/matches/", matches.matches, name="matches"),
    path("cities/<str:slug>/matches.csv", matches.matches_csv, name="matches-csv"),
    path("cities/<str:slug>/matches.json", matches.matches_json, name="matches-json"),
    path("matching/<slug:preset>/progress.json", matches.progress, name="fair-progress"),
    path("pairs/<str:slug>/<str:other>/", pairs.pair, name="pair"),
    path("countries/", countries.countries, name="countries"),
    path("countries/<str:iso2>/", countries.country, name="country"),
    path("export/twinnings.<str:form>", exports.twinnings, name="export-twinnings"),
    path("about/data/", about.data, name="about-data"),
    path("gallery/", about.gallery, name="gallery"),
    path("demonstration/", demonstration.demonstration, name="demonstration"),
    path("demonstration/<int:pk>/", demonstration.sign_in_as, name="demonstration-sign-in"),
    path("language/", language.choose, name="language"),
    path("language/choice/", language.choice, name="language-choice"),
]
