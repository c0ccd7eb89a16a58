"""What is asked of somebody who founds a community or changes one; the rules are those of ``rules.facts``."""

import json
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import asdict, replace
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from twincitylab.atlas.models import City
from twincitylab.atlas.queries.places import AmbiguousCity, CityHit, UnknownCity
from twincitylab.atlas.queries.search import resolve_city, search_cities
from twincitylab.atlas.queries.words import country_name
from twincitylab.community.choices import CommunityKind, CommunitySize, Mode, Topic, Visibility
from twincitylab.community.forms.choosing import say_plainly
from twincitylab.community.models import LONGEST_ABOUT, LONGEST_LINE, LONGEST_NAME, MOST_CAPACITY
from twincitylab.community.queries.places import names_of_city
from twincitylab.community.rules.facts import CommunityFacts, checked_facts
from twincitylab.community.rules.languages import (
    COMMON,
    base_code,
    language_choices,
    language_meant,
    written_codes,
)
from twincitylab.community.rules.topics import suggest_topics

MOST_TYPED = 20_000
LONGEST_CITY = 200
MOST_HITS = 8
MOST_SUGGESTED = 3
# What may be asked of the form before it is sent for good, also without scripts.
STEPS = ("find", "suggest")
SEVERAL = ("topics", "languages", "modes")
TICKED = ("is_safe_mode", "hides_city")
FACT_FIELDS = tuple(CommunityFacts.__dataclass_fields__)
OPTIONAL = ("about", "about_language", "website", "since", "size", "capacity", "modes")
# The topics as a reader looks for them; every one stands in exactly one group.
TOPIC_GROUPS = (
    (gettext_lazy("Homes and neighbourhoods"), (
        Topic.HOUSING_AFFORDABLE, Topic.HOUSING_RENOVATION, Topic.INFORMAL_SETTLEMENTS, Topic.HOMELESSNESS,
        Topic.NEIGHBOURHOOD_RENEWAL, Topic.PUBLIC_SPACE, Topic.LAND_USE_PLANNING,
    )),
    (gettext_lazy("Getting around"), (
        Topic.PUBLIC_TRANSPORT, Topic.WALKING_CYCLING, Topic.ROAD_SAFETY, Topic.PARKING_KERB,
        Topic.FREIGHT_LOGISTICS, Topic.CLEAN_VEHICLES,
    )),
    (gettext_lazy("Climate and nature"), (
        Topic.CLIMATE_PLANS, Topic.HEAT, Topic.FLOOD_STORM, Topic.EMERGENCY, Topic.AIR_QUALITY, Topic.NOISE,
        Topic.BIODIVERSITY, Topic.TREES,
    )),
    (gettext_lazy("Water, energy, food and things"), (
        Topic.WATER_SUPPLY, Topic.WASTEWATER, Topic.ENERGY_SUPPLY, Topic.HEATING_COOLING, Topic.FOOD,
        Topic.WASTE, Topic.CIRCULAR_ECONOMY,
    )),
    (gettext_lazy("Living together"), (
        Topic.CHILDREN_YOUTH, Topic.CARE_AGEING, Topic.HEALTH, Topic.MIGRATION, Topic.POVERTY_INCLUSION,
        Topic.GENDER_EQUALITY, Topic.SAFETY, Topic.PARTICIPATION,
    )),
    (gettext_lazy("Culture, learning and work"), (
        Topic.CULTURE, Topic.HERITAGE, Topic.LEARNING_SKILLS, Topic.LOCAL_JOBS, Topic.TOURISM,
    )),
    (gettext_lazy("How a city works"), (
        Topic.CITY_PARTNERSHIPS, Topic.CITY_REGION, Topic.DIGITAL_SERVICES, Topic.CITY_FINANCE,
        Topic.PROCUREMENT,
    )),
)  # fmt: skip
SAFETY = ("visibility", "is_safe_mode", "pseudonym", "hides_city")


def _text(label: Any, *, longest: int, required: Any = "", rows: int = 0, **more: Any) -> forms.CharField:
    """A field of text; how long it may be is told by the rule, which counts what is stored."""
    attributes = {"dir": "auto", "autocomplete": "off", "data-longest": str(longest)}
    widget = forms.Textarea({**attributes, "rows": rows}) if rows else forms.TextInput(attributes)
    return forms.CharField(
        label=label,
        required=bool(required),
        max_length=MOST_TYPED,
        widget=widget,
        error_messages={"required": required} if required else None,
        **more,
    )


