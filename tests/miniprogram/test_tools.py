"""The mini program's sources pass their lint and their types; the tools that say so catch faults themselves."""

from __future__ import annotations

from tests.support.node import passed, run


def test_the_sources_have_no_lint():
    run("npm", "run", "--silent", "lint").succeeded()


def test_the_sources_have_no_type_errors():
    run("npm", "run", "--silent", "types").succeeded()


def test_every_rule_catches_its_fault_and_the_test_phone_works():
    assert passed(run("npm", "run", "--silent", "test:tools")) > 50
