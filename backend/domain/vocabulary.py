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
    """How firmly a limit binds. A unit's own promise (承诺时限) stands beside the law's limit and never replaces it."""

    MUST = "must", "必须"
    PRINCIPLE = "principle", "原则上"
    AT_ONCE = "at_once", "即时"
    PROMISE = "promise", "承诺"


class BearerKind(Word):
    """Who answers for a limit: the person bearing 首问责任 now, the first unit, or the competent authority."""

    FIRST_RESPONDER = "first_responder", "首问负责人"
    FIRST_UNIT = "first_unit", "首问机关"
    COMPETENT_AUTHORITY = "competent_authority", "主管部门"
    HOLDER = "holder", "承办人"
    OTHER_UNITS = "other_units", "其他共同办理单位"
    UNIT = "unit", "各单位"


class ClockEnd(Word):
    MET = "met", "已履行"
    SUPERSEDED = "superseded", "已更新"
    CANCELLED = "cancelled", "不再适用"


class ClockChange(Word):
    """Why a clock's row follows another one; the first row of a limit has none."""

    TAKEOVER = "takeover", "承接人接续"
    PAUSE = "pause", "等待补充材料，暂停计算"
    RESUME = "resume", "材料已补充，恢复计算"
    EXTENSION = "extension", "说明理由延长"
    CALENDAR = "calendar", "放假安排公布后重新计算"


class LimitBasis(Word):
    """Where the days of a stated limit come from (坛 六（一）、十（一）2)."""

    LEGAL = "legal", "法定时限"
    PROMISED = "promised", "承诺时限"


class Regime(Word):
    """Matters whose own law prevails (坛 五: 法律、法规、规章以及上级规范性文件另有规定的，从其规定)."""

    PERMIT = "permit", "行政许可"
    PETITION = "petition", "信访"
    DISCLOSURE = "disclosure", "政府信息公开"
    RECONSIDERATION = "reconsideration", "行政复议"
    OTHER = "other", "其他法律、法规、规章或上级规范性文件"


class ServiceMethod(Word):
    """How a letter was served (送达)."""

    IN_PERSON = "in_person", "直接送达"
    POST = "post", "邮寄"
    ELECTRONIC = "electronic", "电子公文"
    OTHER = "other", "其他方式"


class ExternalState(Word):
    """What became of a letter to an authority that is not on the system."""

    DRAFTED = "drafted", "待送达"
    SERVED = "served", "已送达"
    CANCELLED = "cancelled", "已取消"


class DisputeLevel(Word):
    """Who decides when nobody takes a matter (design 4)."""

    GENERAL_POST = "general_post", "首问责任总岗"
    UNIT_HEAD = "unit_head", "单位主要负责人"
    COORDINATOR = "coordinator", "协调单位"


class DisputeState(Word):
    OPEN = "open", "待裁定"
    DECIDED = "decided", "已裁定"
    DROPPED = "dropped", "不再需要"


class JointState(Word):
    """共同办理 (坛 六（三）): reported to the head, plan agreed, or referred upward in writing."""

    REPORTED = "reported", "已报告，正在商定方案"
    PLANNED = "planned", "已商定办理方案"
    REFERRED = "referred", "已书面报告上级"


class ReportTo(Word):
    """Where the written report goes (坛 六（三）)."""

    PARTY_OFFICE = "party_office", "区委办公室"
    GOVERNMENT_OFFICE = "government_office", "区政府办公室"


class OpinionKind(Word):
    """What a unit puts on record in a joint case."""

    OPINION = "opinion", "意见"
    CONSULTATION = "consultation", "协商记录"


class SupervisionKind(Word):
    SUPERVISION = "supervision", "督办"
    INSTRUCTION = "instruction", "批示"


class UnitRecordKind(Word):
    """What a unit puts on record about itself (坛 八、十一)."""

    RULES = "rules", "实施细则"
    SIMPLIFICATION = "simplification", "简化优化措施"
    COMMENDATION = "commendation", "鼓励激励"


class LeadAgainst(Word):
    """Whom an item of accountability is about (坛 十（一）、（二）)."""

    FIRST_RESPONDER = "first_responder", "承担首问责任的人"
    UNIT_HEAD = "unit_head", "单位负责人"


class LeadGround(Word):
    """The fact a lead starts from."""

    BREACH = "breach", "超过时限"
    LATER_DEMAND = "later_demand", "告知之后又要求清单以外的材料"
    SHIRKING = "shirking", "转交、退回的事实"
    REPORTED = "reported", "由人提出"


class LeadState(Word):
    OPEN = "open", "待核实"
    DECIDED = "decided", "已记录处理决定"
    DISMISSED = "dismissed", "不构成应当问责的情形"


class ToleranceLevel(Word):
    """Whose 容错纠错 rule is relied on (坛 九)."""

    CENTRAL = "central", "中央"
    PROVINCE = "province", "省"
    CITY = "city", "常州市"
    DISTRICT = "district", "区"


class DecisionMeasure(Word):
    """坛 十（四）: every way of holding to account, alone or together; contract staff; suspected offences by law."""

    CRITICISM = "criticism", "批评教育"
    SELF_EXAMINATION = "self_examination", "责令检查"
    CIRCULAR = "circular", "通报"
    ADMONITION = "admonition", "诫勉"
    REORGANISATION = "reorganisation", "组织调整或者组织处理"
    PARTY_DISCIPLINE = "party_discipline", "纪律处分"
    ADMINISTRATIVE_DISCIPLINE = "administrative_discipline", "政务处分"
    CONTRACT = "contract", "按相关规定或合同约定处理"
    DISMISSAL = "dismissal", "解聘或辞退"
    LAW = "law", "涉嫌违法，按有关法律规定处理"
