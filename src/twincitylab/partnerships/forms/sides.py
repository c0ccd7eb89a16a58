"""What a side says of itself, and why it leaves."""

from django import forms
from django.utils.translation import gettext_lazy as _

from twincitylab.community.models import LONGEST_TEXT


class CapacityForm(forms.Form):
    """What a side can give; empty is unknown, never nought."""

    people = forms.IntegerField(
        label=_("People who can take part"), required=False, min_value=0, max_value=1_000_000
    )
    hours_a_month = forms.DecimalField(
        label=_("Hours a month, of all of them together"),
        required=False,
        min_value=0,
        max_digits=8,
        decimal_places=2,
    )
    money_a_year = forms.DecimalField(
        label=_("Money a year, in the currency of the partnership"),
        required=False,
        min_value=0,
        max_digits=13,
        decimal_places=2,
    )


class LeaveForm(forms.Form):
    reason = forms.CharField(
        label=_("Why do you go?"),
        max_length=2 * LONGEST_TEXT,
        widget=forms.Textarea({"rows": 4, "dir": "auto"}),
        error_messages={"required": _("Say why you go: a good farewell is told.")},
    )
