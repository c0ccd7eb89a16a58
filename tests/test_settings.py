"""Settings come from the environment and never from a real installation while tests run."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
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


@pytest.mark.parametrize(("mode", "backend"), [("1", "twincitylab.base.mail.Folder"), ("0", "smtp")])
def test_a_demonstration_mails_nobody(tmp_path: Path, mode: str, backend: str) -> None:
    asked = "from django.conf import settings; print(settings.EMAIL_BACKEND)"
    told = subprocess.run(
        [sys.executable, "-c", asked],
        env={
            "DJANGO_SETTINGS_MODULE": "twincitylab.config.settings",
            "TWINCITYLAB_HOME": str(tmp_path),
            "TWINCITYLAB_EMAIL_URL": "smtp://mail.example.org:25",
            "TWINCITYLAB_DEMONSTRATION": mode,
        },
        capture_output=True,
        text=True,
        check=True,
    )
    assert backend in told.stdout
