"""Taking everything along: the same for every side."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, StreamingHttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from twincitylab.partnerships.queries.export import export_of
from twincitylab.partnerships.views.entering import entered


@never_cache
@login_required
@require_safe
def export(request: HttpRequest, slug: str) -> StreamingHttpResponse:
    """``/partnerships/<slug>/export/``: a ZIP, sent while it is made."""
    workspace = entered(request, slug)
    answer = StreamingHttpResponse(export_of(workspace), content_type="application/zip")
    answer.headers["Content-Disposition"] = f'attachment; filename="partnership-{slug}.zip"'
    # It is packed already.
    answer.headers["Content-Encoding"] = "identity"
    return answer
