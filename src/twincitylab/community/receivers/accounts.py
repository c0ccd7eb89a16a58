"""What allauth asks: how a mail is written, and what happens when an address is confirmed."""

from typing import Any, ClassVar

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import record_authentication
from allauth.account.models import EmailAddress
from allauth.account.utils import user_pk_to_url_str
from allauth.core import context as current
from django.conf import settings
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from twincitylab.base import mail
from twincitylab.community.models import Person
from twincitylab.community.operations.accounts import reader_language

PENDING_LOGIN = "account_login"


class AccountAdapter(DefaultAccountAdapter):
    """Allauth's questions, answered in our way."""

    error_messages: ClassVar[dict[str, Any]] = {
        **DefaultAccountAdapter.error_messages,
        "too_many_login_attempts": gettext_lazy(
            "Too many wrong tries. Wait five minutes, or sign in in another way."
        ),
    }

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Plain text in the language of the person the address belongs to, else of the page."""
        person = _person_of(email)
        language = person.language if person else reader_language()
        zone = person.timezone if person else settings.TIME_ZONE
        words = {"email": email, "site": mail.absolute("/"), **context}
        with translation.override(language), timezone.override(zone):
            subject = render_to_string(f"{template_prefix}_subject.txt", words)
            text = render_to_string(f"{template_prefix}_message.txt", words, current.request)
        mail.send(email, language=language, subject=subject, text=text)

    def get_reauthentication_methods(self, user: Person) -> list[dict[str, Any]]:
        """The ways to show that it is still oneself, in the words of our pages."""
        words = {
            "reauthenticate": _("By your password"),
            "mfa_reauthenticate": _("By the authenticator app or a recovery code"),
            "mfa_reauthenticate:webauthn": _("By a passkey"),
        }
        ways = super().get_reauthentication_methods(user)
        return [{**way, "description": words.get(way["id"], way["description"])} for way in ways]


def on_address_confirmed(*, request: HttpRequest, email_address: EmailAddress, **_more: object) -> None:
    """Keep the password of a sign-up only for the browser that chose it.

    Somebody may have signed up with an address that is not theirs, and a password they know. When its owner
    confirms the address elsewhere, by a code to sign in, that password must not open the owner's account.
    """
    person = email_address.user
    if not isinstance(person, Person) or person.last_login is not None:
        return
    pending = request.session.get(PENDING_LOGIN) or {}
    if pending.get("signup") and pending.get("user_pk") == user_pk_to_url_str(person):
        record_authentication(request, person, method="code", email=email_address.email)
    elif person.has_usable_password():
        person.set_unusable_password()
        person.save(update_fields=["password"])


def _person_of(email: str) -> Person | None:
    address = EmailAddress.objects.filter(email__iexact=email, verified=True).select_related("user").first()
    if address is not None:
        return Person.objects.filter(pk=address.user_id).first()
    return Person.objects.filter(email__iexact=email).first()
