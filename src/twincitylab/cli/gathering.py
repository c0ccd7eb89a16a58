"""Options that belong together: a command takes one dataclass, the terminal offers its fields."""

from collections.abc import Callable
from dataclasses import fields, is_dataclass
from functools import wraps
from inspect import Parameter, Signature, signature
from typing import Any, get_type_hints


def gathered(command: Callable[..., None]) -> Callable[..., None]:
    """The command as Typer should see it: each field of its dataclasses is an option of its own."""
    hints = get_type_hints(command, include_extras=True)
    groups = {name: hint for name, hint in hints.items() if is_dataclass(hint) and isinstance(hint, type)}

    @wraps(command)
    def run(**given: Any) -> None:
        for name, group in groups.items():
            given[name] = group(**{field.name: given.pop(field.name) for field in fields(group)})
        command(**given)

    offered: list[Parameter] = []
    for name, parameter in signature(command).parameters.items():
        offered += _options(groups[name]) if name in groups else [parameter.replace(annotation=hints[name])]
    run.__annotations__ = {parameter.name: parameter.annotation for parameter in offered}
    vars(run)["__signature__"] = Signature(offered)
    return run


def _options(group: type) -> list[Parameter]:
    hints = get_type_hints(group, include_extras=True)
    return [
        Parameter(field.name, Parameter.KEYWORD_ONLY, default=field.default, annotation=hints[field.name])
        for field in fields(group)
    ]
