"""Settings come from the environment and never from a real installation while tests run."""

import os
from pathlib import Path

from django.conf import settings

from twincitylab.config.home import EMPTY_BYTES, only_a_demonstration_is_there


def test_home_while_testing_is_a_folder_of_its_own() -> None:
    assert Path(os.environ["TWINCITYLAB_HOME"]).resolve() == settings.HOME


def test_commands_mean_the_demonstration_only_while_there_is_nothing_else(tmp_path: Path) -> None:
    told = [only_a_demonstration_is_there(tmp_path)]
    (tmp_path / "demonstration.sqlite3").touch()
    told.append(only_a_demonstration_is_there(tmp_path))
    own = tmp_path / "twincitylab.sqlite3"
    own.write_bytes(b"x" * 4096)
    told.append(only_a_demonstration_is_there(tmp_path))
    own.write_bytes(b"x" * (EMPTY_BYTES + 1))
    told.append(only_a_demonstration_is_there(tmp_path))
    assert told == [False, True, True, False]
