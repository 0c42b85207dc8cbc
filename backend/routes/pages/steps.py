"""One act on the console's page of an inquiry, as each feature describes its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from backend.domain.identity import Identity
from backend.routes.pages.forms import FormKind
from backend.routes.pipeline import Operation


class Step(NamedTuple):
    """One act: its name, its form, what of the form is sent, and the operation for a number and a person."""

    action: str
    kind: FormKind
    convert: Callable[[Mapping[str, str]], dict[str, Any]]
    operation: Callable[[str, Identity], Operation]
