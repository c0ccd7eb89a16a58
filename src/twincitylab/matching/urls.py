"""The addresses of matches between communities."""

from django.urls import path

from twincitylab.matching.views import communities

app_name = "matching"

urlpatterns = [
    path("communities/<slug:slug>/matches/", communities.matches, name="matches"),
    path("communities/<slug:slug>/matches/<slug:other>/", communities.pair, name="pair"),
    path("communities/<slug:slug>/matches/<slug:other>/aside/", communities.aside, name="aside"),
]
