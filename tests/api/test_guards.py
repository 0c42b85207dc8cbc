"""Every route of the API stands in the table with its guard, and the guard runs before the view."""

from __future__ import annotations

import re
from typing import Any

import pytest

from backend.routes import API, TABLE, api
from tests.api.contract import document
from tests.support.app import Api, Office

pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"])

OPEN_TO_ALL = {
    "GET /healthz",
    "GET /readyz",
    "GET /api/v1/signs/{code}",
    "GET /api/v1/surveys/{token}",
    "GET /api/v1/units/{unit_id}/records",
    "GET /api/v1/units/{unit_id}/rules",
    "POST /api/v1/lookups",
    "POST /api/v1/sessions/wechat",
    "POST /api/v1/staff/sessions",
    "POST /api/v1/staff/sessions/wechat",
    "POST /api/v1/surveys/{token}",
}
WITHOUT_KEY = {
    "/api/v1/lookups",
    "/api/v1/phone-numbers",
    "/api/v1/sessions/wechat",
    "/api/v1/staff/sessions",
    "/api/v1/staff/sessions/wechat",
    "/api/v1/surveys/{token}",
}
"""What is posted without an Idempotency-Key: sessions, surveys, and what only looks something up (design 6)."""


def api_rules(office: Office) -> list[Any]:
    return [
        rule
        for rule in office.app.url_map.iter_rules()
        if (rule.rule.startswith(API) and rule.endpoint != "openapi.spec")
        or rule.rule in {"/healthz", "/readyz"}
    ]


def calls(office: Office) -> list[tuple[str, str]]:
    """(method, path) of every operation, with made-up names where the address wants one."""
    return [
        (method.upper(), path.replace("{number}", "2026000000000").replace("{", "").replace("}", ""))
        for path, methods in document(office.app)["paths"].items()
        for method in methods
    ]


def call(who: Api, method: str, path: str) -> Any:
    headers = {**who.headers, "Idempotency-Key": "a-key-of-sixteen-letters", "If-Match": '"1"'}
    form = {"data": {}, "content_type": "multipart/form-data"} if path.endswith("/attachments") else {}
    return who.client.open(path, method=method, headers=headers, **(form if method == "POST" else {}))


def test_each_route_has_a_row_and_its_guards_in_order(office: Office) -> None:
    rows = {row.blueprint.name: row for row in TABLE}
    assert len(rows) == len(TABLE)
    for rule in api_rules(office):
        blueprint = rule.endpoint.rsplit(".", 1)[0]
        assert blueprint in rows, f"{rule} has no row"
        assert office.app.before_request_funcs[blueprint] == [api.guard_body, rows[blueprint].guard]
    # No route of the application stands outside a blueprint, the document and static files apart.
    alone = {rule.endpoint for rule in office.app.url_map.iter_rules() if "." not in rule.endpoint}
    assert alone <= {"static"}


def test_what_is_open_to_anybody_is_written_down(office: Office) -> None:
    guards = {row.blueprint.name: row.guard for row in TABLE}
    open_ = set()
    for rule in api_rules(office):
        if guards[rule.endpoint.rsplit(".", 1)[0]] is api.guard_public:
            path = rule.rule.replace("<", "{").replace(">", "}")
            open_ |= {f"{method} {path}" for method in rule.methods - {"HEAD", "OPTIONS"}}
    assert open_ == OPEN_TO_ALL


def admitted(method: str, path: str) -> set[str]:
    """Whom of `doors` the contract lets in (design 6), by the address alone."""
    operation = f"{method} {path}"
    if operation in {name.replace("{", "").replace("}", "") for name in OPEN_TO_ALL}:
        return {"nobody", "a capability", "a citizen", "staff", "staff by WeChat"}
    if operation == "POST /api/v1/inquiries":
        # A session that is no citizen's is refused: what is filed would belong to nobody without a word.
        return {"nobody", "a capability", "a citizen"}
    if path.startswith("/api/v1/inquiries"):
        return {"a capability", "a citizen"}
    if path in {"/api/v1/sessions/current", "/api/v1/subscriptions"}:
        return {"a citizen", "staff by WeChat"}
    if path in {"/api/v1/phone-numbers", "/api/v1/account"}:
        return {"a citizen"}
    assert path.startswith("/api/v1/staff/"), f"{operation}: whom does it let in?"
    return {"staff", "staff by WeChat"}


