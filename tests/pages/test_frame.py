"""What surrounds every page: headers, text size, and pages for what is not there."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from backend.database import Base
from tests.pages.visitor import Visitor, clerk, visitor
from tests.support.app import Office


@pytest.fixture
def addresses(office: Office) -> dict[str, int]:
    """Every page a citizen can ask for, with its status."""
    org, token = office.org, office.file()["tracking_token"]
    return {
        "/": 200,
        "/s": 200,
        f"/s/{org.window.sign.code}": 200,
        f"/s/{org.window.sign.code}/new": 200,
        f"/s/{org.general_sign.code}/new": 200,
        f"/s/{org.retired_sign.code}": 410,
        f"/s/{org.retired_sign.code}/new": 410,
        "/s/0000000000000000": 404,
        "/s/短": 404,
        "/s?code=nope": 404,
        f"/u/{org.unit.id}": 200,
        f"/u/{org.lead.id}": 200,
        f"/u/{org.unit.id}/new": 200,
        f"/u/{org.unit.id}/new?section={org.business.section.id}": 200,
        f"/u/{org.unit.id}/new?section={org.lu_window.section.id}": 404,
        "/u/nowhere": 404,
        f"/mailbox/{org.lu_unit.id}": 200,
        "/mailbox/nowhere": 404,
        "/lookup": 200,
        f"/t/{token}": 200,
        f"/t/{token}?filed=1&file1=type_not_allowed&file2=made_up": 200,
        f"/t/{token}/supplements": 200,
        f"/t/{token}/attachments/nothing": 404,
        "/t/no-such-token": 404,
        "/t/短": 404,
        "/nothing/here": 404,
        "/staff/login": 200,
    }


def test_no_page_writes_anything_when_it_is_asked_for(office: Office, addresses: dict[str, int]) -> None:
    number = office.file(category="application")["number"]
    staff = clerk(office, "window_a")
    before = rows(office)
    for address, status in addresses.items():
        visitor(office).get(address, status)
    for address in ("/staff", "/staff?box=closed", "/staff/register", f"/staff/inquiries/{number}"):
        staff.get(address)
    assert rows(office) == before


@pytest.mark.parametrize(
    "address",
    ["/u/%00", "/u/%00/new", "/mailbox/%00", "/u/{unit}/new?section=%00", "/s/%00", "/s?code=%00", "/t/%00"],
)
def test_what_no_database_takes_for_an_identifier_is_not_found(office: Office, address: str) -> None:
    page = visitor(office).get(address.format(unit=office.org.unit.id), 404)
    assert page.tree.xpath("//h1")


def rows(office: Office) -> dict[str, int]:
    with office.looking() as work:
        return {
            table.name: work.session.scalar(select(func.count()).select_from(table))
            for table in Base.metadata.sorted_tables
        }


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_pages_leave_nothing_behind_where_they_show_a_case(office: Office, addresses: dict[str, int]) -> None:
    for address, status in addresses.items():
        response = visitor(office).get(address, status).response
        if address.startswith("/t/"):
            assert response.headers["Cache-Control"] == "no-store", address
            assert response.headers["X-Robots-Tag"] == "noindex, nofollow"
            assert response.headers["Referrer-Policy"] == "same-origin"
        else:
            assert "X-Robots-Tag" not in response.headers


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_large_text_is_remembered_and_leads_back_to_the_same_page(office: Office) -> None:
    citizen, address = visitor(office), f"/u/{office.org.unit.id}/new?section={office.org.window.section.id}"
    page = citizen.get(address)
    assert page.tree.get("class") is None
    link = page.tree.xpath("//a[@class='top__link']/@href")[0]
    response = citizen.client.get(link)
    assert (response.status_code, response.headers["Location"]) == (303, address)
    cookie = response.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Max-Age=31536000" in cookie
    page = citizen.get(address)
    assert page.tree.get("class") == "large"
    page = citizen.get(page.tree.xpath("//a[@class='top__link']/@href")[0])
    assert page.tree.get("class") is None


@pytest.mark.parametrize("database_kind", ["sqlite"])
@pytest.mark.parametrize(
    "path", ["//evil.example/a", "/\\evil.example", "/%5cevil.example", "/lookup", "/nothing"]
)
def test_text_size_never_leads_off_the_site(office: Office, path: str) -> None:
    response = office.app.test_client().get(f"{path}?text=large")
    location = response.headers.get("Location", "/")
    assert location.startswith("/")
    assert not location.startswith(("//", "/\\"))
    assert "text=" not in location


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_after_a_refusal_the_text_size_link_leads_to_a_page_that_exists(office: Office) -> None:
    citizen = visitor(office)
    page = citizen.get(f"/t/{office.file()['tracking_token']}")
    page = citizen.submit(page, "/supplements", 422, text="")
    assert citizen.get(page.tree.xpath("//a[@class='top__link']/@href")[0]).tree.get("class") == "large"


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_the_api_keeps_its_own_headers_and_no_page_is_in_its_document(office: Office) -> None:
    assert "Content-Security-Policy" not in office.anybody.get("/signs/nope").headers
    paths = office.app.test_client().get("/api/v1/openapi.json").json["paths"]
    assert not [path for path in paths if not path.startswith(("/api/v1/", "/healthz", "/readyz"))]


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_the_api_takes_no_cookie_for_a_session(office: Office) -> None:
    staff = clerk(office, "window_a")
    assert staff.client.get("/api/v1/staff/me").status_code == 401
    assert staff.client.get("/staff/../api/v1/staff/me").status_code in {401, 404}


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_a_sign_code_typed_by_hand_is_folded(office: Office, citizen: Visitor) -> None:
    code = office.org.window.sign.code
    typed = f" {code[:4].lower()}-{code[4:8]} {code[8:]} "
    response = citizen.client.get("/s", query_string={"code": typed})
    assert (response.status_code, response.headers["Location"]) == (303, f"/s/{code}")
    assert citizen.get(f"/s/{code[:8].lower()}-{code[8:]}").response.request.path != f"/s/{code}"
    retired = citizen.get(f"/s/{office.org.retired_sign.code}", 410)
    assert retired.tree.xpath("//main//a[contains(@class,'main')]/@href") == [f"/s/{code}"]


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_the_code_of_a_sign_is_an_inert_picture(office: Office, citizen: Visitor) -> None:
    response = citizen.client.get(f"/s/{office.org.window.sign.code}/qr.svg")
    assert response.mimetype == "image/svg+xml"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Cache-Control"] == "public, max-age=86400"
    assert citizen.client.get(f"/s/{office.org.retired_sign.code}/qr.svg").status_code == 410
