"""内容复核 at the console: a form beside each item, and what was folded behind a tap on the case's page."""

from __future__ import annotations

import io
from typing import Any

from sqlalchemy import select

from backend.models import ContentCheck
from tests.pages.visitor import clerk
from tests.support.app import Office, new_key
from tests.vault.media_samples import encoded, picture

DOUBTFUL = "加我微信，刷单兼职，月入过万"
FOLDED = "内容经复核后折叠，点开查看"


def folded_on(page: Any) -> list[str]:
    """What stands behind a tap, tap by tap."""
    found = page.tree.xpath(f"//main//details[summary[contains(text(),'{FOLDED}')]]")
    return [" ".join(one.text_content().split()) for one in found]


def test_the_general_post_looks_decides_and_finds_it_folded_on_the_case(office: Office) -> None:
    filed = office.file(content=DOUBTFUL)
    path = f"/staff/inquiries/{filed['number']}"
    general = clerk(office, "general")
    console = general.get("/staff")
    assert "内容复核（1 件待看）" in console.text
    page = general.get("/staff/reviews")
    assert DOUBTFUL in page.text
    assert "词表：广告" in page.text
    assert folded_on(general.get(path)) == []
    [action] = page.actions
    wanting = general.submit(page, action, 422, note="看过")
    assert wanting.errors == ["请选择有没有问题。"]
    assert wanting.values(action)["note"] == "看过"
    done = general.submit(wanting, action, decision="folded", note="是广告")
    assert "需要您看一眼的文字、照片和文件会出现在这里" in done.text
    case = general.get(path)
    behind = folded_on(case)
    assert len(behind) == 2, "the words themselves, and the first step of the timeline"
    assert all(DOUBTFUL in text for text in behind)
    assert "说明：是广告" in case.text
    assert general.get("/staff").text.count("件待看") == 0


def test_a_folded_file_is_behind_a_tap_and_still_there(office: Office) -> None:
    filed = office.file()
    sent = office.app.test_client().post(
        f"/api/v1/inquiries/{filed['number']}/attachments",
        data={"file": (io.BytesIO(encoded(picture(8, 8), "PNG")), f"{DOUBTFUL}.png")},
        headers={"X-Tracking-Token": filed["tracking_token"], "Idempotency-Key": new_key()},
        content_type="multipart/form-data",
    )
    assert sent.status_code == 201
    general = clerk(office, "general")
    page = general.get("/staff/reviews")
    [url] = page.tree.xpath("//main//a[contains(@href,'/attachments/')]/@href")
    assert general.client.get(url).mimetype == "image/png"
    general.submit(page, page.actions[0], decision="folded")
    case = general.get(f"/staff/inquiries/{filed['number']}")
    assert any(url in link for link in case.tree.xpath("//details//a/@href"))
    assert any("第 1 个文件" in text for text in folded_on(case))


def test_whoever_is_second_is_told_so_with_their_words_kept(office: Office) -> None:
    office.file(content=DOUBTFUL)
    first, second = clerk(office, "general"), clerk(office, "discipline")
    early, late = first.get("/staff/reviews"), second.get("/staff/reviews")
    first.submit(early, early.actions[0], decision="cleared")
    refused = second.submit(late, late.actions[0], 409, decision="folded", note="我看是广告")
    assert "已经复核过" in refused.text
    assert "我看是广告" in refused.text
    with office.looking() as work:
        assert [row.state for row in work.session.scalars(select(ContentCheck))] == ["cleared"]
    other = clerk(office, "window_a")
    assert "/staff/reviews" not in other.get("/staff").tree.xpath("//a/@href")
    assert other.get("/staff/reviews").actions == []
