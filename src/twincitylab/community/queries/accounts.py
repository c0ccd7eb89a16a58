"""How a person signs in, and what is new for them."""

from dataclasses import dataclass

from django.db.models import Count, Q

from twincitylab.community.models import Person


@dataclass(frozen=True)
class WaysToSignIn:
    """What opens a person's account, besides a code by mail."""

    has_password: bool
    has_authenticator_app: bool
    passkeys: int
    has_recovery_codes: bool
    sessions: int
    tokens: int

    @property
    def needs_more_than_mail(self) -> bool:
        return not (self.has_password or self.passkeys or self.has_authenticator_app)


def ways_to_sign_in(person: Person) -> WaysToSignIn:
    """Three queries."""
    from allauth.mfa.models import Authenticator
    from allauth.usersessions.models import UserSession

    kinds = Authenticator.Type
    found = Authenticator.objects.filter(user=person).aggregate(
        app=Count("pk", filter=Q(type=kinds.TOTP)),
        passkeys=Count("pk", filter=Q(type=kinds.WEBAUTHN)),
        recovery=Count("pk", filter=Q(type=kinds.RECOVERY_CODES)),
    )
    return WaysToSignIn(
        has_password=person.has_usable_password(),
        has_authenticator_app=bool(found["app"]),
        passkeys=found["passkeys"],
        has_recovery_codes=bool(found["recovery"]),
        sessions=UserSession.objects.filter(user=person).count(),
        tokens=person.api_tokens.count(),
    )
