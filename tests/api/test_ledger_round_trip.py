"""What an office brings in from its old ledger comes out of the export again, field by field (泸 附件2)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from backend.domain.ledger_form import COLUMNS, DETAILS
from backend.domain.vocabulary_organisation import ImportKind
from backend.models import ImportFile
from backend.services.imports import approve, find_import, findings_of, receive_file
from backend.spreadsheets.apart import read_workbook
from tests.support import workbooks
from tests.support.app import Office
from tests.support.importing import run_jobs
from tests.support.reading_files import sheet_rows

ROW = {
    "受理时间": "2025-03-03 09:30",
    "首问责任人": "测试04",
    "服务对象": "王小明",
    "联系方式": "13812345678",
    "首问方式": "政务热线",
    "首问类别": "办理事情",
    "首问内容": "办营业执照要带什么？=1+1",
    "办理情况": "转交其他科室办理",
    "具体办理情况": "带身份证和房产证明。",
    "办结时间": "2025-03-03 09:40",
    "回访时间": "2025-03-10 15:00",
    "群众满意度": "一般",
    "备注": "总岗抽查：属实。",
}
SAME = (
    *(
        "受理时间",
        "首问方式",
        "首问类别",
        "首问内容",
        "办理情况",
        "具体办理情况",
        "办结时间",
        "回访时间",
        "群众满意度",
    ),
)


def test_the_fields_of_the_form_come_back_as_they_were(office: Office) -> None:
    row = ROW | {"首问责任人": office.org.people["window_a"].name}
    general = office.org.identity("general")
    with office.working(general.actor) as work:
        data = workbooks.ledger(row)
        import_id = receive_file(work, general, ImportKind.LEDGER, "2025.xlsx", data).id
    run_jobs(office)
    overseer = office.org.identity("overseer")
    with office.working(overseer.actor) as work:
        approve(work, overseer, find_import(work, overseer, import_id))
    run_jobs(office)
    answer = office.staff("general").get("/staff/ledger.xlsx?scope=unit&year=2025")
    assert answer.status_code == 200, answer.json
    [sheet] = read_workbook(answer.data, most_rows=50)
    head = next(number for number, cells in enumerate(sheet.rows) if "受理时间" in cells)
    labels, cells = sheet.rows[head], sheet.rows[head + 1]
    out = {label: cell for label, cell in zip(labels, cells, strict=False) if label}
    told = {
        label: f"{value:%Y-%m-%d %H:%M}" if isinstance(value, datetime) else value
        for label, value in out.items()
    }
    assert {label: told[label] for label in SAME} == {label: ROW[label] for label in SAME}
    assert told["首问责任人"] == row["首问责任人"]
    assert "补录" in str(told["备注"])
    assert ROW["备注"] in str(told["备注"])
    assert told["服务对象"] == "王**", "masked by default"


REFUSAL = {"reason": "年龄不够", "basis": "条例第五条", "remedy": "可以申请行政复议"}
HELP = {"reason": "属于街道职责", "help": "已联系街道"}
CLOSINGS: dict[str, tuple[str, dict[str, Any]]] = {
    "办理完成": ("application", {"outcome": "completed", "reply": "证已办好"}),
    "答复": ("consult", {"outcome": "answered", "reply": "带身份证"}),
    "不予办理": ("application", {"outcome": "refused", "reply": "不能办"} | REFUSAL),
    "引导": ("consult", {"outcome": "guided", "reply": "请找街道"} | HELP),
    "很长的答复": (
        "consult",
        {"outcome": "guided", "reply": "长" * 4000} | {"reason": "由" * 4000, "help": "帮"},
    ),
    "自己评价的": ("consult", {"outcome": "answered", "reply": "好"}),
    "已答复": ("consult", {"outcome": "answered", "reply": "好"}),
    "无法回访": ("consult", {"outcome": "answered", "reply": "好"}),
    "拒绝回访": ("consult", {"outcome": "answered", "reply": "好"}),
}
"""By what the matter is called: how it is closed."""
CALLS = {
    "已答复": {"result": "answered", "grade": "dissatisfied"},
    "无法回访": {"result": "unreachable"},
    "拒绝回访": {"result": "refused"},
}


def whole_year(office: Office) -> None:
    """A matter of every outcome and of every result of a call, one that goes elsewhere, one that is taken back."""
    for content, (category, closing) in CLOSINGS.items():
        filed = office.file(
            content=content, category=category, contact={"name": "王小明", "phone": "13812345678"}
        )
        number = filed["number"]
        assert office.act("window_a", number, "closing", closing).status_code == 200
        if content in CALLS:
            assert office.act("general", number, "follow-ups", CALLS[content]).status_code == 201
        if content == "自己评价的":
            citizen = office.citizen(filed["tracking_token"])
            assert citizen.post(f"/inquiries/{number}/rating", {"grade": "fair"}).status_code == 201
        if content == "答复":
            signed = {"role": "section_head", "text": "同意。"}
            assert office.act("window_head", number, "opinions", signed).status_code == 201
            signed = {"role": "deputy_leader", "text": "已阅。"}
            assert office.act("deputy_leader", number, "opinions", signed).status_code == 201
        office.clock.forward(minutes=20)
    withdrawn = office.file(content="撤回")
    taken = office.citizen(withdrawn["tracking_token"]).post(
        f"/inquiries/{withdrawn['number']}/withdrawal", {}
    )
    assert taken.status_code in {200, 201}
    number = office.file(content="移交", category="application")["number"]
    letter = {"external": {"name": "区税务局", "phone": "0519-82800000"}, "reason": "属于税务部门职责"}
    made = office.act("window_a", number, "handoffs", letter)
    office.clock.forward(hours=1)
    served = {"served_at": office.clock.now().isoformat(), "how": "in_person", "receipt": "李某"}
    version = office.version(number, "window_a")
    answer = office.staff("window_a").post(
        f"/staff/external-handoffs/{made.json['id']}/service", served, version=version
    )
    assert answer.status_code == 200, answer.json
    # The week's grades are shown to staff on Monday.
    office.clock.forward(days=8)


def full_export(office: Office) -> bytes:
    body = {"scope": "unit", "year": 2026, "format": "xlsx", "reason": "换系统"}
    export_id = office.staff("general").post("/staff/exports", body).json["id"]
    office.staff("discipline").post(f"/staff/exports/{export_id}/decision", {"decision": "approved"})
    answer = office.staff("general").post(f"/staff/exports/{export_id}/download", {})
    assert answer.status_code == 200, answer.json
    data: bytes = answer.data
    return data


def by_content(data: bytes) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for row in sheet_rows(data):
        told = {
            label: f"{value:%Y-%m-%d %H:%M}" if isinstance(value, datetime) else value
            for label, value in row.items()
        }
        found.setdefault(str(told["首问内容"]), []).append(told)
    return found


def bring_in(office: Office, data: bytes, name: str = "general") -> ImportFile:
    """Upload, check, confirm, make; what it came to."""
    identity = office.org.identity(name)
    with office.working(identity.actor) as work:
        import_id = receive_file(work, identity, ImportKind.LEDGER, "台账.xlsx", data).id
    run_jobs(office)
    with office.looking() as work:
        assert findings_of(work.tools, find_import(work, identity, import_id))["lines"] == []
    overseer = office.org.identity("overseer")
    with office.working(overseer.actor) as work:
        approve(work, overseer, find_import(work, overseer, import_id))
    run_jobs(office)
    with office.looking() as work:
        return find_import(work, identity, import_id)


def test_every_field_of_every_outcome_and_call_of_our_own_export_comes_back(office: Office) -> None:
    """All fourteen fields and 具体办理情况; but for the citizen's own grade, which nobody else can give, and 备注."""
    whole_year(office)
    exported = full_export(office)
    before = by_content(exported)
    assert set(before) == {*CLOSINGS, "撤回", "移交"}
    file = bring_in(office, exported)
    assert (file.state.value, file.done_count) == ("done", len(before))
    after = by_content(full_export(office))
    labels = [column.label for column in COLUMNS if column.id != "remark"] + [DETAILS]
    for content, rows in after.items():
        old, new = sorted(rows, key=lambda row: row["是否补录"] == "补录")
        wanted = {label: old[label] for label in labels}
        if content == "自己评价的":
            assert wanted["群众满意度"] == "一般"
            wanted["群众满意度"] = None
            assert "群众满意度：一般（没有回访时间，不计入评价）" in new["备注"]
        assert {label: new[label] for label in labels} == wanted, content
        assert new["备注"].split("；").count("补录") == 1
        if content in {"无法回访", "拒绝回访"}:
            assert new["备注"].split("；").count(content) == 1


