"""The door for the terminal: the command ``twincitylab``."""

import os
import sys

import typer

from twincitylab.cli.demo import demo
from twincitylab.cli.exports import app as exports
from twincitylab.cli.facilitator import facilitator
from twincitylab.cli.imports import app as imports
from twincitylab.cli.match import match
from twincitylab.cli.pair import pair
from twincitylab.cli.serve import serve
from twincitylab.cli.setup import setup
from twincitylab.cli.status import status
from twincitylab.cli.worker import worker

app = typer.Typer(
    name="twincitylab",
    help="Match cities across the world at eye level.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
for _command in (setup, demo, facilitator, match, pair, serve, worker, status):
    app.command()(_command)
app.add_typer(imports, name="import")
app.add_typer(exports, name="export")


@app.callback()
def _prepare(context: typer.Context) -> None:
    import django

    if context.invoked_subcommand == "setup":
        # Whoever sets up a world wants one of their own, also beside a demonstration.
        os.environ.setdefault("TWINCITYLAB_DEMONSTRATION", "0")

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "twincitylab.config.settings")
    django.setup()
    _speak_as_the_terminal()


def _speak_as_the_terminal() -> None:
    """In the language the terminal asks for (``LANG`` and its kin), where there is a catalog of it."""
    from contextlib import suppress

    from django.utils.translation import activate, get_supported_language_variant

    asked = next(filter(None, map(os.environ.get, ("LC_ALL", "LC_MESSAGES", "LANG"))), "")
    with suppress(LookupError):
        activate(get_supported_language_variant(asked.partition(".")[0].replace("_", "-").lower()))


def main() -> None:
    """Run the command; a reader that stops listening (``| head``) is no error."""
    try:
        app()
    except BrokenPipeError:
        # Python would complain once more when it closes standard output.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except KeyboardInterrupt:
        sys.exit(130)
