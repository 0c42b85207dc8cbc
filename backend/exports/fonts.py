"""The fonts of prints: Noto Sans SC and Noto Serif SC, whole, from a package (docs/decisions/0013).

Every character of GB 2312 and all but one of GBK, 30,000 in all. Loaded by printing processes only.
"""

from __future__ import annotations

from pathlib import Path

from pylopdf_fonts_zh_cn import sans_path, serif_path

SANS, SERIF = "Noto Sans SC", "Noto Serif SC"
"""The families' names, as templates call them."""


def font_files() -> tuple[Path, Path]:
    """Where the two fonts lie."""
    return sans_path(), serif_path()


def font_folder() -> Path:
    """The folder they lie in, for a compiler that searches folders."""
    return sans_path().parent
