"""What was asked in 泸州 in the last two weeks, under the 首问责任制: no limits in days, the same care."""

from __future__ import annotations

from backend.demo.script import (
    Accept,
    CallBack,
    CheckTogether,
    Close,
    Confirm,
    Filing,
    Offer,
    Rate,
    Registration,
    SignOff,
    Story,
    Supplement,
)
from backend.domain.vocabulary import AboutKind, Category, Channel, CitizenKind, Grade, HandoffMode, Outcome
from backend.domain.vocabulary_ledger import SignOffRole
from backend.services.closing import Closing

_OPEN = (
    # 待签收
    Story(
        Filing(
            0,
            "09:05",
            where="lz-zw/dating",
            category=Category.CONSULT,
            content="办酒店要跑哪几个窗口，有没有一件事一次办的清单？",
            name="冷小川",
            caller=201,
        )
    ),
    # 办理中，补充了情况
    Story(
        Filing(
            3,
            "10:15",
            where="lz-zj/wuye",
            category=Category.REPORT,
            content="我们小区两部电梯坏了一部，物业说没有维修资金，已经拖了半个月。",
            name="税明芳",
            caller=202,
        ),
        (
            Confirm(3, "11:00", by="lz-zj-wuye-1", summary="小区电梯停用半个月未修"),
            Supplement(1, "09:20", text="昨天另一部也停过一次，十八楼的老人下不来。"),
        ),
    ),
    # 转交本单位其他科室，等待承接
    Story(
        Filing(
            0,
            "08:55",
            where="lz-zj/wuye",
            category=Category.APPLICATION,
            content="老小区要通天然气，楼栋已有二十户同意，申请现场勘查。",
            kind=CitizenKind.ORGANISATION,
            name="先登国",
            org_name="南城街道滨江社区 7 栋业主小组",
            caller=203,
        ),
        (
            Confirm(0, "09:15", by="lz-zj-wuye-1", summary="老小区申请通天然气"),
            Offer(
                0,
                "10:05",
                by="lz-zj-wuye-1",
                to="lz-zj/gongyong",
                reason="天然气入户勘查由城市公用科安排。",
            ),
        ),
    ),
    # 转交其他单位，等待承接
    Story(
        Filing(
            0,
            "08:40",
            where="lz-nc/bianmin",
            category=Category.APPLICATION,
            content="单元门口的下水道返水，要挖开公共路面，申请备案。",
            name="艾玉珍",
            caller=204,
        ),
        (
            Confirm(0, "09:00", by="lz-nc-bianmin-1", summary="下水道返水，申请开挖路面"),
            Offer(
                0,
                "10:10",
                by="lz-nc-bianmin-1",
                to="lz-zj",
                reason="开挖公共路面由住房和城乡建设部门办理，现书面转交。",
            ),
        ),
    ),
    # 登记的热线，办理中
    Story(
        Registration(
            2,
            "14:25",
            category=Category.OTHER,
            content="热线转来：希望公开江边步道二期的施工计划，附近商户想早作打算。",
            channel=Channel.HOTLINE,
            by="lz-jy-xinxi-1",
            summary="希望公开江边步道二期施工计划",
            caller=205,
            external=("泸热 20260001-205", (0, "17:30"), "热线工单注明 2 个工作日内答复"),
        ),
        (Confirm(2, "15:00", by="lz-jy-xinxi-1", summary="希望公开江边步道二期施工计划"),),
    ),
    # 投诉科室：交机关纪委
    Story(
        Filing(
            2,
            "15:40",
            where="lz-nc/shequ",
            category=Category.COMPLAINT,
            content="去了三次，门都锁着，门口也没有写去向和电话。",
            about=AboutKind.SECTION,
            caller=206,
        ),
        (Confirm(1, "09:00", by="lz-nc-jiwei", summary="反映科室上班时间无人"),),
    ),
)