def test_what_another_unit_handed_over_comes_back_without_its_people(office: Office) -> None:
    number = office.file(content="外单位来的", category="application")["number"]
    body = {"to_unit": office.org.neighbour.id, "reason": "属于邻局职责", "written": True}
    offered = office.act("window_a", number, "handoffs", body)
    assert offered.status_code == 201, offered.json
    version = office.version(number, "neighbour_general")
    taken = office.staff("neighbour_general").post(
        f"/staff/handoffs/{offered.json['id']}/acceptance", {}, version=version
    )
    assert taken.status_code < 300, taken.json
    office.act("neighbour_general", number, "closing", {"outcome": "completed", "reply": "办好了"})
    address = "/staff/ledger.xlsx?scope=unit&year=2026"
    exported = office.staff("neighbour_general").get(address).data
    [[old]] = by_content(exported).values()
    assert old["台账行"] == "外单位移交"
    assert bring_in(office, exported, "neighbour_general").done_count == 1
    [lines] = by_content(office.staff("neighbour_general").get(address).data).values()
    [new] = [one for one in lines if one != old]
    assert (new["台账行"], new["首问责任人"]) == ("首问", None)
    assert f"首问责任人：{old['首问责任人']}" in new["备注"]


def test_our_own_export_can_be_brought_in_elsewhere(office: Office) -> None:
    office.act("window_a", office.file()["number"], "closing", {"outcome": "answered", "reply": "带身份证。"})
    exported = office.staff("general").get("/staff/ledger.xlsx?scope=unit&year=2026").data
    general = office.org.identity("general")
    with office.working(general.actor) as work:
        import_id = receive_file(work, general, ImportKind.LEDGER, "台账.xlsx", exported).id
    run_jobs(office)
    with office.looking() as work:
        file = find_import(work, general, import_id)
        assert (file.state.value, file.row_count) == ("ready", 1)
