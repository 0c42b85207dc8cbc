"""Somebody with a browser and no script: asks for pages, fills in the forms it finds there, and looks at every page."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

from flask.testing import FlaskClient
from lxml import html
from werkzeug.datastructures import FileStorage

from backend.routes.pages.frame import HEADERS
from backend.routes.pages.guards import STAFF_COOKIE
from tests.support.app import Office

KNOWN_LATIN = {"PDF", "MB", "KB", "JPEG", "PNG", "WebP", "Word", "Excel"}
NOT_OURS = ("code", "number", "address", "prose", "files")
"""Classes of what is a code, or somebody's own words."""
UNLABELLED = {"hidden", "submit"}


@dataclass
class Page:
    """One answered request; `tree` is None where it is no HTML."""

    response: Any
    tree: Any

    @property
    def status(self) -> int:
        return self.response.status_code

    @property
    def text(self) -> str:
        """What is read on the page, white space folded."""
        return " ".join(self.tree.find(".//main").text_content().split())

    @property
    def title(self) -> str:
        return self.tree.findtext(".//h1").strip()

    @property
    def errors(self) -> list[str]:
        """The lines of the error summary."""
        return [" ".join(line.text_content().split()) for line in self.tree.xpath("//*[@role='alert']//li")]

    @property
    def actions(self) -> list[str]:
        """Where the forms of the page lead."""
        return [form.get("action") for form in self.tree.xpath("//main//form[@method='post']")]

    def form(self, ending: str) -> Any:
        """The one form whose address ends like this."""
        found = [f for f in self.tree.xpath("//form") if f.get("action").partition("?")[0].endswith(ending)]
        assert len(found) == 1, f"{ending}: {self.actions}"
        return found[0]

    def values(self, ending: str) -> dict[str, str]:
        """What a browser would send of that form, files apart, if its button were pressed now."""
        sent = {}
        for control in self.form(ending).xpath(".//input|.//textarea|.//select"):
            name, kind = control.get("name"), control.get("type")
            if control.tag == "textarea":
                sent[name] = control.text_content().removeprefix("\n")
            elif control.tag == "select":
                chosen = control.xpath(".//option[@selected]")
                sent[name] = chosen[0].get("value") if chosen else ""
            elif kind in {"radio", "checkbox"}:
                if control.get("checked") is not None:
                    sent[name] = control.get("value")
            elif kind != "file":
                sent[name] = control.get("value") or ""
        return sent


@dataclass
class Visitor:
    """A browser with its own cookies."""

    client: FlaskClient
    seen: list[Page] = field(default_factory=list)

    def get(self, path: str, status: int = 200) -> Page:
        return self._look(self.client.get(path, follow_redirects=True), status)

    def submit(self, page: Page, ending: str, status: int = 200, **changes: Any) -> Page:
        """Fill in a form and press its button; None takes a field out, a list are chosen files."""
        return self._look(self.post(page, ending, **changes), status)

    def post(self, page: Page, ending: str, *, follow: bool = True, **changes: Any) -> Any:
        """The same without looking at what comes back."""
        form = page.form(ending)
        sent: dict[str, Any] = {k: v for k, v in (page.values(ending) | changes).items() if v is not None}
        multipart = form.get("enctype") == "multipart/form-data"
        if multipart:
            sent.setdefault("photos", [b"", b"", b""])
            sent["photos"] = [_file(data, place) for place, data in enumerate(sent["photos"], 1)]
        response = self.client.post(
            form.get("action"),
            data=sent,
            content_type="multipart/form-data" if multipart else "application/x-www-form-urlencoded",
            follow_redirects=follow,
        )
        for step in (*response.history, response):
            step.request.environ["wsgi.input"].close()  # large bodies lie in a temporary file
        return response

    def _look(self, response: Any, status: int) -> Page:
        tree = None
        if response.mimetype == "text/html":
            tree = html.document_fromstring(response.get_data(as_text=True))
            look_over(tree, response, citizen="console" not in tree.find("body").get("class"))
        page = Page(response, tree)
        assert response.status_code == status, page.text if tree is not None else response.data
        self.seen.append(page)
        return page


def _file(data: bytes, place: int) -> FileStorage:
    name = f"照片{place}.png" if data else ""
    return FileStorage(BytesIO(data), filename=name, content_type="image/png")


def visitor(office: Office) -> Visitor:
    """A citizen who has just come."""
    return Visitor(office.app.test_client())


def clerk(office: Office, name: str) -> Visitor:
    """Somebody of the organisation at the console, signed in; tests/pages/test_staff_door.py goes through its door."""
    person = visitor(office)
    person.client.set_cookie(STAFF_COOKIE, office.token(name))
    return person


def look_over(tree: Any, response: Any, *, citizen: bool) -> None:
    """What every page must be: one h1, a title, labels, unique ids, no inline script or style, no English."""
    for name, value in HEADERS.items():
        assert name in response.headers, name
        if name != "Cache-Control":
            assert response.headers[name] == value
    assert tree.get("lang") == "zh-CN"
    assert len(tree.xpath("//h1")) == 1, [h.text_content() for h in tree.xpath("//h1")]
    assert tree.findtext(".//title").strip()
    ids = tree.xpath("//@id")
    assert len(ids) == len(set(ids)), sorted(i for i in ids if ids.count(i) > 1)
    for attribute in ("for", "aria-labelledby", "aria-describedby"):
        for value in tree.xpath(f"//@{attribute}"):
            assert set(value.split()) <= set(ids), value
    for link in tree.xpath("//a[starts-with(@href,'#')]/@href"):
        assert link[1:] in ids, link
    labelled = set(tree.xpath("//label/@for"))
    for control in tree.xpath("//input|//textarea|//select"):
        if control.get("type") not in UNLABELLED:
            inside = control.xpath("ancestor::label")
            assert inside or control.get("id") in labelled or control.get("aria-label"), control.get("name")
    assert not tree.xpath("//style|//@style|//script[not(@src)]|//@*[starts-with(name(),'on')]")
    assert not tree.xpath("//a[not(@href) or @href='']|//*[contains(text(),'None')]")
    for form in tree.xpath("//form[@method='post']"):
        assert form.xpath(".//input[@name='csrf_token'][string-length(@value)>20]")
        assert form.get("action").startswith("/")
    if citizen:
        _look_for_english(tree)


def _look_for_english(tree: Any) -> None:
    body = html.fromstring(html.tostring(tree.find("body")))
    for element in body.xpath(
        " | ".join([".//textarea", *(f".//*[contains(@class,'{c}')]" for c in NOT_OURS)])
    ):
        element.text, element[:] = None, []
    words = set(re.findall(r"[A-Za-z]{2,}", body.text_content()))
    assert words <= KNOWN_LATIN, words - KNOWN_LATIN
