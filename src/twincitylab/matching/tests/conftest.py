"""What the tests of this app share: a small atlas of real cities, and nothing remembered between tests."""

from collections.abc import Iterator

import pytest
from tests.sample_atlas import store_sample_atlas

from twincitylab.matching.engine.communities import rounds, store


@pytest.fixture
def atlas(db: None) -> None:
    """The sample atlas with its twinnings."""
    store_sample_atlas()


@pytest.fixture(autouse=True)
def no_communities_remembered() -> Iterator[None]:
    """Ids are given again after a test: what was remembered of them would be of others."""
    store.forget()
    rounds.forget()
    yield
    store.forget()
    rounds.forget()
