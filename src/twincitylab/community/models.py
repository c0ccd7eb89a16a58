"""People, their communities, what these seek and bring, and whom a city's communities know."""

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from twincitylab.atlas.models import City, KeyField
from twincitylab.community.choices import (
    AgeGroup,
    CommunityKind,
    CommunitySize,
    Consent,
    ContactKind,
    Digest,
    Direction,
    ExchangeKind,
    Mode,
    NeedState,
    Role,
    Sector,
    Topic,
    Urgency,
    Visibility,
)

MOST_CAPACITY = 9
LONGEST_NAME, LONGEST_LINE, LONGEST_TEXT, LONGEST_ABOUT = 120, 200, 600, 4000
LONGEST_DISTRICT = 80


class PersonManager(BaseUserManager["Person"]):
    """Makes accounts; an e-mail address is compared without regard to capitals."""

    def get_by_natural_key(self, username: str | None) -> "Person":
        return self.get(email__iexact=username)

    def create_user(self, email: str, name: str = "", password: str | None = None, **more: Any) -> "Person":
        person = self.model(email=self.normalize_email(email).lower(), name=name, **more)
        person.set_password(password)
        person.save(using=self._db)
        return person

    def create_superuser(self, email: str, name: str = "", password: str | None = None) -> "Person":
        return self.create_user(email, name, password, is_staff=True, is_superuser=True)


class Person(AbstractBaseUser, PermissionsMixin):
    """Somebody with an account: a name and an e-mail address are all that is needed."""

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=LONGEST_NAME)
    language = models.CharField(max_length=10, default="en", help_text="Language of pages and mails.")
    timezone = models.CharField(max_length=40, default="UTC", help_text="IANA name.")
    digest = models.CharField(max_length=10, choices=Digest, default=Digest.AT_ONCE)
    digest_sent_at = models.DateTimeField(null=True, blank=True)
    is_facilitator = models.BooleanField(
        default=False, help_text="May verify communities and introduce them."
    )
    is_staff = models.BooleanField(default=False, help_text="May open the administration.")
    is_active = models.BooleanField(default=True)
    is_demonstration = models.BooleanField(default=False)
    joined_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[PersonManager] = PersonManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    class Meta:
        verbose_name_plural = "people"
        constraints = (
            models.UniqueConstraint(Lower("email"), name="one_account_per_address"),
            models.CheckConstraint(condition=Q(digest__in=Digest.values), name="digest_is_known"),
        )

    def __str__(self) -> str:
        return self.name

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name


class ApiToken(models.Model):
    """A key with which a program reads or writes in a person's name; only its digest is stored."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="api_tokens")
    name = models.CharField(max_length=80)
    digest = models.CharField(max_length=64, unique=True)
    scopes = models.JSONField(default=list, help_text="Of: read, write.")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.name


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


class SentKey(models.Model):
    """The key under which a program once created something, and a digest of what it sent.

    It stays when the thing is deleted, so that the same request sent again does not bring it back.
    """

    key = models.UUIDField(unique=True)
    digest = models.CharField(max_length=64)
    sent_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.key)


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


class Contact(models.Model):
    """One entry of the actor map that a community's stewards keep of their city: a person, an organisation
    or a place that somebody recommended. Private to the stewards; public only with ``consent`` given."""

    community = models.ForeignKey(Community, on_delete=models.CASCADE, related_name="contacts")
    kind = models.CharField(max_length=12, choices=ContactKind)
    name = models.CharField(max_length=LONGEST_NAME)
    sector = models.CharField(max_length=20, choices=Sector, blank=True)
    district = models.CharField(max_length=LONGEST_DISTRICT, blank=True)
    topic = models.CharField(max_length=40, choices=Topic, blank=True)
    age_group = models.CharField(max_length=10, choices=AgeGroup, blank=True, help_text="Whom it reaches.")
    reach = models.CharField(
        max_length=LONGEST_LINE, blank=True, help_text="How to reach them; never public."
    )
    note = models.CharField(max_length=LONGEST_TEXT, blank=True)
    recommended_by = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="recommends"
    )
    consent = models.CharField(max_length=10, choices=Consent, default=Consent.NOT_ASKED)
    consent_at = models.DateTimeField(null=True, blank=True)
    invitation = models.ForeignKey(
        Invitation, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    asked_further_date = models.DateField(
        null=True, blank=True, help_text="When it was asked for further contacts."
    )
    form_key = models.UUIDField(
        null=True, blank=True, unique=True, help_text="Made with the form; none for a line of a file."
    )
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(kind__in=ContactKind.values), name="contact_kind_is_known"),
            models.CheckConstraint(condition=Q(consent__in=Consent.values), name="contact_consent_is_known"),
            models.CheckConstraint(
                condition=~Q(consent=Consent.GIVEN) | Q(consent_at__isnull=False),
                name="given_consent_has_a_date",
            ),
            models.CheckConstraint(
                condition=Q(recommended_by__isnull=True) | ~Q(recommended_by=models.F("pk")),
                name="nobody_recommends_themselves",
            ),
        )

    def __str__(self) -> str:
        return self.name


class CityDistrict(models.Model):
    """A district of its city in which a community wants to know somebody; kept in the order given."""

    community = models.ForeignKey(Community, on_delete=models.CASCADE, related_name="districts")
    name = models.CharField(max_length=LONGEST_DISTRICT)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["community", "name"], name="one_row_per_community_and_district"),
        )

    def __str__(self) -> str:
        return self.name


class Notice(models.Model):
    """Something a person should know, shown in the inbox and told by mail as often as the person wishes.

    ``kind`` names a sentence, ``words`` its identifiers and names; the sentence is made when it is read, in
    the reader's language. ``address`` is the page to go to.
    """

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="notices")
    community = models.ForeignKey(
        Community,
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="+",
        help_text="On whose behalf the person hears of it.",
    )
    kind = models.CharField(max_length=40)
    words = models.JSONField(default=dict)
    address = models.CharField(max_length=300)
    made_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)
    mailed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = (
            models.Index(fields=["person", "-made_at"], name="notice_by_person"),
            models.Index(fields=["mailed_at", "person"], name="notice_to_mail"),
        )

    def __str__(self) -> str:
        return self.kind
