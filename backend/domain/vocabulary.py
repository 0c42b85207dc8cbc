"""The words of both measures, once: identifiers used in code, API, database and clients, with their Chinese labels."""

from __future__ import annotations

from enum import StrEnum
from typing import Self


class Word(StrEnum):
    """A fixed term: `value` is the identifier everywhere, `label` what a person reads."""

    label: str

    def __new__(cls, value: str, label: str = "") -> Self:
        member = str.__new__(cls, value)
        member._value_ = value
        member.label = label
        return member


class OrganType(Word):
    """Which kind of organ a unit is (坛 第四条)."""

    PARTY = "party", "党委"
    CONGRESS = "congress", "人大"
    ADMINISTRATION = "administration", "行政"
    CPPCC = "cppcc", "政协"
    SUPERVISION = "supervision", "监察"
    COURT = "court", "审判"
    PROCURATORATE = "procuratorate", "检察"
    MASS_ORGANISATION = "mass_organisation", "人民团体"
    INSTITUTION = "institution", "事业单位"
    STATE_COMPANY = "state_company", "国有公司"


class Measure(Word):
    """Which of the two measures binds a unit."""

    TAN = "tan", "首问负责制"
    LU = "lu", "首问责任制"


class SectionKind(Word):
    OFFICE = "office", "科（股）室"
    WINDOW = "window", "窗口"
    AGENCY = "agency", "办事机构"


class PostKind(Word):
    """Who keeps what (泸 二（二）2、4): the unit's and the sections' posts, the discipline post, the lead office's."""

    GENERAL = "general", "首问责任总岗"
    SECTION = "section", "首问责任岗"
    DISCIPLINE = "discipline", "机关纪委"
    OVERSIGHT = "oversight", "牵头部门"


class Employment(Word):
    """坛 第五条: everyone in public service counts, contract staff included."""

    CIVIL_SERVANT = "civil_servant", "公务员"
    MANAGED = "managed", "参照公务员法管理"
    OTHER = "other", "其他从事公共服务的工作人员"
    CONTRACT = "contract", "聘用人员"


class Role(Word):
    HANDLER = "handler", "工作人员"
    POST_HOLDER = "post_holder", "首问责任岗"
    SECTION_HEAD = "section_head", "科室负责人"
    GENERAL_POST = "general_post", "首问责任总岗"
    DEPUTY_LEADER = "deputy_leader", "分管领导"
    PRINCIPAL_LEADER = "principal_leader", "主要领导"
    DISCIPLINE = "discipline", "机关纪委"
    OVERSEER = "overseer", "牵头部门"
    AUDITOR = "auditor", "审计"
    SYSADMIN = "sysadmin", "系统管理"


class CitizenKind(Word):
    """坛 第二条: 公民、法人或其他组织（统称服务对象）."""

    PERSON = "person", "自然人"
    COMPANY = "company", "法人"
    ORGANISATION = "organisation", "其他组织"


class Channel(Word):
    """首问方式 (泸 附件2)."""

    CALL = "call", "来电"
    VISIT = "visit", "来访"
    LETTER = "letter", "来信"
    MAILBOX = "mailbox", "局长信箱"
    HOTLINE = "hotline", "政务热线"
    OTHER = "other", "其他"


class Source(Word):
    """Where the record entered the system; shown beside 首问方式."""

    SIGN = "sign", "扫码"
    MINIPROGRAM = "miniprogram", "小程序"
    WEB = "web", "网页"
    STAFF = "staff", "工作人员登记"
    IMPORT = "import", "导入"


class Category(Word):
    """首问类别 (泸 附件2)."""

    CONSULT = "consult", "咨询事项"
    APPLICATION = "application", "办理事情"
    REPORT = "report", "问题反映"
    COMPLAINT = "complaint", "投诉"
    OTHER = "other", "其他"


class AboutKind(Word):
    """投诉对象: whom a complaint is about."""

    SIGN_HOLDER = "sign_holder", "这块岗牌的工作人员"
    SECTION = "section", "这个科室"
    UNIT = "unit", "这个单位或其负责人"
    OTHER = "other", "其他"


class Status(Word):
    FILED = "filed", "待签收"
    CONFIRMED = "confirmed", "办理中"
    AWAITING_CITIZEN = "awaiting_citizen", "待补充材料"
    IN_HANDOFF = "in_handoff", "转交中"
    JOINT = "joint", "共同办理中"
    CLOSED = "closed", "已办结"


class Outcome(Word):
    COMPLETED = "completed", "办理完成"
    ANSWERED = "answered", "答复"
    GUIDED = "guided", "引导"
    TRANSFERRED = "transferred", "移交其他单位"
    REFUSED = "refused", "不予办理"
    WITHDRAWN = "withdrawn", "撤回"


class HandoffKind(Word):
    SECTION = "section", "转交其他科室"
    UNIT = "unit", "移交其他单位"


class HandoffMode(Word):
    """坛 六（二）: 领办导办或转交."""

    TRANSFER = "transfer", "转交"
    ESCORT = "escort", "领办导办"


class HandoffState(Word):
    OFFERED = "offered", "待承接"
    ACCEPTED = "accepted", "已承接"
    RETURNED = "returned", "已退回"
    LAPSED = "lapsed", "逾期未承接"
    CANCELLED = "cancelled", "已取消"


class Disposition(Word):
    """办理情况 (泸 附件2), derived from hand-offs."""

    OWN = "own", "本人本科室办理"
    OTHER_SECTION = "other_section", "转交其他科室办理"
    OTHER_UNIT = "other_unit", "转交其他单位办理"


class Grade(Word):
    """群众满意度 (泸 附件2)."""

    SATISFIED = "satisfied", "满意"
    FAIR = "fair", "一般"
    DISSATISFIED = "dissatisfied", "不满意"


class RatingKind(Word):
    OWN = "own", "本人评价"
    FOLLOW_UP = "follow_up", "回访"


class Strictness(Word):
    MUST = "must", "必须"
    PRINCIPLE = "principle", "原则上"
    AT_ONCE = "at_once", "即时"


class BearerKind(Word):
    """Who answers for a limit: the person bearing 首问责任 now, the first unit, or the competent authority."""

    FIRST_RESPONDER = "first_responder", "首问负责人"
    FIRST_UNIT = "first_unit", "首问机关"
    COMPETENT_AUTHORITY = "competent_authority", "主管部门"
    HOLDER = "holder", "承办人"


class ClockEnd(Word):
    MET = "met", "已履行"
    SUPERSEDED = "superseded", "已更新"
    CANCELLED = "cancelled", "不再适用"
