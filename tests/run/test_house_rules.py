"""Rules of the house that no other tool checks: sizes, layers, who reads the clock, nothing of one machine.

`tests/domain/test_purity.py` has the stricter rules of the domain and the statute.
"""

from __future__ import annotations

import ast
import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[2]
BACKEND = ROOT / "backend"
MODULES = sorted(BACKEND.rglob("*.py"))
PYTHON = [
    *MODULES,
    ROOT / "wsgi.py",
    *sorted((ROOT / "tests").rglob("*.py")),
    *sorted((ROOT / "bench").rglob("*.py")),
    *sorted((ROOT / "miniprogram_stub" / "preview").rglob("*.py")),
]
TEXT_SUFFIXES = {
    "", ".cfg", ".css", ".csv", ".html", ".in", ".ini", ".js", ".json", ".mako", ".md", ".mjs", ".py", ".sh", ".svg", ".toml",
    ".ts", ".txt", ".typ", ".wxml", ".wxs", ".wxss", ".yaml", ".yml",
}  # fmt: skip

CLOCK_READERS = {"backend/clock.py"}
WALL_CLOCK = {
    ("datetime", "now"), ("datetime", "utcnow"), ("datetime", "today"), ("date", "today"),
    ("time", "time"), ("time", "time_ns"), ("time", "localtime"), ("time", "gmtime"),
}  # fmt: skip

LAYERS = {
    # package: what it may not import, because imports go routes → services/queries → domain, models
    "domain": (
        "backend.models",
        "backend.services",
        "backend.queries",
        "backend.routes",
        "backend.vault",
        "flask",
    ),
    "models": ("backend.services", "backend.queries", "backend.routes", "backend.portal", "flask"),
    "vault": ("backend.services", "backend.queries", "backend.routes", "backend.portal"),
    "queries": ("backend.routes", "backend.portal", "backend.schemas", "flask"),
    "services": ("backend.routes", "backend.portal", "backend.schemas", "flask"),
    "delivery": ("backend.routes", "backend.portal.pages", "backend.schemas"),
}
ONE_DOOR = {"cryptography": "vault", "argon2": "vault", "pyotp": "vault", "wechatpy": "wechat"}

# Written in pieces, so that this file does not find itself.
REGISTRIES = re.compile(
    "|".join(("py" + r"pi\.org", "python" + "hosted", "npm" + r"js\.", "npm" + "mirror", "tuna" + r"\."))
)
OTHER_REGISTRIES = re.compile(r"(?:mirrors?|registry|index)\.[\w-]+\.(?:com|cn|org|net|edu)")
MACHINE_PATHS = re.compile(
    "(?<![\\w./~])/(?:"
    + "|".join(("ro" + "ot", "ho" + r"me/\w", "wo" + "rk", "Us" + "ers", "op" + "t"))
    + r")\b(?!:)"
)


def named(path):
    return str(path.relative_to(ROOT))


def package_of(path):
    return path.relative_to(BACKEND).parts[0]


def imports_of(path):
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def is_within(name, package):
    return name == package or name.startswith(f"{package}.")


def is_ours(path):
    """Where there is no git to ask: neither what tools leave behind nor what a run has written."""
    parts = path.relative_to(ROOT).parts
    return not any(
        (part.startswith(".") and part != ".ci") or part in {"var", "node_modules"} for part in parts
    )


def tracked_texts():
    """Every text file that is, or is about to be, part of the repository."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        check=False,
        capture_output=True,
    )
    names = listed.stdout.decode().split("\0") if listed.returncode == 0 else []
    paths = [ROOT / name for name in names if name] or [path for path in ROOT.rglob("*") if is_ours(path)]
    return [path for path in paths if path.suffix in TEXT_SUFFIXES and path.is_file()]


def test_a_file_has_one_subject_and_fits_in_the_head():
    sizes = {named(path): len(path.read_text("utf-8").splitlines()) for path in PYTHON}
    long = {name: size for name, size in sizes.items() if size > (600 if name.startswith("tests/") else 400)}
    assert long == {}


def test_only_the_clock_reads_the_time():
    """Take `now` as an argument."""
    readers = {
        named(path)
        for path in MODULES
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and isinstance(node.func.value, ast.Name)
        and (node.func.value.id, node.func.attr) in WALL_CLOCK
    }
    assert readers == CLOCK_READERS


def test_imports_go_one_way():
    against = [
        f"{named(path)}: {name}"
        for path in MODULES
        for name in imports_of(path)
        for forbidden in LAYERS.get(package_of(path), ())
        if is_within(name, forbidden)
    ]
    assert against == []


def test_secrets_and_wechat_have_one_door_each():
    around = [
        f"{named(path)}: {name}"
        for path in MODULES
        for name in imports_of(path)
        for library, door in ONE_DOOR.items()
        if is_within(name, library) and package_of(path) != door
    ]
    assert around == []


def test_no_file_names_a_package_registry_or_a_place_on_somebodys_machine():
    found = [
        f"{named(path)}:{number}: {line.strip()[:80]}"
        for path in tracked_texts()
        for number, line in enumerate(path.read_text("utf-8", "replace").splitlines(), start=1)
        if REGISTRIES.search(line) or OTHER_REGISTRIES.search(line) or MACHINE_PATHS.search(line)
    ]
    assert found == []


def test_locked_requirements_are_hashed_and_name_no_index():
    for name in ("requirements.txt", "requirements-dev.txt"):
        text = (ROOT / name).read_text("utf-8")
        pinned = re.findall(r"^[\w.\[\],-]+==\S+", text, re.MULTILINE)
        assert len(pinned) > 20
        assert "://" not in text
        assert "--index" not in text
        for block in re.split(r"^(?=[\w.\[\],-]+==)", text, flags=re.MULTILINE)[1:]:
            assert "--hash=sha256:" in block, block.splitlines()[0]
