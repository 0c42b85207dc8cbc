"""What the pages of the organisation send."""

from __future__ import annotations

from datetime import time
from typing import Any

from marshmallow import ValidationError, fields, validate

from backend.domain.vocabulary import Employment, Measure, OrganType, PostKind, Role, SectionKind
from backend.schemas.fields import MESSAGES, Choice, Flag, Id, In, Line, Moment

USERNAME_PATTERN = r"^[A-Za-z0-9][A-Za-z0-9._-]{2,31}\Z"
USERNAME = validate.Regexp(
    USERNAME_PATTERN, error="value_invalid|用户名是 3 到 32 个英文字母、数字、点、横线。"
)


class ClockTime(fields.String):
    """HH:MM."""

    default_error_messages = MESSAGES

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        try:
            return time.fromisoformat(str(value)).replace(second=0, microsecond=0, tzinfo=None)
        except ValueError:
            raise ValidationError("type_invalid|写成 17:30 这样。") from None


class UnitChangeIn(In):
    name = Line(80, required=True)
    organ_type = Choice(OrganType, required=True)
    parent = Id()
    closes_at = ClockTime()
    address = Line(300)
    complaint_phone = Line(40)


class UnitIn(UnitChangeIn):
    measure = Choice(Measure, required=True)
    parent = Id(required=True)


class NothingIn(In):
    pass


class SectionIn(In):
    name = Line(80, required=True)
    kind = Choice(SectionKind, required=True)
    is_dedicated = Flag()


class PlaceIn(In):
    location = Line(200)
    phone = Line(40)


class KeepersIn(In):
    holder = Id()
    deputy_1 = Id()
    deputy_2 = Id()


class PostIn(KeepersIn):
    kind = Choice(PostKind, required=True)
    section = Id()
    location = Line(200)
    phone = Line(40)


class SignIn(In):
    location = Line(200)


class StaffChangeIn(In):
    name = Line(40, required=True)
    employment = Choice(Employment, required=True)
    phone = Line(40)


class StaffIn(StaffChangeIn):
    username = Line(32, required=True, validate=USERNAME)
    section = Id()


class LeaveIn(In):
    reassign_to = Id()
    posts_to = Id()


class MoveIn(LeaveIn):
    place = Line(70, required=True)


class ResetIn(In):
    totp = Flag()


class RoleIn(In):
    role = Choice(Role, required=True)
    section = Id()


class RevokeIn(In):
    grant = Id(required=True)


class RetireIn(In):
    sign = Id(required=True)
    successor = Id()


class AbsenceIn(In):
    starts_at = Moment(required=True)
    ends_at = Moment()


class CancelIn(In):
    absence = Id(required=True)


class PasswordIn(In):
    old_password = Line(128, required=True)
    new_password = Line(200, required=True)
    again = Line(200, required=True)
