"""Client and server say the same: addresses, words, limits, fields, acts, pages. Neither can move alone."""

from __future__ import annotations

import json
import re

import pytest

from backend.routes.api import FILE_LIMIT_BYTES
from backend.routes.pages.guards import FILES_AT_ONCE
from backend.services.attaching import AT_MOST
from backend.wechat import messages
from tests.miniprogram.server_actions import CITIZEN, STAFF, named_like_actions, offered
from tests.support.node import SOURCES

# Where the server says the words of each list: a schema and its field, or a query's parameter.
ENUMS = {
    "category": [("InquiryIn", "category"), ("RegistrationIn", "category"), ("ClassificationIn", "category")],
    "about_kind": [("AboutIn", "kind")],
    "citizen_kind": [("ContactIn", "kind")],
    "grade": [("RatingIn", "grade"), ("FollowUpIn", "grade")],
    "channel": [("RegistrationIn", "channel")],
    "handoff_mode": [("HandoffIn", "mode")],
    "staff_outcome": [("ClosingIn", "outcome"), ("ClosingPart", "outcome")],
    "opinion_kind": [("JointOpinionIn", "kind")],
    "report_to": [("JointReportIn", "to")],
    "service_method": [("ServiceIn", "how")],
    "regime": [("NamingIn", "regime")],
    "limit_basis": [("NoticeIn", "days_kind")],
    "call_result": [("FollowUpIn", "result")],
}

# Where the server says each limit: all places that a form of the client fills by it.
LIMITS = {
    "content": [("InquiryIn", "content"), ("RegistrationIn", "content")],
    "text": [
        ("SupplementIn", "text"), ("ReminderIn", "text"), ("PapersIn", "text"), ("JointOpinionIn", "text"),
        ("JointTaskDoneIn", "text"), ("SupervisionIn", "text"), ("TransferResultIn", "text"),
    ],
    "reason": [
        ("WithdrawalIn", "reason"), ("ReopeningIn", "reason"), ("ClosingIn", "reason"), ("HandoffIn", "reason"),
        ("HandoffReturnIn", "reason"), ("ExtensionIn", "reason"), ("AssignmentIn", "reason"),
        ("DisputeDecisionIn", "reason"), ("DisputeEscalationIn", "reason"), ("LetterCancellationIn", "reason"),
        ("ClassificationIn", "reason"),
    ],
    "reply": [("ClosingIn", "reply"), ("ClosingPart", "reply")],
    "basis": [("ClosingIn", "basis"), ("ClosingPart", "basis"), ("NoticeIn", "basis")],
    "remedy": [("ClosingIn", "remedy"), ("ClosingPart", "remedy")],
    "help": [("ClosingIn", "help"), ("ClosingPart", "help")],
    "comment": [("RatingIn", "comment"), ("FollowUpIn", "comment")],
    "procedure": [("NoticeIn", "procedure")],
    "matter": [("JointIn", "matter")],
    "plan": [("JointPlanIn", "plan")],
    "matters": [("JointReportIn", "matters")],
    "positions": [("JointReportIn", "positions")],
    "opinion": [("JointReportIn", "opinion")],
    "task": [("JointTaskPart", "task")],
    "time_limit": [("NoticeIn", "time_limit")],
    "receipt": [("ServiceIn", "receipt")],
    "clause": [("HandoffReturnIn", "clause")],
    "matter_basis": [("NamingIn", "basis")],
    "document": [("NoticeIn", "documents", "items", "maxLength")],
    "summary": [("ConfirmationIn", "summary"), ("RegistrationIn", "summary")],
    "name": [("ContactIn", "name")],
    "org_name": [("ContactIn", "org_name")],
    "phone": [("ContactIn", "phone")],
    "about_name": [("AboutIn", "name")],
    "authority_name": [("AuthorityIn", "name")],
    "authority_address": [("AuthorityIn", "address")],
    "authority_phone": [("AuthorityIn", "phone")],
    "external_name": [("OutsideIn", "name")],
    "external_address": [("OutsideIn", "address")],
    "external_phone": [("OutsideIn", "phone")],
    "external_no": [("RegistrationIn", "external_no")],
    "external_basis": [("RegistrationIn", "external_basis")],
    "sign_off": [("OpinionIn", "text"), ("OpinionsIn", "text")],
    "number": [("LookupIn", "number")],
    "binding_code": [("StaffWechatSessionIn", "binding_code")],
    "documents": [("NoticeIn", "documents", "maxItems")],
    "working_days": [("NoticeIn", "days", "maximum"), ("NamingIn", "days", "maximum"), ("ExtensionIn", "days", "maximum")],
}  # fmt: skip
PHONE_TAIL = "^[0-9]{4}\\Z"

# Acts of a citizen whose forms stand in pages of their own, and what those pages send.
PAGES_OF_ACTS = {
    "rate": ("rate/index.js", {"grade", "comment", "share_with_section"}),
    "change_rating": ("rate/index.js", {"grade", "comment", "share_with_section"}),
    "receive_notice": ("inquiry/index.js", set()),
    "supplement": ("act/index.js", {"text"}),
    "attach": ("act/index.js", {"file"}),
    "remind": ("act/index.js", {"text"}),
    "reopen": ("act/index.js", {"reason"}),
    "withdraw": ("act/index.js", {"reason"}),
}


