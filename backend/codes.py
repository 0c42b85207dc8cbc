"""Every problem code, once: its HTTP status, its title and a sentence that says what to do next."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ProblemCode:
    """A stable code. `title` and `detail` are Chinese sentences for the person who sees them."""

    code: str
    status: int
    title: str
    detail: str


def _table(*rows: tuple[str, int, str, str]) -> dict[str, ProblemCode]:
    return {code: ProblemCode(code, status, title, detail) for code, status, title, detail in rows}


CODES: dict[str, ProblemCode] = _table(
    # 400: the request cannot be read
    ("json_invalid", 400, "内容读不懂", "请求不是完整的 JSON，请检查后重发。"),
    ("idempotency_key_required", 400, "缺少幂等键", "请在 Idempotency-Key 头里带上 16 到 255 个可见字符。"),
    ("idempotency_key_invalid", 400, "幂等键不合格", "Idempotency-Key 要是 16 到 255 个可见的英文字符。"),
    ("cursor_invalid", 400, "翻页位置无效", "请从第一页重新打开列表。"),
    ("form_expired", 400, "页面已过期", "您填的内容还在，请再提交一次。"),
    ("bad_request", 400, "请求有误", "请检查后重发。"),
    # 401 – 405
    ("unauthenticated", 401, "请先登录", "登录已过期或未登录，请登录后再试。"),
    ("credentials_wrong", 401, "登录没有成功", "用户名、密码或动态口令不对，请核对后再试。"),
    ("code_used", 401, "登录没有成功", "请回到小程序再点一次，会重新登录。"),
    ("code_invalid", 401, "登录没有成功", "等得太久或者没有连上，请回到小程序再点一次，会重新登录。"),
    (
        "code_blocked",
        401,
        "微信不允许登录",
        "微信认为这个账号有风险，没有让它登录；请使用网页或者拨打岗牌上的电话。",
    ),
    (
        "not_bound",
        401,
        "没有绑定",
        "这个微信没有绑定工作人员。请先在电脑上打开工作台的“绑定微信”，取得绑定码。",
    ),
    (
        "binding_code_wrong",
        401,
        "绑定码不对",
        "绑定码不对、已用过或者已过期，请在工作台的“绑定微信”重新取一个。",
    ),
    ("full_sign_in_required", 403, "请用密码登录", "这一步要在电脑上用用户名和密码登录工作台以后再做。"),
    (
        "password_change_required",
        403,
        "请先换密码",
        "您的密码是别人设的，请用浏览器打开工作台登录，换成只有自己知道的密码。",
    ),
    ("push_refused", 403, "不是微信推送的", "签名、时间或者收件方不对，没有收下。"),
    ("not_holder", 403, "现在不由您承办", "这件事目前由其他岗位或人员负责，您只能查看。"),
    ("role_required", 403, "没有这个权限", "您的岗位不能做这一步，请联系科室负责人或首问责任总岗。"),
    ("staff_cannot_rate", 403, "工作人员不能评价", "评价只能由服务对象本人作出。"),
    ("wechat_not_set_up", 404, "没有开通微信", "这里没有开通微信小程序，请使用网页。"),
    ("not_found", 404, "没有找到", "没有找到这条记录，请核对编号或链接。"),
    ("sign_unknown", 404, "不是本系统的岗牌", "没有这块岗牌。请核对岗牌上的编码，或向窗口工作人员核实。"),
    ("method_not_allowed", 405, "不支持这种操作", "请返回上一页重试。"),
    ("not_acceptable", 406, "格式不支持", "这个地址只提供它说明的格式。"),
    # 409: the state of things does not allow it
    ("request_in_progress", 409, "正在处理", "同一个请求正在处理，请稍后再试。"),
    ("illegal_transition", 409, "现在不能这样做", "这件事当前的状态不允许这一步，请刷新后查看可以做什么。"),
    ("handoff_pending", 409, "正在转交", "已经有一次转交等待承接，请等待承接或退回。"),
    (
        "dispute_pending",
        409,
        "正在等待裁定",
        "这件事已经多次退回，正在等待上一级裁定由谁承办；现在的承办人可以直接办结。",
    ),
    ("dispute_closed", 409, "不再等待裁定", "这次裁定已经作出或者不再需要，请刷新后查看现在由谁负责。"),
    ("letter_closed", 409, "移交函的状态已变", "这封移交函已经送达、取消，或者还没有送达，请刷新后查看。"),
    ("result_already_back", 409, "结果已经登记", "这次移交的办理结果已经登记过。"),
    ("offer_cancelled", 409, "转交已取消", "这次转交已经不再等待承接，请刷新后查看现在由谁负责。"),
    ("subject_conflict", 409, "不能转给被投诉方", "投诉不能转给被投诉的人员、科室或单位。"),
    (
        "joint_already_planned",
        409,
        "方案已经商定",
        "这次共同办理已经有办理方案；有新的情况，请写成协商记录。",
    ),
    (
        "joint_already_referred",
        409,
        "已经书面报告",
        "这次共同办理已经书面报告过上级；有新的情况，请写成协商记录。",
    ),
    (
        "joint_not_agreed",
        409,
        "还没有商量",
        "参加的单位还没有都写意见，也没有协商记录；每个单位写过意见，或者写下一次协商记录以后，才能记录商定的方案。",
    ),
    (
        "joint_not_planned",
        409,
        "还没有办理方案",
        "牵头单位商定办理方案以后，才能报告任务完成；现在可以先写意见。",
    ),
    ("joint_task_already_done", 409, "任务已经完成", "本单位已经报告过任务完成；有新的情况，请写成意见。"),
    ("already_received", 409, "已经确认收到", "您已经确认收到这份告知，不用再确认。"),
    ("possible_duplicate", 409, "刚刚提交过", "刚才已经提交过同样的内容。确实要再提交一件，请确认后再提交。"),
    (
        "wechat_already_bound",
        409,
        "微信已绑定他人",
        "这个微信已经绑定另一位工作人员，请先由那位同志解除绑定。",
    ),
    (
        "staff_already_bound",
        409,
        "已绑定微信",
        "您已经绑定了一个微信；要换一个，请先在工作台解除原来的绑定。",
    ),
    ("already_rated", 409, "已经评价过", "这一轮办理已经评价过；7 天内可以修改一次。"),
    ("not_rateable", 409, "现在不能评价", "办结以后、评价期限以内才能评价；撤回的事项不评价。"),
    ("follow_up_not_possible", 409, "不能回访", "办结以后、留了电话的事项才能电话回访。"),
    (
        "already_followed_up",
        409,
        "不用再回访",
        "这一轮办理的电话回访已经登记，或者已经不需要了，请刷新后查看。",
    ),
    ("spot_check_not_possible", 409, "不能抽查", "办结以后才抽查；正在办理的可以督办。"),
    ("already_reminded", 409, "今天已经催过", "每天可以催办一次，明天 0 点以后可以再催。"),
    ("lead_decided", 409, "已经记录决定", "这条线索的处理决定已经记录，不能再改。"),
    ("powers_not_split", 409, "权力要分开", "同一人不能同时担任牵头部门、审计和系统管理。"),
    ("owner_has_open_cases", 409, "名下还有未办结事项", "这位同志名下还有未办结的事项，请先分派给别人。"),
    (
        "unit_has_open_cases",
        409,
        "还有未办结事项",
        "这个单位还有没有办结的事项，请先办结或者移交，再撤销单位。",
    ),
    (
        "section_has_open_cases",
        409,
        "还有未办结事项",
        "这个科室还有没有办结的事项，请先办结或者转交，再撤销科室。",
    ),
    ("post_has_open_cases", 409, "还有未办结事项", "这个岗位还有没有办结的事项，请先分派给人，再撤销岗位。"),
    ("import_not_ready", 409, "现在不能导入", "这个文件正在检查、已经导入或者已经放弃，请刷新后查看。"),
    ("limit_already_stated", 409, "时限已经写明", "这件事已经有一个写明的办理时限在计算，不能再写一个。"),
    ("extension_not_allowed", 409, "不能延长", "只有“原则上”的时限，在届满之前可以说明理由延长一次。"),
    ("attachments_full", 409, "附件已满", "每件事最多 6 个附件。"),
    ("review_decided", 409, "已经复核过", "这份内容已经有人复核过，请刷新列表。"),
    ("attachment_erased", 410, "文件已删除", "这个文件已按本人要求删除。"),
    ("export_decided", 409, "申请已有结果", "这份申请已经批准、没有批准或者过期，请刷新列表。"),
    ("export_not_ready", 409, "还不能下载", "还在等待批准或者正在生成，请刷新后查看进度。"),
    (
        "template_broken",
        409,
        "Word 模板有错",
        "单位自己的 Word 模板填不进内容，请联系管理员改好或者移走；PDF 和 Excel 照常导出。",
    ),
    ("export_taken", 410, "已经下载过", "一份导出只能下载一次；还需要的话请重新申请。"),
    ("export_expired", 410, "已经过期", "下载的时间已经过了，文件已经删除；还需要的话请重新申请。"),
    ("survey_expired", 410, "评价期限已过", "这次办理的评价期限已经过了；问题没有解决的，可以要求重新办理。"),
    ("sign_retired", 410, "岗牌已停用", "这块岗牌已经停用，请使用新的岗牌。"),
    (
        "version_conflict",
        412,
        "内容已有变化",
        "您打开之后这件事有了新的进展，请看最新情况后再提交，您写的内容还在。",
    ),
    ("content_too_large", 413, "内容太大", "内容超过大小限制：文字请求 1 MB，单个附件 10 MB。"),
    ("unsupported_media_type", 415, "格式不对", "请用 application/json 提交；附件用 multipart/form-data。"),
    # 422: understood, but a value is not acceptable
    ("validation_failed", 422, "有内容需要修改", "请按提示修改后再提交，已填的内容都还在。"),
    ("idempotency_key_reused", 422, "幂等键已用过", "这个 Idempotency-Key 已用于另一次请求，请换一个新的。"),
    ("handoff_target_unavailable", 422, "没有人能承接", "对方不存在、已停用或暂时没有人在岗，请另选。"),
    ("handoff_to_self", 422, "不能转给自己", "转交的对象就是现在的承办方，请另选。"),
    ("backdating_not_allowed", 422, "时间不对", "发生时间不能晚于现在，也不能早于 30 天前。"),
    ("type_not_allowed", 422, "文件类型不支持", "只收 JPEG、PNG、WebP 图片和 PDF。文字已经收下，不受影响。"),
    ("image_too_large", 422, "图片太大", "图片像素过高，请缩小后再传。文字已经收下，不受影响。"),
    ("media_damaged", 422, "文件打不开", "文件已损坏或不完整，请换一个再传。文字已经收下，不受影响。"),
    ("pdf_encrypted", 422, "PDF 有密码", "请去掉密码后再传。文字已经收下，不受影响。"),
    ("media_too_complex", 422, "文件太复杂", "文件处理超出限制，请拆小后再传。文字已经收下，不受影响。"),
    (
        "workbook_unreadable",
        422,
        "文件打不开",
        "这不是完整的 xlsx 文件，请用 Excel 或 WPS 另存为 xlsx 再传。",
    ),
    ("workbook_too_complex", 422, "文件太大", "文件展开以后太大，请拆成几个文件再传。"),
    ("phone_code_wrong", 422, "没有取到手机号", "请再点一次“使用微信手机号”，或者直接填写。"),
    ("precondition_required", 428, "缺少版本号", "请在 If-Match 头里带上您看到的版本。"),
    ("rate_limited", 429, "操作太频繁", "请稍后再试。紧急情况请直接拨打岗牌上的电话或 12345。"),
    # 5xx: ours
    ("internal_error", 500, "系统出错", "没有保存这次操作，请稍后再试；可以把请求编号告诉工作人员。"),
    ("busy", 503, "系统正忙", "这次没有保存，请稍后再试一次。"),
    ("wechat_unavailable", 503, "微信暂时没有回应", "请稍后再试；现在也可以使用网页提交和查询。"),
    ("storage_full", 503, "存储空间不足", "这次没有保存，请稍后再试；工作人员已收到提醒。"),
    (
        "outcome_unknown",
        503,
        "结果待确认",
        "还不能确定是否已保存。请用同一个幂等键再提交一次，不会重复登记。",
    ),
)

FIELD_CODES: dict[str, str] = {
    "unknown_field": "没有这个字段。",
    "required": "请填写这一项。",
    "null_not_allowed": "这一项不能为空值。",
    "type_invalid": "格式不对。",
    "choice_invalid": "请从给出的选项中选择。",
    "text_empty": "请填写内容。",
    "text_too_long": "内容太长。",
    "text_invalid": "含有不能保存的字符。",
    "phone_invalid": "电话号码不对，请填写 11 位手机号或带区号的固定电话。",
    "phone_tail_invalid": "请填写电话号码的后四位数字。",
    "value_invalid": "这一项不合要求。",
    "unit_unknown": "没有这个单位。",
    "section_unknown": "没有这个科室。",
    "staff_unknown": "没有这位工作人员。",
    "inquiry_unknown": "没有这件事项。",
    "conditionally_required": "这种情况下必须填写。",
}
"""Codes inside `errors[]`, each with its default sentence."""
