"""`/inquiries`: what a citizen does, with or without a session."""

from __future__ import annotations

import hashlib

from apiflask import APIBlueprint
from flask import Response, request

from backend.queries.inquiry import citizen_detail
from backend.queries.mine import own_inquiries, own_lines
from backend.routes import operations
from backend.routes.api import (
    Shown,
    access,
    fingerprint,
    idempotency_key,
    is_staff_too,
    show,
    show_read,
    submission,
)
from backend.routes.documented import documented
from backend.routes.files import (
    EXTENSIONS,
    clean_upload,
    only_file,
    read_upload,
    send_attachment,
    writing_store,
)
from backend.routes.limits import all_filing, per_address_filing
from backend.routes.loading import by_capability, find_tracked
from backend.routes.openapi import OPTIONAL_CITIZEN, TRACKING
from backend.routes.pipeline import Submission, carry_out, open_reading
from backend.schemas.answers import FiledOut, InquiryOut, RatedOut, StepOut, UploadedOut
from backend.schemas.answers_mine import MineOut
from backend.schemas.inquiries import (
    AttachmentIn,
    InquiryIn,
    MineIn,
    RatingIn,
    ReopeningIn,
    SupplementIn,
    WithdrawalIn,
)
from backend.services.idempotency import peek

bp = APIBlueprint("inquiries", __name__, tag="首问事项")
filing = APIBlueprint("filing", __name__, tag="首问事项")
"""Filing needs no session; everything after it needs the capability that filing gave, or the session it was filed in."""

STEP_CODES = ("illegal_transition",)
MEDIA_CODES = (
    "type_not_allowed",
    "image_too_large",
    "media_damaged",
    "pdf_encrypted",
    "media_too_complex",
    "attachments_full",
    "illegal_transition",
)


@filing.post("/inquiries")
@documented(
    filing,
    summary="提交一件首问事项",
    answer=FiledOut,
    body=InquiryIn,
    status=201,
    write=True,
    codes=("sign_unknown", "sign_retired", "rate_limited", "possible_duplicate"),
    security=OPTIONAL_CITIZEN,
)
@all_filing
@per_address_filing
def file() -> Shown:
    """Accept an inquiry; the answer carries number, capability, holder, clocks and a signed receipt.

    With a citizen's session it belongs to that WeChat, within what one person may file.
    """
    return show(carry_out(operations.filing(account_id=access().account_id), submission()))


@bp.get("/inquiries")
@documented(
    bp,
    summary="我的事项，新的在前",
    answer=MineOut,
    body=MineIn,
    location="query",
    codes=("cursor_invalid",),
    security=TRACKING,
)
def mine() -> Shown:
    """The inquiries of whoever asks: all that this WeChat filed; with a capability, the one it opens."""
    caller = access()
    with open_reading(caller.actor) as work:
        if caller.inquiry_id is None and caller.account_id is not None:
            return show_read(own_inquiries(work, caller.account_id, request.args.get("cursor")))
        lines = own_lines(work, [find_tracked(work, None, caller)])
        return show_read({"items": lines, "next_cursor": None})


@bp.get("/inquiries/<number>")
@documented(
    bp, summary="一件事项：现在由谁负责、到什么时候、依据哪一条", answer=InquiryOut, security=TRACKING
)
def get_one(number: str) -> Shown:
    """The inquiry with its timeline, holder and clocks."""
    with open_reading(access().actor) as work:
        inquiry = find_tracked(work, number, access())
        shape = citizen_detail(work, inquiry)
        for file in shape["attachments"]:
            file["url"] = f"/api/v1/inquiries/{inquiry.number}/attachments/{file['id']}"
        return show_read(shape, version=inquiry.version)


@bp.post("/inquiries/<number>/supplements")
@documented(
    bp,
    summary="补充说明",
    answer=StepOut,
    body=SupplementIn,
    status=201,
    write=True,
    codes=STEP_CODES,
    security=TRACKING,
)
def supplement(number: str) -> Shown:
    """Add words to an open inquiry."""
    return show(carry_out(operations.supplement(by_capability(number, access())), submission()))


@bp.post("/inquiries/<number>/withdrawal")
@documented(
    bp, summary="撤回", answer=StepOut, body=WithdrawalIn, write=True, codes=STEP_CODES, security=TRACKING
)
def withdraw(number: str) -> Shown:
    """Take an open inquiry back."""
    return show(carry_out(operations.withdrawal(by_capability(number, access())), submission()))


@bp.post("/inquiries/<number>/reopening")
@documented(
    bp, summary="重新打开", answer=StepOut, body=ReopeningIn, write=True, codes=STEP_CODES, security=TRACKING
)
def reopen(number: str) -> Shown:
    """Ask for another round of a closed inquiry."""
    return show(carry_out(operations.reopening(by_capability(number, access())), submission()))


@bp.post("/inquiries/<number>/rating")
@documented(
    bp,
    summary="评价：满意、一般或不满意",
    answer=RatedOut,
    body=RatingIn,
    status=201,
    write=True,
    codes=("already_rated", "not_rateable", "staff_cannot_rate"),
    security=TRACKING,
)
def rate(number: str) -> Shown:
    """Rate the closed round, once."""
    load = by_capability(number, access())
    source = "tracking" if access().inquiry_id else "miniprogram"
    return show(carry_out(operations.rating(load, source=source, by_staff=is_staff_too()), submission()))


@bp.put("/inquiries/<number>/rating")
@documented(
    bp,
    summary="修改评价（7 天内一次）",
    answer=RatedOut,
    body=RatingIn,
    write=True,
    key_optional=True,
    codes=("already_rated", "not_rateable", "staff_cannot_rate"),
    security=TRACKING,
)
def change_rating(number: str) -> Shown:
    """Change the grade once."""
    load = by_capability(number, access())
    return show(
        carry_out(operations.rating_change(load, by_staff=is_staff_too()), submission(key_optional=True))
    )


@bp.post("/inquiries/<number>/attachments")
@documented(
    bp,
    summary="添加照片或 PDF，一次一个，10 MB 以内",
    answer=UploadedOut,
    body=AttachmentIn,
    location="files",
    status=201,
    write=True,
    codes=MEDIA_CODES,
    security=TRACKING,
)
def attach(number: str) -> Shown:
    """Clean a file in a process of its own, then keep it sealed."""
    key = idempotency_key()
    load = by_capability(number, access())
    with open_reading(access().actor) as work:
        find_tracked(work, number, access())
    data, name = read_upload(only_file())
    mark = fingerprint(hashlib.sha256(data).digest() + name.encode())
    sent = Submission(access(), key, mark, {})
    with open_reading(access().actor) as work:
        known = peek(work, owner=sent.access.owner, key=key, fingerprint=mark)
    # What was answered before is not decoded again, and another file under its key not at all.
    upload = None if known else clean_upload(data, name)
    return show(carry_out(operations.attachment(load, upload, writing_store()), sent))


@bp.get("/inquiries/<number>/attachments/<attachment_id>")
@documented(
    bp,
    summary="下载附件",
    answer=None,
    media=tuple(EXTENSIONS),
    codes=("attachment_erased",),
    security=TRACKING,
)
def download(number: str, attachment_id: str) -> Response:
    """Serve a file inert."""
    with open_reading(access().actor) as work:
        inquiry = find_tracked(work, number, access())
        return send_attachment(work, inquiry, attachment_id)
