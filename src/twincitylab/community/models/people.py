"""Accounts, and the keys with which programs act for them."""

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from twincitylab.community.choices import Digest
from twincitylab.community.models.lengths import LONGEST_NAME


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


class SentKey(models.Model):
    """The key under which a program once created something, and a digest of what it sent.

    It stays when the thing is deleted, so that the same request sent again does not bring it back.
    """

    key = models.UUIDField(unique=True)
    digest = models.CharField(max_length=64)
    sent_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.key)
