"""`flask shouwen mini-code` and `wechat-check`: what an operator asks of WeChat by hand."""

from __future__ import annotations

from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext

from backend.cli_refusals import Refusal, live_sign_code, refusing
from backend.cli_words import ChineseCommand
from backend.wechat.gateway import Gateway, WechatProblem, gateway_of

SIGN_PAGE = "pages/sign/index"
"""The mini program's page that takes a sign's code as its scene."""

_REASONS = {
    "app_id_wrong": "AppID 不对，请核对 WECHAT_APP_ID",
    "secret_wrong": "AppSecret 不对，或者不属于这个 AppID，请核对 WECHAT_APP_SECRET",
    "secret_frozen": "AppSecret 已被冻结，请在微信公众平台解冻",
    "address_not_allowed": "本机的出口 IP {address} 不在白名单里，请在微信公众平台的“IP 白名单”里加上它",
    "address_unconfirmed": "这个 IP 要由小程序管理员在微信里确认，确认后再试",
    "address_rejected": "小程序管理员拒绝了这个 IP，过一段时间才能再试",
    "account_frozen": "小程序账号被冻结，请到微信公众平台查看原因",
    "token_forbidden": "微信停用了这个账号取令牌的权限，请到微信公众平台查看原因",
    "not_authorised": "这个小程序没有这项接口的权限",
    "minute_quota": "这一分钟的调用次数用完了，请过一分钟再试",
    "day_quota": "今天的调用次数用完了，请明天再试",
    "system_busy": "微信系统繁忙，请稍后再试",
    "page_invalid": f"小程序还没有发布页面 {SIGN_PAGE}，请先发布小程序",
    "unreachable": "连不上微信的服务器，请检查本机的网络、域名解析和 WECHAT_API_URL",
    "connection_not_trusted": "微信服务器的证书没有通过核验，请安装 ca-certificates，并校准本机时间",
    "unanswered": "微信没有在限定时间内回答，请稍后再试",
    "answer_unreadable": "回答的不是微信，请检查 WECHAT_API_URL 和中间的代理",
}


@click.command("mini-code", cls=ChineseCommand)
@click.argument("code", metavar="编码")
@click.argument("file", metavar="文件", type=click.Path(dir_okay=False, writable=True, path_type=Path))
@with_appcontext
def write_mini_code(code: str, file: Path) -> None:
    """向微信取一块岗牌的小程序码，写到文件里。编码是岗牌上的 16 位字符，可以带空格和短横。

    小程序码只能用微信扫，印在岗牌上的仍是 sign qr 生成的二维码。正式版小程序要先发布。
    """
    gateway = _gateway()
    scene = live_sign_code(code)
    try:
        picture = gateway.mini_code(scene, SIGN_PAGE)
    except WechatProblem as problem:
        raise Refusal(f"没有生成：{_told(problem)}") from None
    with refusing("没有写"):
        file.write_bytes(picture)
    click.echo(f"岗牌 {scene} 的小程序码已写入 {file}")


@click.command("wechat-check", cls=ChineseCommand)
@with_appcontext
def check_wechat() -> None:
    """向微信取一次令牌，看 AppID、AppSecret 和 IP 白名单对不对。"""
    gateway = _gateway()
    try:
        gateway.new_token()
    except WechatProblem as problem:
        raise Refusal(f"没有接通：{_told(problem)}") from None
    click.echo(f"已接通：小程序 {gateway.app_id} 的 AppID、AppSecret 和本机的出口 IP 都对")


def _gateway() -> Gateway:
    gateway = gateway_of(current_app)
    if gateway is None:
        raise Refusal("没有设置小程序：请先设置 WECHAT_APP_ID 和 WECHAT_APP_SECRET")
    return gateway


def _told(problem: WechatProblem) -> str:
    """Why, in one line, with what WeChat's support asks for."""
    reason = _REASONS.get(problem.code, "微信不接受").format(
        address=problem.address or "（微信没有说是哪个）"
    )
    if problem.errcode is None:
        return reason
    rid = f"，rid {problem.rid}" if problem.rid else ""
    return f"{reason}（微信答复 {problem.errcode}{rid}）"
