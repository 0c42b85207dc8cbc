"""The words of running the organisation itself: what was changed, and what becomes of a file that is imported."""

from __future__ import annotations

from backend.domain.vocabulary import Word


class ChangeKind(Word):
    """What was done to the organisation. Every one is put on record with who did it and when."""

    UNIT_CREATED = "unit_created", "新建单位"
    UNIT_CHANGED = "unit_changed", "修改单位"
    UNIT_CLOSED = "unit_closed", "撤销单位"
    SECTION_CREATED = "section_created", "新建科室"
    SECTION_CHANGED = "section_changed", "修改科室"
    SECTION_CLOSED = "section_closed", "撤销科室"
    POST_CREATED = "post_created", "设岗"
    POST_CHANGED = "post_changed", "修改岗位"
    POST_CLOSED = "post_closed", "撤销岗位"
    SIGN_ISSUED = "sign_issued", "发岗牌"
    SIGN_RETIRED = "sign_retired", "停用岗牌"
    STAFF_CREATED = "staff_created", "新建人员"
    STAFF_CHANGED = "staff_changed", "修改人员"
    STAFF_MOVED = "staff_moved", "调动"
    STAFF_DISABLED = "staff_disabled", "停用账号"
    STAFF_RESTORED = "staff_restored", "恢复账号"
    PASSWORD_RESET = "password_reset", "重置密码"
    PASSWORD_CHANGED = "password_changed", "本人改密码"
    ROLE_GRANTED = "role_granted", "授予角色"
    ROLE_REVOKED = "role_revoked", "收回角色"
    ABSENCE_SET = "absence_set", "登记不在岗"
    ABSENCE_ENDED = "absence_ended", "登记回岗"
    IMPORTED = "imported", "批量导入"


class ImportKind(Word):
    ORGANISATION = "organisation", "单位、科室、岗位和人员"
    LEDGER = "ledger", "历史台账"


class ImportState(Word):
    """From the upload to the end. Nothing is written before somebody has seen the check and says so."""

    CHECKING = "checking", "正在检查"
    REFUSED = "refused", "有错误，没有导入"
    READY = "ready", "检查通过，等待确认"
    RUNNING = "running", "正在导入"
    DONE = "done", "已导入"
    DROPPED = "dropped", "已放弃"
