"""What a partnership does, and what it writes down: activities, notes, files, talk, decisions."""

import uuid

from django.db import models
from django.db.models import F, Q

from twincitylab.atlas.models import City
from twincitylab.community.choices import Mode, Topic
from twincitylab.community.models import LONGEST_ABOUT, LONGEST_LINE, LONGEST_NAME, LONGEST_TEXT, Person
from twincitylab.partnerships.choices import ActivityKind, ActivityState
from twincitylab.partnerships.models.partnerships import Partnership, Proposal, Side

MONEY = {"max_digits": 14, "decimal_places": 2, "null": True, "blank": True}


class Activity(models.Model):
    """Something done together, or planned. What each side gave stands in ``ActivitySide``; unknown is empty,
    never nought."""

    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE, related_name="activities")
    kind = models.CharField(max_length=12, choices=ActivityKind)
    state = models.CharField(max_length=10, choices=ActivityState, default=ActivityState.HELD)
    title = models.CharField(max_length=LONGEST_NAME)
    about = models.TextField(blank=True, max_length=LONGEST_ABOUT)
    language = models.CharField(max_length=10, default="en", help_text="Of the texts of this row.")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True, blank=True)
    mode = models.CharField(max_length=10, choices=Mode, default=Mode.ONLINE)
    place = models.CharField(max_length=LONGEST_LINE, blank=True)
    city = models.ForeignKey(City, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    host = models.ForeignKey(
        Side, null=True, blank=True, on_delete=models.CASCADE, related_name="+", help_text="Empty: together."
    )
    language_used = models.CharField(max_length=10, blank=True, help_text="Most of the talk.")
    topic = models.CharField(max_length=30, choices=Topic, blank=True)
    goals = models.JSONField(default=list, help_text="Numbers of the Sustainable Development Goals, 1 to 17.")
    outcome = models.TextField(blank=True, max_length=LONGEST_TEXT)
    is_put_to_use = models.BooleanField(
        null=True, blank=True, help_text="Whether what was learned has changed something at home."
    )
    put_to_use_by = models.ForeignKey(Side, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    story = models.TextField(blank=True, max_length=LONGEST_ABOUT, help_text="For the report and the public.")
    is_public = models.BooleanField(default=False, help_text="May stand on the public page.")
    made_by_side = models.ForeignKey(Side, on_delete=models.CASCADE, related_name="+")
    made_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    made_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    revision = models.PositiveIntegerField(default=1)
    form_key = models.UUIDField(unique=True)

    class Meta:
        verbose_name_plural = "activities"
        constraints = (
            models.CheckConstraint(condition=Q(kind__in=ActivityKind.values), name="activity_kind_is_known"),
            models.CheckConstraint(
                condition=Q(state__in=ActivityState.values), name="activity_state_is_known"
            ),
            models.CheckConstraint(
                condition=Q(ends_at__isnull=True) | Q(ends_at__gte=F("starts_at")),
                name="activity_ends_after_its_start",
            ),
        )
        indexes = (models.Index(fields=["partnership", "starts_at"], name="activity_by_time"),)

    def __str__(self) -> str:
        return self.title


class ActivitySide(models.Model):
    """What one side gave to an activity: people, hours of all of them together, money, things."""

    activity = models.ForeignKey(Activity, on_delete=models.CASCADE, related_name="contributions")
    side = models.ForeignKey(Side, on_delete=models.CASCADE, related_name="+")
    people = models.PositiveIntegerField(null=True, blank=True)
    new_people = models.PositiveIntegerField(null=True, blank=True, help_text="There for the first time.")
    hours = models.DecimalField(max_digits=9, decimal_places=2, null=True, blank=True)
    money = models.DecimalField(**MONEY)  # type: ignore[arg-type]
    in_kind = models.CharField(max_length=LONGEST_LINE, blank=True)
    in_kind_worth = models.DecimalField(**MONEY)  # type: ignore[arg-type]

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["activity", "side"], name="a_side_gives_in_one_row"),
            models.CheckConstraint(
                condition=(Q(hours__isnull=True) | Q(hours__gte=0))
                & (Q(money__isnull=True) | Q(money__gte=0))
                & (Q(in_kind_worth__isnull=True) | Q(in_kind_worth__gte=0)),
                name="contributions_are_not_negative",
            ),
        )

    def __str__(self) -> str:
        return f"side {self.side_id} in {self.activity_id}"


