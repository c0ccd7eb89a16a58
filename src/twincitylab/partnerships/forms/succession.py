"""What is asked for roles, small tasks, thanks and handing over."""

from collections.abc import Iterable
from typing import Any, cast

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from twincitylab.community.models import LONGEST_LINE, LONGEST_NAME, LONGEST_TEXT
from twincitylab.partnerships.forms.introductions import KEY_AGAIN, WritingForm, new_key, writing_language
from twincitylab.partnerships.forms.talk import tongues
from twincitylab.partnerships.models import SideRole
from twincitylab.partnerships.operations.succession import EVENING, RoleFacts
from twincitylab.partnerships.queries.succession import Seat
from twincitylab.partnerships.queries.workspaces import Workspace

A_DAY = _("Write the day as year-month-day, such as 2026-11-22.")
OWN_PEOPLE = _("Choose somebody of your own community.")


def _day(label: Any, *, required: bool = False) -> forms.DateField:
    return forms.DateField(
        label=label,
        required=required,
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": _("Choose the day."), "invalid": A_DAY},
    )


def _line(label: Any, *, longest: int, missing: Any) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=2 * longest,
        widget=forms.TextInput({"dir": "auto", "autocomplete": "off"}),
        error_messages={"required": missing},
    )


def _person(label: Any) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label=label,
        required=False,
        coerce=int,
        empty_value=None,
        error_messages={"invalid_choice": OWN_PEOPLE},
    )


def _offer(field: forms.Field, seats: Iterable[Seat], *, nobody: str) -> None:
    choices = [("", nobody), *((str(seat.pk), seat.name) for seat in seats)]
    cast("forms.ChoiceField", field).choices = choices


class RoleForm(WritingForm):
    """Who does what for one's own side, for a time."""

    title = _line(
        _("What is the role called?"), longest=LONGEST_NAME, missing=_("Say what the role is called.")
    )
    person = _person(_("Who?"))
    deputy = _person(_("Who stands in?"))
    since = _day(_("Since"), required=True)
    until = _day(_("Until, so that somebody else may follow"))
    field_order = ("title", "language", "person", "deputy", "since", "until")

    def __init__(self, *args: Any, seats: Iterable[Seat] = (), **more: Any) -> None:
        super().__init__(*args, **more)
        people = list(seats)
        _offer(self.fields["person"], people, nobody=gettext("nobody yet"))
        _offer(self.fields["deputy"], people, nobody=gettext("nobody yet"))

    def facts(self) -> RoleFacts:
        data = self.cleaned_data
        return RoleFacts(**{name: data[name] for name in RoleFacts.__dataclass_fields__})


class TaskForm(WritingForm):
    """Something a newcomer can do in an evening."""

    title = _line(
        _("What is to be done?"), longest=LONGEST_NAME, missing=_("Say in a few words what is to be done.")
    )
    text = forms.CharField(
        label=_("What one should know, if anything"),
        required=False,
        max_length=2 * LONGEST_TEXT,
        widget=forms.Textarea({"rows": 2, "dir": "auto"}),
    )
    minutes = forms.IntegerField(
        label=_("How many minutes?"),
        initial=60,
        min_value=1,
        max_value=EVENING,
        error_messages={
            "required": _("Say roughly how many minutes it takes."),
            "invalid": _("Write a whole number of minutes, such as 60."),
        },
    )
    only_ours = forms.BooleanField(label=_("Only for our side"), required=False)
    field_order = ("title", "text", "language", "minutes", "only_ours")


class ThanksForm(WritingForm):
    """A thank-you."""

    to_side = forms.TypedChoiceField(
        label=_("To whom?"), coerce=int, error_messages={"required": _("Choose whom you thank.")}
    )
    text = _line(_("Thank you for …"), longest=LONGEST_LINE, missing=_("Write a few words first."))
    field_order = ("to_side", "text", "language")

    def __init__(self, *args: Any, workspace: Workspace, **more: Any) -> None:
        super().__init__(*args, languages=tongues(workspace), **more)
        others = [*workspace.others, workspace.ours]
        cast("forms.ChoiceField", self.fields["to_side"]).choices = [
            (str(one.pk), one.name) for one in others
        ]


class HandOverForm(forms.Form):
    """Somebody leaves, and passes on what they have in hand."""

    following = _person(_("To whom?"))
    last_day = _day(_("Your last day, if you know it"))
    form_key = forms.UUIDField(
        widget=forms.HiddenInput, error_messages={"required": KEY_AGAIN, "invalid": KEY_AGAIN}
    )

    def __init__(self, *args: Any, seats: Iterable[Seat] = (), **more: Any) -> None:
        super().__init__(*args, **more)
        self.auto_id = "id_handover_%s"
        _offer(self.fields["following"], seats, nobody=gettext("not known yet"))


class ItemForm(forms.Form):
    """One more thing to pass on."""

    text = _line(
        _("Something else to pass on"), longest=LONGEST_LINE, missing=_("Say what is to be passed on.")
    )


def role_form(
    workspace: Workspace, *, seats: Iterable[Seat], data: Any = None, role: SideRole | None = None
) -> RoleForm:
    """Empty, filled from a role, or as it was sent."""
    people = list(seats)
    if role is not None:
        # Whoever has left stays chosen until somebody else is.
        known = {seat.pk for seat in people}
        people += [
            Seat(one.pk, gettext("somebody who has left"), is_steward=False)
            for one in (role.person, role.deputy)
            if one is not None and one.pk not in known
        ]
    initial = (
        {"language": writing_language(), "form_key": new_key()}
        if role is None
        else {
            "form_key": new_key(),
            **{name: getattr(role, name) for name in ("title", "language", "since", "until")},
            "person": role.person_id,
            "deputy": role.deputy_id,
        }
    )
    return RoleForm(data, initial=initial, seats=people, languages=tongues(workspace))


def task_form(workspace: Workspace, *, data: Any = None) -> TaskForm:
    initial = {"language": writing_language(), "form_key": new_key(), "minutes": 60}
    return TaskForm(data, initial=initial, languages=tongues(workspace))


def thanks_form(workspace: Workspace, *, data: Any = None) -> ThanksForm:
    initial = {"language": writing_language(), "form_key": new_key()}
    return ThanksForm(data, initial=initial, workspace=workspace)


def hand_over_form(*, seats: Iterable[Seat], data: Any = None) -> HandOverForm:
    return HandOverForm(data, initial={"form_key": new_key()}, seats=seats)
