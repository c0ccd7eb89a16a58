"""The mails about what has happened: one for each person and period, in the person's language."""

import datetime as dt
from collections.abc import Sequence

from django.core import signing
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from twincitylab.base import mail
from twincitylab.community.models import Notice, Person
from twincitylab.community.queries.notices import notice_lines

MOST_LINES = 50
_SALT = "twincitylab.unsubscribe"


def send_digest(person: Person, *, notices: Sequence[Notice]) -> None:
    """One mail with all that is new for the person; it goes out when the transaction has ended well."""
    with translation.override(person.language):
        subject, text = digest_words(person, notices=notices)
    mail.send(
        person.email,
        language=person.language,
        subject=subject,
        text=text,
        unsubscribe_url=mail.absolute(unsubscribe_path(person)),
    )


def send_last_mail(person: Person, *, now: dt.datetime) -> None:
    """To the address of somebody whose account was erased, once the transaction has ended well."""
    with translation.override(person.language):
        subject = _("Your account at Twin City Lab was erased")
        text = "\n\n".join(
            (
                _("Hello %(name)s,") % {"name": person.name},
                _("Your account and all that was yours was erased on %(date)s. This is our last mail to you.")
                % {"date": now.date().isoformat()},
                _(
                    "If it was not you, somebody else could sign in as you. What is erased cannot be brought "
                    "back: make your mailbox safe first, then sign up anew, and tell those you worked with."
                ),
            )
        )
    mail.send(person.email, language=person.language, subject=subject, text=text)


def digest_words(person: Person, *, notices: Sequence[Notice]) -> tuple[str, str]:
    """Subject and text, in the language in force. The subject names nobody: it is read over shoulders."""
    count = len(notices)
    lines = notice_lines(notices[:MOST_LINES], reader=person)
    subject = ngettext(
        "Twin City Lab: %(count)d piece of news", "Twin City Lab: %(count)d pieces of news", count
    )
    parts = [
        _("Hello %(name)s,") % {"name": person.name},
        *(f"{line.sentence}\n{mail.absolute(line.address)}" for line in lines),
    ]
    if count > MOST_LINES:
        left = count - MOST_LINES
        parts.append(ngettext("and %(count)d more", "and %(count)d more", left) % {"count": left})
    parts += [
        _("All that is new:") + "\n" + mail.absolute(reverse("partnerships:inbox")),
        _("Fewer mails, or none, without signing in:") + "\n" + mail.absolute(unsubscribe_path(person)),
    ]
    return subject % {"count": count}, "\n\n".join(parts) + "\n"


def unsubscribe_path(person: Person) -> str:
    """The address that turns the person's mails off: signed, with nothing secret in it, and good for ever."""
    return reverse("partnerships:unsubscribe", args=[signing.Signer(salt=_SALT).sign(str(person.pk))])


def person_of_token(token: str) -> Person | None:
    """Whose mails the token is about; None when it was not signed here, or nobody is there any more."""
    try:
        pk = signing.Signer(salt=_SALT).unsign(token)
    except signing.BadSignature:
        return None
    return Person.objects.filter(pk=int(pk), is_active=True).first() if pk.isdigit() else None
