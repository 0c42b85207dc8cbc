"""What an office brings in from its old ledger comes out of the export again, field by field (泸 附件2)."""

from __future__ import annotations

from datetime import datetime

from backend.domain.vocabulary_organisation import ImportKind
from backend.services.imports import approve, find_import, receive_file
from backend.spreadsheets.apart import read_workbook
from tests.support import workbooks
from tests.support.app import Office
from tests.support.importing import run_jobs

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
    with office.working(general.actor) as work:
        approve(work, general, find_import(work, general, import_id))
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
