"""What became of the messages about an inquiry."""

from __future__ import annotations

from marshmallow import fields

from backend.domain.vocabulary_contact import DeliveryState
from backend.schemas.fields import Out


class DeliveryOut(Out):
    """One message; `problem` says why it did not go out, or not yet, and `next` what happens then."""

    title = fields.String()
    to = fields.String()
    to_citizen = fields.Boolean()
    at = fields.String(metadata={"format": "date-time"})
    at_text = fields.String()
    state = fields.String(
        metadata={
            "enum": [state.value for state in DeliveryState],
            "description": "；".join(f"{state.value} {state.label}" for state in DeliveryState),
        }
    )
    state_label = fields.String()
    sent_at = fields.String(allow_none=True, metadata={"format": "date-time"})
    sent_text = fields.String(allow_none=True)
    problem = fields.String(allow_none=True)
    next = fields.String(allow_none=True)
