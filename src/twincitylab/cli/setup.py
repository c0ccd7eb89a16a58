"""``twincitylab setup``: prepare the database and load the atlas."""

from typing import Annotated

import typer
from django.utils.translation import gettext as _
from django.utils.translation import ngettext


def setup(
    level: Annotated[
        int, typer.Option(help="Smallest number of inhabitants of a city: 15000, 5000, 1000 or 500.")
    ] = 15000,
) -> None:
    """Load the world atlas. Run it again whenever you like: what is up to date stays as it is."""
    from django.utils import timezone
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn

    from twincitylab.atlas.operations import LoadReport, UnknownLevel, load_atlas

    console = Console()
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeElapsedColumn())
    report: LoadReport
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task(_("Preparing the database"), total=1.0)
        _migrate()
        try:
            report = load_atlas(
                level=level,
                now=timezone.now(),
                progress=lambda message, share: bar.update(task, description=message, completed=share),
            )
        except UnknownLevel as problem:
            raise typer.BadParameter(str(problem), param_hint="--level") from None
    said = {"count": f"{report.city_count:,}", "level": report.level}
    if not report.changed:
        console.print(_("The atlas is up to date: %(count)s cities, level %(level)s.") % said)
        return
    console.print(_("The atlas is ready: %(count)s cities, level %(level)s.") % said)
    if report.kept_count:
        console.print(
            ngettext(
                "%(kept)s town below this level stays, because it is twinned or used otherwise.",
                "%(kept)s towns below this level stay, because they are twinned or used otherwise.",
                report.kept_count,
            )
            % {"kept": f"{report.kept_count:,}"}
        )


def _migrate() -> None:
    from django.core.management import call_command
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        call_command("migrate", verbosity=0, interactive=False)
