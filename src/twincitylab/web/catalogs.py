"""The message catalogs: ``python -m twincitylab.web.catalogs`` compiles, ``extract`` collects messages."""

import sys
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

LOCALE = Path(__file__).resolve().parent.parent / "locale"


def compile_catalogs() -> list[Path]:
    """Write a .mo beside every .po; GNU gettext is not needed."""
    written = []
    for source in sorted(LOCALE.glob("*/LC_MESSAGES/*.po")):
        with source.open("rb") as file:
            catalog = read_po(file)
        target = source.with_suffix(".mo")
        with target.open("wb") as file:
            write_mo(file, catalog)
        written.append(target)
    return written


def extract_messages() -> None:
    """Collect every message of the product into the .po files; needs GNU gettext."""
    import os

    import django
    from django.conf import settings
    from django.core.management import call_command
    from django.core.management.commands.makemessages import Command

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "twincitylab.config.settings")
    django.setup()
    os.chdir(LOCALE.parent)
    command = Command()
    command.xgettext_options = [*command.xgettext_options, "--keyword=_n"]
    locales = [path.parent.name for path in sorted(LOCALE.glob("*/LC_MESSAGES"))]
    options = {"add_location": "file", "no_wrap": True, "no_obsolete": True, "verbosity": 0}
    call_command(command, locale=locales, ignore_patterns=["tests/*", "gallery.py"], **options)
    if settings.LOCALE_PATHS != [LOCALE]:
        raise RuntimeError("the messages were written where Django does not read them")


if __name__ == "__main__":
    if sys.argv[1:] == ["extract"]:
        extract_messages()
    else:
        compile_catalogs()
