"""Every write on an inquiry, described once for the API and for the HTML forms."""

from backend.routes.operations.citizen import (
    attachment,
    filing,
    rating,
    rating_change,
    reopening,
    supplement,
    withdrawal,
)
from backend.routes.operations.staff import (
    assignment,
    closing,
    confirmation,
    handoff,
    handoff_acceptance,
    handoff_return,
    registration,
)

__all__ = [
    "assignment",
    "attachment",
    "closing",
    "confirmation",
    "filing",
    "handoff",
    "handoff_acceptance",
    "handoff_return",
    "rating",
    "rating_change",
    "registration",
    "reopening",
    "supplement",
    "withdrawal",
]
