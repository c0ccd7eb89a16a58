"""The addresses of people and communities."""

from django.urls import URLPattern, path

from twincitylab.community.views import (
    accounts,
    answers,
    blocks,
    communities,
    confirm,
    invitations,
    members,
    needs,
    no_invitations,
    own_data,
    scouting,
    scouting_contacts,
    scouting_files,
    tokens,
    verification,
)
from twincitylab.community.views import directory as directory_views

app_name = "community"

people: list[URLPattern] = [
    path("me/", accounts.me, name="me"),
    path("me/settings/", accounts.settings, name="settings"),
    path("me/confirm/", confirm.confirm, name="confirm"),
    path("me/tokens/", tokens.tokens, name="tokens"),
    path("me/tokens/new/", tokens.new_token, name="token-new"),
    path("me/tokens/<int:token_id>/revoke/", tokens.revoke, name="token-revoke"),
    path("me/export/", own_data.export_mine, name="export-mine"),
    path("me/erase/", own_data.erase_me, name="erase-me"),
]

directory: list[URLPattern] = [
    path("communities/", directory_views.directory, name="directory"),
    path("communities/export.csv", directory_views.directory_csv, name="directory-csv"),
    path("communities/needs.atom", directory_views.needs_feed, name="needs-feed"),
    path("communities/answers.json", answers.answers, name="answers"),
]

needs_and_offers: list[URLPattern] = [
    path("communities/<slug:slug>/needs/", needs.needs, name="needs"),
    path("communities/<slug:slug>/needs/new/", needs.need_new, name="need-new"),
    path("communities/<slug:slug>/needs/<int:pk>/edit/", needs.need_edit, name="need-edit"),
    path("communities/<slug:slug>/needs/<int:pk>/take/", needs.need_take, name="need-take"),
    path("communities/<slug:slug>/needs/<int:pk>/reopen/", needs.need_reopen, name="need-reopen"),
    path("communities/<slug:slug>/needs/<int:pk>/delete/", needs.need_delete, name="need-delete"),
]

own_communities: list[URLPattern] = [
    path("communities/new/", communities.new, name="new"),
    path("communities/<slug:slug>/", communities.community, name="community"),
    path("communities/<slug:slug>/edit/", communities.edit, name="edit"),
    path("communities/<slug:slug>/close/", communities.close, name="close"),
    path("communities/<slug:slug>/members/", members.members, name="members"),
    path("communities/<slug:slug>/members/<int:pk>/role/", members.role, name="role"),
    path("communities/<slug:slug>/members/<int:pk>/removal/", members.removal, name="member-removal"),
    path("communities/<slug:slug>/leave/", members.leave, name="leave"),
    path("communities/<slug:slug>/invitations/", invitations.invitations, name="invitations"),
    path(
        "communities/<slug:slug>/invitations/<int:pk>/revocation/",
        invitations.revocation,
        name="invitation-revocation",
    ),
    path("join/<str:token>/", invitations.join, name="join"),
    path("no-invitations/<str:token>/", no_invitations.no_invitations, name="no-invitations"),
    path("communities/<slug:slug>/verify/", verification.verify, name="verify"),
    path("communities/<slug:slug>/verify/withdrawal/", verification.withdrawal, name="verify-withdrawal"),
    path("communities/<slug:slug>/verify/asking/", verification.asking, name="verify-asking"),
    path("communities/<slug:slug>/blocks/", blocks.blocks, name="blocks"),
    path("communities/<slug:slug>/blocks/<int:pk>/removal/", blocks.removal, name="block-removal"),
]

actor_map: list[URLPattern] = [
    path("communities/<slug:slug>/scouting/", scouting.board, name="scouting"),
    path("communities/<slug:slug>/scouting/graph/", scouting.graph, name="scouting-graph"),
    path("communities/<slug:slug>/scouting/districts/", scouting.districts, name="scouting-districts"),
    path("communities/<slug:slug>/scouting/paper/", scouting.paper, name="scouting-paper"),
    path("communities/<slug:slug>/scouting/file/", scouting_files.file, name="scouting-file"),
    path("communities/<slug:slug>/scouting/export/", scouting_files.export, name="scouting-export"),
    *(
        path(f"communities/<slug:slug>/scouting/contacts/{rest}", view, name=f"scouting-{name}")
        for rest, view, name in (
            ("new/", scouting_contacts.contact_new, "contact-new"),
            ("<int:pk>/", scouting_contacts.contact, "contact"),
            ("<int:pk>/asked/", scouting_contacts.asked_further, "asked"),
            ("<int:pk>/consent/", scouting_contacts.consent, "consent"),
            ("<int:pk>/invitation/", scouting_contacts.invitation, "invitation"),
            ("<int:pk>/removal/", scouting_contacts.removal, "removal"),
        )
    ),
]

urlpatterns: list[URLPattern] = [*people, *directory, *needs_and_offers, *own_communities, *actor_map]
