"""Whom a city's communities know, and where they want to know somebody."""

from django.db import models
from django.db.models import Q

from twincitylab.community.choices import AgeGroup, Consent, ContactKind, Sector, Topic
from twincitylab.community.models.communities import Community, Invitation
from twincitylab.community.models.lengths import LONGEST_LINE, LONGEST_NAME, LONGEST_TEXT

LONGEST_DISTRICT = 80


class Contact(models.Model):
    """One entry of the actor map that a community's stewards keep of their city: a person, an organisation
    or a place that somebody recommended. Private to the stewards; public only with ``consent`` given."""

    community = models.ForeignKey(Community, on_delete=models.CASCADE, related_name="contacts")
    kind = models.CharField(max_length=12, choices=ContactKind)
    name = models.CharField(max_length=LONGEST_NAME)
    sector = models.CharField(max_length=20, choices=Sector, blank=True)
    district = models.CharField(max_length=LONGEST_DISTRICT, blank=True)
    topic = models.CharField(max_length=40, choices=Topic, blank=True)
    age_group = models.CharField(max_length=10, choices=AgeGroup, blank=True, help_text="Whom it reaches.")
    reach = models.CharField(
        max_length=LONGEST_LINE, blank=True, help_text="How to reach them; never public."
    )
    note = models.CharField(max_length=LONGEST_TEXT, blank=True)
    recommended_by = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="recommends"
    )
    consent = models.CharField(max_length=10, choices=Consent, default=Consent.NOT_ASKED)
    consent_at = models.DateTimeField(null=True, blank=True)
    invitation = models.ForeignKey(
        Invitation, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    asked_further_date = models.DateField(
        null=True, blank=True, help_text="When it was asked for further contacts."
    )
    form_key = models.UUIDField(
        null=True, blank=True, unique=True, help_text="Made with the form; none for a line of a file."
    )
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(kind__in=ContactKind.values), name="contact_kind_is_known"),
            models.CheckConstraint(condition=Q(consent__in=Consent.values), name="contact_consent_is_known"),
            models.CheckConstraint(
                condition=~Q(consent=Consent.GIVEN) | Q(consent_at__isnull=False),
                name="given_consent_has_a_date",
            ),
            models.CheckConstraint(
                condition=Q(recommended_by__isnull=True) | ~Q(recommended_by=models.F("pk")),
                name="nobody_recommends_themselves",
            ),
        )

    def __str__(self) -> str:
        return self.name


class CityDistrict(models.Model):
    """A district of its city in which a community wants to know somebody; kept in the order given."""

    community = models.ForeignKey(Community, on_delete=models.CASCADE, related_name="districts")
    name = models.CharField(max_length=LONGEST_DISTRICT)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["community", "name"], name="one_row_per_community_and_district"),
        )

    def __str__(self) -> str:
        return self.name
