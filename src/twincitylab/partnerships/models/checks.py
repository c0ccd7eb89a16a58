"""The eye-level check: who has answered is kept apart from what was answered."""

import uuid

from django.db import models
from django.db.models import Q

from twincitylab.community.models import Person
from twincitylab.partnerships.choices import CheckState
from twincitylab.partnerships.models.partnerships import LEAST_ANSWERS, Partnership, Side


class EyeLevelCheck(models.Model):
    """One round of answers. Nothing of them is shown before it closes, and then only ``result``, computed
    once from both sides when each has at least ``least`` people; later nobody can answer any more."""

    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE, related_name="checks")
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=10, choices=CheckState, default=CheckState.OPEN)
    least = models.PositiveSmallIntegerField(default=LEAST_ANSWERS)
    opened_at = models.DateTimeField()
    opened_by_side = models.ForeignKey(Side, null=True, on_delete=models.CASCADE, related_name="+")
    closes_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)
    closing_asked = models.JSONField(default=list, help_text="Sides that would like to close early, by key.")
    reminded_at = models.DateTimeField(null=True, blank=True)
    result = models.JSONField(null=True, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["partnership", "number"], name="checks_are_numbered"),
            models.UniqueConstraint(fields=["partnership"], condition=Q(state="open"), name="one_open_check"),
            models.CheckConstraint(condition=Q(least__gte=LEAST_ANSWERS), name="check_hides_people"),
            models.CheckConstraint(
                condition=Q(result__isnull=True) | Q(state="closed"), name="result_only_when_closed"
            ),
        )

    def __str__(self) -> str:
        return f"check {self.number} of {self.partnership_id}"

    def asks(self, side: Side) -> bool:
        """Whether the side was here when the round opened: who comes later is asked in the next one."""
        return side.joined_at is not None and side.joined_at <= self.opened_at


class CheckSheet(models.Model):
    """One person's answers without the person and without the time: 20 numbers from -2 to 2, or none.

    All sheets of a round are deleted when it closes; what remains is its ``result``."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    check_round = models.ForeignKey(EyeLevelCheck, on_delete=models.CASCADE, related_name="sheets")
    side = models.ForeignKey(Side, on_delete=models.CASCADE, related_name="+")
    answers = models.JSONField()

    def __str__(self) -> str:
        return "answers"


class CheckTaken(models.Model):
    """That somebody has answered, so that nobody does twice; not what, when or for which side. Deleted when
    the round closes."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    check_round = models.ForeignKey(EyeLevelCheck, on_delete=models.CASCADE, related_name="taken")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["check_round", "person"], name="everybody_answers_once"),
        )

    def __str__(self) -> str:
        return "answered"
