"""Short ways to file at the window of the standing organisation and to move the clock of a unit of work."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from backend.domain.actors import Actor
from backend.domain.vocabulary import Category, Channel, Source
from backend.models import Sign
from backend.services.filing import Filed, NewInquiry, file_inquiry
from backend.services.routing import destination_of_sign
from backend.services.work import Work
from tests.support.organisation import SmallOrganisation


def file(
    work: Work,
    org: SmallOrganisation,
    category: Category = Category.CONSULT,
    *,
    sign: Sign | None = None,
    **changes: Any,
) -> Filed:
    """File as a citizen at a sign, the window's unless another is named."""
    destination = destination_of_sign(work.session, (sign or org.window.sign).code)
    new = NewInquiry(destination, category, "问", Channel.OTHER, Source.SIGN, **changes)
    return file_inquiry(work.acting_as(Actor("citizen")), new)


def later(work: Work, **delta: float) -> Work:
    """The same work some time later."""
    return replace(work, now=work.now + timedelta(**delta))
