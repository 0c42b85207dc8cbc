"""The project as WeChat's tools read it: settings, pages, components, what ships, and the tokens it shares with the portal."""

from __future__ import annotations

import json
import re
import sys

from tests.support.node import PROJECT, SOURCES, run
from tests.support.running import ROOT

SHIPPED = {".js", ".json", ".wxml", ".wxs", ".wxss", ".png", ".svg"}
PORTAL_TOKENS = ROOT / "backend/portal/static/tokens.css"
TOKENS = SOURCES / "styles/tokens.wxss"
REM = 16
LARGE_REM = 22
# What only a page in a browser has.
BROWSER_ONLY = {"root-size", "column", "desk"}


def read(path):
    return json.loads(path.read_text("utf-8"))


def pages():
    app = read(SOURCES / "app.json")
    return [*app["pages"], *(f"{one['root']}/{page}" for one in app["subPackages"] for page in one["pages"])]


def components():
    """Every JSON that names components, and where each of them is, without an ending."""
    for path in sorted(SOURCES.rglob("*.json")):
        for name, place in read(path).get("usingComponents", {}).items():
            base = SOURCES if place.startswith("/") else path.parent
            yield path.relative_to(SOURCES), name, (base / place.lstrip("/")).resolve()


def declarations(text, block):
    """The tokens of a block of a style sheet, outside of @media."""
    plain = re.sub(r"/\*.*?\*/|@media[^{]*\{(?:[^{}]*\{[^{}]*\})*\s*\}", "", text, flags=re.DOTALL)
    body = re.search(rf"(?:^|\n){re.escape(block)}\s*\{{([^}}]*)\}}", plain)[1]
    return {name: " ".join(value.split()) for name, value in re.findall(r"--([\w-]+):\s*([^;]+);", body)}


def in_pixels(value, rem):
    return re.sub(r"(-?[\d.]+)rem\b", lambda found: f"{round(float(found[1]) * rem, 1):g}px", value)


def test_every_page_and_component_has_its_four_files_or_says_why_not():
    for page in pages():
        for ending in (".js", ".json", ".wxml"):
            assert (SOURCES / f"{page}{ending}").exists(), page + ending
    for user, name, place in components():
        for ending in (".js", ".json", ".wxml"):
            assert place.with_name(place.name + ending).exists(), f"{user}: {name}{ending}"
        assert read(place.with_name(f"{place.name}.json"))["component"] is True, place


def test_the_main_package_uses_nothing_of_a_sub_package():
    roots = [one["root"] for one in read(SOURCES / "app.json")["subPackages"]]
    for user, name, place in components():
        for root in roots:
            if not str(user).startswith(root):
                assert root not in str(place), f"{user}: {name}"
    for script in SOURCES.rglob("*.js"):
        if not any(str(script.relative_to(SOURCES)).startswith(root) for root in roots):
            assert not re.search(r"require\([^)]*packages/", script.read_text("utf-8")), script


def test_only_what_is_used_is_loaded():
    app = read(SOURCES / "app.json")
    assert app["lazyCodeLoading"] == "requiredComponents"
    assert app["__usePrivacyCheck__"] is True
    used = {place for _user, _name, place in components()}
    made = {path.with_suffix("").resolve() for path in SOURCES.rglob("*.json") if read(path).get("component")}
    assert made - used == set()


def test_search_finds_only_pages_without_anything_of_anybody():
    rules = read(SOURCES / read(SOURCES / "app.json")["sitemapLocation"])["rules"]
    allowed = {rule["page"] for rule in rules if rule["action"] == "allow"}
    assert allowed <= set(pages())
    assert not any("inquiry" in page or "staff" in page or "mine" in page for page in allowed)
    assert rules[-1] == {"action": "disallow", "page": "*"}


def test_the_project_file_names_the_sources_and_no_owner():
    project = read(PROJECT / "project.config.json")
    assert project["miniprogramRoot"] == "miniprogram/"
    assert project["compileType"] == "miniprogram"
    assert project["appid"] == "touristappid"
    assert project["setting"]["urlCheck"] is True
    assert {one["pathName"] for one in project["condition"]["miniprogram"]["list"]} <= set(pages())


def test_nothing_ships_but_sources():
    strange = [path for path in SOURCES.rglob("*") if path.is_file() and path.suffix not in SHIPPED]
    assert strange == []


def test_the_tokens_are_the_portals():
    theirs, ours = PORTAL_TOKENS.read_text("utf-8"), TOKENS.read_text("utf-8")
    usual = declarations(theirs, ":root")
    wanted = {name: in_pixels(value, REM) for name, value in usual.items() if name not in BROWSER_ONLY}
    assert len(wanted) > 40
    assert declarations(ours, "page") == wanted


def test_large_text_has_the_portals_sizes():
    theirs, ours = PORTAL_TOKENS.read_text("utf-8"), TOKENS.read_text("utf-8")
    usual, large = declarations(theirs, ":root"), declarations(theirs, ".large")
    assert large["root-size"] == f"{LARGE_REM / REM:.1%}"
    sized = {name: value for name, value in (usual | large).items() if "rem" in value or name in large}
    wanted = {name: in_pixels(value, LARGE_REM) for name, value in sized.items() if name not in BROWSER_ONLY}
    assert declarations(ours, ".large") == wanted


def test_tokens_and_icons_are_written_from_the_portals():
    run(sys.executable, str(ROOT / "tools/miniprogram_styles.py"), "--check").succeeded()
