"""The mini program's tools catch the faults they are there for; `tools/lint.sh` runs them over the sources."""

from __future__ import annotations

from tests.support.node import passed, run


def test_every_rule_catches_its_fault_and_the_test_phone_works():
    assert passed(run("npm", "run", "--silent", "test:tools")) > 50
