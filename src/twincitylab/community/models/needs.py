"""What communities seek and bring."""

from django.db import models
from django.db.models import Q

from twincitylab.community.choices import Direction, ExchangeKind, NeedState, Topic, Urgency
from twincitylab.community.models.communities import Community
from twincitylab.community.models.lengths import LONGEST_TEXT
from twincitylab.community.models.people import Person


class NeedOffer(models.Model):
    """What a community seeks (a need) or brings (an offer).

    ``form_key`` is made with the form, so that the same form sent twice makes one row.
    """

    community = models.ForeignKey(Community, on_delete=models.CASCADE, related_name="needs_offers")
    direction = models.CharField(max_length=5, choices=Direction)
    topic = models.CharField(max_length=40, choices=Topic)
    kind = models.CharField(max_length=10, choices=ExchangeKind)
    text = models.CharField(max_length=LONGEST_TEXT)
    language = models.CharField(max_length=10)
    urgency = models.CharField(max_length=10, choices=Urgency, blank=True, help_text="Of a need.")
    valid_until = models.DateField(null=True, blank=True)
    state = models.CharField(max_length=5, choices=NeedState, default=NeedState.OPEN)
    created_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    revision = models.PositiveIntegerField(default=1)
    form_key = models.UUIDField(unique=True)

    class Meta:
        verbose_name = "need or offer"
        verbose_name_plural = "needs and offers"
        constraints = (
            models.CheckConstraint(condition=Q(direction__in=Direction.values), name="direction_is_known"),
            models.CheckConstraint(condition=Q(topic__in=Topic.values), name="need_topic_is_known"),
            models.CheckConstraint(condition=Q(kind__in=ExchangeKind.values), name="exchange_kind_is_known"),
            models.CheckConstraint(condition=Q(urgency__in=["", *Urgency.values]), name="urgency_is_known"),
            models.CheckConstraint(condition=Q(state__in=NeedState.values), name="need_state_is_known"),
        )
        indexes = (
            models.Index(fields=["community", "state"], name="need_by_community"),
            # Holds all that is asked of it, so that counting looks at nothing else.
            models.Index(
                fields=["direction", "topic", "kind", "state", "valid_until", "community"],
                name="need_by_what_answers",
            ),
            models.Index(fields=["created_at"], name="need_by_age"),
        )

    def __str__(self) -> str:
        return f"{self.direction} {self.topic}"
