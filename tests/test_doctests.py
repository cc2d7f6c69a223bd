"""The examples in the docstrings."""

import doctest
import importlib
import pkgutil

import pytest

import irbtrack

MODULES = [
    found.name
    for found in pkgutil.walk_packages(irbtrack.__path__, "irbtrack.")
    if not found.name.endswith("__main__") and ".migrations" not in found.name
    and ".examples" not in found.name
]  # fmt: skip


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_of_a_module_hold(name: str) -> None:
    assert doctest.testmod(importlib.import_module(name)).failed == 0
