"""What is asked of a steward who invites somebody."""

import uuid
from typing import Any, cast

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from twincitylab.community.choices import Role
from twincitylab.community.forms.choosing import say_plainly

DAYS = (3, 7, 14, 30)


class InvitationForm(forms.Form):
    """By mail to one address, or by link for as many as are said."""

    way = forms.ChoiceField(
        label=_("How?"),
        choices=[("link", _("By a link that you pass on yourself")), ("mail", _("By mail to one address"))],
        widget=forms.RadioSelect,
        initial="link",
    )
    email = forms.CharField(
        label=_("E-mail address"),
        required=False,
        max_length=1000,
        widget=forms.TextInput({"type": "email", "dir": "ltr", "autocomplete": "off"}),
    )
    language = forms.ChoiceField(label=_("Language of the mail"), choices=settings.LANGUAGES)
    uses = forms.IntegerField(
        label=_("How many people may use the link?"),
        initial=1,
        widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={"invalid": _("Write a number."), "required": _("Write a number.")},
        help_text=_("From 1 to 100; a link for a steward is good for one."),
    )
    role = forms.ChoiceField(
        label=_("As what?"),
        choices=[(Role.MEMBER, _("Member")), (Role.STEWARD, _("Steward: may act for us"))],
    )
    days = forms.TypedChoiceField(
        label=_("For how many days?"), choices=[(days, str(days)) for days in DAYS], coerce=int, initial=14
    )
    form_key = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, language: str = "en") -> None:
        initial = {"form_key": uuid.uuid4(), "language": language}
        super().__init__(data, initial=initial, label_suffix="", auto_id="%s")
        say_plainly(self)

    @property
    def key(self) -> uuid.UUID:
        """Of the form as it was made; a new one where it was lost."""
        return cast("uuid.UUID", self.cleaned_data.get("form_key") or uuid.uuid4())

    def clean(self) -> dict[str, Any]:
        values = self.cleaned_data
        if values.get("way") == "mail" and not values.get("email"):
            self.add_error("email", _("To whom should the mail go?"))
        if values.get("way") == "link":
            values["email"] = ""
        return values
