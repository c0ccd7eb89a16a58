"""The addresses of introductions and partnerships."""

from django.urls import URLPattern, path

from twincitylab.partnerships.views import (
    activities,
    calendars,
    export,
    facilitating,
    inbox,
    introductions,
    overview,
    papers,
    partnerships,
    planner,
    proposing,
    talk,
    timeline,
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

working: list[URLPattern] = [
    path("partnerships/<slug:slug>/activities/", activities.activities, name="activities"),
    path("partnerships/<slug:slug>/activities/new/", activities.new, name="activity-new"),
    path("partnerships/<slug:slug>/activities/<int:pk>/", activities.activity, name="activity"),
    path("partnerships/<slug:slug>/activities/<int:pk>/edit/", activities.edit, name="activity-edit"),
    path("partnerships/<slug:slug>/activities/<int:pk>/delete/", activities.delete, name="activity-delete"),
    path("partnerships/<slug:slug>/activities/<int:pk>/calendar/", calendars.entry, name="activity-calendar"),
    path("partnerships/<slug:slug>/timeline/", timeline.timeline, name="timeline"),
    path("partnerships/<slug:slug>/planner/", planner.planner, name="planner"),
    path("partnerships/<slug:slug>/talk/", talk.talk, name="talk"),
    path("partnerships/<slug:slug>/talk/<int:pk>/", talk.thread, name="thread"),
    path("partnerships/<slug:slug>/papers/", papers.papers, name="papers"),
    path("partnerships/<slug:slug>/papers/notes/new/", papers.note_new, name="note-new"),
    path("partnerships/<slug:slug>/papers/notes/<int:pk>/", papers.note, name="note"),
    path("partnerships/<slug:slug>/papers/notes/<int:pk>/delete/", papers.note_delete, name="note-delete"),
    path("partnerships/<slug:slug>/papers/files/new/", papers.upload, name="upload"),
    path("partnerships/<slug:slug>/papers/files/<uuid:key>/", papers.file, name="file"),
    path("partnerships/<slug:slug>/papers/files/<uuid:key>/delete/", papers.file_delete, name="file-delete"),
    path("partnerships/<slug:slug>/decisions/", papers.decisions, name="decisions"),
    path("partnerships/<slug:slug>/calendar/", calendars.calendar, name="calendar"),
    path("partnerships/<slug:slug>/export/", export.export, name="export"),
    path("calendars/<str:secret>/", calendars.feed, name="feed"),
]

urlpatterns = [*introducing, *workspaces, *working]
