"""The HTML pages: citizens' portal and staff console."""

from __future__ import annotations

from flask import Flask


def register_pages(app: Flask) -> None:
    """Register the pages."""
