"""That a partnership outlives the people who began it: roles, small tasks, thanks, handing over."""

from django.db import models
from django.db.models import F, Q

from twincitylab.community.models import LONGEST_LINE, LONGEST_NAME, LONGEST_TEXT, Person
from twincitylab.partnerships.choices import TaskState
from twincitylab.partnerships.models.partnerships import Partnership, Side
from twincitylab.partnerships.models.work import Activity


class SideRole(models.Model):
    """Who does what for a side, for a time."""

    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE, related_name="roles")
    side = models.ForeignKey(Side, on_delete=models.CASCADE, related_name="roles")
    person = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    deputy = models.ForeignKey(Person, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    title = models.CharField(max_length=LONGEST_NAME)
    language = models.CharField(max_length=10, default="en")
    since = models.DateField()
    until = models.DateField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    form_key = models.UUIDField(unique=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")), name="role_ends_after_its_start"
            ),
        )

    def __str__(self) -> str:
        return self.title


class SmallTask(models.Model):
    """What a newcomer can do in an evening."""

    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE, related_name="tasks")
    side = models.ForeignKey(
        Side, null=True, blank=True, on_delete=models.CASCADE, related_name="+", help_text="Empty: anybody."
    )
    title = models.CharField(max_length=LONGEST_NAME)
    text = models.CharField(max_length=LONGEST_TEXT, blank=True)
    language = models.CharField(max_length=10, default="en")
    minutes = models.PositiveSmallIntegerField(default=60)
    state = models.CharField(max_length=10, choices=TaskState, default=TaskState.OPEN)
    made_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    made_at = models.DateTimeField()
    taken_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    taken_at = models.DateTimeField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    form_key = models.UUIDField(unique=True)

    def __str__(self) -> str:
        return self.title


class Thanks(models.Model):
    """A thank-you, kept without counting anybody's."""

    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE, related_name="thanks")
    from_side = models.ForeignKey(Side, on_delete=models.CASCADE, related_name="+")
    from_person = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    to_side = models.ForeignKey(Side, on_delete=models.CASCADE, related_name="+")
    to_person = models.ForeignKey(Person, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    activity = models.ForeignKey(Activity, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    text = models.CharField(max_length=LONGEST_LINE)
    language = models.CharField(max_length=10, default="en")
    said_at = models.DateTimeField()
    form_key = models.UUIDField(unique=True)

    class Meta:
        verbose_name_plural = "thanks"

    def __str__(self) -> str:
        return self.text


class HandOver(models.Model):
    """A steward leaves: what has to be passed on, until it is."""

    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE, related_name="hand_overs")
    side = models.ForeignKey(Side, on_delete=models.CASCADE, related_name="+")
    leaving = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    following = models.ForeignKey(Person, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    started_at = models.DateTimeField()
    last_day = models.DateField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    form_key = models.UUIDField(unique=True)

    def __str__(self) -> str:
        return f"hand-over in {self.partnership_id}"


class HandOverItem(models.Model):
    """One thing to pass on: ``key`` names one of the checklist, empty for one they wrote themselves."""

    hand_over = models.ForeignKey(HandOver, on_delete=models.CASCADE, related_name="items")
    key = models.CharField(max_length=40, blank=True)
    text = models.CharField(max_length=LONGEST_LINE, blank=True)
    note = models.CharField(max_length=LONGEST_TEXT, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")

    def __str__(self) -> str:
        return self.key or self.text
