"""The sample atlas, for every test that asks for it by name."""

import pytest


@pytest.fixture
def sample_atlas(db: None) -> None:
    """About 65 real cities."""
    # Read before Django is ready otherwise.
    from twincitylab.atlas.tests.sample import load_sample_atlas

    load_sample_atlas()
