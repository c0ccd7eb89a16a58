"""The workspace two or more communities own equally, and what binds them: proposals and each side's yes."""

from django.db import models
from django.db.models import Q

from twincitylab.atlas.models import Twinning
from twincitylab.community.models import LONGEST_LINE, LONGEST_NAME, LONGEST_TEXT, Community, Person
from twincitylab.partnerships.choices import LIVING_PROPOSALS, ProposalKind, ProposalState, Stage
from twincitylab.partnerships.models.introductions import Introduction

LEAST_ANSWERS = 3
"""With two people answering, each would know what the other said."""


class Partnership(models.Model):
    """Owned by its sides alone. ``stage``, ``agreement``, ``budget``, ``twinning``, ``is_public`` and
    ``least_answers`` change only by a proposal to which every side has said yes."""

    slug = models.SlugField(max_length=20, unique=True, help_text="Drawn by lot: it tells nothing.")
    name = models.CharField(max_length=LONGEST_NAME)
    purpose = models.CharField(max_length=LONGEST_LINE, blank=True)
    language = models.CharField(max_length=10, default="en", help_text="Of name and purpose.")
    stage = models.CharField(max_length=10, choices=Stage, default=Stage.EXPLORING)
    stage_since = models.DateTimeField()
    stage_reason = models.CharField(max_length=LONGEST_TEXT, blank=True)
    introduction = models.OneToOneField(
        Introduction, null=True, blank=True, on_delete=models.SET_NULL, related_name="partnership"
    )
    twinning = models.ForeignKey(Twinning, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    agreement = models.ForeignKey(
        "AgreementVersion", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    review_on = models.DateField(null=True, blank=True, help_text="Of the agreement in force.")
    budget = models.JSONField(
        default=dict, help_text="Agreed: {'year': 2026, 'sides': {'<side id>': '1500.00'}}; may be empty."
    )
    currency = models.CharField(max_length=3, default="EUR", help_text="ISO 4217, of all sums here.")
    is_public = models.BooleanField(default=False)
    least_answers = models.PositiveSmallIntegerField(
        default=LEAST_ANSWERS, help_text="So many people a side before a check is opened."
    )
    is_demonstration = models.BooleanField(default=False)
    watched_on = models.DateField(null=True, blank=True, help_text="When its health was last looked at.")
    warned = models.JSONField(default=dict, help_text="Of which occasions the sides were told, by kind.")
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    revision = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(stage__in=Stage.values), name="partnership_stage_is_known"),
            models.CheckConstraint(
                condition=Q(least_answers__gte=LEAST_ANSWERS), name="enough_answers_to_hide_in"
            ),
            models.CheckConstraint(
                condition=~Q(stage__in=[Stage.PAUSED, Stage.ENDED]) | ~Q(stage_reason=""),
                name="pause_and_end_have_a_reason",
            ),
        )

    def __str__(self) -> str:
        return self.name


class Side(models.Model):
    """A community in a partnership; ``number`` 0 is side A. Capacities are what it can give, as it says."""

    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE, related_name="sides")
    community = models.ForeignKey(Community, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveSmallIntegerField()
    joined_at = models.DateTimeField(null=True, blank=True, help_text="Empty: invited, and not here yet.")
    left_at = models.DateTimeField(null=True, blank=True)
    left_reason = models.CharField(max_length=LONGEST_TEXT, blank=True)
    people = models.PositiveIntegerField(null=True, blank=True, help_text="Who can take part.")
    hours_a_month = models.DecimalField(
        max_digits=8, decimal_places=2, null=True, blank=True, help_text="Of all its people together."
    )
    money_a_year = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)

    class Meta:
        ordering = ("number",)
        constraints = (
            models.UniqueConstraint(fields=["partnership", "community"], name="a_community_is_one_side"),
            models.UniqueConstraint(fields=["partnership", "number"], name="sides_are_numbered"),
            models.CheckConstraint(
                condition=(Q(hours_a_month__isnull=True) | Q(hours_a_month__gte=0))
                & (Q(money_a_year__isnull=True) | Q(money_a_year__gte=0)),
                name="capacity_is_not_negative",
            ),
        )
        indexes = (models.Index(fields=["community", "left_at"], name="side_by_community"),)

    def __str__(self) -> str:
        return f"side {self.number} of {self.partnership_id}"

    @property
    def is_active(self) -> bool:
        """Whether its yes is needed: it has joined and not left."""
        return self.joined_at is not None and self.left_at is None


