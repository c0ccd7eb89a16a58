"""The addresses of introductions and partnerships."""

from django.urls import URLPattern, path

from twincitylab.partnerships.views import (
    activities,
    agreement,
    calendars,
    checks,
    claiming,
    export,
    facilitating,
    health,
    inbox,
    introductions,
    overview,
    papers,
    partnerships,
    planner,
    proposals,
    proposing,
    reports,
    settings,
    sides,
    succession,
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

binding: list[URLPattern] = [
    path("partnerships/<slug:slug>/proposals/", proposals.proposals, name="proposals"),
    path("partnerships/<slug:slug>/proposals/new/<slug:kind>/", proposals.propose, name="propose"),
    path("partnerships/<slug:slug>/proposals/<int:pk>/", proposals.proposal, name="proposal"),
    path("partnerships/<slug:slug>/proposals/<int:pk>/yes/", proposals.say_yes, name="proposal-yes"),
    path(
        "partnerships/<slug:slug>/proposals/<int:pk>/object/", proposals.object_to_it, name="proposal-object"
    ),
    path(
        "partnerships/<slug:slug>/proposals/<int:pk>/withdraw/",
        proposals.withdraw_it,
        name="proposal-withdraw",
    ),
    path("partnerships/<slug:slug>/proposals/<int:pk>/edit/", proposals.edit, name="proposal-edit"),
    path("partnerships/<slug:slug>/agreement/", agreement.agreement, name="agreement"),
    path("partnerships/<slug:slug>/agreement/write/", agreement.write, name="agreement-write"),
    path("partnerships/<slug:slug>/agreement/compare/", agreement.chosen, name="agreement-chosen"),
    path("partnerships/<slug:slug>/agreement/<int:number>/", agreement.version, name="agreement-version"),
    path("partnerships/<slug:slug>/agreement/<int:number>.pdf", agreement.paper, name="agreement-paper"),
    path(
        "partnerships/<slug:slug>/agreement/<int:before>/<int:after>/",
        agreement.compare,
        name="agreement-compare",
    ),
    path("partnerships/<slug:slug>/sides/", sides.sides, name="sides"),
    path("partnerships/<slug:slug>/sides/capacity/", sides.capacity, name="capacity"),
    path("partnerships/<slug:slug>/leave/", sides.leave, name="leave"),
    path("partnerships/<slug:slug>/hide/", sides.hide, name="hide"),
    path("pairs/<slug:slug>/<slug:other>/claim/", claiming.claim, name="claim"),
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

checking: list[URLPattern] = [
    path("partnerships/<slug:slug>/check/", checks.check, name="check"),
    path("partnerships/<slug:slug>/check/open/", checks.open_it, name="check-open"),
    path("partnerships/<slug:slug>/check/answer/", checks.answer, name="check-answer"),
    path("partnerships/<slug:slug>/check/close/", checks.close, name="check-close"),
    path("partnerships/<slug:slug>/check/<int:number>/", checks.result, name="check-result"),
    path("partnerships/<slug:slug>/check/<int:number>/result.<str:form>", checks.export, name="check-export"),
]

succeeding: list[URLPattern] = [
    path("introductions/<int:pk>/workspace/", partnerships.open_it, name="open-workspace"),
    path("partnerships/<slug:slug>/settings/", settings.settings, name="settings"),
    path("partnerships/<slug:slug>/people/", succession.people, name="people"),
    path("partnerships/<slug:slug>/people/roles/new/", succession.role_new, name="role-new"),
    path("partnerships/<slug:slug>/people/roles/<int:pk>/", succession.role, name="role"),
    path("partnerships/<slug:slug>/people/roles/<int:pk>/end/", succession.role_end, name="role-end"),
    path("partnerships/<slug:slug>/people/tasks/new/", succession.task_new, name="task-new"),
    path("partnerships/<slug:slug>/people/tasks/<int:pk>/", succession.task, name="task"),
    path("partnerships/<slug:slug>/people/thanks/", succession.thank, name="thank"),
    path("partnerships/<slug:slug>/people/hand-over/", succession.hand_over, name="hand-over"),
    path(
        "partnerships/<slug:slug>/people/hand-over/<int:pk>/items/",
        succession.item_new,
        name="hand-over-item-new",
    ),
    path("partnerships/<slug:slug>/people/hand-over/items/<int:pk>/", succession.item, name="hand-over-item"),
]

telling: list[URLPattern] = [
    path("partnerships/<slug:slug>/health/", health.health, name="health"),
    path("partnerships/<slug:slug>/report/", reports.reports, name="reports"),
    path("partnerships/<slug:slug>/report/<int:year>/", reports.report, name="report"),
    path("partnerships/<slug:slug>/report/<int:year>.pdf", reports.pdf, name="report-pdf"),
]

urlpatterns = [*introducing, *workspaces, *binding, *working, *checking, *telling, *succeeding]
