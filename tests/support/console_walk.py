"""Find an address for every page there is, as people find them: by following links, signed in as one after the other."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urljoin, urlsplit

import pyotp
import requests
from apiflask import APIFlask
from lxml import html
from werkzeug.exceptions import HTTPException

from backend.routes.pages import TABLE
from backend.routes.pages.guards import STAFF_COOKIE

SECONDS = 30
OF_A_KIND = 2
NO_PAGE = ("back", "download", "find", "qr", "take_docx", "take_pdf", "take_xlsx")
"""Views that lead on, or answer with a file."""
MANY = {"staff_inquiry.show": 10, "staff_list.boxes": 8}
"""Pages of one kind that a person opens at most: what hangs on one inquiry may not hang on the next."""


def page_routes() -> Any:
    """The addresses of all pages, without an application behind them."""
    app = APIFlask("pages", enable_openapi=False)
    for row in TABLE:
        app.register_blueprint(row.blueprint)
    return app.url_map.bind("")


@dataclass
class Visitor:
    """Somebody with a browser's cookies who opens each kind of page once."""

    base: str
    name: str
    session: requests.Session = field(default_factory=requests.Session)

    def __post_init__(self) -> None:
        # The server ends a connection that waits too long, perhaps just when the next page is asked for.
        self.session.headers["Connection"] = "close"

    def sign_in(self, account: dict[str, Any]) -> None:
        """Come in, with the session that this account already has where it has one."""
        self.session.cookies.set(STAFF_COOKIE, session_of(self.base, account))

    def sign_in_anew(self, account: dict[str, Any]) -> None:
        """Come in by the form."""
        door = self._get("/staff/login")
        form = html.fromstring(door.text).xpath("//form[@action='/staff/login']")[0]
        sent = {f.get("name"): f.get("value") or "" for f in form.xpath(".//input")}
        sent |= {"username": account["username"], "password": account["password"]}
        if "totp_secret" in account:
            sent["totp"] = pyotp.TOTP(account["totp_secret"]).now()
        answer = self.session.post(f"{self.base}/staff/login", data=sent, timeout=SECONDS)
        assert answer.url == f"{self.base}/staff", (self.name, answer.text[:2000])

    @property
    def cookie(self) -> str | None:
        """What shows who is signed in."""
        return self.session.cookies.get(STAFF_COOKIE)

    def walk(self, routes: Any, seeds: Iterable[str], known: set[str]) -> Iterator[tuple[str, str]]:
        """`(endpoint, address)` of each kind of page not yet `known`, found from the seeds on."""
        waiting, seen, opened = list(seeds), set(), Counter[str]()
        while waiting:
            address = waiting.pop(0)
            endpoint = endpoint_of(routes, address)
            if endpoint is None or address in seen or endpoint.rpartition(".")[2] in NO_PAGE:
                continue
            # One more of a kind that somebody opened already may still lead on to what nobody did.
            if opened[endpoint] == MANY.get(endpoint, 1 if endpoint in known else OF_A_KIND):
                continue
            seen.add(address)
            opened[endpoint] += 1
            answer = self._get(address)
            if answer.headers.get("Content-Type", "").partition(";")[0] != "text/html":
                continue
            arrived = endpoint_of(routes, _local(self.base, answer.url) or "")
            if answer.status_code == 200 and arrived == endpoint and endpoint not in known:
                known.add(endpoint)
                yield endpoint, address
            waiting += self._links(answer)

    def _links(self, answer: requests.Response) -> list[str]:
        tree = html.fromstring(answer.text)
        addresses = [*tree.xpath("//main//a/@href"), *tree.xpath("//main//form[@method='get']/@action")]
        found = [_local(self.base, urljoin(answer.url, address)) for address in addresses]
        return [address for address in found if address is not None]

    def _get(self, address: str) -> requests.Response:
        return self.session.get(self.base + address, timeout=SECONDS)


_sessions: dict[tuple[str, str], str] = {}


def session_of(base: str, account: dict[str, Any]) -> str:
    """The cookie of an account that is signed in, by the form when it is first asked for.

    A one-time code works once: who signed in with it for every look would wait half a minute between two.
    """
    if (base, account["username"]) not in _sessions:
        visitor = Visitor(base, account["username"])
        visitor.sign_in_anew(account)
        assert visitor.cookie, account["username"]
        _sessions[base, account["username"]] = visitor.cookie
    return _sessions[base, account["username"]]


def endpoint_of(routes: Any, address: str) -> str | None:
    """Which page an address is of; None for one that is no page of ours."""
    try:
        endpoint, _ = routes.match(urlsplit(address).path, method="GET")
    except HTTPException:
        return None
    return str(endpoint)


def _local(base: str, address: str) -> str | None:
    parts = urlsplit(address)
    if f"{parts.scheme}://{parts.netloc}" != base:
        return None
    return parts.path + (f"?{parts.query}" if parts.query else "")
