"""Every action the server can offer on an inquiry, with every field it may ask, read from the functions that offer them.

Read, not called: no single inquiry has all of them. An action is written in one of three ways: `_action(name, label, …,
fields)`, a tuple `(name, label, path, fields)`, or a dictionary with `name` and `fields`.
"""

from __future__ import annotations

import ast
import inspect
from collections import defaultdict
from types import ModuleType

from backend.queries import (
    actions,
    classification,
    follow_ups,
    joints,
    leads,
    limits,
    notices,
    sign_offs,
    spot_checks,
    transfers,
    urging,
)

CITIZEN = {"citizen_actions", "receipt_actions", "reminder_actions"}
STAFF = {
    "staff_actions", "transfer_actions", "limit_actions", "supervision_actions", "lead_actions", "joint_actions",
    "notice_actions", "classification_actions", "follow_up_actions", "sign_off_actions", "spot_check_actions",
}  # fmt: skip
MODULES = (
    actions, classification, follow_ups, joints, leads, limits, notices, sign_offs, spot_checks, transfers, urging,
)  # fmt: skip


def offered(functions: set[str]) -> dict[str, set[str]]:
    """The fields of each action that these functions offer."""
    found: dict[str, set[str]] = defaultdict(set)
    seen = set()
    for module in MODULES:
        for node in ast.parse(inspect.getsource(module)).body:
            if isinstance(node, ast.FunctionDef) and node.name in functions:
                seen.add(node.name)
                for name, fields in _written_in(module, node):
                    found[name] |= fields
    assert seen == functions, functions - seen
    return dict(found)


def named_like_actions() -> set[str]:
    """Functions of these modules that offer actions, by their names: none may be forgotten above."""
    return {
        name
        for module in MODULES
        for name, value in vars(module).items()
        if name.endswith("_actions") and inspect.isfunction(value) and value.__module__ == module.__name__
    }


def _written_in(module: ModuleType, function: ast.FunctionDef):
    for node in ast.walk(function):
        parts = _parts(node)
        if parts is None:
            continue
        name, fields = parts
        names = _texts(name) or (set(urging._NAMES.values()) if module is urging else set())
        for one in names:
            yield one, _fields(module, function, fields)


def _parts(node: ast.AST) -> tuple[ast.expr, ast.expr] | None:
    """Name and fields of what is written here, where it is an action."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "_action":
        return node.args[0], node.args[-1]
    if isinstance(node, ast.Tuple) and len(node.elts) == 4 and _texts(node.elts[0]):
        return node.elts[0], node.elts[3]
    if isinstance(node, ast.Dict):
        entries = {
            next(iter(_texts(key)), ""): value
            for key, value in zip(node.keys, node.values, strict=True)
            if key
        }
        if {"name", "fields"} <= set(entries):
            return entries["name"], entries["fields"]
    return None


def _fields(module: ModuleType, function: ast.FunctionDef, written: ast.expr) -> set[str]:
    """All texts that can stand in a list: written out, in one branch or the other, or put into a variable before."""
    if not isinstance(written, ast.Name):
        return _texts(written)
    if hasattr(module, written.id):
        return set(getattr(module, written.id))
    earlier = [
        node
        for node in ast.walk(function)
        if isinstance(node, ast.Assign)
        and node.lineno < written.lineno
        and any(isinstance(target, ast.Name) and target.id == written.id for target in node.targets)
    ]
    if not earlier:
        return set()
    last = max(earlier, key=lambda node: node.lineno)
    added = [
        call.args[0]
        for call in ast.walk(function)
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Attribute)
        and call.func.attr == "append"
        and isinstance(call.func.value, ast.Name)
        and call.func.value.id == written.id
        and last.lineno < call.lineno <= written.lineno
    ]
    return _texts(last.value).union(*map(_texts, added))


def _texts(node: ast.AST | None) -> set[str]:
    if isinstance(node, ast.List):
        return set().union(*map(_texts, node.elts))
    if isinstance(node, ast.IfExp):
        return _texts(node.body) | _texts(node.orelse)
    return {node.value} if isinstance(node, ast.Constant) and isinstance(node.value, str) else set()
