"""Who enters a partnership, and for which side."""

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _

from twincitylab.community.rules.access import Standing
from twincitylab.partnerships.queries.workspaces import Workspace, workspace
from twincitylab.partnerships.views.asking import signed_in


def entered(
    request: HttpRequest, slug: str, *, least: Standing = Standing.MEMBER, topics: bool = False
) -> Workspace:
    """The partnership for a member of one of its sides: 404 for anybody else, 403 where that is too little.

    The field or parameter ``as`` names the community to act for. Only with ``topics`` the cards of the sides
    hold theirs.
    """
    as_slug = request.POST.get("as") or request.GET.get("as") or ""
    found = workspace(slug, person=signed_in(request), as_slug=as_slug, topics=topics)
    if found is None:
        raise Http404
    if found.standing < least:
        raise PermissionDenied
    return found


def writing(request: HttpRequest, slug: str) -> Workspace:
    """The same for a page on which something is written: 403 where the reader's side can only read on."""
    found = entered(request, slug)
    if not found.may_write:
        raise PermissionDenied(_("Everything stays readable here, and nothing changes any more."))
    return found
