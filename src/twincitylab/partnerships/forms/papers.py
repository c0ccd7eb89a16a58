"""What is asked for a note, a file, a decision; and how a file comes in without filling memory or disk."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.utils.translation import gettext_lazy as _

from twincitylab.community.models import LONGEST_LINE, LONGEST_NAME, LONGEST_TEXT
from twincitylab.partnerships.forms.introductions import KEY_AGAIN, WritingForm
from twincitylab.partnerships.operations.papers import LONGEST_NOTE
from twincitylab.partnerships.rules.files import LARGEST_FILE, too_large


class NoteForm(WritingForm):
    """A note that all sides write on."""

    title = forms.CharField(
        label=_("Title"),
        max_length=2 * LONGEST_NAME,
        widget=forms.TextInput({"dir": "auto", "autocomplete": "off"}),
        error_messages={"required": _("Give the note a title.")},
    )
    text = forms.CharField(
        label=_("Text"),
        required=False,
        max_length=2 * LONGEST_NOTE,
        widget=forms.Textarea({"rows": 14, "dir": "auto"}),
    )
    revision = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0)
    field_order = ("title", "text", "language")


class FileForm(forms.Form):
    """A file, and a word about it."""

    file = forms.FileField(
        label=_("File"),
        error_messages={
            "required": _("Choose a file."),
            "empty": _("This file is empty."),
            "invalid": _("Choose a file."),
        },
        help_text=_("PDF, PNG, JPEG, WebP, ODT, DOCX, ODS, XLSX, CSV or TXT; at most 10 MB."),
    )
    about = forms.CharField(
        label=_("A word about it, if you like"),
        required=False,
        max_length=2 * LONGEST_LINE,
        widget=forms.TextInput({"dir": "auto"}),
    )
    form_key = forms.UUIDField(
        widget=forms.HiddenInput, error_messages={"required": KEY_AGAIN, "invalid": KEY_AGAIN}
    )


class DecisionForm(WritingForm):
    """What a meeting has decided."""

    day = forms.DateField(
        label=_("Day"),
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        error_messages={
            "required": _("Choose the day on which it was decided."),
            "invalid": _("Write the day as year-month-day, such as 2026-11-22."),
        },
    )
    text = forms.CharField(
        label=_("What was decided?"),
        max_length=2 * LONGEST_TEXT,
        widget=forms.Textarea({"rows": 3, "dir": "auto"}),
        error_messages={"required": _("Write down what was decided.")},
    )
    field_order = ("text", "day", "language")


class SmallFilesOnly(FileUploadHandler):
    """Takes a file into memory as far as there is room for it, and then reads over the rest of it.

    The other fields of the form arrive all the same, so that nothing typed is lost. Nothing is put into
    temporary files: a full disk cannot stop it.
    """

    chunk_size = 64 * 1024

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.is_too_large = False
        self._content = bytearray()

    def new_file(self, *args: Any, **more: Any) -> None:
        super().new_file(*args, **more)
        self._content = bytearray()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        if start + len(raw_data) > LARGEST_FILE:
            self.is_too_large = True
            self._content = bytearray()
            raise SkipFile
        self._content += raw_data

    def file_complete(self, file_size: int) -> SimpleUploadedFile:
        del file_size
        return SimpleUploadedFile(self.file_name or "", bytes(self._content))

    def refuse_in(self, form: FileForm) -> None:
        """Say so in the form, when a file was too large."""
        if self.is_too_large:
            form.errors.pop("file", None)
            form.add_error("file", too_large().message)
