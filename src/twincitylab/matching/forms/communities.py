"""Narrowing a community's list, and setting a match aside."""

from typing import cast

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from twincitylab.community.choices import CommunityKind, Topic
from twincitylab.community.rules.languages import language_choices
from twincitylab.matching.choices import AsideReason
from twincitylab.matching.engine.communities import CommunityFilters
from twincitylab.matching.engine.communities.places import country_choices
from twincitylab.matching.engine.communities.results import Choices
from twincitylab.matching.engine.words import number

ANY = [("", _("any"))]


class MatchFiltersForm(forms.Form):
    """What the list may be narrowed by."""

    topic = forms.ChoiceField(required=False, label=_("Topic"), choices=[*ANY, *Topic.choices])
    kind = forms.ChoiceField(required=False, label=_("Kind"), choices=[*ANY, *CommunityKind.choices])
    language = forms.ChoiceField(required=False, label=_("Language"))
    country = forms.ChoiceField(required=False, label=_("Country"))

    def __init__(self, data: QueryDict) -> None:
        super().__init__(data)
        for name, choices in (("language", language_choices()), ("country", country_choices())):
            cast("forms.ChoiceField", self.fields[name]).choices = [*ANY, *choices]

    def offer(self, choices: Choices) -> None:
        """Offer only what anybody has, with how many, the chosen ones always; what else is asked for stays
        understood, so that an old address shows an empty list and no error."""
        for name, counts in (
            ("topic", choices.topic),
            ("kind", choices.kind),
            ("language", choices.language),
            ("country", choices.country),
        ):
            field = cast("forms.ChoiceField", self.fields[name])
            chosen = self.cleaned_data[name]
            offered = [
                (value, f"{label} ({number(counts[value])})")
                for value, label in cast("list[tuple[str, str]]", field.choices)
                if value and (counts[value] or value == chosen)
            ]
            field.choices = [*ANY, *offered]

    @property
    def filters(self) -> CommunityFilters:
        return CommunityFilters(**self.cleaned_data)


class AsideForm(forms.Form):
    """Why a match is not wanted; the other side is never told."""

    reason = forms.ChoiceField(
        label=_("Why is it not for you?"), choices=AsideReason.choices, widget=forms.RadioSelect
    )
