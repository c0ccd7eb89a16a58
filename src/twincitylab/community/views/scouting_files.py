"""The actor map as a file: in, with a report line by line, and out."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from twincitylab.community.choices import AgeGroup, Consent, ContactKind, Sector
from twincitylab.community.forms.scouting import FileForm
from twincitylab.community.models import Community
from twincitylab.community.operations.scouting_files import TakenIn, give_out, take_in
from twincitylab.community.rules.refusals import Refused
from twincitylab.community.rules.scouting_csv import LARGEST_FILE, MOST_LINES, column_labels
from twincitylab.community.views.reaching import require_person
from twincitylab.community.views.scouting import for_stewards, scouting_page


@for_stewards
@require_http_methods(["GET", "HEAD", "POST"])
def file(request: HttpRequest, community: Community) -> HttpResponse:
    """``/communities/<slug>/scouting/file/``: take in a file. Once more changes nothing, so the report may be
    the answer to the form."""
    if request.method != "POST":
        return _page(request, community, FileForm())
    form = FileForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            taken = take_in(community, data=form.content, by=require_person(request), now=timezone.now())
        except Refused as refused:
            form.add_error(refused.field or None, refused.message)
        else:
            return _page(request, community, FileForm(), taken=taken)
    return _page(request, community, form, status=422)


@for_stewards
@require_POST
def export(request: HttpRequest, community: Community) -> HttpResponse:
    """``/communities/<slug>/scouting/export/``: the whole map as CSV; by a form, as it is recorded."""
    text = give_out(community, by=require_person(request), now=timezone.now())
    response = HttpResponse("\ufeff" + text, "text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="scouting-{community.slug}.csv"'
    return response


def _page(
    request: HttpRequest,
    community: Community,
    form: FileForm,
    *,
    taken: TakenIn | None = None,
    status: int = 200,
) -> HttpResponse:
    values = {
        "kind": ContactKind.choices,
        "sector": Sector.choices,
        "age_group": AgeGroup.choices,
        "consent": Consent.choices,
    }
    columns = [(name, label, values.get(name, ())) for name, label in column_labels().items()]
    context = {
        "form": form,
        "taken": taken,
        "columns": columns,
        "most_lines": MOST_LINES,
        "most_kilobytes": LARGEST_FILE // 1000,
    }
    return scouting_page(request, community, "file", context, status=status)
