"""`/staff/ledger.xlsx`, `.docx`, `.pdf`: the ledger as files, masked, opened by independent readers."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import docx
import pytest

from backend.routes import downloads
from tests.support.reading_files import pdf_pages, sheet_rows, sheet_top, word_forms

PHONE, NAME = "13812345678", "王小明"
HOSTILE = '=HYPERLINK("http://x.example","点我")'


@pytest.fixture
def told(office):
    """Two matters of the window: one closed by its post, one handed to the business section."""
    first = office.file(content=HOSTILE, contact={"name": NAME, "phone": PHONE})
    office.act(
        "window_a", first["number"], "closing", {"outcome": "answered", "reply": "请带身份证，+86 也可以"}
    )
    office.clock.forward(hours=1)
    second = office.file(content="想办食品经营许可，我叫张𠮷😀", category="application", written=True)
    body = {"to_section": office.org.business.section.id, "reason": "属于业务科职责"}
    offered = office.act("window_a", second["number"], "handoffs", body)
    version = office.version(second["number"], "business_a")
    taken = office.staff("business_a").post(
        f"/staff/handoffs/{offered.json['id']}/acceptance", {}, version=version
    )
    assert taken.status_code < 300, taken.json
    return first, second


def test_a_section_takes_its_own_ledger_as_a_workbook(office, told):
    answer = office.staff("window_a").get("/staff/ledger.xlsx?scope=section&year=2026")
    assert answer.status_code == 200
    assert answer.mimetype == "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    assert "attachment" in answer.headers["Content-Disposition"]
    assert answer.headers["Cache-Control"] == "private, no-store"
    rows = sheet_rows(answer.data)
    assert [row["首问内容"] for row in rows] == [HOSTILE, "想办食品经营许可，我叫张𠮷😀"]
    assert [row["首问责任人"] for row in rows] == [office.org.people["window_a"].name] * 2
    assert (rows[0]["服务对象"], rows[0]["联系方式"]) == ("王**", "138****5678")
    assert (rows[0]["办理情况"], rows[1]["办理情况"]) == ("本人本科室办理", "转交其他科室办理")
    assert rows[0]["具体办理情况"].endswith("请带身份证，+86 也可以")
    assert [row["编号"] for row in rows] == [filed["display_number"] for filed in told]
    assert "本系统提供" in sheet_top(answer.data)
    assert "姓名、电话已遮盖" in sheet_top(answer.data)


def test_a_continued_line_is_marked_and_not_counted(office, told):
    rows = sheet_rows(office.staff("business_a").get("/staff/ledger.xlsx?scope=section&year=2026").data)
    assert [(row["台账行"], row["是否计数"]) for row in rows] == [("承接", "不计数")]


def test_a_late_entry_is_marked(office):
    body = {
        "channel": "call", "category": "consult", "content": "昨天的电话", "occurred_at": "2026-11-13T10:00:00+08:00",
    }  # fmt: skip
    assert office.staff("window_a").post("/staff/inquiries", body).status_code == 201
    rows = sheet_rows(office.staff("window_a").get("/staff/ledger.xlsx").data)
    assert [(row["是否补录"], row["首问方式"]) for row in rows] == [("补录", "来电")]
    assert "补录" in rows[0]["备注"]


def test_the_same_ledger_as_pdf_is_a_cover_and_a_form_each(office, told):
    answer = office.staff("general").get("/staff/ledger.pdf?scope=unit&year=2026")
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    cover, first, second = pdf_pages(answer.data)
    unit = office.org.unit.name
    assert f"{unit}首问责任制工作台账总台账首问责任总岗：" in cover
    assert "本系统提供" in cover
    assert "服务对象王**联系方式138****5678" in first
    assert HOSTILE in first
    assert "咨询事项☑" in first
    assert "办理事情☑" in second
    assert "张〔U+20BB7〕〔U+1F600〕" in second
    assert "字库里没有的字" in second


def test_the_same_ledger_as_a_word_file_keeps_every_character(office, told):
    answer = office.staff("window_a").get("/staff/ledger.docx?year=2026")
    assert answer.status_code == 200
    forms = word_forms(answer.data)
    assert [form[4][1] for form in forms] == [HOSTILE, "想办食品经营许可，我叫张𠮷😀"]


@pytest.mark.parametrize("ending", ["xlsx", "docx", "pdf"])
def test_no_file_names_anybody(office, ending):
    """Nor does any text in it: what was asked, answered, and said of it by those who signed."""
    filed = office.file(content=f"我是{NAME}，电话 138 1234 5678", contact={"name": NAME, "phone": PHONE})
    reply = {"outcome": "answered", "reply": f"已电话答复{NAME} {PHONE}"}
    office.act("window_a", filed["number"], "closing", reply)
    opinion = {"role": "section_head", "text": f"已向{NAME}（{PHONE}）说明。"}
    office.act("window_head", filed["number"], "opinions", opinion)
    data = office.staff("general").get(f"/staff/ledger.{ending}?scope=unit").data
    if ending == "xlsx":
        text = json.dumps(sheet_rows(data), default=str, ensure_ascii=False)
    elif ending == "docx":
        text = json.dumps(word_forms(data), ensure_ascii=False)
    else:
        text = "".join(pdf_pages(data))
    text = text.replace(" ", "")
    assert "已电话答复王**138****5678" in text
    assert "我是王**，电话138****5678" in text
    assert "已向王**（138****5678）说明" in text
    assert NAME not in text
    assert PHONE not in text


@pytest.mark.parametrize("ending", ["xlsx", "docx", "pdf"])
def test_a_year_without_rows_is_a_file_too(office, ending):
    answer = office.staff("window_a").get(f"/staff/ledger.{ending}?year=2019")
    assert answer.status_code == 200
    if ending == "xlsx":
        assert sheet_rows(answer.data) == []
    elif ending == "docx":
        assert word_forms(answer.data) == []
    else:
        assert "本年度没有登记" in pdf_pages(answer.data)[1]


@pytest.mark.parametrize("ending", ["xlsx", "docx", "pdf"])
@pytest.mark.parametrize(
    ("name", "query", "status"),
    [
        ("auditor", "", 403),
        ("window_a", "?scope=unit", 403),
        ("general", "?scope=nothing", 422),
        ("general", "?year=99999", 422),
        ("window_a", f"?section={'0' * 32}", 404),
    ],
)
def test_whoever_may_not_read_a_book_gets_no_file_of_it(office, ending, name, query, status):
    answer = office.staff(name).get(f"/staff/ledger.{ending}{query}")
    assert (answer.status_code, answer.mimetype) == (status, "application/problem+json")


def test_files_are_given_out_so_often_an_hour(office):
    window, business = office.staff("window_a"), office.staff("business_a")
    seen = [window.get("/staff/ledger.xlsx?year=2019").status_code for _ in range(61)]
    assert seen == [200] * 60 + [429]
    assert business.get("/staff/ledger.xlsx?year=2019").status_code == 200


def test_one_workbook_at_a_time_is_given_to_a_person(office, told):
    """Whoever takes theirs slowly holds one connection and not all of them."""
    window = office.staff("window_a")
    end = downloads.begin(office.org.people["window_a"].id)
    again = window.get("/staff/ledger.xlsx")
    assert (again.status_code, again.json["code"]) == (429, "rate_limited")
    assert again.headers["Retry-After"]
    assert office.staff("business_a").get("/staff/ledger.xlsx").status_code == 200
    assert window.get("/staff/ledger.pdf").status_code == 200
    end()
    for _ in range(2):
        assert sheet_rows(window.get("/staff/ledger.xlsx").data)


def test_a_workbook_nobody_takes_in_time_is_cut_off(office, told, monkeypatch):
    monkeypatch.setattr(downloads, "LONGEST_SECONDS", -1.0)
    with pytest.raises(downloads.DownloadTooSlow):
        office.staff("window_a").get("/staff/ledger.xlsx").data  # noqa: B018 - it is read


def test_an_office_that_edits_its_template_gets_it_filled(office, told):
    folder = office.settings.templates_dir
    folder.mkdir()
    own = docx.Document()
    own.add_paragraph("本局用纸 {{ cover.title }}")
    own.save(folder / "ledger.docx")
    assert office.staff("window_a").get("/staff/ledger.docx").status_code == 200
    own.add_paragraph("{{ cover.nothing_of_that }}")
    own.save(folder / "ledger.docx")
    answer = office.staff("window_a").get("/staff/ledger.docx")
    assert (answer.status_code, answer.json["code"]) == (409, "template_broken")
    assert office.staff("window_a").get("/staff/ledger.pdf").status_code == 200


def test_few_forms_with_long_texts_are_made_by_a_job(office, told, monkeypatch):
    monkeypatch.setattr("backend.domain.exports.DIRECT_BYTES", 50)
    answer = office.staff("general").get("/staff/ledger.pdf?scope=unit&year=2026")
    assert (answer.status_code, answer.json["rows"]) == (202, 2)
    assert office.staff("general").get("/staff/ledger.xlsx?scope=unit&year=2026").status_code == 200


def test_a_print_that_failed_can_be_asked_for_again(office, told, monkeypatch):
    monkeypatch.setattr("backend.exports.printing._BOOT", "raise SystemExit(3)")
    answer = office.staff("window_a").get("/staff/ledger.pdf")
    assert (answer.status_code, answer.json["code"]) == (503, "busy")
    assert answer.headers["Retry-After"]


def test_the_application_loads_nothing_that_typesets():
    code = (
        "import sys; from backend import create_app; import backend.application, backend.routes;"
        "print(sorted({'typst', 'docx', 'docxtpl', 'fontTools', 'pylopdf_fonts_zh_cn'} & set(sys.modules)))"
    )
    root = Path(__file__).parents[2]
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=root)
    assert done.stdout.strip() == "[]"
