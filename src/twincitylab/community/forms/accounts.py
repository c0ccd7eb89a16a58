"""Signing up, the settings of a person, and a new API token."""

import uuid
from zoneinfo import available_timezones

from allauth.account.forms import SignupForm
from django import forms
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from twincitylab.base.cleaning import tell_if_cleaned
from twincitylab.base.components.words import zone_name
from twincitylab.base.text import TooLong, clean_text, fold
from twincitylab.community.choices import Digest
from twincitylab.community.forms.choosing import NO_ENTRY
from twincitylab.community.models import LONGEST_NAME, Person
from twincitylab.community.operations.accounts import Wishes, never_confirmed, tidy, welcome
from twincitylab.community.operations.tokens import LONGEST_TOKEN_NAME
from twincitylab.community.rules.names import holds_address, no_address_sentence

TOKEN_DAYS = ((7, _("a week")), (30, _("30 days")), (90, _("90 days")), (365, _("a year")))
AREAS = {
    "Africa": _("Africa"),
    "America": _("America"),
    "Antarctica": _("Antarctica"),
    "Arctic": _("Arctic"),
    "Asia": _("Asia"),
    "Atlantic": _("Atlantic"),
    "Australia": _("Australia"),
    "Europe": _("Europe"),
    "Indian": _("Indian Ocean"),
    "Pacific": _("Pacific"),
}


class NameField(forms.CharField):
    """What somebody is called: one line, without what nobody can see."""

    def clean(self, value: object) -> str:
        try:
            text = clean_text(str(value or ""), longest=self.max_length or LONGEST_NAME, one_line=True)
        except TooLong:
            text = str(value)
        return str(super().clean(text))


class PersonNameField(NameField):
    """What a person is called, in mails to strangers too."""

    def clean(self, value: object) -> str:
        name = super().clean(value)
        if holds_address(name):
            raise forms.ValidationError(no_address_sentence())
        return name


class SignUpForm(SignupForm):
    """A name and an address; a password only for those who want one."""

    field_order = ("name", "email", "password1")

    name = PersonNameField(
        label=_("Your name"),
        max_length=LONGEST_NAME,
        help_text=_("As others in your communities may call you."),
        widget=forms.TextInput(attrs={"autocomplete": "name", "dir": "auto"}),
        error_messages={"required": _("Write how others may call you.")},
    )

    # A script writes there what the browser's clock shows; whatever is no zone is as if nothing stood there.
    zone = forms.CharField(required=False, widget=forms.HiddenInput({"data-zone": ""}))

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].label = _("E-mail")
        self.fields["email"].help_text = _("We send a code there. Others never see it.")
        if "password1" in self.fields:
            self.fields["password1"].label = _("Password (if you want one)")
            self.fields["password1"].help_text = _(
                "At least 8 characters. Leave it empty to sign in by a code in a mail."
            )

    def validate_unique_email(self, value: str) -> str:
        """An account that nobody ever confirmed gives way to whoever signs up now."""
        for person in never_confirmed(value):
            person.delete()
        return str(super().validate_unique_email(value))

    def try_save(self, request: HttpRequest) -> tuple[AbstractBaseUser | None, HttpResponse | None]:
        try:
            with transaction.atomic():
                return self._save_or_write_to_owner(request)
        except IntegrityError:
            # Somebody signed up with the address a moment ago, in another window or by a second click.
            self.account_already_exists = True
            return self._save_or_write_to_owner(request)

    def custom_signup(self, request: HttpRequest, user: AbstractBaseUser) -> None:
        now = timezone.now()
        if isinstance(user, Person):
            zone = self.cleaned_data.get("zone", "")
            welcome(person=user, name=self.cleaned_data["name"], zone=zone, now=now)
        tidy(now=now)
        tell_if_cleaned(request)

    def _save_or_write_to_owner(
        self, request: HttpRequest
    ) -> tuple[AbstractBaseUser | None, HttpResponse | None]:
        if self.account_already_exists and self.cleaned_data.get("password1"):
            # As slow as for an unknown address, where the password is hashed to be stored.
            Person().set_password(self.cleaned_data["password1"])
        user, response = super().try_save(request)
        return user, response


class SettingsForm(forms.Form):
    """How a person is called and spoken to."""

    name = PersonNameField(
        label=_("Your name"),
        max_length=LONGEST_NAME,
        widget=forms.TextInput(attrs={"autocomplete": "name", "dir": "auto"}),
        error_messages={"required": _("Write how others may call you.")},
    )
    language = forms.ChoiceField(
        label=_("Language"),
        choices=settings.LANGUAGES,
        help_text=_("Of pages and mails."),
        error_messages={"invalid_choice": NO_ENTRY},
    )
    timezone = forms.ChoiceField(
        label=_("Time zone"),
        choices=lambda: zones(),
        help_text=_("Hours and dates are shown in it."),
        error_messages={"invalid_choice": NO_ENTRY},
    )
    digest = forms.ChoiceField(
        label=_("Mails about what happens"),
        choices=Digest,
        help_text=_("Codes to sign in always come at once. Everything also stands in your inbox."),
        error_messages={"invalid_choice": NO_ENTRY},
    )

    def wishes(self) -> Wishes:
        data = self.cleaned_data
        return Wishes(
            name=data["name"], language=data["language"], timezone=data["timezone"], digest=data["digest"]
        )


class TokenForm(forms.Form):
    """A new API token."""

    name = NameField(
        label=_("What is it for?"),
        max_length=LONGEST_TOKEN_NAME,
        widget=forms.TextInput(attrs={"autocomplete": "off", "dir": "auto"}),
        error_messages={"required": _("Say what the token is for, so that you know it again.")},
    )
    scope = forms.ChoiceField(
        label=_("What may it do?"),
        choices=(("read", _("read what I may see")), ("write", _("read, and change what I may change"))),
        error_messages={"invalid_choice": NO_ENTRY},
    )
    days = forms.TypedChoiceField(
        label=_("Valid for"),
        choices=TOKEN_DAYS,
        coerce=int,
        initial=90,
        error_messages={"invalid_choice": NO_ENTRY},
    )
    form_key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)


def zones() -> list[tuple[str, list[tuple[str, str]]]]:
    """The time zones of the world by area, as a choice: ``Europe`` > ``Europe/Berlin``."""
    known = sorted(available_timezones())
    grouped = [
        (
            str(area),
            sorted(((zone, zone_name(zone)) for zone in known if zone.startswith(f"{start}/")), key=_by_name),
        )
        for start, area in AREAS.items()
    ]
    return [("UTC", [("UTC", "UTC")]), *grouped]


def _by_name(choice: tuple[str, str]) -> tuple[str, str]:
    return fold(choice[1]), choice[0]
