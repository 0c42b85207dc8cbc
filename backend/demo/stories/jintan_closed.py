"""What was closed in 金坛 in the last two weeks, some of it opened again, and what staff entered at the desk."""

from __future__ import annotations

from backend.demo.script import (
    Accept,
    Close,
    Confirm,
    Filing,
    Offer,
    Rate,
    Registration,
    Reopen,
    SignOff,
    Story,
    Supplement,
    Withdraw,
)
from backend.domain.vocabulary import Category, Channel, CitizenKind, Grade, Outcome, Source
from backend.domain.vocabulary_ledger import SignOffRole
from backend.services.closing import Closing

_CLOSED = (
    # 答复，满意，同意告知经办科室
    Story(
        Filing(
            8,
            "09:30",
            where="jt-sp/chuangkou",
            category=Category.CONSULT,
            content="办营业执照要不要交钱？网上有人说代办要六百元。",
            name="毛丽萍",
            caller=109,
        ),
        (
            Confirm(8, "09:42", by="jt-sp-chuangkou-1", summary="咨询办理营业执照是否收费", competent=True),
            Close(
                8,
                "09:55",
                by="jt-sp-chuangkou-1",
                outcome=Outcome.ANSWERED,
                reply="办理营业执照不收费。您可以在一楼大厅帮办区由工作人员陪同填写，也可以在网上自己办。",
            ),
            SignOff(8, "11:00", by="jt-sp-chuangkou-2", role=SignOffRole.SECTION_HEAD, text="答复及时。"),
            Rate(8, "16:20", grade=Grade.SATISFIED, comment="答复很快，说得清楚。", share=True),
        ),
    ),
    # 办理完成，一般
    Story(
        Filing(
            9,
            "14:10",
            where="jt-sp/touzi",
            category=Category.APPLICATION,
            content="厂房要加装一部货梯，申请办理施工许可变更。",
            kind=CitizenKind.COMPANY,
            name="丁志强",
            org_name="常州市金坛区远达机械有限公司",
            caller=110,
        ),
        (
            Confirm(9, "15:00", by="jt-sp-touzi-1", summary="厂房加装货梯，变更施工许可", competent=True),
            Close(
                6,
                "10:30",
                by="jt-sp-touzi-1",
                outcome=Outcome.COMPLETED,
                reply="变更已经办好，电子证照已发到您的账户，纸质证可到三楼 308 室领取。",
            ),
            Rate(5, "09:10", grade=Grade.FAIR, comment="事情办成了，就是中间跑了两趟。"),
        ),
    ),
    # 答复，不满意
    Story(
        Filing(
            6,
            "10:00",
            where="jt-zj/fangchan",
            category=Category.CONSULT,
            content="买的二手房还有维修基金，过户以后怎么转到我名下？",
            name="顾海波",
            caller=111,
        ),
        (
            Confirm(6, "11:20", by="jt-zj-fangchan-2", summary="咨询二手房维修资金过户", competent=True),
            Close(
                5,
                "16:50",
                by="jt-zj-fangchan-1",
                outcome=Outcome.ANSWERED,
                reply="维修资金随房屋一起转移，请带不动产权证和身份证到二楼 206 室办理更名。",
            ),
            Rate(
                4, "08:40", grade=Grade.DISSATISFIED, comment="打了两次电话才说清楚，也没有告诉要带复印件。"
            ),
        ),
    ),
    # 书面移交，主管部门受理并办完，满意
    Story(
        Filing(
            7,
            "09:10",
            where="jt-xb/bianmin",
            category=Category.APPLICATION,
            content="我从外地回薛埠，申请把养老保险关系转回来。",
            name="史根宝",
            caller=112,
        ),
        (
            Confirm(7, "09:30", by="jt-xb-bianmin-1", summary="申请转入养老保险关系", competent=False),
            Offer(
                7,
                "14:00",
                by="jt-xb-bianmin-1",
                to="jt-rs/shebao",
                reason="养老保险关系转移由区人社局办理，申请表和身份证复印件一并移交。",
            ),
            Accept(7, "15:10", by="jt-rs-shebao-1"),
            Close(
                5,
                "10:40",
                by="jt-rs-shebao-1",
                outcome=Outcome.COMPLETED,
                reply="转移手续已经办好，以前的缴费年限已并入，您可以凭社保卡查询。",
            ),
            Rate(4, "11:15", grade=Grade.SATISFIED, comment="不用自己跑区里，很方便。"),
        ),
    ),
    # 不予办理：理由、依据、救济途径
    Story(
        Filing(
            8,
            "10:20",
            where="jt-zj/jianshe",
            category=Category.APPLICATION,
            content="面馆门口的人行道比较宽，申请长期摆六张桌子。",
            name="郁小军",
            caller=113,
        ),
        (
            Confirm(8, "11:00", by="jt-zj-jianshe-1", summary="申请在人行道长期摆放桌椅", competent=True),
            Close(
                7,
                "15:30",
                by="jt-zj-jianshe-1",
                outcome=Outcome.REFUSED,
                reply="您的申请不能办理，理由和依据写在下面。店内如需扩大面积，可以来咨询装修备案。",
                reason="人行道供行人通行，长期摆放桌椅会挡住盲道和消防通道。",
                basis="《城市道路管理条例》第三十条",
                remedy="如不服，可在收到之日起 60 日内向金坛区人民政府申请行政复议，或在 6 个月内向人民法院起诉。",
            ),
        ),
    ),
    # 撤回
    Story(
        Filing(
            3,
            "10:05",
            where="jt-rs/shebao",
            category=Category.CONSULT,
            content="异地看病备案在手机上怎么弄？",
            name="谈雅琴",
            caller=114,
        ),
        (Withdraw(3, "11:20", reason="女儿帮我在手机上办好了。"),),
    ),
    # 网页提交到单位，由总岗答复，还没有评价
    Story(
        Filing(
            2,
            "09:25",
            where="jt-qf",
            category=Category.CONSULT,
            content="想了解明年区里民生实事项目什么时候征集意见，协会想提两条建议。",
            source=Source.WEB,
            kind=CitizenKind.ORGANISATION,
            name="费玉明",
            org_name="金坛区老年体育协会",
            caller=115,
        ),
        (
            Confirm(2, "10:00", by="jt-qf-zonggang", summary="咨询民生实事项目征集时间", competent=True),
            Close(
                1,
                "15:20",
                by="jt-qf-zonggang",
                outcome=Outcome.ANSWERED,
                reply="征集公告一般在十二月上旬发布在区政府网站首页，协会可以在网上填写，也可以寄到综合科。",
            ),
        ),
    ),
)

