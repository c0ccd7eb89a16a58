"""Notes, files and decisions."""

import uuid
from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.forms import Form
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_POST, require_safe

from twincitylab.community.rules.refusals import Refused
from twincitylab.partnerships.forms.introductions import new_key, writing_language
from twincitylab.partnerships.forms.papers import DecisionForm, FileForm, NoteForm, SmallFilesOnly
from twincitylab.partnerships.forms.talk import tongues
from twincitylab.partnerships.models import Note, SharedFile
from twincitylab.partnerships.operations.files import delete_file, share_file
from twincitylab.partnerships.operations.papers import (
    NoteChanged,
    change_note,
    delete_note,
    note_decision,
    write_note,
)
from twincitylab.partnerships.queries.papers import decisions as decisions_of
from twincitylab.partnerships.queries.papers import file_in, note_in, path_of
from twincitylab.partnerships.queries.papers import papers as papers_of
from twincitylab.partnerships.queries.workspaces import Workspace
from twincitylab.partnerships.rules.files import MOST_BYTES
from twincitylab.partnerships.views.asking import signed_in
from twincitylab.partnerships.views.entering import entered, writing
from twincitylab.partnerships.views.talk import tell

CONFLICT, UNPROCESSABLE = 409, 422
NOTHING_RUNS = "default-src 'none'; sandbox"


@never_cache
@login_required
def papers(request: HttpRequest, slug: str) -> HttpResponse:
    """``/partnerships/<slug>/papers/``: all notes and files."""
    return _papers_page(request, entered(request, slug))


@csrf_exempt
def upload(request: HttpRequest, slug: str) -> HttpResponseBase:
    """``/partnerships/<slug>/papers/files/new/``: a file for all sides.

    How a file comes in has to be said before the form is read; checking where the form comes from reads it.
    """
    handler = SmallFilesOnly(request)
    request.upload_handlers = [handler]
    request.META["twincitylab.upload"] = handler
    return cast("HttpResponseBase", _upload(request, slug))


@csrf_protect
@never_cache
@login_required
@require_POST
def _upload(request: HttpRequest, slug: str) -> HttpResponse:
    workspace = writing(request, slug)
    form = FileForm(request.POST, request.FILES)
    is_right = form.is_valid()
    request.META["twincitylab.upload"].refuse_in(form)
    if is_right:
        try:
            share_file(
                partnership=workspace.partnership,
                side=workspace.ours.side,
                content=form.cleaned_data["file"].read(),
                name=form.cleaned_data["file"].name,
                declared=form.cleaned_data["file"].content_type or "",
                about=form.cleaned_data["about"],
                form_key=form.cleaned_data["form_key"],
                by=signed_in(request),
                now=timezone.now(),
            )
        except Refused as refused:
            tell(form, refused)
        else:
            messages.success(request, _("All sides have the file now."))
            return redirect("partnerships:papers", slug)
    return _papers_page(request, workspace, form=form, status=UNPROCESSABLE)


@never_cache
@login_required
@require_safe
def file(request: HttpRequest, slug: str, key: uuid.UUID) -> HttpResponseBase:
    """``/partnerships/<slug>/papers/files/<key>/``: its bytes; pictures to look at, all else to keep."""
    found = _file(entered(request, slug), key)
    try:
        content = path_of(found.partnership_id, found.key).open("rb")
    except OSError:
        raise Http404(_("This file is missing on the server.")) from None
    is_picture = found.media_type.startswith("image/")
    answer: HttpResponseBase
    if request.method == "HEAD":
        content.close()
        answer = HttpResponse(content_type=found.media_type)
    else:
        answer = FileResponse(content, content_type=found.media_type)
    answer.headers["Content-Length"] = str(found.size)
    answer.headers["Content-Disposition"] = content_disposition_header(not is_picture, found.name) or "inline"
    answer.headers["Content-Security-Policy"] = NOTHING_RUNS
    answer.headers["X-Content-Type-Options"] = "nosniff"
    # As it is: not packed once more, and always whole.
    answer.headers["Content-Encoding"] = "identity"
    answer.headers["Accept-Ranges"] = "none"
    answer.headers["ETag"] = f'"{found.digest}"'
    return answer


@never_cache
@login_required
@require_POST
def file_delete(request: HttpRequest, slug: str, key: uuid.UUID) -> HttpResponse:
    """``/partnerships/<slug>/papers/files/<key>/delete/``: one's own side's."""
    workspace = entered(request, slug)
    found = _file(workspace, key)
    try:
        delete_file(file=found, side=workspace.ours.side, by=signed_in(request), now=timezone.now())
    except Refused as refused:
        return _papers_page(request, workspace, sentence=refused.message, status=UNPROCESSABLE)
    messages.success(request, _("It is taken out."))
    return redirect("partnerships:papers", slug)


@never_cache
@login_required
def note_new(request: HttpRequest, slug: str) -> HttpResponse:
    """``/partnerships/<slug>/papers/notes/new/``: a note all sides write on."""
    workspace = writing(request, slug)
    if request.method != "POST":
        initial = {"language": writing_language(), "form_key": new_key()}
        return _note_page(request, workspace, NoteForm(initial=initial, languages=tongues(workspace)))
    form = NoteForm(request.POST, languages=tongues(workspace))
    if form.is_valid():
        data = form.cleaned_data
        try:
            note = write_note(
                partnership=workspace.partnership,
                side=workspace.ours.side,
                title=data["title"],
                text=data["text"],
                language=data["language"],
                form_key=data["form_key"],
                by=signed_in(request),
                now=timezone.now(),
            )
        except Refused as refused:
            tell(form, refused)
        else:
            return redirect("partnerships:note", slug, note.pk)
    return _note_page(request, workspace, form, status=UNPROCESSABLE)


