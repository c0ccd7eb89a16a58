"""Introductions: proposed contacts that both sides must accept."""

import datetime as dt

from django.db import models
from django.db.models import F, Q

from twincitylab.community.models import Community, Person
from twincitylab.partnerships.choices import (
    OPEN_STATES,
    Answer,
    DeclineReason,
    IntroductionState,
    IntroductionWay,
)

LONGEST_MESSAGE = 1200


class Introduction(models.Model):
    """A proposed contact of two communities; ``a`` has the smaller id, whoever proposed.

    It is accepted when ``answer_a`` and ``answer_b`` are both yes; whoever proposes has said yes. At most one
    may be open or accepted per pair.

    A side is veiled when it went into safety mode, changed its name there or became hidden after this was
    made: ``keeps_back`` says to whom nothing of it is shown any more.
    """

    a = models.ForeignKey(Community, on_delete=models.CASCADE, related_name="+")
    b = models.ForeignKey(Community, on_delete=models.CASCADE, related_name="+")
    way = models.CharField(max_length=12, choices=IntroductionWay, default=IntroductionWay.PROPOSAL)
    state = models.CharField(max_length=10, choices=IntroductionState, default=IntroductionState.PROPOSED)
    answer_a = models.CharField(max_length=3, choices=Answer, blank=True, default=Answer.NONE)
    answer_b = models.CharField(max_length=3, choices=Answer, blank=True, default=Answer.NONE)
    proposer = models.ForeignKey(
        Community,
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="+",
        help_text="Empty when both were interested or a facilitator proposed.",
    )
    facilitator = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.SET_NULL, related_name="+", help_text="Sits in."
    )
    message = models.TextField(blank=True, max_length=LONGEST_MESSAGE)
    message_language = models.CharField(max_length=10, default="en")
    decline_reason = models.CharField(max_length=20, choices=DeclineReason, blank=True)
    decline_note = models.CharField(max_length=300, blank=True)
    declined_by = models.ForeignKey(
        Community, null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    made_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    made_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField()
    form_key = models.UUIDField(unique=True)
    is_a_veiled = models.BooleanField(default=False)
    is_b_veiled = models.BooleanField(default=False)

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(a__lt=F("b")), name="introduction_of_two_in_one_direction"),
            models.UniqueConstraint(
                fields=["a", "b"],
                condition=Q(state__in=[*OPEN_STATES, IntroductionState.ACCEPTED]),
                name="one_living_introduction_per_pair",
            ),
            models.CheckConstraint(
                condition=Q(state__in=IntroductionState.values), name="introduction_state_is_known"
            ),
            models.CheckConstraint(
                condition=~Q(state=IntroductionState.ACCEPTED) | Q(answer_a=Answer.YES, answer_b=Answer.YES),
                name="accepted_means_both_said_yes",
            ),
            models.CheckConstraint(
                condition=~Q(state=IntroductionState.DECLINED) | ~Q(decline_reason=""),
                name="declined_with_a_reason",
            ),
        )
        indexes = (
            models.Index(fields=["a", "state"], name="introduction_by_a"),
            models.Index(fields=["b", "state"], name="introduction_by_b"),
        )

    def __str__(self) -> str:
        return f"{self.a_id} – {self.b_id}: {self.state}"

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_STATES

    def is_overdue(self, *, now: dt.datetime) -> bool:
        """Open for too long: whether the worker has come by or not, nobody can answer any more."""
        return self.is_open and self.expires_at <= now

    def answer_of(self, side: int) -> str:
        """What the community with this id has said."""
        return self.answer_a if side == self.a_id else self.answer_b

    def across(self, side: int) -> int:
        """The id of the community on the other side."""
        return self.b_id if side == self.a_id else self.a_id

    def keeps_back(self, side: int, *, reader: int = 0) -> bool:
        """Whether a side is not shown to the side that reads, or to the facilitator (0): what it is now must
        not be found by what it was, except by itself and by those it has met."""
        is_veiled = self.is_a_veiled if side == self.a_id else self.is_b_veiled
        has_met = bool(reader) and self.state == IntroductionState.ACCEPTED
        return is_veiled and side != reader and not has_met

    def say(self, side: int, answer: Answer) -> None:
        """Note what one side says; whoever calls it saves."""
        if side == self.a_id:
            self.answer_a = answer
        else:
            self.answer_b = answer


class IntroductionNote(models.Model):
    """A question or an answer of one side, or of the facilitator (without a side), before both decide."""

    introduction = models.ForeignKey(Introduction, on_delete=models.CASCADE, related_name="notes")
    side = models.ForeignKey(Community, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    text = models.TextField(max_length=LONGEST_MESSAGE)
    language = models.CharField(max_length=10, default="en")
    written_at = models.DateTimeField()
    form_key = models.UUIDField(unique=True)

    def __str__(self) -> str:
        return f"note on {self.introduction_id}"


class Interest(models.Model):
    """Told in private: this community would like to meet that one. When it is mutual, they are introduced."""

    community = models.ForeignKey(Community, on_delete=models.CASCADE, related_name="+")
    other = models.ForeignKey(Community, on_delete=models.CASCADE, related_name="+")
    made_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["community", "other"], name="one_interest_per_direction"),
            models.CheckConstraint(
                condition=~Q(community=F("other")), name="nobody_is_interested_in_themselves"
            ),
        )

    def __str__(self) -> str:
        return f"{self.community_id} would like to meet {self.other_id}"
