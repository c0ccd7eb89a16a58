"""``twincitylab facilitator``: who may verify communities and introduce them to each other."""

from typing import Annotated

import typer
from django.utils.translation import gettext as _

from twincitylab.cli.speaking import fail, say


def facilitator(
    email: Annotated[str, typer.Argument(help="The address with which the person has signed up.")],
    *,
    remove: Annotated[bool, typer.Option("--remove", help="Take the right back.")] = False,
) -> None:
    """Let somebody verify communities and introduce them to each other."""
    from django.utils import timezone

    from twincitylab.community.operations.facilitators import NobodyThere, appoint_facilitator

    try:
        person = appoint_facilitator(email=email, is_facilitator=not remove, now=timezone.now())
    except NobodyThere:
        fail(_("Nobody has signed up with the address %(email)s.") % {"email": email})
    words = {"name": person.name, "email": person.email}
    if person.is_facilitator:
        say(_("%(name)s (%(email)s) may now verify communities and introduce them.") % words)
    else:
        say(_("%(name)s (%(email)s) is no facilitator any more.") % words)