class ActivityPerson(models.Model):
    """Who of a side carried the contact at an activity; a former member keeps the row, without a name."""

    activity = models.ForeignKey(Activity, on_delete=models.CASCADE, related_name="people")
    side = models.ForeignKey(Side, on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        constraints = (models.UniqueConstraint(fields=["activity", "person"], name="a_person_carries_once"),)

    def __str__(self) -> str:
        return f"somebody of {self.side_id} in {self.activity_id}"


class Note(models.Model):
    """A shared text; ``revision`` lets two who write at once notice each other."""

    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE, related_name="notes")
    title = models.CharField(max_length=LONGEST_NAME)
    text = models.TextField(max_length=20_000, blank=True)
    language = models.CharField(max_length=10, default="en")
    side = models.ForeignKey(Side, on_delete=models.CASCADE, related_name="+")
    changed_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    made_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    revision = models.PositiveIntegerField(default=1)
    form_key = models.UUIDField(unique=True)

    def __str__(self) -> str:
        return self.title


class SharedFile(models.Model):
    """A file both sides have; its bytes lie in the data home under ``files/<partnership>/<key>``."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE, related_name="files")
    activity = models.ForeignKey(
        Activity, null=True, blank=True, on_delete=models.SET_NULL, related_name="files"
    )
    name = models.CharField(max_length=LONGEST_NAME)
    about = models.CharField(max_length=LONGEST_LINE, blank=True)
    media_type = models.CharField(max_length=80)
    size = models.PositiveIntegerField(help_text="Bytes.")
    digest = models.CharField(max_length=64, help_text="SHA-256 of the stored bytes.")
    side = models.ForeignKey(Side, on_delete=models.CASCADE, related_name="+")
    made_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    made_at = models.DateTimeField()
    form_key = models.UUIDField(unique=True)

    def __str__(self) -> str:
        return self.name


class Thread(models.Model):
    """One subject that is talked about."""

    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE, related_name="threads")
    title = models.CharField(max_length=LONGEST_NAME)
    activity = models.ForeignKey(Activity, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    made_at = models.DateTimeField()
    last_at = models.DateTimeField()

    class Meta:
        indexes = (models.Index(fields=["partnership", "last_at"], name="thread_by_time"),)

    def __str__(self) -> str:
        return self.title


class Message(models.Model):
    thread = models.ForeignKey(Thread, on_delete=models.CASCADE, related_name="messages")
    side = models.ForeignKey(Side, on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    text = models.TextField(max_length=LONGEST_ABOUT)
    language = models.CharField(max_length=10, default="en")
    written_at = models.DateTimeField()
    form_key = models.UUIDField(unique=True)

    def __str__(self) -> str:
        return f"message in {self.thread_id}"


class Decision(models.Model):
    """What was decided, in one list: by consent, or written down from a meeting."""

    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE, related_name="decisions")
    day = models.DateField()
    text = models.CharField(max_length=LONGEST_TEXT, blank=True, help_text="Empty: the proposal says it.")
    language = models.CharField(max_length=10, default="en")
    activity = models.ForeignKey(Activity, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    proposal = models.OneToOneField(
        Proposal, null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    side = models.ForeignKey(Side, on_delete=models.CASCADE, related_name="+", help_text="Who wrote it down.")
    made_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    made_at = models.DateTimeField()
    form_key = models.UUIDField(unique=True)

    def __str__(self) -> str:
        return f"decision of {self.day}"


class CalendarKey(models.Model):
    """The secret in the address of one person's calendar of a partnership; only its digest is kept."""

    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    digest = models.CharField(max_length=64, unique=True, help_text="SHA-256 of the secret.")
    made_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["partnership", "person"], name="one_calendar_address_a_person"),
        )

    def __str__(self) -> str:
        return f"calendar of {self.person_id} in {self.partnership_id}"
