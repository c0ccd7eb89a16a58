"""What the tests of this app share: a small atlas of real cities."""

import pytest
from tests.sample_atlas import store_sample_atlas


@pytest.fixture
def atlas(db: None) -> None:
    """The sample atlas with its twinnings."""
    store_sample_atlas()
