"""What tests of people and communities share."""

from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from django.utils import translation


@pytest.fixture(autouse=True)
def no_language_left_behind() -> Iterator[None]:
    """A page in somebody's language does not make the next test speak it."""
    yield
    translation.deactivate()


@pytest.fixture
def atlas(db: None) -> None:
    """The sample atlas in the database."""
    from tests.sample_atlas import store_sample_atlas

    store_sample_atlas()


@pytest.fixture
def lasting_atlas(real_database: None) -> None:
    """The same for tests with several connections, which see only what is committed."""
    from tests.sample_atlas import store_sample_atlas

    store_sample_atlas()


@pytest.fixture
def mails_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Mails go out although the transaction of a test never ends."""
    monkeypatch.setattr("twincitylab.base.mail.transaction", SimpleNamespace(on_commit=lambda send: send()))
