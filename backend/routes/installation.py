"""What the running application was set up with, for routes."""

from __future__ import annotations

from flask import current_app

from backend.settings import Settings


def settings() -> Settings:
    """The settings of the running application."""
    made: Settings = current_app.extensions["shouwen_settings"]
    return made
