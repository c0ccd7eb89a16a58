"""``twincitylab import``: bring facts of one's own into the atlas."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from twincitylab.cli.speaking import FILE_TROUBLE, NOT_READY, SOME_REFUSED, fail, say, warn

if TYPE_CHECKING:
    from twincitylab.atlas.operations import ImportReport

app = typer.Typer(help="Bring facts of your own into the atlas.", no_args_is_help=True)
LINES_SHOWN = 100


@app.callback()
def _group() -> None:
    """Bring facts of your own into the atlas."""


@app.command()
def twinnings(
    file: Annotated[
        Path, typer.Argument(help="A CSV file with the columns geonameid_a and geonameid_b at least.")
    ],
    licence: Annotated[
        str, typer.Option(help="On what terms the file may be used, such as 'CC BY-SA 4.0'.")
    ] = "",
    *,
    all_lines: Annotated[
        bool, typer.Option("--all-lines", help="Name every line that was not taken, not the first 100 only.")
    ] = False,
) -> None:
    """Import twinnings, line by line. Lines that cannot be taken are named and never stop the rest."""
    from twincitylab.atlas.operations import FileProblem
    from twincitylab.atlas.queries import AtlasMissing

    content = _read(file)
    try:
        report = _imported(content, file_name=file.name, licence=licence)
    except AtlasMissing as problem:
        fail(str(problem), code=NOT_READY)
    except FileProblem as problem:
        fail(str(problem), code=FILE_TROUBLE)
    _tell(report, all_lines=all_lines)
    if report.refused:
        raise typer.Exit(SOME_REFUSED)


def _imported(content: bytes, *, file_name: str, licence: str) -> "ImportReport":
    """Take the lines in, under a bar that shows how far it is."""
    from django.utils import timezone
    from rich.console import Console
    from rich.progress import Progress

    from twincitylab.atlas.operations import import_twinnings

    console = Console(stderr=True)
    # What is not a terminal would keep the line.
    with Progress(console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task(_("Reading twinnings"), total=1.0)
        return import_twinnings(
            content,
            file_name=file_name,
            licence=licence,
            now=timezone.now(),
            by="command line",
            progress=lambda share: bar.update(task, completed=share),
        )


def _read(file: Path) -> bytes:
    if file.is_dir():
        fail(_("%(file)s is a folder. Name a CSV file.") % {"file": file}, code=FILE_TROUBLE)
    try:
        return file.read_bytes()
    except FileNotFoundError:
        fail(_("There is no file %(file)s.") % {"file": file}, code=FILE_TROUBLE)
    except (OSError, ValueError) as problem:
        fail(_("%(file)s cannot be read: %(why)s") % {"file": file, "why": problem}, code=FILE_TROUBLE)


def _tell(report: "ImportReport", *, all_lines: bool) -> None:
    shown = report.refused if all_lines else report.refused[:LINES_SHOWN]
    for line in shown:
        warn(str(line))
    if len(shown) < len(report.refused):
        hidden = len(report.refused) - len(shown)
        warn(_("… and %(count)s more lines; --all-lines names them all.") % {"count": hidden})
    counts = {name: f"{getattr(report, name):,}" for name in ("added", "updated", "unchanged")}
    say(_("Twinnings: %(added)s added, %(updated)s updated, %(unchanged)s unchanged.") % counts)
    if report.memberships:
        say(
            ngettext(
                "%(count)s line tells a membership in a club of cities, not a twinning: left out.",
                "%(count)s lines tell a membership in a club of cities, not a twinning: left out.",
                report.memberships,
            )
            % {"count": f"{report.memberships:,}"}
        )
    if report.refused:
        refused = len(report.refused)
        say(
            ngettext("%(count)s line was not taken.", "%(count)s lines were not taken.", refused)
            % {"count": f"{refused:,}"}
        )
    for level, count in report.levels.items():
        say(
            _("%(count)s of them name towns that `twincitylab setup --level %(level)s` would add.")
            % {"count": f"{count:,}", "level": level}
        )