@never_cache
@login_required
def note(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """``/partnerships/<slug>/papers/notes/<pk>/``: to read, and for those who may, to write on."""
    is_writing = request.method == "POST"
    workspace = writing(request, slug) if is_writing else entered(request, slug)
    found = _note(workspace, pk)
    if not is_writing:
        return _note_page(request, workspace, _note_form(found, workspace), note=found)
    form = NoteForm(request.POST, languages=tongues(workspace))
    if not form.is_valid():
        return _note_page(request, workspace, form, note=found, status=UNPROCESSABLE)
    data = form.cleaned_data
    try:
        change_note(
            note=found,
            side=workspace.ours.side,
            title=data["title"],
            text=data["text"],
            language=data["language"],
            revision=data["revision"] or 0,
            by=signed_in(request),
            now=timezone.now(),
        )
    except NoteChanged as told:
        return _clash_page(request, workspace, form, note=told.note)
    except Refused as refused:
        tell(form, refused)
        return _note_page(request, workspace, form, note=found, status=UNPROCESSABLE)
    messages.success(request, _("Your changes are saved."))
    return redirect("partnerships:note", slug, pk)


@never_cache
@login_required
@require_POST
def note_delete(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """``/partnerships/<slug>/papers/notes/<pk>/delete/``: by the side that began it."""
    workspace = entered(request, slug)
    found = _note(workspace, pk)
    try:
        delete_note(note=found, side=workspace.ours.side, by=signed_in(request), now=timezone.now())
    except Refused as refused:
        return _papers_page(request, workspace, sentence=refused.message, status=UNPROCESSABLE)
    messages.success(request, _("It is taken out."))
    return redirect("partnerships:papers", slug)


@never_cache
@login_required
def decisions(request: HttpRequest, slug: str) -> HttpResponse:
    """``/partnerships/<slug>/decisions/``: by consent or from meetings; and one more from a meeting."""
    is_writing = request.method == "POST"
    workspace = writing(request, slug) if is_writing else entered(request, slug)
    if not is_writing:
        return _decisions_page(request, workspace)
    form = DecisionForm(request.POST, languages=tongues(workspace))
    if form.is_valid():
        data = form.cleaned_data
        try:
            note_decision(
                partnership=workspace.partnership,
                side=workspace.ours.side,
                day=data["day"],
                text=data["text"],
                language=data["language"],
                form_key=data["form_key"],
                by=signed_in(request),
                now=timezone.now(),
            )
        except Refused as refused:
            tell(form, refused)
        else:
            messages.success(request, _("It is written down, for all sides."))
            return redirect("partnerships:decisions", slug)
    return _decisions_page(request, workspace, form=form, status=UNPROCESSABLE)


def _file(workspace: Workspace, key: uuid.UUID) -> SharedFile:
    found = file_in(workspace, key)
    if found is None:
        raise Http404
    return found


def _note(workspace: Workspace, pk: int) -> Note:
    found = note_in(workspace, pk)
    if found is None:
        raise Http404
    return found


def _note_form(note: Note, workspace: Workspace) -> NoteForm | None:
    if not workspace.may_write:
        return None
    initial = {
        "title": note.title,
        "text": note.text,
        "language": note.language,
        "revision": note.revision,
        "form_key": note.form_key,
    }
    return NoteForm(initial=initial, languages=(*tongues(workspace), note.language))


def _clash_page(request: HttpRequest, workspace: Workspace, form: NoteForm, *, note: Note) -> HttpResponse:
    changed = [
        (str(form.fields[name].label), getattr(note, name), form.cleaned_data[name])
        for name in ("title", "text")
        if getattr(note, name) != form.cleaned_data[name]
    ]
    data = request.POST.copy()
    data["revision"] = str(note.revision)
    again = NoteForm(data, languages=tongues(workspace))
    return _note_page(request, workspace, again, note=note, changed=changed, status=CONFLICT)


def _note_page(
    request: HttpRequest,
    workspace: Workspace,
    form: Form | None,
    *,
    note: Note | None = None,
    changed: list[tuple[str, str, str]] | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {"workspace": workspace, "here": "papers", "form": form, "note": note, "changed": changed}
    if note is not None:
        context |= {"side": workspace.side(note.side_id), "is_ours": note.side_id == workspace.ours.pk}
    return render(request, "partnerships/note.html", context, status=status)


def _decisions_page(
    request: HttpRequest, workspace: Workspace, *, form: DecisionForm | None = None, status: int = 200
) -> HttpResponse:
    if form is None and workspace.may_write:
        initial = {"language": writing_language(), "form_key": new_key(), "day": timezone.localdate()}
        form = DecisionForm(initial=initial, languages=tongues(workspace))
    context = {
        "workspace": workspace,
        "here": "papers",
        "decisions": decisions_of(workspace),
        "form": form,
    }
    return render(request, "partnerships/decisions.html", context, status=status)


def _papers_page(
    request: HttpRequest,
    workspace: Workspace,
    *,
    form: FileForm | None = None,
    sentence: str = "",
    status: int = 200,
) -> HttpResponse:
    if form is None and workspace.may_write:
        form = FileForm(initial={"form_key": new_key()})
    found = papers_of(workspace)
    context = {
        "workspace": workspace,
        "here": "papers",
        "papers": found,
        "used": found.used / 1024 / 1024,
        "room": MOST_BYTES // 1024 // 1024,
        "form": form,
        "sentence": sentence,
    }
    return render(request, "partnerships/papers.html", context, status=status)
