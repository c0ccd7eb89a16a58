"""The agreement, written together: every saved state is a version of its own."""

import datetime as dt

from django.db import models

from twincitylab.community.models import Person
from twincitylab.partnerships.models.partnerships import Partnership, Side


class AgreementVersion(models.Model):
    """The whole text at one moment; never edited. ``articles`` maps the key of an article to its texts by
    language: ``{"purpose": {"de": "…", "es": "…"}}``. In force is the one the partnership points to."""

    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE, related_name="agreement_versions")
    number = models.PositiveIntegerField()
    articles = models.JSONField(default=dict)
    review_on = models.DateField(null=True, blank=True)
    runs_until = models.DateField(null=True, blank=True)
    side = models.ForeignKey(Side, on_delete=models.CASCADE, related_name="+", help_text="Whose edit it is.")
    made_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    made_at = models.DateTimeField()
    form_key = models.UUIDField(unique=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["partnership", "number"], name="agreement_versions_are_numbered"),
        )

    def __str__(self) -> str:
        return f"agreement {self.number} of {self.partnership_id}"

    def is_review_due(self, *, today: dt.date) -> bool:
        return self.review_on is not None and self.review_on <= today