class CommunityForm(forms.Form):
    """All that stewards say of their community, and the city among those that the typed name may mean."""

    name = _text(
        gettext_lazy("Name"),
        longest=LONGEST_NAME,
        required=gettext_lazy("Give your community a name."),
        help_text=gettext_lazy("As people in your city know you."),
    )
    city = forms.CharField(
        label=gettext_lazy("City"),
        max_length=LONGEST_CITY,
        error_messages={"required": gettext_lazy("Name the city of your community.")},
    )
    city_asked = forms.CharField(required=False, max_length=LONGEST_CITY, widget=forms.HiddenInput)
    city_choice = forms.CharField(required=False, max_length=LONGEST_CITY, widget=forms.HiddenInput)
    kind = forms.ChoiceField(
        label=gettext_lazy("What kind of community?"),
        choices=[("", gettext_lazy("choose …")), *CommunityKind.choices],
        error_messages={"required": gettext_lazy("Choose what kind of community you are.")},
    )
    purpose = _text(
        gettext_lazy("What are you there for?"),
        longest=LONGEST_LINE,
        required=gettext_lazy("Say in one sentence what your community is for."),
        help_text=gettext_lazy(
            "One sentence, such as: We repair broken things together with our neighbours."
        ),
    )
    topics = forms.MultipleChoiceField(
        label=gettext_lazy("What do you care about?"),
        choices=Topic.choices,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Up to eight. Whom you meet depends on them."),
        error_messages={"required": gettext_lazy("Choose at least one topic.")},
    )
    languages = forms.MultipleChoiceField(
        label=gettext_lazy("In which languages can you work with others?"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    other_languages = forms.CharField(
        label=gettext_lazy("Other languages"),
        required=False,
        max_length=LONGEST_CITY,
        widget=forms.TextInput({"dir": "auto", "autocomplete": "off"}),
        help_text=gettext_lazy("With commas between them, in any language: Tamil, català."),
    )
    about = _text(
        gettext_lazy("More about you"),
        longest=LONGEST_ABOUT,
        rows=6,
        help_text=gettext_lazy("What you do, with whom, and what you are proud of."),
    )
    about_language = forms.ChoiceField(
        label=gettext_lazy("Language of your texts"), error_messages={"required": gettext_lazy("Choose one.")}
    )
    website = forms.CharField(
        label=gettext_lazy("Website"),
        required=False,
        max_length=MOST_TYPED,
        widget=forms.TextInput({"inputmode": "url", "dir": "ltr", "autocomplete": "off"}),
    )
    since = forms.IntegerField(
        label=gettext_lazy("Since which year?"),
        required=False,
        widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={"invalid": gettext_lazy("Write the year in digits, such as 1998.")},
    )
    size = forms.ChoiceField(
        label=gettext_lazy("How many people take part?"),
        choices=CommunitySize.choices,
        initial=CommunitySize.TENS,
    )
    capacity = forms.TypedChoiceField(
        label=gettext_lazy("How many new partnerships can you carry now?"),
        choices=[(number, str(number)) for number in range(MOST_CAPACITY + 1)],
        coerce=int,
        initial=1,
        help_text=gettext_lazy("With 0 you stand last in the lists of others, as full."),
    )
    modes = forms.MultipleChoiceField(
        label=gettext_lazy("How would you meet?"),
        choices=Mode.choices,
        widget=forms.CheckboxSelectMultiple,
        initial=[Mode.ONLINE.value],
        error_messages={"required": gettext_lazy("Choose at least one way to meet.")},
    )
    visibility = forms.ChoiceField(
        label=gettext_lazy("Who may see you?"),
        choices=Visibility.choices,
        widget=forms.RadioSelect,
        initial=Visibility.PUBLIC,
    )
    is_safe_mode = forms.BooleanField(label=gettext_lazy("Protect us: safety mode"), required=False)
    pseudonym = _text(
        gettext_lazy("Name in safety mode"),
        longest=LONGEST_NAME,
        help_text=gettext_lazy(
            "Others see you under this name only. It must tell neither who nor where you are."
        ),
    )
    hides_city = forms.BooleanField(label=gettext_lazy("Show only our country, not our city"), required=False)
    form_key = forms.UUIDField(required=False, widget=forms.HiddenInput)
    revision = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)
    before = forms.CharField(required=False, max_length=10 * MOST_TYPED, widget=forms.HiddenInput)
    base = forms.CharField(required=False, max_length=10 * MOST_TYPED, widget=forms.HiddenInput)
    undecided = forms.CharField(required=False, max_length=MOST_TYPED, widget=forms.HiddenInput)

    def __init__(self, data: QueryDict | None = None, *, initial: Mapping[str, Any] | None = None) -> None:
        super().__init__(data, initial=dict(initial or {}), label_suffix="", auto_id="%s")
        say_plainly(self)
        self.city_hits: list[CityHit] = []
        self._offer_languages()

    @property
    def facts(self) -> CommunityFacts:
        """What was sent, as it would be stored; after ``is_valid``."""
        return cast("CommunityFacts", self.cleaned_data["facts"])

    @property
    def key(self) -> uuid.UUID:
        """Of the form as it was made; a new one where it was lost."""
        return cast("uuid.UUID", self.cleaned_data.get("form_key") or uuid.uuid4())

    @property
    def facts_before(self) -> CommunityFacts | None:
        """What the form was made from; None when that was lost."""
        return facts_stored_in(str(self["before"].value() or ""))

    @property
    def open_facts(self) -> list[str]:
        """Which facts two people have changed, and nobody has chosen between."""
        return names_of_facts(str(self["undecided"].value() or ""))

    @property
    def shows_options(self) -> bool:
        """Whether what is seldom filled in stands open."""
        return any(self[name].errors for name in OPTIONAL) or bool(self["about"].value())

    @property
    def shows_safety(self) -> bool:
        return any(self[name].errors for name in SAFETY) or bool(self["is_safe_mode"].value())

    @property
    def topics_chosen(self) -> list[Any]:
        """The boxes that are ticked."""
        return _boxes_of(self["topics"], self._chosen("topics"))

    @property
    def topics_suggested(self) -> list[Any]:
        """The boxes of what the sentence speaks of, as far as they are not ticked."""
        return _boxes_of(self["topics"], self._suggested_topics())

    @property
    def topic_groups(self) -> list[tuple[str, list[Any]]]:
        """All other boxes, under the headings by which they are found."""
        above = {*self._chosen("topics"), *self._suggested_topics()}
        groups = (
            (str(label), [topic for topic in topics if topic not in above]) for label, topics in TOPIC_GROUPS
        )
        return [(label, _boxes_of(self["topics"], topics)) for label, topics in groups if topics]

    @property
    def languages_chosen(self) -> list[Any]:
        return _boxes_of(self["languages"], self._chosen("languages"))

    @property
    def other_language_boxes(self) -> list[Any]:
        """The boxes of languages that are not ticked."""
        chosen = set(self._chosen("languages"))
        return [box for box in self["languages"].subwidgets if str(box.data["value"]) not in chosen]

    def _chosen(self, name: str) -> list[str]:
        return [str(value) for value in self[name].value() or ()]

    def _suggested_topics(self) -> list[str]:
        purpose, language = (str(self[name].value() or "") for name in ("purpose", "about_language"))
        chosen = set(self._chosen("topics"))
        found = suggest_topics(purpose, language=language, most=MOST_SUGGESTED)
        return [one.topic for one in found if one.topic not in chosen]

    def look_up_city(self) -> None:
        """Offer the cities that the typed name may mean."""
        typed = str(self["city"].value() or "")
        self.city_hits = search_cities(typed, limit=MOST_HITS) if typed.strip() else []

    def clean_city(self) -> City:
        typed: str = self.cleaned_data["city"]
        if chosen := self._chosen_city(typed):
            return chosen
        try:
            return resolve_city(typed)
        except AmbiguousCity as several:
            self.city_hits = list(several.choices)
            raise ValidationError(_("Several cities bear this name. Choose yours below.")) from several
        except UnknownCity as unknown:
            self.city_hits = unknown.nearest or search_cities(typed, limit=MOST_HITS)
            raise ValidationError(str(unknown)) from unknown

    def clean_other_languages(self) -> list[str]:
        typed = self.cleaned_data["other_languages"].replace("،", ",").replace("、", ",").replace("，", ",")
        names = [name.strip() for name in typed.replace(";", ",").split(",") if name.strip()]
        unknown = [name for name in names if language_meant(name) is None]
        if unknown:
            raise ValidationError(
                _("We know no language “%(name)s”. Put commas between several.") % {"name": unknown[0][:60]}
            )
        return [code for name in names if (code := language_meant(name))]

    def clean(self) -> dict[str, Any]:
        """The facts as a whole; each sentence of the rules stands at its field."""
        values = self.cleaned_data
        city = values.get("city")
        given = {name: values[name] for name in FACT_FIELDS if name in values and name not in self.errors}
        spoken = {*values.get("languages", ()), *values.get("other_languages", ())}
        several = {name: tuple(values.get(name, ())) for name in ("topics", "modes")}
        whole = {"city": city.pk if city else 0, "languages": tuple(spoken), **several}
        facts = replace(_NOTHING, **{**given, **whole})
        names = names_of_city(city.pk) if city and facts.is_safe_mode else []
        facts, faults = checked_facts(facts, this_year=timezone.now().year, city_names=names)
        for field, sentence in faults.items():
            if field not in self.errors:
                self.add_error(field, sentence)
        if self.open_facts:
            self.add_error(None, _("You both changed the same. Choose for each whose shall count."))
        values["facts"] = facts
        return values

    def _chosen_city(self, typed: str) -> City | None:
        """The one chosen from a list, as long as the name typed is the one the list was made for."""
        choice = str(self.data.get("city_choice", ""))[:LONGEST_CITY].replace("\x00", "")
        if not choice or str(self.data.get("city_asked", "")).strip() != typed:
            return None
        return City.objects.select_related("country").filter(slug=choice).first()

    def _offer_languages(self) -> None:
        given = self["languages"].value() or ()
        codes = {*COMMON, base_code(get_language() or "en"), *(set(given) & written_codes())}
        cast("forms.MultipleChoiceField", self.fields["languages"]).choices = list(
            language_choices(sorted(codes))
        )
        cast("forms.ChoiceField", self.fields["about_language"]).choices = list(language_choices())


_NOTHING = CommunityFacts(
    name="", city=0, kind="", purpose="", topics=(), languages=(), about_language="", modes=()
)  # fmt: skip


def new_form(*, city: City | None = None) -> CommunityForm:
    """An empty form in the reader's language, with a key of its own."""
    language = base_code(get_language() or "en")
    initial: dict[str, Any] = {"form_key": uuid.uuid4(), "languages": [language], "about_language": language}
    return CommunityForm(initial={**initial, **(city_values(city) if city else {})})


def form_of(
    facts: CommunityFacts,
    *,
    before: CommunityFacts,
    revision: int,
    city: City,
    base: CommunityFacts | None = None,
    undecided: Iterable[str] = (),
) -> CommunityForm:
    """The form with these facts; ``before`` are those stored under ``revision``.

    Of those ``undecided`` it asks whose shall count: these facts or those ``before``, both once ``base``.
    """
    hidden = {"revision": revision, "before": _as_stored(before), "undecided": ",".join(undecided)}
    return CommunityForm(
        initial={**asdict(facts), **city_values(city), **hidden, "base": _as_stored(base) if base else ""}
    )


def _boxes_of(field: forms.BoundField, values: Iterable[str]) -> list[Any]:
    """The boxes to tick of some of its choices."""
    wanted = set(values)
    return [box for box in field.subwidgets if str(box.data["value"]) in wanted]


def facts_stored_in(text: str) -> CommunityFacts | None:
    """What a hidden field carries; None when that was lost."""
    try:
        stored = json.loads(text)
        lists = {name: tuple(stored[name]) for name in SEVERAL}
        return CommunityFacts(**{**stored, **lists})
    except (ValueError, TypeError, KeyError):
        return None


def names_of_facts(text: str) -> list[str]:
    """``purpose,size`` as names, without what is none."""
    return [name for name in FACT_FIELDS if name in text.split(",")]


def _as_stored(facts: CommunityFacts) -> str:
    return json.dumps(asdict(facts), ensure_ascii=False)


def form_as_typed(data: QueryDict) -> CommunityForm:
    """The form with what was typed so far, nothing told about it yet, and cities where they are sought."""
    initial: dict[str, Any] = {}
    for name in CommunityForm.base_fields:
        if name in SEVERAL:
            initial[name] = data.getlist(name)
        elif name in TICKED:
            initial[name] = name in data
        elif name in data:
            initial[name] = data[name]
    form = CommunityForm(initial=initial)
    if data.get("step") == "find":
        form.look_up_city()
    return form


def city_label(city: City) -> str:
    """The city as the search box names it."""
    country = country_name(city.country_id, english=city.country.name)
    return ", ".join(filter(None, (city.name, city.region, country)))


def city_values(city: City) -> dict[str, str]:
    """The fields that name the city, as if it had been chosen."""
    return {"city": city_label(city), "city_asked": city_label(city), "city_choice": city.slug}
