"""Communities, who sits in them and how somebody comes in, and how two of them see each other."""

from django.db import models
from django.db.models import Q

from twincitylab.atlas.models import City, KeyField
from twincitylab.community.choices import CommunityKind, CommunitySize, Mode, Role, Topic, Visibility
from twincitylab.community.models.lengths import LONGEST_ABOUT, LONGEST_LINE, LONGEST_NAME
from twincitylab.community.models.people import Person

MOST_CAPACITY = 9


class Community(models.Model):
    """People of one city with one purpose.

    In safety mode it appears under ``pseudonym`` instead of ``name``, in no public list, and, if wished,
    without its city. ``revision`` grows with every change, so that two who edit at once notice each other.
    ``matched_at`` changes whenever anything changes that matching looks at, its needs and offers too.
    """

    slug = models.SlugField(max_length=80, unique=True)
    name = models.CharField(max_length=LONGEST_NAME)
    city = models.ForeignKey(City, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20, choices=CommunityKind)
    purpose = models.CharField(max_length=LONGEST_LINE, help_text="In one sentence: what for.")
    about = models.TextField(blank=True, max_length=LONGEST_ABOUT)
    about_language = models.CharField(max_length=10, default="en", help_text="Of purpose and about.")
    website = models.URLField(blank=True, max_length=300)
    since = models.PositiveSmallIntegerField(null=True, blank=True, help_text="Year.")
    size = models.CharField(max_length=10, choices=CommunitySize, default=CommunitySize.TENS)
    capacity = models.PositiveSmallIntegerField(
        default=1, help_text="How many new partnerships it can carry."
    )
    mode_online = models.BooleanField(default=True)
    mode_visit = models.BooleanField(default=False)
    mode_hybrid = models.BooleanField(default=False)
    visibility = models.CharField(max_length=10, choices=Visibility, default=Visibility.PUBLIC)
    is_safe_mode = models.BooleanField(default=False)
    pseudonym = models.CharField(max_length=LONGEST_NAME, blank=True)
    hides_city = models.BooleanField(default=False, help_text="In safety mode: only the country is shown.")
    verified_at = models.DateTimeField(null=True, blank=True)
    verified_by = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    verified_reason = models.CharField(max_length=LONGEST_LINE, blank=True)
    verification_asked_at = models.DateTimeField(
        null=True, blank=True, help_text="Since then facilitators may open the page to verify it."
    )
    is_demonstration = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    matched_at = models.DateTimeField(db_index=True)
    closed_at = models.DateTimeField(
        null=True, blank=True, help_text="Given up; kept where others depend on it."
    )
    revision = models.PositiveIntegerField(default=1)
    form_key = models.UUIDField(
        unique=True, null=True, blank=True, help_text="Made with the form that founded it."
    )

    class Meta:
        verbose_name_plural = "communities"
        constraints = (
            models.CheckConstraint(
                condition=Q(kind__in=CommunityKind.values), name="community_kind_is_known"
            ),
            models.CheckConstraint(
                condition=Q(size__in=CommunitySize.values), name="community_size_is_known"
            ),
            models.CheckConstraint(
                condition=Q(visibility__in=Visibility.values), name="community_visibility_is_known"
            ),
            models.CheckConstraint(condition=Q(capacity__lte=MOST_CAPACITY), name="capacity_is_small"),
            models.CheckConstraint(
                condition=Q(mode_online=True) | Q(mode_visit=True) | Q(mode_hybrid=True),
                name="community_meets_somehow",
            ),
            models.CheckConstraint(
                condition=Q(is_safe_mode=False) | ~Q(pseudonym=""), name="safe_mode_has_a_pseudonym"
            ),
            models.CheckConstraint(
                condition=Q(is_safe_mode=True) | Q(hides_city=False), name="only_safe_mode_hides_the_city"
            ),
            models.CheckConstraint(
                condition=Q(verified_at__isnull=True) | ~Q(verified_reason=""),
                name="verification_has_a_reason",
            ),
        )
        indexes = (models.Index(fields=["city", "visibility"], name="community_by_city"),)

    def __str__(self) -> str:
        return self.shown_name

    @property
    def shown_name(self) -> str:
        """The name others see; in safety mode never the real one."""
        return self.pseudonym if self.is_safe_mode else self.name

    @property
    def modes(self) -> tuple[Mode, ...]:
        given = (
            (Mode.ONLINE, self.mode_online),
            (Mode.VISIT, self.mode_visit),
            (Mode.HYBRID, self.mode_hybrid),
        )
        return tuple(mode for mode, is_on in given if is_on)