_REOPENED = (
    # 办结后重新打开，正在办理
    Story(
        Filing(
            6,
            "09:00",
            where="jt-rs/jiuye",
            category=Category.CONSULT,
            content="创业担保贷款最多能贷多少，利息有没有补贴？",
            name="庄文斌",
            caller=116,
        ),
        (
            Confirm(6, "09:30", by="jt-rs-jiuye-1", summary="咨询创业担保贷款额度和贴息", competent=True),
            Close(
                5,
                "10:10",
                by="jt-rs-jiuye-1",
                outcome=Outcome.ANSWERED,
                reply="个人和合伙的额度不同，贴息按当年政策执行，办事指南已放在就业促进科窗口。",
            ),
            Reopen(1, "09:50", reason="答复没有说具体额度，我是两个人合伙，想知道能贷多少。"),
        ),
    ),
    # 重新打开后再次办结，满意
    Story(
        Filing(
            9,
            "09:40",
            where="jt-xc/bianmin",
            category=Category.CONSULT,
            content="居住证到期了，续签要提前几天，去街道还是派出所？",
            name="温小雨",
            caller=117,
        ),
        (
            Confirm(9, "10:00", by="jt-xc-bianmin-1", summary="咨询居住证续签", competent=True),
            Close(
                8,
                "09:20",
                by="jt-xc-bianmin-1",
                outcome=Outcome.ANSWERED,
                reply="请在到期前一个月内办理续签。",
            ),
            Reopen(7, "09:05", reason="还是不知道去哪里办。"),
            Close(
                6,
                "14:30",
                by="jt-xc-bianmin-1",
                outcome=Outcome.ANSWERED,
                reply="街道便民服务中心 2 号窗口就能办，带居住证和租房合同，当场办好，不用去派出所。",
            ),
            Rate(5, "10:45", grade=Grade.SATISFIED),
        ),
    ),
)

_REGISTERED = (
    # 来访，第二天补录，登记和办结一步完成
    Story(
        Registration(
            4,
            "08:45",
            category=Category.CONSULT,
            content="来访询问村里的老房子翻建要不要批，先到哪里盖章。",
            channel=Channel.VISIT,
            by="jt-xb-bianmin-1",
            summary="咨询农房翻建审批",
            occurred=(5, "16:10"),
            name="贺金根",
            caller=120,
            closing=Closing(
                Outcome.ANSWERED, "要批。先向村里提出申请，村里公示后报镇里，已把申请表和流程图交给您。"
            ),
        ),
    ),
    # 来电，当场办完
    Story(
        Registration(
            3,
            "10:30",
            category=Category.CONSULT,
            content="来电询问灵活就业人员这个月的社保什么时候扣款。",
            channel=Channel.CALL,
            by="jt-rs-shebao-2",
            summary="咨询灵活就业社保扣款日期",
            name="阮小妹",
            caller=121,
            closing=Closing(Outcome.ANSWERED, "每月 15 日至 25 日扣款，卡里余额够就行，不用来窗口。"),
        ),
    ),
    # 问题反映，正在办理，补充了情况
    Story(
        Filing(
            1,
            "09:15",
            where="jt-xc/bianmin",
            category=Category.REPORT,
            content="春风路从学校到菜场这一段有三盏路灯不亮，孩子晚自习回来看不见路。",
            name="邢秀兰",
            caller=122,
        ),
        (
            Confirm(1, "09:50", by="jt-xc-bianmin-2", summary="春风路三盏路灯不亮"),
            Supplement(1, "16:30", text="刚才又看了，是四盏，最靠近菜场的那盏一闪一闪。"),
        ),
    ),
)

JINTAN_CLOSED = (*_CLOSED, *_REOPENED, *_REGISTERED)
