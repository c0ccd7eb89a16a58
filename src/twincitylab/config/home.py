"""Where the data is kept: ``TWINCITYLAB_HOME``, ``./var`` in a clone, else the user's data folder."""

import os
import secrets
import sys
from contextlib import suppress
from pathlib import Path

DATABASE, DEMONSTRATION_DATABASE = "twincitylab.sqlite3", "demonstration.sqlite3"
EMPTY_BYTES = 2_000_000


def data_home() -> Path:
    """The data folder, made if absent."""
    home = Path(os.environ["TWINCITYLAB_HOME"]) if os.environ.get("TWINCITYLAB_HOME") else _default_home()
    home = home.expanduser().resolve()
    home.mkdir(parents=True, exist_ok=True)
    return home


def only_a_demonstration_is_there(home: Path) -> bool:
    """Whether `make run` has filled the demonstration and nobody has set up a world of their own.

    A database without an atlas has a few empty pages and does not count.
    """
    own, invented = (home / name for name in (DATABASE, DEMONSTRATION_DATABASE))
    return invented.is_file() and not (own.is_file() and own.stat().st_size > EMPTY_BYTES)


def lasting_secret(home: Path) -> str:
    """The key that signs sessions and links, made once and readable by its owner alone."""
    file = home / "secret.key"
    if not file.exists():
        draft = home / f"secret.{secrets.token_hex(4)}.key"
        draft.touch(mode=0o600)
        draft.write_text(secrets.token_urlsafe(50), encoding="ascii")
        # Two that start at once agree on the first; a link never replaces what is there.
        with suppress(FileExistsError):
            os.link(draft, file)
        draft.unlink()
    return file.read_text(encoding="ascii")


def _default_home() -> Path:
    clone = Path(__file__).resolve().parents[3]
    if (clone / "pyproject.toml").is_file() and (clone / "src" / "twincitylab").is_dir():
        return clone / "var"
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA", "~/AppData/Local")) / "twincitylab"
    if sys.platform == "darwin":
        return Path("~/Library/Application Support/twincitylab")
    return Path(os.environ.get("XDG_DATA_HOME", "~/.local/share")) / "twincitylab"