class CommunityTopic(models.Model):
    community = models.ForeignKey(Community, on_delete=models.CASCADE, related_name="topics")
    topic = models.CharField(max_length=40, choices=Topic)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["community", "topic"], name="one_row_per_community_and_topic"),
            models.CheckConstraint(condition=Q(topic__in=Topic.values), name="community_topic_is_known"),
        )
        indexes = (models.Index(fields=["topic", "community"], name="community_by_topic"),)

    def __str__(self) -> str:
        return self.topic


class CommunityLanguage(models.Model):
    """A language in which the community can work with others; CLDR code such as ``de``."""

    community = models.ForeignKey(Community, on_delete=models.CASCADE, related_name="languages")
    language = models.CharField(max_length=20)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["community", "language"], name="one_row_per_community_and_language"
            ),
        )
        indexes = (models.Index(fields=["language", "community"], name="community_by_language"),)

    def __str__(self) -> str:
        return self.language


class CommunityWord(models.Model):
    """A word by which the directory finds a community; one that is not listed has none."""

    community = models.ForeignKey(Community, on_delete=models.CASCADE, related_name="words")
    key = KeyField(max_length=40, help_text="As ``rules.words`` writes it: folded, in any script.")
    is_name = models.BooleanField(help_text="Stands in its name.")

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["key", "community"], name="one_row_per_word_and_community"),
        )
        # Those few are asked for on their own, to come first.
        indexes = (models.Index(fields=["key", "community"], condition=Q(is_name=True), name="word_of_name"),)

    def __str__(self) -> str:
        return self.key


class Membership(models.Model):
    """A person's seat in a community."""

    community = models.ForeignKey(Community, on_delete=models.CASCADE, related_name="memberships")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=10, choices=Role, default=Role.MEMBER)
    since = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["community", "person"], name="one_seat_per_person"),
            models.CheckConstraint(condition=Q(role__in=Role.values), name="role_is_known"),
        )

    def __str__(self) -> str:
        return f"{self.person_id} in {self.community_id}: {self.role}"


class Invitation(models.Model):
    """A way into a community: by link for anybody who has it, or by mail for one address.

    Only the digest of the token is stored. ``email`` is empty for a link.
    """

    community = models.ForeignKey(Community, on_delete=models.CASCADE, related_name="invitations")
    role = models.CharField(max_length=10, choices=Role, default=Role.MEMBER)
    email = models.EmailField(blank=True)
    digest = models.CharField(max_length=64, unique=True)
    made_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    uses_left = models.PositiveSmallIntegerField(default=1)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(role__in=Role.values), name="invited_role_is_known"),
        )

    def __str__(self) -> str:
        return f"invitation to {self.community_id}"


class NoMoreInvitations(models.Model):
    """Somebody wants no more mails of invitation; only a digest of the address is stored."""

    digest = models.CharField(max_length=64, unique=True)
    said_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "no more invitations"

    def __str__(self) -> str:
        return self.digest[:8]


class CommunityBlock(models.Model):
    """One community does not want to hear from another; the other is never told."""

    community = models.ForeignKey(Community, on_delete=models.CASCADE, related_name="blocks")
    blocked = models.ForeignKey(Community, on_delete=models.CASCADE, related_name="+")
    made_at = models.DateTimeField()
    is_silent = models.BooleanField(
        default=False, help_text="The other has another name since: the block holds, and is shown to nobody."
    )

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["community", "blocked"], name="one_block_per_pair"),
            models.CheckConstraint(
                condition=~Q(community=models.F("blocked")), name="nobody_blocks_themselves"
            ),
        )

    def __str__(self) -> str:
        return f"{self.community_id} blocks {self.blocked_id}"


class Disclosure(models.Model):
    """A community lets another one see it, whatever its visibility: it has proposed or accepted to meet."""

    community = models.ForeignKey(Community, on_delete=models.CASCADE, related_name="disclosures")
    to = models.ForeignKey(Community, on_delete=models.CASCADE, related_name="+")
    since = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["community", "to"], name="one_disclosure_per_direction"),
            models.CheckConstraint(
                condition=~Q(community=models.F("to")), name="nobody_is_disclosed_to_themselves"
            ),
        )

    def __str__(self) -> str:
        return f"{self.community_id} is seen by {self.to_id}"
