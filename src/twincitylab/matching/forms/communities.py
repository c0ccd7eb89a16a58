"""Narrowing a community's list, and setting a match aside."""

from typing import cast

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from twincitylab.community.choices import CommunityKind, Topic
from twincitylab.community.rules.languages import COMMON, language_choices
from twincitylab.matching.choices import AsideReason
from twincitylab.matching.engine.communities import CommunityFilters
from twincitylab.matching.engine.communities.places import country_choices

ANY = [("", _("any"))]


class MatchFiltersForm(forms.Form):
    """What the list may be narrowed by."""

    topic = forms.ChoiceField(required=False, label=_("Topic"), choices=[*ANY, *Topic.choices])
    kind = forms.ChoiceField(required=False, label=_("Kind"), choices=[*ANY, *CommunityKind.choices])
    language = forms.ChoiceField(required=False, label=_("Language"))
    country = forms.ChoiceField(required=False, label=_("Country"))

    def __init__(self, data: QueryDict) -> None:
        super().__init__(data)
        for name, choices in (("language", language_choices(COMMON)), ("country", country_choices())):
            cast("forms.ChoiceField", self.fields[name]).choices = [*ANY, *choices]

    @property
    def filters(self) -> CommunityFilters:
        return CommunityFilters(**self.cleaned_data)


class AsideForm(forms.Form):
    """Why a match is not wanted; the other side is never told."""

    reason = forms.ChoiceField(
        label=_("Why is it not for you?"), choices=AsideReason.choices, widget=forms.RadioSelect
    )
