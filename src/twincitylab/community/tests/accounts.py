"""What tests of accounts share: reading a code from a mail, and signing up."""

import re

from django.core import mail
from django.test import Client

CODE = re.compile(r"^[A-Z0-9]{4}-[A-Z0-9]{4}$", re.MULTILINE)


def last_code() -> str:
    """The code of the last mail."""
    found = CODE.search(str(mail.outbox[-1].body))
    assert found, mail.outbox[-1].body
    return found.group()


def sign_up(client: Client, *, email: str, name: str = "Amina", password: str = "") -> None:
    """Make an account and confirm the address; the client is signed in afterwards."""
    client.post("/accounts/signup/", {"name": name, "email": email, "password1": password})
    client.post("/accounts/confirm-email/", {"code": last_code()})


def sign_in_by_code(client: Client, *, email: str) -> None:
    client.post("/accounts/login/code/", {"email": email})
    client.post("/accounts/login/code/confirm/", {"code": last_code()})
