"""What is still open in 金坛, under the 首问负责制."""

from __future__ import annotations

from backend.demo.script import (
    Accept,
    Assign,
    Confirm,
    Filing,
    Offer,
    Remind,
    Return,
    Story,
    Supervise,
    Supplement,
)
from backend.demo.timeline import NEARLY_DUE
from backend.domain.vocabulary import AboutKind, Category, CitizenKind, HandoffMode, SupervisionKind

_WAITING = (
    # 待签收
    Story(
        Filing(
            0,
            "09:20",
            where="jt-sp/chuangkou",
            category=Category.CONSULT,
            content="我开的小吃店要搬到隔壁街，营业执照上的地址要改，请问要带哪些材料，本人不到场能不能让家人代办？",
            name="钱小满",
            caller=101,
        )
    ),
    Story(
        Filing(
            0,
            "09:45",
            where="jt-rs",
            category=Category.CONSULT,
            content="请问社保卡丢了在哪里补办，当天能不能拿到？",
        )
    ),
    # 已签收，办理中
    Story(
        Filing(
            0,
            "08:45",
            where="jt-rs/jiuye",
            category=Category.CONSULT,
            content="我今年大学毕业，户口在金坛，想申请求职补贴，不知道现在还能不能报名。",
            name="沈一诺",
            caller=102,
        ),
        (Confirm(0, "09:10", by="jt-rs-jiuye-1", summary="咨询毕业生求职补贴是否还能申请", competent=True),),
    ),
    # 今天或下一个工作日到期
    Story(
        Filing(
            NEARLY_DUE,
            "09:30",
            where="jt-zj/fangchan",
            category=Category.CONSULT,
            content="小区要换物业公司，业主大会的表决票怎么算？空置的房子算不算在总数里？",
            name="陆文清",
            caller=103,
        ),
        (
            Confirm(
                NEARLY_DUE, "10:05", by="jt-zj-fangchan-1", summary="咨询更换物业的表决票计算", competent=True
            ),
        ),
    ),
    # 超过两个工作日没有答复
    Story(
        Filing(
            4,
            "10:10",
            where="jt-xc/shehui",
            category=Category.CONSULT,
            content="母亲今年八十岁，听说可以领尊老金，请问在街道办还是去社区办，需要她本人来吗？",
            name="邵春燕",
            caller=104,
        ),
        (
            Confirm(4, "14:20", by="jt-xc-shehui-1", summary="咨询高龄老人尊老金办理地点", competent=True),
            Remind(1, "09:10", text="已经等了好几天，麻烦尽快回一下。"),
            Supervise(
                1,
                "10:20",
                by="jt-xc-zonggang",
                kind=SupervisionKind.SUPERVISION,
                text="已经超过两个工作日，请今天答复，并说明原因。",
            ),
        ),
    ),
)

_IN_HANDOFF = (
    # 转交本单位其他科室，等待承接
    Story(
        Filing(
            0,
            "08:50",
            where="jt-sp/chuangkou",
            category=Category.CONSULT,
            content="公司想增加食品销售的经营范围，是不是要先办许可证再改执照？两件事能不能一起办？",
            kind=CitizenKind.COMPANY,
            name="倪国平",
            org_name="常州市金坛区清禾食品商行",
            caller=105,
        ),
        (
            Confirm(
                0, "09:05", by="jt-sp-chuangkou-1", summary="咨询增加食品经营范围的办理顺序", competent=True
            ),
            Offer(
                0,
                "09:30",
                by="jt-sp-chuangkou-1",
                to="jt-sp/zhunru",
                reason="涉及食品经营许可和变更登记的先后，由市场准入科答复更准确。",
            ),
        ),
    ),
    # 书面移交其他单位，等待受理
    Story(
        Filing(
            0,
            "08:40",
            where="jt-sp/chuangkou",
            category=Category.APPLICATION,
            content="本厂上月新招了三名登记失业人员，申请吸纳就业的社保补贴，材料附后，请受理。",
            kind=CitizenKind.COMPANY,
            name="汤亚萍",
            org_name="常州市金坛区恒顺纺织厂",
            caller=106,
        ),
        (
            Confirm(0, "09:00", by="jt-sp-chuangkou-1", summary="企业申请吸纳就业社保补贴", competent=False),
            Offer(
                0,
                "10:00",
                by="jt-sp-chuangkou-1",
                to="jt-rs",
                reason="社保补贴由人力资源和社会保障部门受理，现书面移交。",
            ),
        ),
    ),
    # 已由其他科室承接，正在办理，其间补充了材料
    Story(
        Filing(
            3,
            "09:15",
            where="jt-sp/chuangkou",
            category=Category.APPLICATION,
            content="申请把个体工商户转为有限公司，原来的字号想保留。",
            name="蒋国庆",
            caller=107,
        ),
        (
            Confirm(3, "09:40", by="jt-sp-chuangkou-1", summary="个体工商户转为公司，保留字号"),
            Offer(
                3,
                "10:20",
                by="jt-sp-chuangkou-1",
                to="jt-sp/zhunru",
                mode=HandoffMode.ESCORT,
                reason="转型登记由市场准入科办理，已带申请人到三楼。",
            ),
            Accept(3, "10:35", by="jt-sp-zhunru-1"),
            Supplement(2, "15:10", text="补充：原来租的店面合同到明年六月，公司还在这个地址。"),
        ),
    ),
    # 退回以后由首问责任总岗分派
    Story(
        Filing(
            3,
            "13:50",
            where="jt-zj/fangchan",
            category=Category.REPORT,
            content="小区北门外的人行道塌了一块，晚上看不清，已经有老人绊倒，请尽快修。",
            name="袁桂生",
            caller=108,
        ),
        (
            Confirm(3, "14:15", by="jt-zj-fangchan-1", summary="小区北门外人行道塌陷"),
            Offer(
                3,
                "14:30",
                by="jt-zj-fangchan-1",
                to="jt-zj/jianshe",
                reason="人行道属于市政道路，由城市建设科办理。",
            ),
            Return(
                3,
                "16:40",
                by="jt-zj-jianshe-1",
                reason="塌陷处在小区红线里面还是外面，要先核对图纸。",
                clause="《常州市金坛区机关首问负责制实施办法（试行）》第六条第（二）项",
            ),
            Assign(
                2,
                "09:00",
                by="jt-zj-zonggang",
                to="jt-zj-jianshe-2",
                reason="现场看过，塌陷处在红线外，由城市建设科办理。",
            ),
        ),
    ),
)

_COMPLAINTS = (
    # 投诉岗牌上的人：交机关纪委
    Story(
        Filing(
            2,
            "11:10",
            where="jt-sp/chuangkou",
            category=Category.COMPLAINT,
            content="昨天下午五点不到窗口就不叫号了，问了一句，回答说系统关了明天再来，没有说明原因。",
            about=AboutKind.SIGN_HOLDER,
            name="岳建华",
            caller=118,
        ),
        (Confirm(2, "14:40", by="jt-sp-jiwei", summary="反映窗口提前停止叫号"),),
    ),
    # 投诉单位：交牵头部门
    Story(
        Filing(
            1,
            "10:30",
            where="jt-xb/bianmin",
            category=Category.COMPLAINT,
            content="同一件事镇里让我跑了四个办公室，每个都说不归自己管。",
            about=AboutKind.UNIT,
            caller=119,
        ),
        (Confirm(1, "14:10", by="jt-zf-dudao", summary="反映镇里几个办公室相互推托"),),
    ),
)

JINTAN_OPEN = (*_WAITING, *_IN_HANDOFF, *_COMPLAINTS)