class Proposal(models.Model):
    """Something that would bind all sides. It takes effect only when every active side has said yes to one
    and the same ``ProposalVersion``; an edit makes a new version, to which only its maker has said yes."""

    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE, related_name="proposals")
    kind = models.CharField(max_length=20, choices=ProposalKind)
    state = models.CharField(max_length=10, choices=ProposalState, default=ProposalState.OPEN)
    side = models.ForeignKey(Side, on_delete=models.CASCADE, related_name="+", help_text="Who proposed it.")
    made_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    made_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by_side = models.ForeignKey(
        Side, null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    effective = models.OneToOneField(
        "ProposalVersion", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    form_key = models.UUIDField(unique=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["partnership", "kind"],
                condition=Q(state__in=[ProposalState.OPEN, ProposalState.OBJECTED]),
                name="one_living_proposal_of_a_kind",
            ),
            models.CheckConstraint(
                condition=Q(state=ProposalState.EFFECTIVE, effective__isnull=False)
                | (~Q(state=ProposalState.EFFECTIVE) & Q(effective__isnull=True)),
                name="what_takes_effect_is_a_version",
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} in {self.partnership_id}: {self.state}"

    @property
    def is_living(self) -> bool:
        """Whether it can still take effect."""
        return self.state in LIVING_PROPOSALS

    @property
    def is_settled(self) -> bool:
        return not self.is_living

    @property
    def objecting(self) -> frozenset[int]:
        """The sides that object now; one query where they do, unless ``objections`` are prefetched."""
        if self.state != ProposalState.OBJECTED:
            return frozenset()
        return frozenset(one.side_id for one in self.objections.all())


class Objection(models.Model):
    """What stands in one side's way, until it says yes or a new version answers it. Of a proposal that is
    settled it tells who objected last."""

    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="objections")
    side = models.ForeignKey(Side, on_delete=models.CASCADE, related_name="+")
    reason = models.CharField(max_length=LONGEST_TEXT)
    made_at = models.DateTimeField()

    class Meta:
        ordering = ("made_at", "pk")
        constraints = (
            models.UniqueConstraint(fields=["proposal", "side"], name="a_side_objects_once"),
            models.CheckConstraint(condition=~Q(reason=""), name="objection_has_a_reason"),
        )

    def __str__(self) -> str:
        return f"objection of {self.side_id} to {self.proposal_id}"


class ProposalVersion(models.Model):
    """Exactly what is proposed; never edited. ``digest`` is the SHA-256 of the canonical ``payload``."""

    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveSmallIntegerField()
    payload = models.JSONField()
    digest = models.CharField(max_length=64)
    reason = models.CharField(max_length=LONGEST_TEXT, blank=True)
    language = models.CharField(max_length=10, default="en")
    side = models.ForeignKey(Side, on_delete=models.CASCADE, related_name="+")
    made_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["proposal", "number"], name="versions_are_numbered"),)

    def __str__(self) -> str:
        return f"version {self.number} of proposal {self.proposal_id}"


class Consent(models.Model):
    """One side's yes to one version; once for each."""

    version = models.ForeignKey(ProposalVersion, on_delete=models.CASCADE, related_name="consents")
    side = models.ForeignKey(Side, on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    given_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["version", "side"], name="a_side_says_yes_once"),)

    def __str__(self) -> str:
        return f"yes of {self.side_id} to {self.version_id}"
