"""The addresses of introductions and partnerships."""

from django.urls import URLPattern, path

from twincitylab.partnerships.views import (
    facilitating,
    inbox,
    introductions,
    overview,
    partnerships,
    proposing,
    unsubscribing,
)

app_name = "partnerships"

introducing: list[URLPattern] = [
    path("communities/<slug:slug>/introduce/<slug:other>/", proposing.introduce, name="introduce"),
    path("communities/<slug:slug>/interest/<slug:other>/", proposing.interest, name="interest"),
    path("introductions/", overview.overview, name="introductions"),
    path("introductions/<int:pk>/", introductions.introduction, name="introduction"),
    path("introductions/<int:pk>/answer/", introductions.answer, name="answer"),
    path("introductions/<int:pk>/ask/", introductions.ask, name="ask"),
    path("introductions/<int:pk>/decline/", introductions.decline_it, name="decline"),
    path("introductions/<int:pk>/withdraw/", introductions.withdraw_it, name="withdraw"),
    path("inbox/", inbox.inbox, name="inbox"),
    path("inbox/read/", inbox.read, name="inbox-read"),
    path("unsubscribe/<str:token>/", unsubscribing.unsubscribe, name="unsubscribe"),
    path("facilitate/", facilitating.facilitating, name="facilitate"),
]

workspaces: list[URLPattern] = [
    path("partnerships/", partnerships.mine, name="mine"),
    path("partnerships/<slug:slug>/", partnerships.partnership, name="partnership"),
]

urlpatterns = [*introducing, *workspaces]
