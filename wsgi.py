"""What gunicorn and the `flask` command load: the application, set up from the environment.

What stands in the way is said in one line, for the person who typed a command.
"""

from __future__ import annotations

import os

from apiflask import APIFlask

from backend import create_app
from backend.cli import refuse_without_keys
from backend.cli_refusals import Refusal
from backend.settings import Settings, SettingsInvalid
from backend.vault.keys import KeyringError


def load() -> APIFlask:
    """The application of this process. Raises click's exceptions."""
    try:
        return create_app(Settings.from_env(os.environ))
    except SettingsInvalid as error:
        raise Refusal(f"设置不对：{error}") from None
    except KeyringError as error:
        refuse_without_keys(error)


app = load()
