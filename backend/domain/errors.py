"""What a rule refuses. Each class carries the stable problem code that clients see; none knows HTTP."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any


class DomainError(Exception):
    """A request that a rule refuses. `code` is stable; `data` are further members for the answer."""

    code = "refused"

    def __init__(self, detail: str | None = None, **data: Any) -> None:
        super().__init__(detail or self.code)
        self.detail = detail
        self.data = data


class NotFound(DomainError):
    """No such object for this actor; also what an object outside the actor's chain looks like."""

    code = "not_found"


class VersionConflict(DomainError):
    """It changed since the caller saw it; of an inquiry, `current_version` is what it is now."""

    code = "version_conflict"


class SignUnknown(DomainError):
    code = "sign_unknown"


class SignRetired(DomainError):
    code = "sign_retired"


class NotHolder(DomainError):
    """Acting on an inquiry that somebody else holds."""

    code = "not_holder"


class RoleRequired(DomainError):
    """The act needs a role the actor does not have in this scope."""

    code = "role_required"


class IllegalTransition(DomainError):
    """The state machine has no such step from here."""

    code = "illegal_transition"


class HandoffToSelf(DomainError):
    code = "handoff_to_self"


class HandoffTargetUnavailable(DomainError):
    """A target that nobody could accept for: missing, disabled or unstaffed."""

    code = "handoff_target_unavailable"


class HandoffPending(DomainError):
    code = "handoff_pending"


class DisputePending(DomainError):
    """After the third refusal somebody above decides who takes it; until then it is offered to nobody."""

    code = "dispute_pending"


class DisputeClosed(DomainError):
    """The dispute is decided, or the inquiry ended meanwhile."""

    code = "dispute_closed"


class LetterClosed(DomainError):
    """The letter to an outside authority is served or cancelled, or not yet served."""

    code = "letter_closed"


class ResultAlreadyBack(DomainError):
    """The final result of a transfer is recorded once."""

    code = "result_already_back"


class OfferCancelled(DomainError):
    """The offer is no longer open: closed, withdrawn or replaced meanwhile."""

    code = "offer_cancelled"


class SubjectConflict(DomainError):
    """A complaint may not reach the person or section it is about."""

    code = "subject_conflict"


class JointAlreadyPlanned(DomainError):
    """A joint case has one plan."""

    code = "joint_already_planned"


class JointAlreadyReferred(DomainError):
    """The written report goes up once."""

    code = "joint_already_referred"


class JointNotAgreed(DomainError):
    """Nothing on record shows that the units agreed to a plan (坛 六（三） 商定)."""

    code = "joint_not_agreed"


class JointNotPlanned(DomainError):
    """There is no plan yet whose task could be done."""

    code = "joint_not_planned"


class JointTaskAlreadyDone(DomainError):
    code = "joint_task_already_done"


class AlreadyReceived(DomainError):
    """The citizen has confirmed the latest notice before."""

    code = "already_received"


class AlreadyRated(DomainError):
    code = "already_rated"


class NotRateable(DomainError):
    """Rating before closing, after the window, or of a withdrawn inquiry."""

    code = "not_rateable"


class StaffCannotRate(DomainError):
    code = "staff_cannot_rate"


class FollowUpNotPossible(DomainError):
    """Nobody can be called about it: it is not closed, was withdrawn, or no phone was left."""

    code = "follow_up_not_possible"


class AlreadyFollowedUp(DomainError):
    """The call of this round was answered or refused, or is not needed any more."""

    code = "already_followed_up"


class SpotCheckNotPossible(DomainError):
    """It is not closed: there is no satisfaction to check yet."""

    code = "spot_check_not_possible"


class SurveyExpired(DomainError):
    """The rating window of the round a survey is about is over."""

    code = "survey_expired"


class LimitAlreadyStated(DomainError):
    """A stated limit of the same duty runs already; naming the matter again would be a second one."""

    code = "limit_already_stated"


class ExtensionNotAllowed(DomainError):
    """Nothing may be extended: no limit 原则上 runs, it is over, or it was extended before (坛 七（一）)."""

    code = "extension_not_allowed"


class CursorInvalid(DomainError):
    """A place in a list that no list of ours gave out."""

    code = "cursor_invalid"


class BackdatingNotAllowed(DomainError):
    code = "backdating_not_allowed"


class AlreadyReminded(DomainError):
    """催办 once a day: today it has been done."""

    code = "already_reminded"


class TooOften(DomainError):
    """One person filed as much as one person may; `retry_after` is in whole seconds."""

    code = "rate_limited"

    def __init__(self, retry_after: int) -> None:
        super().__init__()
        self.retry_after = retry_after


class PossibleDuplicate(DomainError):
    """The same person filed the same words a moment ago; `number` is that inquiry's."""

    code = "possible_duplicate"


class WechatNotBound(DomainError):
    """This WeChat belongs to no active member of staff."""

    code = "not_bound"


class BindingCodeWrong(DomainError):
    """No such code, or it is used, replaced or too old: the answer never says which."""

    code = "binding_code_wrong"


class WechatAlreadyBound(DomainError):
    """This WeChat is bound to another member of staff."""

    code = "wechat_already_bound"


class StaffAlreadyBound(DomainError):
    """This member of staff has bound another WeChat."""

    code = "staff_already_bound"


class FullSignInRequired(DomainError):
    """Only for who signed in with the password, and the one-time code where a secret is set."""

    code = "full_sign_in_required"


class ReviewDecided(DomainError):
    """Somebody has looked at this text or file already."""

    code = "review_decided"


class AttachmentErased(DomainError):
    """The file was destroyed because the person asked for it; its place stays."""

    code = "attachment_erased"


class LeadDecided(DomainError):
    """A decision on a lead is recorded once; what was found before it stays as it was."""

    code = "lead_decided"


class FieldInvalid(DomainError):
    """A value that only the use case can judge. `pointer` is the JSON pointer of the field."""

    code = "value_invalid"

    def __init__(self, pointer: str, detail: str, code: str = "value_invalid") -> None:
        super().__init__(detail)
        self.pointer = pointer
        self.field_code = code


class FieldsInvalid(DomainError):
    """Several such values at once, each with its place."""

    code = "validation_failed"

    def __init__(self, fields: Iterable[FieldInvalid]) -> None:
        super().__init__()
        self.fields = tuple(fields)
