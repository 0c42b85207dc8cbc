#!/usr/bin/env python3
"""Write the mini program's tokens and icons from the portal's: one set of colours, sizes and drawings for every client.

Usage: tools/miniprogram_styles.py [--check]   (`--check` writes nothing and exits 1 when a file is not current)

WeChat's style sheets know no `rem` that a user's choice could change, so sizes become px: at 16 px a rem, and once more
for 大字版 at the portal's size of it. Icons are masks, so that each takes the colour of the words beside it.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path
from urllib.parse import quote

ROOT = Path(__file__).parents[1]
TOKENS = ROOT / "backend/portal/static/tokens.css"
ICONS = ROOT / "backend/portal/templates/macros/icons.html"
STYLES = ROOT / "miniprogram_stub/miniprogram/styles"
ICON_COMPONENT = ROOT / "miniprogram_stub/miniprogram/components/ui-icon/ui-icon.wxss"

BASE = 16.0
"""Pixels of a rem on the standard page."""
LEFT_OUT = {"root-size", "column", "desk"}
"""What only a page in a browser has."""
NOTE = "/* Written by tools/miniprogram_styles.py from {source}; change it there. */\n"

_BLOCK = re.compile(r"(?P<media>@media[^{]*\{\s*)?(?P<name>:root|\.large)\s*\{(?P<body>[^}]*)\}")
_DECLARATION = re.compile(r"--([\w-]+):\s*([^;]+);")
_REM = re.compile(r"(-?[\d.]+)rem\b")


def declarations(text: str, name: str) -> dict[str, str]:
    """The tokens of `:root` or `.large` as they hold on a phone: those inside @media are for wider screens."""
    for block in _BLOCK.finditer(re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)):
        if block["name"] == name and not block["media"]:
            return {key: " ".join(value.split()) for key, value in _DECLARATION.findall(block["body"])}
    raise SystemExit(f"{TOKENS.name} has no block {name}")


def in_pixels(value: str, rem: float) -> str:
    """`1.25rem` as pixels, to a tenth."""
    return _REM.sub(lambda found: f"{round(float(found[1]) * rem, 1):g}px", value)


def tokens(text: str) -> str:
    """The token sheet of the mini program."""
    usual, large = declarations(text, ":root"), declarations(text, ".large")
    large_rem = BASE * float(large["root-size"].rstrip("%")) / 100
    rows = [f"  --{key}: {in_pixels(value, BASE)};" for key, value in usual.items() if key not in LEFT_OUT]
    sized = usual | large
    grown = [
        f"  --{key}: {in_pixels(value, large_rem)};"
        for key, value in sized.items()
        if key not in LEFT_OUT and (_REM.search(value) or key in large)
    ]
    head = NOTE.format(source="backend/portal/static/tokens.css")
    return f"{head}\npage {{\n" + "\n".join(rows) + "\n}\n\n.large {\n" + "\n".join(grown) + "\n}\n"


def icons(text: str) -> str:
    """The masks of the icon component."""
    drawn = re.findall(r'"([\w-]+)": \'(<.*?>)\'', text)
    if not drawn:
        raise SystemExit(f"{ICONS.name} has no drawings")
    head = NOTE.format(source="backend/portal/templates/macros/icons.html")
    usual = (
        ".icon {\n  display: inline-block;\n  flex: none;\n  width: 1.25em;\n  height: 1.25em;\n  vertical-align: -0.25em;\n"
        "  background: currentcolor;\n  -webkit-mask: no-repeat center / contain;\n  mask: no-repeat center / contain;\n}\n"
    )
    rules = []
    for name, paths in drawn:
        svg = (
            '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" fill="none" stroke="#000" stroke-width="1.75" '
            f'stroke-linecap="round" stroke-linejoin="round">{paths}</svg>'
        )
        url = f'url("data:image/svg+xml,{quote(svg, safe="")}")'
        rules.append(f".icon--{name} {{\n  -webkit-mask-image: {url};\n  mask-image: {url};\n}}\n")
    return f"{head}\n{usual}\n" + "\n".join(rules)


def main(arguments: list[str]) -> int:
    """Write, or with `--check` compare."""
    wanted = {
        STYLES / "tokens.wxss": tokens(TOKENS.read_text("utf-8")),
        ICON_COMPONENT: icons(ICONS.read_text("utf-8")),
    }
    stale = [path for path, text in wanted.items() if not path.exists() or path.read_text("utf-8") != text]
    if "--check" in arguments:
        for path in stale:
            print(f"不是最新的：{path.relative_to(ROOT)}；请运行 tools/miniprogram_styles.py")
        return 1 if stale else 0
    for path in stale:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(wanted[path], "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
