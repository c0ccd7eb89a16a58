"""What the planner asks: how long, from which day; and the one click that plans the meeting."""

import datetime as dt

from django import forms
from django.utils.translation import gettext_lazy as _

from twincitylab.community.models import LONGEST_NAME
from twincitylab.partnerships.forms.introductions import KEY_AGAIN

LENGTHS = [(30, _("half an hour")), (60, _("one hour")), (90, _("an hour and a half")), (120, _("two hours"))]
USUAL_MINUTES = 60


class WishForm(forms.Form):
    """How long the meeting takes, and from which day on."""

    minutes = forms.TypedChoiceField(label=_("How long?"), choices=LENGTHS, coerce=int, initial=USUAL_MINUTES)
    day = forms.DateField(
        label=_("From which day on?"),
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": _("Write the day as year-month-day, such as 2026-11-22.")},
    )


class PlanForm(forms.Form):
    """One of the proposed hours."""

    begins = forms.DateTimeField(input_formats=["%Y-%m-%dT%H:%M:%S%z"])
    minutes = forms.TypedChoiceField(choices=LENGTHS, coerce=int)
    title = forms.CharField(
        label=_("What is it about?"),
        max_length=2 * LONGEST_NAME,
        widget=forms.TextInput({"dir": "auto"}),
        error_messages={"required": _("Say in a few words what it is.")},
    )
    form_key = forms.UUIDField(error_messages={"required": KEY_AGAIN, "invalid": KEY_AGAIN})

    @property
    def length(self) -> dt.timedelta:
        return dt.timedelta(minutes=self.cleaned_data["minutes"])
