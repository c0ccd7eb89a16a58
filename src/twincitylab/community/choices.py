"""The closed vocabularies of people and communities."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Topic(models.TextChoices):
    """What a community cares about: the 46 topics of the platform, each tied to targets of the SDGs."""

    HOUSING_AFFORDABLE = "housing-affordable", _("Affordable and adequate homes")
    HOUSING_RENOVATION = "housing-renovation", _("Renewing existing buildings")
    INFORMAL_SETTLEMENTS = "informal-settlements", _("Upgrading informal neighbourhoods")
    HOMELESSNESS = "homelessness", _("Preventing and ending homelessness")
    PUBLIC_TRANSPORT = "public-transport", _("Public transport for everyone")
    WALKING_CYCLING = "walking-cycling", _("Walking and cycling")
    ROAD_SAFETY = "road-safety", _("Safe streets")
    PARKING_KERB = "parking-kerb", _("Parking and kerbside use")
    FREIGHT_LOGISTICS = "freight-logistics", _("City logistics and deliveries")
    CLEAN_VEHICLES = "clean-vehicles", _("Low-emission vehicles and charging")
    LAND_USE_PLANNING = "land-use-planning", _("Land use and compact growth")
    PARTICIPATION = "participation", _("Residents taking part in decisions")
    NEIGHBOURHOOD_RENEWAL = "neighbourhood-renewal", _("Neighbourhood regeneration")
    CITY_REGION = "city-region", _("Cooperation of city and surroundings")
    HERITAGE = "heritage", _("Built and natural heritage")
    CULTURE = "culture", _("Cultural life and creative spaces")
    CLIMATE_PLANS = "climate-plans", _("Climate plans and carbon budgets")
    HEAT = "heat", _("Living with heat")
    FLOOD_STORM = "flood-storm", _("Flood and storm protection")
    EMERGENCY = "emergency", _("Disaster readiness and recovery")
    AIR_QUALITY = "air-quality", _("Clean air")
    NOISE = "noise", _("Quieter surroundings")
    WASTE = "waste", _("Waste collection and prevention")
    CIRCULAR_ECONOMY = "circular-economy", _("Repair, reuse and circular business")
    PUBLIC_SPACE = "public-space", _("Public and green space for all ages")
    BIODIVERSITY = "biodiversity", _("Urban nature and habitats")
    TREES = "trees", _("Trees and tree cover")
    WATER_SUPPLY = "water-supply", _("Drinking water and saving water")
    WASTEWATER = "wastewater", _("Sewage and rainwater")
    ENERGY_SUPPLY = "energy-supply", _("Renewable energy and grids")
    HEATING_COOLING = "heating-cooling", _("Heat networks and cooling")
    FOOD = "food", _("Local food, diets and food waste")
    HEALTH = "health", _("Health services and prevention")
    CARE_AGEING = "care-ageing", _("Care and growing older")
    CHILDREN_YOUTH = "children-youth", _("Children and young people")
    LEARNING_SKILLS = "learning-skills", _("Schools and lifelong skills")
    LOCAL_JOBS = "local-jobs", _("Jobs and small businesses")
    POVERTY_INCLUSION = "poverty-inclusion", _("Poverty and fair access")
    GENDER_EQUALITY = "gender-equality", _("Gender-aware city services")
    MIGRATION = "migration", _("Newcomers and integration")
    SAFETY = "safety", _("Personal safety and preventing violence")
    DIGITAL_SERVICES = "digital-services", _("Digital services and open data")
    CITY_FINANCE = "city-finance", _("City budgets and green investment")
    PROCUREMENT = "procurement", _("Buying sustainably")
    TOURISM = "tourism", _("Tourism that residents welcome")
    CITY_PARTNERSHIPS = "city-partnerships", _("Partnerships between cities")


SDG_TARGETS: dict[str, tuple[str, ...]] = {
    Topic.HOUSING_AFFORDABLE: ("11.1", "1.4"),
    Topic.HOUSING_RENOVATION: ("11.1", "7.3", "11.c"),
    Topic.INFORMAL_SETTLEMENTS: ("11.1", "1.4"),
    Topic.HOMELESSNESS: ("11.1", "10.2", "1.3"),
    Topic.PUBLIC_TRANSPORT: ("11.2", "9.1"),
    Topic.WALKING_CYCLING: ("11.2", "3.6"),
    Topic.ROAD_SAFETY: ("3.6", "11.2"),
    Topic.PARKING_KERB: ("11.2", "11.6"),
    Topic.FREIGHT_LOGISTICS: ("9.1", "11.6", "12.5"),
    Topic.CLEAN_VEHICLES: ("11.6", "7.3", "13.2"),
    Topic.LAND_USE_PLANNING: ("11.3", "11.a"),
    Topic.PARTICIPATION: ("11.3", "16.7"),
    Topic.NEIGHBOURHOOD_RENEWAL: ("11.3", "10.2"),
    Topic.CITY_REGION: ("11.a", "17.17"),
    Topic.HERITAGE: ("11.4",),
    Topic.CULTURE: ("11.4", "4.7", "8.3"),
    Topic.CLIMATE_PLANS: ("13.2", "11.b"),
    Topic.HEAT: ("11.5", "13.1", "3.d"),
    Topic.FLOOD_STORM: ("11.5", "13.1", "11.b"),
    Topic.EMERGENCY: ("11.5", "11.b", "1.5"),
    Topic.AIR_QUALITY: ("11.6", "3.9"),
    Topic.NOISE: ("11.6", "3.4"),
    Topic.WASTE: ("11.6", "12.5", "12.3"),
    Topic.CIRCULAR_ECONOMY: ("12.5", "12.2", "8.4"),
    Topic.PUBLIC_SPACE: ("11.7", "5.2"),
    Topic.BIODIVERSITY: ("15.5", "15.9", "11.7"),
    Topic.TREES: ("15.2", "13.1", "11.7"),
    Topic.WATER_SUPPLY: ("6.1", "6.4"),
    Topic.WASTEWATER: ("6.2", "6.3"),
    Topic.ENERGY_SUPPLY: ("7.1", "7.2"),
    Topic.HEATING_COOLING: ("7.2", "7.3"),
    Topic.FOOD: ("2.1", "2.4", "12.3"),
    Topic.HEALTH: ("3.4", "3.8"),
    Topic.CARE_AGEING: ("3.8", "10.2", "11.7"),
    Topic.CHILDREN_YOUTH: ("4.1", "4.2", "16.7"),
    Topic.LEARNING_SKILLS: ("4.4", "4.7", "8.6"),
    Topic.LOCAL_JOBS: ("8.3", "8.5", "9.3"),
    Topic.POVERTY_INCLUSION: ("1.2", "1.3", "10.2"),
    Topic.GENDER_EQUALITY: ("5.1", "5.5", "5.2"),
    Topic.MIGRATION: ("10.7", "10.2"),
    Topic.SAFETY: ("16.1", "11.7"),
    Topic.DIGITAL_SERVICES: ("16.6", "16.10", "9.c"),
    Topic.CITY_FINANCE: ("17.1", "11.c", "16.6"),
    Topic.PROCUREMENT: ("12.7", "8.4"),
    Topic.TOURISM: ("8.9", "12.b"),
    Topic.CITY_PARTNERSHIPS: ("17.9", "17.16", "11.a"),
}
"""The targets of the Sustainable Development Goals that each topic serves."""


class CommunityKind(models.TextChoices):
    TOWN_HALL = "town-hall", _("Town hall")
    ASSOCIATION = "association", _("Association")
    SCHOOL = "school", _("School")
    INITIATIVE = "initiative", _("Initiative")
    COMPANY = "company", _("Company")
    UNIVERSITY = "university", _("University")
    CLUB = "club", _("Club")
    NEIGHBOURHOOD = "neighbourhood", _("Neighbourhood")


class CommunitySize(models.TextChoices):
    """How many people take part; told in steps, because nobody counts."""

    FEW = "1-10", _("up to 10 people")
    TENS = "11-50", _("11 to 50 people")
    HUNDRED = "51-200", _("51 to 200 people")
    HUNDREDS = "201-1000", _("201 to 1,000 people")
    THOUSANDS = "1001+", _("more than 1,000 people")


class Mode(models.TextChoices):
    ONLINE = "online", _("online")
    VISIT = "visit", _("visits")
    HYBRID = "hybrid", _("both together")


class Visibility(models.TextChoices):
    PUBLIC = "public", _("Everybody can see us")
    MEMBERS = "members", _("Only people with an account here can see us")
    HIDDEN = "hidden", _("Nobody but our own members can see us")


class Role(models.TextChoices):
    STEWARD = "steward", _("Steward")
    MEMBER = "member", _("Member")


class Direction(models.TextChoices):
    """A need is what a community seeks, an offer what it brings."""

    NEED = "need", _("We seek")
    OFFER = "offer", _("We bring")

    @property
    def answer(self) -> "Direction":
        """What answers it: an offer answers a need."""
        return Direction.OFFER if self is Direction.NEED else Direction.NEED


class ExchangeKind(models.TextChoices):
    """What changes hands."""

    KNOWLEDGE = "knowledge", _("knowledge")
    PEOPLE = "people", _("people")
    SPACE = "space", _("space")
    MATERIAL = "material", _("material")
    MONEY = "money", _("money")
    CONTACT = "contact", _("contacts")
    AUDIENCE = "audience", _("an audience")


class Urgency(models.TextChoices):
    NOW = "now", _("within weeks")
    YEAR = "year", _("this year")
    SOMEDAY = "someday", _("when it fits")


class NeedState(models.TextChoices):
    OPEN = "open", pgettext_lazy("need or offer", "open")
    TAKEN = "taken", pgettext_lazy("need or offer", "taken")


class Digest(models.TextChoices):
    AT_ONCE = "at-once", _("at once")
    DAILY = "daily", _("once a day")
    WEEKLY = "weekly", _("once a week")
    NEVER = "never", _("never")


class ContactKind(models.TextChoices):
    PERSON = "person", _("Person")
    ORGANISATION = "organisation", _("Organisation")
    PLACE = "place", _("Place")


class Sector(models.TextChoices):
    """The parts of a city's life among which an actor map shows its blind spots."""

    ADMINISTRATION = "administration", _("Administration and politics")
    CIVIC = "civic", _("Associations and initiatives")
    EDUCATION = "education", _("Schools and learning")
    RESEARCH = "research", _("Universities and research")
    BUSINESS = "business", _("Business and crafts")
    CULTURE = "culture", _("Arts and culture")
    SPORT = "sport", _("Sport")
    HEALTH = "health", _("Health and care")
    FAITH = "faith", _("Faith and worldview")
    MIGRATION = "migration", _("Newcomers' organisations")
    ENVIRONMENT = "environment", _("Environment and nature")
    MEDIA = "media", _("Media")


class AgeGroup(models.TextChoices):
    CHILDREN = "children", _("Children")
    YOUTH = "youth", _("Young people")
    ADULTS = "adults", _("Adults")
    OLDER = "older", _("Older people")


class Consent(models.TextChoices):
    """Whether somebody on the actor map agrees to be shown."""

    NOT_ASKED = "not-asked", _("not asked yet")
    ASKED = "asked", _("asked")
    GIVEN = "given", _("agrees")
    REFUSED = "refused", _("does not agree")
