"""Fair lists of the rounds that serve everybody, and what communities have said of their matches."""

from django.db import models
from django.db.models import F, Q

from twincitylab.community.models import Community
from twincitylab.matching.choices import RunState


class FairLists(models.Model):
    """One computation of the lists of everyone under one preset.

    ``key`` names exactly what it was computed from (atlas, twinnings, encoder, weights, rules): a result is
    current only while that key is. ``partners`` holds row numbers of the city table as little-endian int32,
    -1 for none, ``scores`` little-endian float32; both ``city_count`` x ``ranks``.
    """

    preset = models.CharField(max_length=20)
    state = models.CharField(max_length=10, choices=RunState, default=RunState.WAITING)
    key = models.CharField(max_length=64, blank=True)
    progress = models.FloatField(default=0.0, help_text="0 to 1.")
    asked_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True, blank=True)
    seen_at = models.DateTimeField(null=True, blank=True, help_text="Last sign of life while running.")
    finished_at = models.DateTimeField(null=True, blank=True)
    runner = models.CharField(max_length=120, blank=True, help_text="Machine and process that computes it.")
    attempts = models.PositiveSmallIntegerField(default=0)
    trouble = models.TextField(blank=True, help_text="Why it failed.")
    city_count = models.PositiveIntegerField(default=0)
    ranks = models.PositiveSmallIntegerField(default=0)
    partners = models.BinaryField(default=b"")
    scores = models.BinaryField(default=b"")

    class Meta:
        verbose_name_plural = "fair lists"
        constraints = (
            # One queued, one running and one finished computation of a preset: two at once give one result.
            models.UniqueConstraint(
                fields=["preset", "state"],
                condition=Q(state__in=["waiting", "running", "ready"]),
                name="one_computation_of_a_preset_per_state",
            ),
            models.CheckConstraint(condition=Q(state__in=RunState.values), name="fair_lists_state_is_known"),
            models.CheckConstraint(
                condition=Q(progress__gte=0, progress__lte=1), name="fair_lists_progress_is_a_share"
            ),
            models.CheckConstraint(
                condition=~Q(state="ready") | Q(finished_at__isnull=False, city_count__gt=0, ranks__gt=0),
                name="finished_fair_lists_have_a_date_and_lists",
            ),
        )

    def __str__(self) -> str:
        return f"{self.preset}: {self.state}"


class KnownPair(models.Model):
    """Two communities that have found each other already, so that neither is shown to the other any more."""

    a = models.ForeignKey(Community, on_delete=models.CASCADE, related_name="+")
    b = models.ForeignKey(Community, on_delete=models.CASCADE, related_name="+")
    since = models.DateTimeField()

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(a__lt=F("b")), name="known_pair_in_one_direction_of_two"),
            models.UniqueConstraint(fields=["a", "b"], name="one_row_per_known_pair"),
        )

    def __str__(self) -> str:
        return f"{self.a_id} – {self.b_id}"


class Feedback(models.Model):
    """Why a community did not want a match; its list learns from it. ``reason`` is that of a declined
    introduction or of a match set aside."""

    community = models.ForeignKey(Community, on_delete=models.CASCADE, related_name="+")
    other = models.ForeignKey(Community, on_delete=models.CASCADE, related_name="+")
    reason = models.CharField(max_length=20)
    given_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["community", "other"], name="one_feedback_per_direction"),
            models.CheckConstraint(condition=~Q(community=F("other")), name="nobody_turns_down_themselves"),
        )

    def __str__(self) -> str:
        return f"{self.community_id} on {self.other_id}: {self.reason}"


class CommunityRounds(models.Model):
    """One computation of the rounds that serve every community.

    ``communities`` holds their ids as little-endian int64, ``partners`` the ids at each rank, 0 for none,
    ``scores`` little-endian float32; the latter two are as many x ``ranks``. ``of`` is the moment the
    communities were read: whoever has changed since is given a list of its own.
    """

    state = models.CharField(max_length=10, choices=RunState, default=RunState.WAITING)
    of = models.DateTimeField(null=True, blank=True)
    version = models.CharField(max_length=80, blank=True, help_text="Of the encoding and the atlas.")
    progress = models.FloatField(default=0.0, help_text="0 to 1.")
    asked_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True, blank=True)
    seen_at = models.DateTimeField(null=True, blank=True, help_text="Last sign of life while running.")
    finished_at = models.DateTimeField(null=True, blank=True)
    trouble = models.TextField(blank=True, help_text="Why it failed.")
    ranks = models.PositiveSmallIntegerField(default=0)
    communities = models.BinaryField(default=b"")
    partners = models.BinaryField(default=b"")
    scores = models.BinaryField(default=b"")

    class Meta:
        verbose_name_plural = "community rounds"
        constraints = (
            models.UniqueConstraint(
                fields=["state"],
                condition=Q(state__in=["waiting", "running", "ready"]),
                name="one_computation_of_community_rounds_per_state",
            ),
            models.CheckConstraint(
                condition=Q(state__in=RunState.values), name="community_rounds_state_is_known"
            ),
            models.CheckConstraint(
                condition=~Q(state="ready") | Q(finished_at__isnull=False, of__isnull=False),
                name="finished_community_rounds_have_dates",
            ),
        )

    def __str__(self) -> str:
        return f"community rounds: {self.state}"
