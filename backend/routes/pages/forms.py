"""Forms as templates want them: values, errors by field, the key that makes a second click harmless, the version seen."""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from flask import request

from backend.codes import ProblemCode
from backend.domain.times import SHANGHAI
from backend.errors import Problem
from backend.routes.api import checked_key, fingerprint
from backend.routes.pages.guards import access, posted
from backend.routes.pipeline import Submission, open_reading
from backend.services.idempotency import peek

Form = dict[str, Any]

SECRET_FIELDS = frozenset({"csrf_token", "password", "old_password", "new_password", "again", "totp"})
"""Never shown again and never carried along."""

CODE_FIELDS = {
    "backdating_not_allowed": "occurred_at",
    "handoff_target_unavailable": "target",
    "handoff_to_self": "target",
    "subject_conflict": "target",
}
"""Problems of the whole request that stand beside one field of a form."""

LONG_FIELDS = (
    *("content", "text", "reason", "comment", "summary", "reply", "basis", "remedy", "clause"),
    *("matter", "plan", "matters", "positions", "opinion"),
    *("time_limit", "procedure", "documents", "help"),
    *("note", "body", "finding"),
)
LONG_FAMILIES = ("task_",)
EMPTY_CODES = frozenset({"required", "text_empty", "choice_invalid", "null_not_allowed", "type_invalid"})
SPENT_KEY_CODES = frozenset({"idempotency_key_reused", "idempotency_key_required", "idempotency_key_invalid"})
EXPIRED = "页面已过期，您填的内容还在，请再提交一次。"
WORDS = {
    "form_expired": EXPIRED,
    "idempotency_key_required": EXPIRED,
    "idempotency_key_invalid": EXPIRED,
    "precondition_required": EXPIRED,
    "idempotency_key_reused": "这张表刚才已经提交过一次。要另外提交的话，请核对后再提交。",
    "outcome_unknown": "还不能确定有没有保存。请再提交一次，不会重复登记。",
    "content_too_large": "选的文件合起来太大了。请换小一些的文件，或者提交以后再一个一个地补交。",
}
"""Problems of the API's machinery, as a person at a form meets them."""

_UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]")

SIGNED_IN_AGAIN = Problem(
    ProblemCode("signed_in_again", 200, "已经重新登录", ""),
    "已经重新登录，刚才的还没有提交。请核对后再提交一次。",
)


@dataclass(frozen=True, slots=True)
class Refusal:
    """A form that was not taken: why, and all that was written into it."""

    problem: Problem
    values: Mapping[str, str]

    @property
    def status(self) -> int:
        return self.problem.kind.status

    @property
    def headers(self) -> dict[str, str]:
        return self.problem.headers


@dataclass(frozen=True, slots=True)
class FormKind:
    """The fields of a form; `asks` says of a field what to fill in; `names` maps pointers that are called otherwise.

    `families` begin the names of fields of which a form has as many as there are things to choose from.
    """

    fields: tuple[str, ...]
    asks: Mapping[str, str] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)
    families: tuple[str, ...] = ()

    def field_of(self, pointer: str) -> str:
        """The field a JSON pointer means: /contact/phone is contact_phone; `form` when it is none of the form's."""
        name = self.names.get(pointer) or pointer.strip("/").removeprefix("closing/").replace("/", "_")
        return name if name in self.fields else "form"


def blank(version: int | None = None, **values: str) -> Form:
    """A form as it is first seen, with a key of its own."""
    return {"values": values, "errors": {}, "idempotency_key": uuid.uuid4().hex, "version": version}


def refused(kind: FormKind, refusal: Refusal, version: int | None = None) -> Form:
    """The same form again: nothing is lost, and the key is kept unless it was spent."""
    values = {
        name: _UNSEEN.sub("", text) for name, text in refusal.values.items() if name not in SECRET_FIELDS
    }
    kept = [name for name in values if name in kind.fields or name.startswith(kind.families)]
    form = blank(version=version, **{name: values[name] for name in kept})
    form["errors"] = errors_of(kind, refusal)
    key = values.get("idempotency_key")
    if key and refusal.problem.kind.code not in SPENT_KEY_CODES:
        form["idempotency_key"] = key
    return form


def filled_again(kind: FormKind, values: Mapping[str, str], version: int | None = None) -> Form:
    """A form with what was written into it, and nothing wrong with it: it is shown again before it is sent."""
    kept = {name: text for name, text in values.items() if name in kind.fields}
    form = blank(version=version, **kept)
    return form | {"idempotency_key": values.get("idempotency_key") or form["idempotency_key"]}


def errors_of(kind: FormKind, refusal: Refusal) -> dict[str, list[str]]:
    """What is wrong, by field; under `form` what belongs to none."""
    problem = refusal.problem
    if not problem.errors:
        name = CODE_FIELDS.get(problem.kind.code, "form")
        return {name if name in kind.fields else "form": [sentence_of(problem)]}
    found: dict[str, list[str]] = {}
    for item in problem.errors:
        name = kind.field_of(item["pointer"])
        ask = kind.asks.get(name) if item["code"] in EMPTY_CODES else None
        if item["code"] == "text_invalid":
            ask = "里面有看不见的控制字符，已经去掉，请核对后再提交。"
        found.setdefault(name, []).append(ask or item["detail"])
    return found


def sentence_of(problem: Problem) -> str:
    """What a problem says to a person, in one line."""
    kind = problem.kind
    if kind.code in WORDS:
        return WORDS[kind.code]
    return f"{kind.title}，{kind.detail}" if problem.detail == kind.detail else problem.detail


def submission(data: dict[str, Any]) -> Submission:
    """This form as a write: its hidden key and version, and the data made of its fields. Raises RequestInvalid."""
    key = checked_key(posted().get("idempotency_key", ""))
    body = json.dumps(data, sort_keys=True, ensure_ascii=True).encode("ascii")
    return Submission(access(), key, fingerprint(body), data, posted().get("version"))


def was_answered(sent: Submission) -> bool:
    """Whether this very form was carried out before. Raises KeyReused when another one was sent under its key."""
    with open_reading(sent.access.actor) as work:
        kept = peek(work, owner=sent.access.owner, key=sent.key, fingerprint=sent.fingerprint)
    return kept is not None


def kept_words() -> list[str]:
    """The longer texts of a form that cannot be shown again, so that they can be copied from the page."""
    if request.method != "POST":
        return []
    names = [*LONG_FIELDS, *(name for name in posted() if name.startswith(LONG_FAMILIES))]
    return [_UNSEEN.sub("", posted()[name]) for name in names if posted().get(name, "").strip()]


def filled(form: Mapping[str, str], *names: str) -> dict[str, Any]:
    """Those fields in which something is written, as they are written."""
    return {name: form[name] for name in names if form.get(name, "").strip()}


def ticked(form: Mapping[str, str], *names: str) -> dict[str, bool]:
    """Those boxes that are ticked."""
    return {name: True for name in names if form.get(name) == "true"}


def moment_of(local_time: str) -> str:
    """What a date and time field sends, with the zone its reader means; what it cannot mean goes as it is."""
    try:
        moment = datetime.fromisoformat(local_time)
    except ValueError:
        return local_time
    return (moment if moment.tzinfo else moment.replace(tzinfo=SHANGHAI)).isoformat()
