"""The rules and the statute depend on nothing but the language, and never read the clock."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import pytest

BACKEND = Path(__file__).parents[2] / "backend"
ALLOWED = {"domain": ("backend.domain",), "statute": ("backend.domain", "backend.statute")}
FILES = [(package, path) for package in ALLOWED for path in sorted((BACKEND / package).rglob("*.py"))]
NAMES = [str(path.relative_to(BACKEND)) for _, path in FILES]


def imports_of(tree: ast.AST) -> list[str]:
    names = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names.append("." * node.level + (node.module or ""))
    return names


def is_allowed(name: str, package: str) -> bool:
    ours = any(name == prefix or name.startswith(f"{prefix}.") for prefix in ALLOWED[package])
    return ours or name.split(".", maxsplit=1)[0] in sys.stdlib_module_names


def clock_readings(tree: ast.AST) -> list[str]:
    readings = {"now", "utcnow", "today", "time_ns", "monotonic", "localtime", "gmtime"}
    called = [node.func for node in ast.walk(tree) if isinstance(node, ast.Call)]
    return [func.attr for func in called if isinstance(func, ast.Attribute) and func.attr in readings]


def test_there_are_files_to_look_at():
    assert {package for package, _ in FILES} == {"domain", "statute"}
    assert len(FILES) > 8


@pytest.mark.parametrize(("package", "path"), FILES, ids=NAMES)
def test_rules_import_only_the_standard_library_and_each_other(package, path):
    foreign = [
        name for name in imports_of(ast.parse(path.read_text("utf-8"))) if not is_allowed(name, package)
    ]
    assert foreign == []


@pytest.mark.parametrize(("package", "path"), FILES, ids=NAMES)
def test_rules_never_read_the_clock(package, path):
    assert clock_readings(ast.parse(path.read_text("utf-8"))) == []


@pytest.mark.parametrize(
    ("source", "package", "allowed"),
    [
        ("import json", "domain", True),
        ("from backend.domain.times import local", "domain", True),
        ("from backend.statute.model import Duty", "domain", False),
        ("from backend.domain.times import local", "statute", True),
        ("import flask", "domain", False),
        ("def f():\n    from sqlalchemy import select", "statute", False),
        ("from backend.domainx import y", "domain", False),
        ("from . import times", "domain", False),
    ],
)
def test_the_check_itself_sees_a_foreign_import(source, package, allowed):
    assert all(is_allowed(name, package) for name in imports_of(ast.parse(source))) is allowed


def test_the_check_itself_sees_a_clock():
    assert clock_readings(ast.parse("datetime.now(UTC)")) == ["now"]
