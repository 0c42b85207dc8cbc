"""Words of what goes between the office and a person after filing: consents, follow-ups, content checks."""

from __future__ import annotations

from backend.domain.vocabulary import Word


class ConsentSource(Word):
    """Who told us that somebody agreed to be sent a message."""

    CLIENT = "client", "小程序上报"
    EVENT = "event", "微信推送"


class DeliveryState(Word):
    """What became of one message, as people see it."""

    PENDING = "pending", "待发送"
    SENT = "sent", "已发送"
    DELIVERED = "delivered", "已送达"
    UNDELIVERED = "undelivered", "未送达"
    DROPPED = "dropped", "不再发送"


class FollowUpLayer(Word):
    """回访: every closed inquiry; 抽查: a sample, drawn by somebody else."""

    CENSUS = "census", "回访"
    SAMPLE = "sample", "抽查"


class FollowUpMethod(Word):
    SURVEY = "survey", "微信评价邀请"
    CALL = "call", "电话回访"


class FollowUpState(Word):
    """What became of one follow-up; whoever did not answer stays 未评价."""

    WAITING = "waiting", "待进行"
    SENT = "sent", "已发送"
    REMINDED = "reminded", "已提醒一次"
    ANSWERED = "answered", "已答复"
    UNDELIVERED = "undelivered", "未送达"
    UNREACHABLE = "unreachable", "无法回访"
    REFUSED = "refused", "拒绝回访"
    SILENT = "silent", "没有答复"
    CANCELLED = "cancelled", "不再需要"


class SpotCheckBy(Word):
    """Who checks (泸 二（二）4, 附件1-17: 机关纪委、首问责任总岗, each or 联合)."""

    GENERAL_POST = "general_post", "首问责任总岗"
    DISCIPLINE = "discipline", "机关纪委"
    JOINT = "joint", "首问责任总岗、机关纪委联合"


class SpotCheckMethod(Word):
    """What a spot check looks at."""

    PHONE = "phone", "电话联系群众"
    RECORD = "record", "查看办理记录"


class ErasureReason(Word):
    """Why personal data is destroyed."""

    WISH = "wish", "本人要求"
    CANCELLED = "cancelled", "本人注销了小程序"
    REVOKED = "revoked", "本人在微信里收回了授权"


class ErasedPart(Word):
    """What of an inquiry was destroyed; its words and what was done stay, as a record the rules ask for."""

    ACCOUNT = "account", "微信身份"
    CONTACT = "contact", "姓名和联系方式"
    PHONE = "phone", "电话"
    FILES = "files", "照片和文件"


class CheckedBy(Word):
    """Who looked at a text or a file first."""

    WECHAT = "wechat", "微信内容安全"
    WORDS = "words", "词表"


class CheckState(Word):
    """Where a content check stands. Doubt never holds an inquiry up: it only sends somebody to look."""

    WAITING = "waiting", "检查中"
    PASSED = "passed", "未发现问题"
    REVIEW = "review", "待人工复核"
    CLEARED = "cleared", "复核无问题"
    FOLDED = "folded", "复核后折叠显示"


class ReviewReason(Word):
    """Why a person has to look."""

    RISKY = "risky", "机器检查认为不当"
    DOUBTFUL = "doubtful", "机器检查拿不准"
    UNCHECKED = "unchecked", "机器检查没有做成"
