"""The form: one inquiry however often it is sent, and no refusal that loses a word."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import TimeoutError as PoolTimeout

from backend.models import Attachment, Inquiry
from backend.routes.pages import files, filing
from backend.routes.pages.guards import posted
from tests.pages.visitor import Page, Visitor, visitor
from tests.support.app import Office
from tests.vault.media_samples import encoded, picture

WORDS = "第一行\n第二行 <b>&amp;\n\n  𠮷😀"
PNG = encoded(picture(), "PNG")

sqlite_only = pytest.mark.parametrize("database_kind", ["sqlite"])


@pytest.fixture
def form(office: Office, citizen: Visitor) -> Page:
    return citizen.get(f"/s/{office.org.window.sign.code}/new")


def inquiries(office: Office) -> list[Inquiry]:
    with office.looking() as work:
        return list(work.session.scalars(select(Inquiry)))


def attachments(office: Office) -> int:
    with office.looking() as work:
        return work.session.scalar(select(func.count()).select_from(Attachment)) or 0


def test_the_same_form_sent_twice_makes_one_inquiry(office: Office, citizen: Visitor, form: Page) -> None:
    changes = {"category": "consult", "content": WORDS, "photos": [PNG, b"", PNG]}
    first = citizen.submit(form, "/new", **changes)
    second = citizen.submit(form, "/new", **changes)
    assert first.response.request.path == second.response.request.path
    assert len(inquiries(office)) == 1
    assert attachments(office) == 2
    assert len(first.tree.xpath("//ul[@class='files']/li")) == 2


@sqlite_only
def test_other_words_under_a_spent_key_are_asked_about_and_then_taken(
    office: Office, citizen: Visitor, form: Page
) -> None:
    citizen.submit(form, "/new", category="consult", content="第一件")
    again = citizen.submit(form, "/new", 422, category="consult", content="第二件")
    assert again.errors == ["这张表刚才已经提交过一次。要另外提交的话，请核对后再提交。"]
    citizen.submit(again, "/new")
    assert len(inquiries(office)) == 2


@sqlite_only
@pytest.mark.parametrize(
    ("changes", "sentence", "field"),
    [
        ({"category": None}, "请选择您要做什么。", "category"),
        ({"category": "gossip"}, "请选择您要做什么。", "category"),
        ({"content": ""}, "请说说情况。", "content"),
        ({"content": "　\n "}, "请说说情况。", "content"),
        ({"content": "字" * 5001}, "内容太长，最多 5,000 字。", "content"),
        (
            {"content": "有\x00字"},
            "里面有看不见的控制字符，已经去掉，请核对后再提交。",
            "content",
        ),
        ({"contact_phone": "12345"}, "电话号码不对。", "contact_phone"),
        ({"contact_name": "名" * 61}, "内容太长，最多 60 字。", "contact_name"),
        (
            {"contact_kind": "alien", "contact_name": "王"},
            "请选择您是个人、法人还是其他组织。",
            "contact_kind",
        ),
        ({"category": "complaint", "about_name": "李"}, "请选择投诉谁。", "about_kind"),
    ],
)
def test_what_is_wrong_is_named_and_everything_is_still_there(
    office: Office, citizen: Visitor, form: Page, changes: dict, sentence: str, field: str
) -> None:
    written = {
        "category": "consult",
        "content": WORDS,
        "contact_name": "王小明",
        "contact_phone": "13812345678",
    }
    written |= changes
    page = citizen.submit(form, "/new", 422, **written)
    assert page.errors == [sentence]
    assert page.tree.xpath(f"//*[@id='f-{field}']")
    assert page.values("/new")["idempotency_key"] == form.values("/new")["idempotency_key"]
    shown = {k: v.replace("\x00", "") for k, v in written.items() if v and (k, v) not in NOT_SHOWN}
    assert {name: page.values("/new").get(name) for name in shown} == shown
    assert inquiries(office) == []
    good = {"category": "consult", "content": WORDS, "contact_kind": "person", "contact_name": "王"}
    citizen.submit(page, "/new", **good, contact_phone="", about_name="")
    assert len(inquiries(office)) == 1


NOT_SHOWN = {("category", "gossip"), ("contact_kind", "alien")}
"""A choice that is not on the page cannot be shown as chosen."""


def test_words_are_kept_as_they_were_written(office: Office, citizen: Visitor, form: Page) -> None:
    page = citizen.submit(form, "/new", category="other", content=WORDS)
    assert WORDS in page.tree.xpath("//*[@aria-labelledby='said-title']")[0].text_content()


def test_line_ends_count_once_as_they_were_typed(office: Office, citizen: Visitor, form: Page) -> None:
    lines = "四个汉字\n" * 1000
    assert len(lines) == 5000
    page = citizen.submit(form, "/new", category="other", content=lines.replace("\n", "\r\n"))
    shown = page.tree.xpath("//*[@aria-labelledby='said-title']//details/p")[0].text_content()
    assert shown == lines
    again = citizen.get(f"/s/{office.org.window.sign.code}/new")
    longer = citizen.submit(again, "/new", 422, category="other", content=f"{lines}字\r\n")
    assert longer.errors == ["内容太长，最多 5,000 字。"]


@sqlite_only
def test_every_form_is_read_with_its_line_ends_folded(office: Office) -> None:
    body = {"content": "一\r\n二\r三\n四", "reason": "\r\n"}
    with office.app.test_request_context("/lookup", method="POST", data=body):
        assert posted() == {"content": "一\n二\n三\n四", "reason": "\n"}


@sqlite_only
def test_fields_put_away_by_a_choice_are_not_filed(office: Office, citizen: Visitor, form: Page) -> None:
    citizen.submit(
        form,
        "/new",
        category="consult",
        content="问",
        about_kind="unit",
        about_name="某人",
        contact_kind="company",
    )
    found = inquiries(office)[0]
    assert (found.about_kind, found.subject_unit_id, found.citizen_id) == (None, None, None)


@sqlite_only
@pytest.mark.parametrize("token", [None, "", "made-up"])
def test_without_the_forms_token_nothing_is_filed_and_the_words_stay(
    office: Office, form: Page, token: str | None
) -> None:
    stranger = visitor(office)
    page = stranger.submit(form, "/new", 400, category="consult", content=WORDS, csrf_token=token)
    assert page.errors == ["页面已过期，您填的内容还在，请再提交一次。"]
    assert page.values("/new")["content"] == WORDS
    assert inquiries(office) == []
    stranger.submit(page, "/new")
    assert len(inquiries(office)) == 1


@sqlite_only
@pytest.mark.parametrize("key", [None, "", "short", "键" * 16])
def test_a_missing_key_is_replaced(office: Office, citizen: Visitor, form: Page, key: str | None) -> None:
    page = citizen.submit(form, "/new", 400, category="consult", content=WORDS, idempotency_key=key)
    assert page.values("/new")["content"] == WORDS
    citizen.submit(page, "/new")
    assert len(inquiries(office)) == 1


@sqlite_only
@pytest.mark.parametrize(("failure", "status"), [(PoolTimeout(), 503), (RuntimeError("unforeseen"), 500)])
def test_a_failure_of_ours_keeps_the_words_too(
    office: Office,
    citizen: Visitor,
    form: Page,
    monkeypatch: pytest.MonkeyPatch,
    failure: Exception,
    status: int,
) -> None:
    def fail(*_: object) -> None:
        raise failure

    with monkeypatch.context() as patch:
        patch.setattr(filing, "carry_out", fail)
        page = citizen.submit(form, "/new", status, category="consult", content=WORDS)
    assert page.values("/new")["content"] == WORDS
    assert page.values("/new")["idempotency_key"] == form.values("/new")["idempotency_key"]
    citizen.submit(page, "/new")
    assert len(inquiries(office)) == 1


@sqlite_only
def test_too_many_forms_keep_the_words(office: Office, citizen: Visitor, form: Page) -> None:
    office.settings.__dict__["anonymous_filing_rate"] = "1 per minute"
    try:
        citizen.submit(form, "/new", category="consult", content="第一件")
        page = citizen.submit(form, "/new", 429, category="consult", content=WORDS)
    finally:
        office.settings.__dict__["anonymous_filing_rate"] = "300 per 10 minutes"
    assert page.values("/new")["content"] == WORDS
    assert int(page.response.headers["Retry-After"]) > 0


@sqlite_only
def test_files_too_large_together_leave_the_words(office: Office, citizen: Visitor, form: Page) -> None:
    big = b"\x89PNG" + b"0" * (14 * 1024 * 1024)
    changes = {"category": "consult", "content": WORDS, "contact_name": "王", "photos": [big, big, big]}
    page = citizen.submit(form, "/new", 413, **changes)
    assert page.values("/new")["content"] == WORDS
    assert page.values("/new")["contact_name"] == "王"
    citizen.submit(page, "/new")
    assert len(inquiries(office)) == 1


@sqlite_only
def test_more_than_can_be_looked_through_is_a_page_in_plain_words(
    office: Office, citizen: Visitor, form: Page
) -> None:
    client = citizen.client
    response = client.post(
        form.form("/new").get("action"),
        data=b"",
        content_type="multipart/form-data; boundary=x",
        environ_overrides={"CONTENT_LENGTH": str(10**9)},
    )
    assert response.status_code == 413
    assert "太大" in response.get_data(as_text=True)


def test_a_refused_photo_is_named_and_the_words_and_the_good_ones_are_there(
    office: Office, citizen: Visitor, form: Page
) -> None:
    photos = [b"GIF89a", PNG, b"0" * (10 * 1024 * 1024 + 1)]
    page = citizen.submit(form, "/new", category="consult", content=WORDS, photos=photos)
    assert "第 1 个文件没有收下：只收 JPEG、PNG、WebP 图片和 PDF。" in page.text
    assert "第 3 个文件没有收下：超过 10 MB，请缩小以后再传。" in page.text
    assert "第 2 个文件" not in page.text
    link = page.tree.xpath("//ul[@class='files']/li/a")[0]
    assert "照片2.png" in link.text_content()
    download = citizen.client.get(link.get("href"))
    assert download.headers["Content-Disposition"].startswith("attachment")
    assert "sandbox" in download.headers["Content-Security-Policy"]
    assert visitor(office).client.get(link.get("href").replace("/t/", "/t/x")).status_code == 404


@sqlite_only
def test_a_photo_that_breaks_something_never_takes_the_words_with_it(
    office: Office, citizen: Visitor, form: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("unforeseen")

    monkeypatch.setattr(files, "clean_upload", fail)
    page = citizen.submit(form, "/new", category="consult", content=WORDS, photos=[PNG])
    assert "第 1 个文件没有收下：系统出错了，请稍后再传。" in page.text


@sqlite_only
def test_words_from_an_address_are_never_shown(office: Office, citizen: Visitor) -> None:
    token = office.file()["tracking_token"]
    page = citizen.get(f"/t/{token}?filed=1&file1=打这个电话&file2=type_not_allowed")
    assert "打这个电话" not in page.text
    assert "第 2 个文件没有收下" in page.text


@sqlite_only
def test_a_unit_and_its_mailbox_need_no_sign(office: Office, citizen: Visitor) -> None:
    org = office.org
    doors = citizen.get(f"/u/{org.unit.id}")
    links = {
        " ".join(a.text_content().split()): a.get("href")
        for a in doors.tree.xpath("//a[contains(@class,'door')]")
    }
    section = next(href for name, href in links.items() if name.startswith("业务科"))
    page = citizen.get(section)
    assert [c.get("value") for c in page.tree.xpath("//input[@name='about_kind']")] == [
        "section",
        "unit",
        "other",
    ]
    citizen.submit(page, "/new", category="consult", content="问业务科")
    general = citizen.get(next(href for name, href in links.items() if name.startswith("不清楚找谁")))
    citizen.submit(general, "/new", category="report", content="不清楚找谁")
    mailbox = citizen.get(f"/mailbox/{org.lu_unit.id}")
    citizen.submit(mailbox, f"/mailbox/{org.lu_unit.id}", category="other", content="写给局长")
    found = {(i.channel.value, i.source.value, i.first_section_id, i.unit_id) for i in inquiries(office)}
    assert found == {
        ("other", "web", org.business.section.id, org.unit.id),
        ("other", "web", None, org.unit.id),
        ("mailbox", "web", None, org.lu_unit.id),
    }


@sqlite_only
def test_a_sign_retired_meanwhile_shows_the_new_one_and_the_words(office: Office, form: Page) -> None:
    citizen = visitor(office)
    fresh = citizen.get(f"/s/{office.org.window.sign.code}/new")
    fresh.form("/new").set("action", f"/s/{office.org.retired_sign.code}/new")
    page = citizen.submit(fresh, "/new", 410, category="consult", content="不要丢了我的话")
    assert "不要丢了我的话" in page.text
    assert page.tree.xpath(f"//a[@href='/s/{office.org.window.sign.code}']")
