"""How a program calls the API in tests: with a person's token, or as a visitor."""

import json
import uuid
from typing import Any

from django.test import Client
from django.utils import timezone

from twincitylab.community.models import Person
from twincitylab.community.operations.tokens import make_token


def token_of(person: Person, *, may_write: bool = True, days: int = 30) -> str:
    """The text of a new token of the person."""
    made = make_token(
        by=person,
        name="a program",
        may_write=may_write,
        days=days,
        form_key=uuid.uuid4(),
        now=timezone.now(),
    )
    return made.text


class Program:
    """Calls with the token of one person, or, without one, as a visitor."""

    def __init__(self, person: Person | None = None, *, may_write: bool = True, token: str = "") -> None:
        self.client = Client()
        self.token = token_of(person, may_write=may_write) if person else token

    def get(self, address: str, **headers: str) -> Any:
        return self.send("get", address, **headers)

    def read(self, address: str) -> dict[str, Any]:
        """The answer at an address that must answer."""
        response = self.get(address)
        assert response.status_code == 200, response.content
        answer: dict[str, Any] = response.json()
        return answer

    def send(
        self,
        method: str,
        address: str,
        body: object = None,
        *,
        key: uuid.UUID | str | None = None,
        **headers: str,
    ) -> Any:
        """``key`` is sent as the Idempotency-Key."""
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        if key:
            headers["Idempotency-Key"] = str(key)
        content = {} if body is None else {"data": json.dumps(body), "content_type": "application/json"}
        return getattr(self.client, method)(f"/api/v1/{address}", headers=headers, **content)

    def create(self, address: str, body: object, *, key: uuid.UUID | None = None) -> dict[str, Any]:
        """The answer to something that must be created."""
        response = self.send("post", address, body, key=key or uuid.uuid4())
        assert response.status_code == 201, response.content
        answer: dict[str, Any] = response.json()
        return answer


def fields(response: Any) -> list[str]:
    """The fields that a refusal names."""
    return [problem["field"] for problem in response.json()["problems"]]