def at(openapi, schema, field, *path):
    found = openapi["components"]["schemas"][schema]["properties"][field]
    for part in path or ("maxLength",):
        found = found[part]
    return found


def shape(path):
    """An address whatever its parts are called."""
    return re.sub(r"\{\w+\}", "{}", path)


def operations(openapi):
    return {
        (method.upper(), shape(path)): operation
        for path, methods in openapi["paths"].items()
        for method, operation in methods.items()
        if method in {"get", "post", "put", "delete"}
    }


@pytest.mark.parametrize("name", ENUMS)
def test_a_list_has_the_servers_values_and_words(openapi, client, name):
    ours = "；".join(f"{word['value']} {word['label']}" for word in client["enums"][name])
    theirs = {at(openapi, *place, "description") for place in ENUMS[name]}
    assert theirs == {ours}


def test_the_boxes_are_the_servers(openapi, client):
    (box,) = [
        one
        for one in openapi["paths"]["/api/v1/staff/inquiries"]["get"]["parameters"]
        if one["name"] == "box"
    ]
    assert [word["value"] for word in client["enums"]["box"]] == box["schema"]["enum"]


def test_every_list_is_compared(client):
    assert set(client["enums"]) == {*ENUMS, "box"}


@pytest.mark.parametrize("name", LIMITS)
def test_a_limit_is_the_servers(openapi, client, name):
    assert {at(openapi, *place) for place in LIMITS[name]} == {client["limits"][name]}


def test_the_tail_of_a_phone_has_as_many_digits_as_the_server_wants(openapi, client):
    assert at(openapi, "LookupIn", "phone_tail", "pattern") == PHONE_TAIL
    assert client["limits"]["phone_tail"] == 4


def test_every_limit_is_compared(client):
    assert set(client["limits"]) == {*LIMITS, "phone_tail"}


def test_files_are_as_many_and_as_large_as_the_server_takes(client):
    assert client["files"]["most"] == AT_MOST
    assert client["files"]["bytes"] == FILE_LIMIT_BYTES
    assert client["files"]["atFiling"] == FILES_AT_ONCE


def test_every_request_goes_to_an_address_and_a_method_of_the_server(openapi, client):
    known = operations(openapi)
    assert len(client["requests"]) > 10
    unknown = [
        (one["where"], one["method"], one["endpoint"])
        for one in client["requests"]
        if (one["method"], shape(client["endpoints"].get(one["endpoint"], "?"))) not in known
    ]
    assert unknown == []


def test_every_address_exists(openapi, client):
    paths = {path for _method, path in operations(openapi)}
    assert [name for name, path in client["endpoints"].items() if shape(path) not in paths] == []


def test_an_address_that_is_written_out_is_one_of_the_list(client):
    assert set(client["addresses"]) <= set(client["endpoints"].values())


def test_what_is_sent_is_what_the_server_takes(openapi, client):
    known = operations(openapi)
    wrong = []
    for one in client["requests"]:
        operation = known[one["method"], shape(client["endpoints"][one["endpoint"]])]
        if one["fields"] is None:
            continue
        if one["method"] == "GET":
            taken = {each["name"] for each in operation.get("parameters", []) if each["in"] == "query"}
        else:
            schema = operation["requestBody"]["content"]["application/json"]["schema"]["$ref"].rpartition(
                "/"
            )[2]
            taken = set(openapi["components"]["schemas"][schema]["properties"])
        wrong += [(one["where"], field) for field in one["fields"] if field not in taken]
    assert wrong == []


def test_every_function_that_offers_acts_is_read():
    assert named_like_actions() == CITIZEN | STAFF


def test_an_act_of_the_office_has_a_form_with_the_servers_fields_or_is_for_the_desk(client):
    theirs = offered(STAFF)
    assert len(theirs) > 20
    ours = {name: set(fields) for name, fields in client["acts"].items()}
    assert set(client["deskOnly"]) == {"open_lead", "spot_check"}
    assert ours == {name: fields for name, fields in theirs.items() if name not in client["deskOnly"]}


def test_an_act_of_a_citizen_has_a_page_with_the_servers_fields(client):
    assert {name: fields for name, (_page, fields) in PAGES_OF_ACTS.items()} == offered(CITIZEN)
    missing = [
        name for name, (page, _fields) in PAGES_OF_ACTS.items() if not re.search(rf"\b{name}\b", client["texts"][page])
    ]  # fmt: skip
    assert missing == []


def test_a_message_opens_a_page_that_exists():
    app = json.loads((SOURCES / "app.json").read_text("utf-8"))
    pages = {*app["pages"], *(f"{one['root']}/{page}" for one in app["subPackages"] for page in one["pages"])}
    opened = {value for name, value in vars(messages).items() if name.endswith("_PAGE")}
    assert len(opened) >= 4
    assert opened - pages == set()
