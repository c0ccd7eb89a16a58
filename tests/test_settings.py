"""Settings come from the environment and never from a real installation while tests run."""

import os
from pathlib import Path

from django.conf import settings


def test_home_while_testing_is_a_folder_of_its_own() -> None:
    assert Path(os.environ["TWINCITYLAB_HOME"]).resolve() == settings.HOME
