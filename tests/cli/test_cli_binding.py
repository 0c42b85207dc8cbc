"""`binding-code`: for who cannot open the console."""

from __future__ import annotations

import pytest

from backend.services.leaving import deactivate_staff

pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"])


def run(office, *arguments):
    return office.app.test_cli_runner().invoke(args=["shouwen", "binding-code", *arguments])


def enter(office, who, code):
    body = {"js_code": office.wechat.code(who), "binding_code": code}
    return office.anybody.post("/staff/sessions/wechat", body).status_code


def test_an_operator_hands_out_a_code_once(wechat_office):
    office = wechat_office
    first, second = run(office, "window-a"), run(office, "window-a")
    assert (first.exit_code, second.exit_code) == (0, 0)
    assert second.output.endswith("  11月16日（周一）09:10 前有效，只能用一次\n")
    assert enter(office, "zhang", first.output[:9]) == 401
    assert enter(office, "zhang", second.output[:9]) == 201
    again = run(office, "window-a")
    assert (again.exit_code, again.stderr) == (
        1,
        "没有取到：这位同志已经绑定了微信，请先由本人在工作台解除绑定\n",
    )


def test_nobody_and_who_has_left_get_none(wechat_office):
    office = wechat_office
    with office.working() as work:
        deactivate_staff(work, work.session.merge(office.org.people["business_b"]))
    for name in ("nobody", "business-b"):
        refused = run(office, name)
        assert (refused.exit_code, refused.stderr) == (1, f"没有取到：没有“{name}”这个在用的用户名\n")


def test_without_a_mini_program_there_is_nothing_to_bind(office):
    refused = run(office, "window-a")
    assert (refused.exit_code, refused.stderr) == (1, "没有取到：没有设置微信小程序（WECHAT_APP_ID）\n")
