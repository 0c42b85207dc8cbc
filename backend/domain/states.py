"""The life of an inquiry as one table: from which state which step is allowed, and where it leads."""

from __future__ import annotations

from enum import StrEnum

from backend.domain.errors import IllegalTransition
from backend.domain.vocabulary import Status


class Step(StrEnum):
    """What can happen to an inquiry."""

    CONFIRM = "confirm"
    OFFER = "offer"
    ACCEPT = "accept"
    RETURN = "return"
    LAPSE = "lapse"
    ASSIGN = "assign"
    CLOSE = "close"
    WITHDRAW = "withdraw"
    REOPEN = "reopen"
    SUPPLEMENT = "supplement"
    ATTACH = "attach"
    RATE = "rate"
    NOTIFY = "notify"
    CLASSIFY = "classify"
    NAME_MATTER = "name_matter"
    EXTEND = "extend"
    START_JOINT = "start_joint"
    WORK_JOINTLY = "work_jointly"
    ADDRESS_OUTSIDE = "address_outside"
    DECIDE = "decide"
    URGE = "urge"
    REPLACE = "replace"


BACK = "the state before the offer"

_OPEN = (Status.FILED, Status.CONFIRMED, Status.AWAITING_CITIZEN, Status.IN_HANDOFF, Status.JOINT)
_AT_REST = (Status.FILED, Status.CONFIRMED, Status.AWAITING_CITIZEN, Status.JOINT)
"""Open, and no offer waits for an answer."""

TRANSITIONS: dict[tuple[Status, Step], Status | str] = {
    (Status.FILED, Step.CONFIRM): Status.CONFIRMED,
    # Handing over and closing are allowed without signing for it first (design 4).
    (Status.FILED, Step.OFFER): Status.IN_HANDOFF,
    (Status.CONFIRMED, Step.OFFER): Status.IN_HANDOFF,
    (Status.AWAITING_CITIZEN, Step.OFFER): Status.IN_HANDOFF,
    (Status.IN_HANDOFF, Step.ACCEPT): Status.CONFIRMED,
    (Status.IN_HANDOFF, Step.RETURN): BACK,
    (Status.IN_HANDOFF, Step.LAPSE): BACK,
    (Status.FILED, Step.ASSIGN): Status.FILED,
    (Status.CONFIRMED, Step.ASSIGN): Status.CONFIRMED,
    (Status.AWAITING_CITIZEN, Step.ASSIGN): Status.AWAITING_CITIZEN,
    # A supplement ends the wait for the citizen, and so does a file; elsewhere they change nothing but the file.
    (Status.FILED, Step.SUPPLEMENT): Status.FILED,
    (Status.CONFIRMED, Step.SUPPLEMENT): Status.CONFIRMED,
    (Status.AWAITING_CITIZEN, Step.SUPPLEMENT): Status.CONFIRMED,
    (Status.IN_HANDOFF, Step.SUPPLEMENT): Status.IN_HANDOFF,
    (Status.JOINT, Step.SUPPLEMENT): Status.JOINT,
    # Telling all four parts once begins the wait for the citizen (坛 六（一）).
    (Status.FILED, Step.NOTIFY): Status.AWAITING_CITIZEN,
    (Status.CONFIRMED, Step.NOTIFY): Status.AWAITING_CITIZEN,
    (Status.AWAITING_CITIZEN, Step.NOTIFY): Status.AWAITING_CITIZEN,
    # Several units: under joint handling until the lead closes (坛 六（三）).
    (Status.FILED, Step.START_JOINT): Status.JOINT,
    (Status.CONFIRMED, Step.START_JOINT): Status.JOINT,
    (Status.AWAITING_CITIZEN, Step.START_JOINT): Status.JOINT,
    (Status.JOINT, Step.WORK_JOINTLY): Status.JOINT,
    (Status.JOINT, Step.ASSIGN): Status.JOINT,
    # Deciding a dispute names the holder; whoever is named starts from a clean state.
    **{
        (status, Step.DECIDE): Status.CONFIRMED
        for status in (Status.FILED, Status.CONFIRMED, Status.AWAITING_CITIZEN)
    },
    (Status.CLOSED, Step.REOPEN): Status.CONFIRMED,
    (Status.CLOSED, Step.RATE): Status.CLOSED,
    # The giver may close or the citizen withdraw while an offer is open; that cancels the offer.
    **{(status, Step.CLOSE): Status.CLOSED for status in _OPEN},
    **{(status, Step.WITHDRAW): Status.CLOSED for status in _OPEN},
    **{(status, Step.ATTACH): status for status in _OPEN},
    (Status.AWAITING_CITIZEN, Step.ATTACH): Status.CONFIRMED,
    **{(status, Step.URGE): status for status in _OPEN},
    # Whoever takes over from somebody who leaves finds everything as it was, an open offer included.
    **{(status, Step.REPLACE): status for status in _OPEN},
    **{(status, Step.EXTEND): status for status in _OPEN},
    **{
        (status, step): status
        for status in _AT_REST
        for step in (Step.CLASSIFY, Step.NAME_MATTER, Step.ADDRESS_OUTSIDE)
    },
}


def allowed(status: Status, step: Step) -> bool:
    """Whether the table has this step."""
    return (status, step) in TRANSITIONS


def next_status(status: Status, step: Step, *, before_offer: Status | None = None) -> Status:
    """Where `step` leads from `status`. `before_offer` is the state a return or silence leads back to.

    Raises IllegalTransition when the table has no such step.
    """
    target = TRANSITIONS.get((status, step))
    if target is None:
        raise IllegalTransition(status=status.value, step=step.value)
    if target == BACK:
        if before_offer is None:
            raise ValueError("a return needs the state before the offer")
        return before_offer
    return Status(target)