def test_nobody_gets_past_a_guard(wechat_office: Office, subtests) -> None:
    office = wechat_office
    filed = office.file()
    doors = {
        "nobody": office.anybody,
        "a capability": office.citizen(filed["tracking_token"]),
        "a citizen": office.citizen_session("wang"),
        "staff": office.staff("window_a"),
        "staff by WeChat": office.bound_session("window_b"),
    }
    for method, path in calls(office):
        inside = admitted(method, path)
        for name, who in doors.items():
            with subtests.test(f"{method} {path}", who=name):
                if method == "DELETE" and name in inside:
                    continue  # it would end the session that is needed further down
                assert (call(who, method, path).status_code == 401) is (name not in inside)


ROLES = (
    "window_a",
    "window_head",
    "general",
    "principal",
    "deputy_leader",
    "discipline",
    "overseer",
    "auditor",
    "sysadmin",
)


def answer_of_ledger(name: str, method: str, path: str) -> int | None:
    """How this role is answered where the address is about the ledger; None for any other."""
    if path == "/api/v1/staff/exports" and method == "POST":
        return 422 if name in {"general", "principal", "discipline"} else 403
    if path in {"/api/v1/staff/exports", "/api/v1/staff/ledger/reports"}:
        return 200
    if path == "/api/v1/staff/ledger/years" or re.fullmatch(
        r"/api/v1/staff/ledger(\.(xlsx|docx|pdf))?", path
    ):
        return 403 if name in {"overseer", "auditor", "sysadmin"} else 200
    if path in {"/api/v1/staff/ledger/submissions", "/api/v1/staff/ledger/summaries"}:
        whose = {"window_a", "window_head"} if path.endswith("submissions") else {"general"}
        return 422 if name in whose else 403
    return None


def answer_of_writing(name: str, path: str) -> int | None:
    """How this role's empty body is answered where it belongs to no inquiry; None for any other address."""
    writers = {
        "/api/v1/staff/searches": set(ROLES),
        "/api/v1/staff/reply-templates": {"window_a", "window_head"},
        "/api/v1/staff/opinions": {"window_head", "general", "principal", "deputy_leader", "discipline"},
        "/api/v1/staff/unit-records": {"general", "principal"},
    }
    if path not in writers:
        return None
    return 422 if name in writers[path] else 403


def test_every_role_is_answered_by_every_staff_operation(office: Office, subtests) -> None:
    """No role breaks an operation, and none of them finds what does not exist."""
    for name in ROLES:
        who = office.staff(name)
        for method, path in calls(office):
            if not path.startswith("/api/v1/staff/") or path.startswith("/api/v1/staff/sessions"):
                continue
            with subtests.test(f"{name}: {method} {path}"):
                answer = call(who, method, path)
                lists = {
                    "/api/v1/staff/me",
                    "/api/v1/staff/directory",
                    "/api/v1/staff/follow-ups",
                    "/api/v1/staff/leads",
                    "/api/v1/staff/reviews",
                    "/api/v1/staff/wechat",
                }
                if (method, path) == ("GET", "/api/v1/staff/reply-templates"):
                    lists.add(path)
                if method == "DELETE":
                    assert answer.status_code == 204
                elif path in lists or (method, path) == ("GET", "/api/v1/staff/inquiries"):
                    assert answer.status_code == 200
                elif (of_ledger := answer_of_ledger(name, method, path)) is not None:
                    assert answer.status_code == of_ledger
                elif (writes := answer_of_writing(name, path)) is not None:
                    assert answer.status_code == writes
                elif path == "/api/v1/staff/inquiries":
                    registrar = name in {"window_a", "window_head", "general"}
                    assert answer.status_code == (422 if registrar else 403)
                else:
                    assert answer.status_code == 404


def test_the_document_names_every_refusal_with_its_codes(office: Office) -> None:
    for path, methods in document(office.app)["paths"].items():
        for method, operation in methods.items():
            statuses = set(operation["responses"])
            assert {"400", "404", "405", "413", "500", "503"} <= statuses, (method, path)
            if method in {"post", "put"} and path not in WITHOUT_KEY:
                names = {parameter["name"] for parameter in operation["parameters"]}
                assert "Idempotency-Key" in names, (method, path)
                assert {"409", "415", "422"} <= statuses, (method, path)
            if operation.get("security"):
                assert "401" in statuses, (method, path)
