"""What the documents point to is there: files, settings, commands."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_file_a_page_names_exists(page):
    text = page.read_text("utf-8")
    named = set(re.findall(r"`((?:tests|backend|tools|docs|bench|qr_assets)/[^`\s*（）<>]+)`", text))
    named |= {
        f"backend/{path}"
        for path in re.findall(r"`((?:services|domain|models|portal|queries|statute)/[\w/]+\.py)`", text)
    }
    missing = sorted(path for path in named if not (ROOT / path.rstrip("/")).exists())
    assert not missing


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_leads_somewhere(page):
    links = re.findall(r"\]\(([^)#]+?)(?:#[^)]*)?\)", page.read_text("utf-8"))
    local = [link for link in links if "://" not in link]
    assert not [link for link in local if not (page.parent / link).exists()]


def test_every_setting_of_the_operator_is_in_the_manual():
    manual = (ROOT / "docs" / "部署手册.md").read_text("utf-8")
    source = (ROOT / "backend" / "settings.py").read_text("utf-8")
    read = set(re.findall(r'env(?:\.get\(|, )"([A-Z_]+)"', source))
    assert read, "the settings are read some other way now"
    assert sorted(name for name in read - {"CLOCK_FILE"} if name not in manual) == []
