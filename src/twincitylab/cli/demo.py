"""``twincitylab demo``: a world of invented communities, and taking it away again."""

from typing import TYPE_CHECKING, Annotated

import typer
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from twincitylab.cli.setup import setup
from twincitylab.cli.speaking import NOT_READY, fail, say

if TYPE_CHECKING:
    from twincitylab.cli.demonstration.loading import DemoReport


def demo(
    *,
    remove: Annotated[
        bool, typer.Option("--remove", help="Take the demonstration away again, and nothing else.")
    ] = False,
    level: Annotated[
        int | None, typer.Option(help="Load the atlas first, of cities of this size: as `setup` does.")
    ] = None,
) -> None:
    """Add invented communities, people and introductions in real cities; every page marks them."""
    from twincitylab.atlas.queries import AtlasMissing, require_atlas

    if level is not None:
        setup(level=level)
    try:
        require_atlas()
    except AtlasMissing as problem:
        fail(str(problem), code=NOT_READY)
    if remove:
        _remove()
    else:
        _add()


def _add() -> None:
    from twincitylab.cli.demonstration.loading import CityMissing

    try:
        report = _added()
    except CityMissing as missing:
        sentence = _("The atlas lacks a city of the demonstration (%(ids)s). Run `twincitylab setup` again.")
        fail(sentence % {"ids": missing}, code=NOT_READY)
    if not report.communities:
        say(_("The demonstration is there already."))
        return
    words = {
        "communities": report.communities,
        "cities": report.cities,
        "needs": report.needs,
        "introductions": report.introductions,
        "partnerships": report.partnerships,
    }
    say(
        _(
            "The demonstration is there: %(communities)d invented communities in %(cities)d real cities, "
            "%(needs)d needs and offers, %(introductions)d introductions, %(partnerships)d partnerships."
        )
        % words
    )
    say(_("`twincitylab demo --remove` takes all of it away again."))


def _added() -> "DemoReport":
    from django.utils import timezone
    from rich.console import Console
    from rich.progress import Progress

    from twincitylab.cli.demonstration.loading import add_demonstration

    console = Console(stderr=True)
    # What is not a terminal would keep the line.
    with Progress(console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task(_("Adding the demonstration"), total=1.0)
        return add_demonstration(now=timezone.now(), progress=lambda share: bar.update(task, completed=share))


def _remove() -> None:
    from django.utils import timezone

    from twincitylab.cli.demonstration.removing import remove_demonstration

    report = remove_demonstration(now=timezone.now())
    if not report.communities and not report.people:
        say(_("There is no demonstration here."))
        return
    say(
        ngettext(
            "The demonstration is gone: %(count)d community and its people.",
            "The demonstration is gone: %(count)d communities and their people.",
            report.communities,
        )
        % {"count": report.communities}
    )