_CLOSED = (
    # 领办导办到窗口办完，满意
    Story(
        Filing(
            7,
            "09:30",
            where="lz-zg",
            category=Category.APPLICATION,
            content="父亲去世，房子要过户到母亲名下，申请办理继承转移登记。",
            name="阳春梅",
            caller=207,
        ),
        (
            Confirm(7, "09:50", by="lz-zg-zonggang", summary="申请继承转移登记"),
            Offer(
                7,
                "10:00",
                by="lz-zg-zonggang",
                to="lz-zg/dengji",
                mode=HandoffMode.ESCORT,
                reason="已陪同到不动产登记窗口，由窗口查验材料。",
            ),
            Accept(7, "10:15", by="lz-zg-dengji-2"),
            Close(
                4,
                "16:00",
                by="lz-zg-dengji-2",
                outcome=Outcome.COMPLETED,
                reply="登记已经办好，不动产权证可以到一楼 12 号窗口领取，也可以邮寄。",
            ),
            Rate(3, "10:20", grade=Grade.SATISFIED, comment="工作人员一直陪着，心里踏实。", share=True),
        ),
    ),
    # 转交其他单位，承接后办结，一般
    Story(
        Filing(
            8,
            "14:00",
            where="lz-zj/gongyong",
            category=Category.REPORT,
            content="规划图上我家门前是绿地，现在在砌围墙，请查一下有没有手续。",
            name="代兴华",
            caller=208,
        ),
        (
            Confirm(8, "14:30", by="lz-zj-gongyong-1", summary="绿地上砌围墙，请核查手续"),
            Offer(
                8,
                "15:10",
                by="lz-zj-gongyong-1",
                to="lz-zg",
                reason="是否符合规划由自然资源和规划部门核查。",
            ),
            Accept(7, "09:00", by="lz-zg-zonggang"),
            Close(
                5,
                "11:30",
                by="lz-zg-zonggang",
                outcome=Outcome.ANSWERED,
                reply="已到现场核对，围墙是施工临时围挡，月底拆除，绿地面积不变。",
            ),
            Rate(4, "09:35", grade=Grade.FAIR),
        ),
    ),
    # 来访登记，答复，不满意；机关纪委和总岗联合抽查
    Story(
        Registration(
            6,
            "10:40",
            category=Category.CONSULT,
            content="来访询问低保家庭今年能不能申请廉租房补贴。",
            channel=Channel.VISIT,
            by="lz-nc-bianmin-2",
            summary="咨询低保家庭租房补贴",
            name="况秀清",
            caller=209,
            closing=Closing(Outcome.ANSWERED, "可以申请，请带低保证和租房合同来填表。"),
        ),
        (
            CallBack(5, "14:10", by="lz-nc-bianmin-1", grade=Grade.FAIR),
            SignOff(
                5,
                "14:40",
                by="lz-nc-bianmin-2",
                role=SignOffRole.SECTION_HEAD,
                text="材料要一次说全，以后口头答复同时给一张清单。",
            ),
            Rate(5, "15:00", grade=Grade.DISSATISFIED, comment="没有说要房东签字，又白跑一趟。"),
            SignOff(
                4, "09:00", by="lz-nc-fenguan", role=SignOffRole.DEPUTY_LEADER, text="同意，请回电说明。"
            ),
            CheckTogether(
                3,
                "10:20",
                by="lz-nc-jiwei",
                companion="lz-nc-zonggang",
                grade=Grade.DISSATISFIED,
                finding="口头答复漏了房东签字，群众多跑一趟；已当面提醒窗口一次说全。",
            ),
        ),
    ),
    # 补录的来访，登记和办结一步完成
    Story(
        Registration(
            4,
            "08:50",
            category=Category.CONSULT,
            content="来访询问车位能不能单独办不动产权证。",
            channel=Channel.VISIT,
            by="lz-zg-dengji-1",
            summary="咨询车位办证",
            occurred=(5, "16:50"),
            name="游光荣",
            caller=210,
            closing=Closing(
                Outcome.ANSWERED, "有独立宗地编号的车位可以单独办证，您的车位已查到编号，带购买合同来办即可。"
            ),
        ),
    ),
    # 答复，满意
    Story(
        Filing(
            5,
            "09:10",
            where="lz-zw/dating",
            category=Category.CONSULT,
            content="外地户口能不能在泸州的大厅办营业执照？",
            name="童小航",
            caller=211,
        ),
        (
            Confirm(5, "09:20", by="lz-zw-dating-1", summary="咨询外地户口办营业执照"),
            Close(
                5,
                "09:45",
                by="lz-zw-dating-1",
                outcome=Outcome.ANSWERED,
                reply="可以，带身份证和经营场所的租赁合同就行，也可以网上办好后邮寄。",
            ),
            Rate(5, "11:00", grade=Grade.SATISFIED),
        ),
    ),
)

LUZHOU = (*_OPEN, *_CLOSED)
