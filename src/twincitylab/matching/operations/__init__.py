"""What changes in matching: the lists of cities (``cities``), and what communities say of each other."""

from twincitylab.matching.operations.cities import (
    Overtaken,
    ask_for_fair_lists,
    compute_fair_lists,
    fair_lists_task,
    forget_finished_tasks,
    revive_fair_lists,
)

__all__ = [
    "Overtaken",
    "ask_for_fair_lists",
    "compute_fair_lists",
    "fair_lists_task",
    "forget_finished_tasks",
    "revive_fair_lists",
]
