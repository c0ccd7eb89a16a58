"""The closed vocabularies of the atlas."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Continent(models.TextChoices):
    AFRICA = "AF", _("Africa")
    ANTARCTICA = "AN", _("Antarctica")
    ASIA = "AS", _("Asia")
    EUROPE = "EU", _("Europe")
    NORTH_AMERICA = "NA", _("North America")
    OCEANIA = "OC", _("Oceania")
    SOUTH_AMERICA = "SA", _("South America")


class SourceKind(models.TextChoices):
    PLACES = "places"
    TWINNINGS = "twinnings"


class TwinningKind(models.TextChoices):
    PARTNERSHIP = "partnership", _("partnership")
    FRIENDSHIP = "friendship", _("friendship")
    CONTACT = "contact", _("contact")


class TwinningStatus(models.TextChoices):
    ACTIVE = "active", _("active")
    SLEEPING = "sleeping", _("sleeping")
    PAUSED = "paused", _("paused")
    ENDED = "ended", _("ended")
    UNKNOWN = "unknown", _("unknown")
