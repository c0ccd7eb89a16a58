"""The audit trail: who changed what, and when."""

from django.db import models


class AuditEntry(models.Model):
    """One state change. Written in the same transaction as the change itself; never edited."""

    happened_at = models.DateTimeField(db_index=True)
    actor = models.CharField(
        max_length=100, help_text="Who did it: a person, or 'command line' on the server."
    )
    action = models.CharField(max_length=60, help_text="A verb and its object, such as 'import twinnings'.")
    subject = models.CharField(max_length=200, help_text="What was changed.")
    detail = models.JSONField(default=dict, help_text="Figures and identifiers, never secrets.")

    def __str__(self) -> str:
        return f"{self.happened_at:%Y-%m-%d %H:%M} {self.actor}: {self.action} {self.subject}"


class Remembered(models.Model):
    """What all processes remember together for a short while, such as how often somebody tried to sign in.

    Django's cache writes the rows; nothing else reads or writes them.
    """

    cache_key = models.CharField(max_length=255, primary_key=True)
    value = models.TextField()
    expires = models.DateTimeField(db_index=True)

    class Meta:
        db_table = "base_remembered"
        verbose_name_plural = "remembered"

    def __str__(self) -> str:
        return self.cache_key
