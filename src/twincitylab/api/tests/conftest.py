"""What the tests of this app share: a small atlas of real cities."""

from typing import Any

import pytest
from tests.sample_atlas import store_sample_atlas


@pytest.fixture
def atlas(db: None) -> None:
    """The sample atlas with its twinnings."""
    store_sample_atlas()


@pytest.fixture
def unlimited(settings: Any) -> None:
    """As many requests a minute as a test sends."""
    settings.API_RATE_PER_MINUTE = 0


@pytest.fixture
def lasting_atlas(real_database: None) -> None:
    """The sample atlas for tests with several connections, which see only what is committed."""
    store_sample_atlas()
