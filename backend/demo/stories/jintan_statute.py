"""Matters of 金坛 that take more than an answer: told what is missing, handed over and back, several units, a letter."""

from __future__ import annotations

from backend.demo.script import (
    Accept,
    Classify,
    Close,
    Confirm,
    Extend,
    Filing,
    Letter,
    NameMatter,
    Notify,
    Offer,
    Plan,
    Receive,
    ResultBack,
    Return,
    Serve,
    Speak,
    Story,
    Supplement,
    Together,
)
from backend.domain.closing import Authority
from backend.domain.vocabulary import Category, CitizenKind, OpinionKind, Outcome

_SHOWCASE = Story(
    # 告知、补充、转交两次、退回一次、几个单位共同办理
    Filing(
        8,
        "09:10",
        where="jt-sp/chuangkou",
        category=Category.APPLICATION,
        content="我在薛埠镇有一幢自家的楼房，想办一家十二间客房的民宿，不知道要办哪些手续，先从哪里开始。",
        name="茅建芳",
        caller=130,
    ),
    (
        Confirm(8, "09:40", by="jt-sp-chuangkou-1", summary="申请开办民宿", competent=True),
        Notify(
            8,
            "10:30",
            by="jt-sp-chuangkou-1",
            basis="《旅馆业治安管理办法》第四条；《江苏省旅游条例》关于民宿的规定",
            limit="材料齐全之日起 15 个工作日",
            procedure="窗口收件，市场准入、投资建设两科会审，必要时现场看房，出具意见。",
            documents=("房屋权属证明", "房屋结构安全的说明", "经营者身份证明"),
            days=15,
        ),
        Receive(8, "12:20"),
        Supplement(7, "09:30", text="三样材料的照片都传上来了，房屋安全说明是去年镇里出的。"),
        Offer(
            7,
            "10:15",
            by="jt-sp-chuangkou-1",
            to="jt-sp/zhunru",
            reason="民宿要办营业执照，先请市场准入科看。",
        ),
        Return(
            7,
            "15:20",
            by="jt-sp-zhunru-1",
            reason="房屋改作经营用途还没有意见，执照要在这之后。",
            clause="三定规定：房屋用途由投资建设科牵头",
        ),
        Offer(
            6,
            "09:05",
            by="jt-sp-chuangkou-1",
            to="jt-sp/touzi",
            reason="房屋改作经营用途由投资建设科牵头。",
        ),
        Accept(6, "09:50", by="jt-sp-touzi-1"),
        Together(
            5,
            "09:30",
            by="jt-sp-touzi-1",
            units=("jt-zj", "jt-xb"),
            matter="自建房改民宿，要同时看房屋结构安全和镇里的规划，请住建局和薛埠镇一起办。",
        ),
        Speak(5, "14:10", by="jt-zj-zonggang", text="已派房产管理科本周看房，结构安全由我局出意见。"),
        Speak(5, "15:00", by="jt-xb-zonggang", text="该处在镇民宿发展片区内，镇里没有不同意见。"),
        Speak(
            4,
            "09:30",
            by="jt-sp-touzi-1",
            kind=OpinionKind.CONSULTATION,
            text="三家碰头：同一天看房，意见合成一份，由我局一次答复申请人。",
        ),
        Plan(
            4,
            "10:20",
            by="jt-sp-touzi-1",
            plan="三家同一天看房；住建局出结构安全意见，薛埠镇出规划意见，审批局汇总后一次答复。",
            tasks=(("jt-zj", "出具房屋结构安全意见"), ("jt-xb", "出具镇规划意见")),
        ),
    ),
)

_WAITING_FOR_THE_CITIZEN = Story(
    # 一次性告知以后等材料，办理时限暂停
    Filing(
        4,
        "10:00",
        where="jt-sp/zhunru",
        category=Category.APPLICATION,
        content="新开的早餐店想在门口摆三天开业宣传的拱门，申请备案。",
        kind=CitizenKind.COMPANY,
        name="束玉梅",
        org_name="金坛区巷口早点铺",
        caller=131,
    ),
    (
        Confirm(4, "10:30", by="jt-sp-zhunru-1", summary="申请开业宣传拱门备案", competent=True),
        NameMatter(4, "10:35", by="jt-sp-zhunru-1", matter="户外临时宣传备案"),
        Notify(
            3,
            "09:20",
            by="jt-sp-zhunru-1",
            basis="《区行政审批局首问负责制实施细则》附表",
            limit="材料齐全之日起 3 个工作日（承诺时限）",
            procedure="窗口收件，核对地点和时间，出具备案回执。",
            documents=("备案表", "设置位置示意图"),
        ),
    ),
)

