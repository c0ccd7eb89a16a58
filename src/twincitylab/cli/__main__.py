"""``python -m twincitylab.cli``: the same command."""

from twincitylab.cli import main

main()
