"""Every example in a docstring of eyelevel is true."""

import doctest
import importlib
import pkgutil

import pytest

import eyelevel

MODULES = [
    found.name
    for found in pkgutil.walk_packages(eyelevel.__path__, prefix="eyelevel.")
    if not found.ispkg and ".tests." not in found.name
]


@pytest.mark.parametrize("name", MODULES)
def test_examples_print_what_they_say(name: str) -> None:
    assert doctest.testmod(importlib.import_module(name)).failed == 0


def test_there_are_examples() -> None:
    examples = (doctest.DocTestFinder().find(importlib.import_module(name)) for name in MODULES)
    assert sum(bool(test.examples) for tests in examples for test in tests) > 10