_GUIDED = Story(
    # 不属于本单位：说明理由，引导并帮助
    Filing(
        5,
        "14:05",
        where="jt-rs",
        category=Category.CONSULT,
        content="父亲去世，他名下的房子怎么过户给我？",
        name="谭国梁",
        caller=132,
    ),
    (
        Confirm(5, "14:20", by="jt-rs-zonggang", summary="咨询继承房屋过户", competent=False),
        Close(
            5,
            "14:40",
            by="jt-rs-zonggang",
            outcome=Outcome.GUIDED,
            reply="继承房屋过户由不动产登记机构办理，地址电话在下面，已帮您问好要带的材料。",
            reason="房屋登记不属于人力资源和社会保障局的职责。",
            authority=Authority("金坛区不动产登记中心", "金坛区政务服务中心二楼", "0519-82690000"),
            help="已电话联系登记中心：带户口簿、死亡证明、房产证和全体继承人的身份证，周一至周五都可以办。",
        ),
    ),
)

_LETTER = Story(
    # 书面移交给不在本系统的主管部门，送达以后收到结果
    Filing(
        7,
        "09:30",
        where="jt-xb/bianmin",
        category=Category.REPORT,
        content="村口的小加工厂夜里排烟，味道很大，反映过两次没有人来看。",
        name="冯金生",
        caller=133,
    ),
    (
        Confirm(7, "09:50", by="jt-xb-bianmin-1", summary="反映加工厂夜间排烟", competent=False),
        Letter(
            7,
            "10:20",
            by="jt-xb-bianmin-1",
            name="常州市金坛生态环境局",
            address="金坛区环保大楼",
            phone="0519-82880000",
            reason="大气污染的监管由生态环境部门负责。",
        ),
        Serve(6, "09:40", by="jt-xb-bianmin-1", receipt="收件人：局办公室，收文编号 2026-118"),
        ResultBack(
            2, "15:30", by="jt-xb-bianmin-1", text="生态环境局已夜间检查两次，责令加装净化设备，月底前复查。"
        ),
    ),
)

_EXTENDED = Story(
    # 原则上的时限说明理由延长
    Filing(
        1,
        "09:05",
        where="jt-rs/jiuye",
        category=Category.CONSULT,
        content="灵活就业人员在外省交过社保，两边的年限能不能合在一起算？",
        caller=134,
    ),
    (
        Confirm(1, "09:30", by="jt-rs-jiuye-1", summary="咨询两地社保年限合并", competent=True),
        Extend(
            0, "09:40", by="jt-rs-jiuye-1", reason="要向外省社保机构核对缴费记录，已发函，预计两天内回复。"
        ),
    ),
)

_RECLASSIFIED = Story(
    # 更正首问类别
    Filing(
        2,
        "10:20",
        where="jt-zj/fangchan",
        category=Category.CONSULT,
        content="楼上改了排水管，我家天花板一直滴水，找谁来看？",
        name="濮阳清",
        caller=135,
    ),
    (
        Confirm(2, "10:40", by="jt-zj-fangchan-1", summary="楼上改管漏水"),
        Classify(
            2,
            "11:10",
            by="jt-zj-fangchan-1",
            category=Category.REPORT,
            reason="群众要求上门处理，不是咨询。",
        ),
    ),
)

_NOBODY_TAKES_IT = Story(
    # 三次没有人承接，由首问责任总岗裁定
    Filing(
        5,
        "08:50",
        where="jt-zj/fangchan",
        category=Category.REPORT,
        content="老小区的自行车棚塌了半边，压着三辆车，没人来管。",
        name="柏树林",
        caller=136,
    ),
    (
        Confirm(5, "09:10", by="jt-zj-fangchan-1", summary="小区自行车棚塌了半边"),
        Offer(
            5, "09:30", by="jt-zj-fangchan-1", to="jt-zj/jianshe", reason="车棚属于构筑物，请城市建设科看。"
        ),
        Return(5, "14:00", by="jt-zj-jianshe-1", reason="小区里面的设施归物业管理。", clause="三定规定"),
        Offer(4, "09:00", by="jt-zj-fangchan-1", to="jt-zj/bangong", reason="请办公室协调物业公司。"),
        Return(4, "11:20", by="jt-zj-bangong-1", reason="办公室没有管理物业的职责。", clause="三定规定"),
        Offer(
            3,
            "09:00",
            by="jt-zj-fangchan-1",
            to="jt-zj/jianshe",
            reason="物业说是建设时的质量问题，再请看一次。",
        ),
        Return(3, "16:10", by="jt-zj-jianshe-1", reason="已过保修期。", clause="不归我们"),
    ),
)

JINTAN_STATUTE = (
    _SHOWCASE,
    _WAITING_FOR_THE_CITIZEN,
    _GUIDED,
    _LETTER,
    _EXTENDED,
    _RECLASSIFIED,
    _NOBODY_TAKES_IT,
)
