"""What the holder says about a limit: which matter it is, and that it needs longer."""

from __future__ import annotations

from typing import Any

from backend.domain.identity import Identity
from backend.models import Inquiry
from backend.routes.loading import Load
from backend.routes.operations.shared import holder_only, staff_step
from backend.routes.pipeline import Operation
from backend.schemas.limits import ExtensionIn, NamingIn
from backend.services.extending import extend_limit
from backend.services.naming import Naming, name_matter
from backend.services.work import Work


def naming(load: Load, identity: Identity) -> Operation:
    """认定事项 (坛 五、六（一）)."""

    def step(work: Work, inquiry: Inquiry, data: dict[str, Any]) -> Any:
        named = Naming(data.get("matter"), data.get("regime"), data.get("days"), data.get("basis"))
        return name_matter(work, identity, inquiry, named)

    return staff_step("name_matter", NamingIn, load, step, holder_only(identity))


def extension(load: Load, identity: Identity) -> Operation:
    """说明理由延长 (坛 七（一）)."""

    def step(work: Work, inquiry: Inquiry, data: dict[str, Any]) -> Any:
        return extend_limit(work, identity, inquiry, reason=data["reason"], days=data.get("days"))

    return staff_step("extend", ExtensionIn, load, step, holder_only(identity))
