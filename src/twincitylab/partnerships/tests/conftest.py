"""What tests of introductions share: a small atlas, and two communities with their people."""

import pytest


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
