"""The offices of the demo: two trees of believable units. Names of people and numbers are invented elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time

from backend.domain.vocabulary import Measure, OrganType, SectionKind

SHOWCASE = "jt-sp"
"""The unit a visitor starts with: its first section has the first sign of the hand-out."""


@dataclass(frozen=True, slots=True)
class SectionPlan:
    """A section of two people; `key` is what its accounts are called after."""

    key: str
    name: str
    location: str
    kind: SectionKind = SectionKind.OFFICE
    is_dedicated: bool = False


@dataclass(frozen=True, slots=True)
class UnitPlan:
    """A unit; `parent` is the key of the one above, planned earlier. `is_lead` makes it a 牵头部门."""

    key: str
    name: str
    measure: Measure
    address: str
    sections: tuple[SectionPlan, ...]
    parent: str | None = None
    organ_type: OrganType = OrganType.ADMINISTRATION
    closes_at: time | None = None
    is_lead: bool = False


def _window(key: str, name: str, location: str) -> SectionPlan:
    return SectionPlan(key, name, location, SectionKind.WINDOW)


def _dedicated(key: str, name: str, location: str) -> SectionPlan:
    return SectionPlan(key, name, location, is_dedicated=True)


JINTAN = (
    UnitPlan(
        "jt-qf",
        "常州市金坛区人民政府办公室",
        Measure.TAN,
        "金坛区行政中心 1 号楼",
        (
            SectionPlan("ducha", "政务督查科", "1 号楼 402 室，进门第一个工位"),
            _dedicated("zonghe", "综合科", "1 号楼 401 室，进门第一个工位"),
        ),
    ),
    UnitPlan(
        "jt-zf",
        "金坛区作风建设领导小组办公室",
        Measure.TAN,
        "金坛区行政中心 2 号楼",
        (
            SectionPlan("ducha", "督查指导科", "2 号楼 306 室，进门第一个工位"),
            _dedicated("zonghe", "综合科", "2 号楼 305 室，进门第一个工位"),
        ),
        parent="jt-qf",
        organ_type=OrganType.PARTY,
        is_lead=True,
    ),
    UnitPlan(
        SHOWCASE,
        "常州市金坛区行政审批局",
        Measure.TAN,
        "金坛区政务服务中心",
        (
            _window("chuangkou", "综合窗口", "一楼大厅 A01 号窗口"),
            SectionPlan("zhunru", "市场准入科", "三楼 305 室，进门第一个工位"),
            SectionPlan("touzi", "投资建设科", "三楼 308 室，进门第一个工位"),
            _dedicated("bangong", "办公室", "四楼 401 室，进门第一个工位"),
        ),
        parent="jt-qf",
    ),
    UnitPlan(
        "jt-rs",
        "常州市金坛区人力资源和社会保障局",
        Measure.TAN,
        "金坛区人力资源服务大楼",
        (
            SectionPlan("jiuye", "就业促进科", "二楼 203 室，进门第一个工位"),
            _window("shebao", "社会保险科", "一楼大厅 6 号窗口"),
            _dedicated("bangong", "办公室", "三楼 301 室，进门第一个工位"),
        ),
        parent="jt-qf",
    ),
    UnitPlan(
        "jt-zj",
        "常州市金坛区住房和城乡建设局",
        Measure.TAN,
        "金坛区建设大厦",
        (
            SectionPlan("fangchan", "房产管理科", "二楼 206 室，进门第一个工位"),
            SectionPlan("jianshe", "城市建设科", "二楼 210 室，进门第一个工位"),
            _dedicated("bangong", "办公室", "五楼 501 室，进门第一个工位"),
        ),
        parent="jt-qf",
    ),
    UnitPlan(
        "jt-xb",
        "金坛区薛埠镇人民政府",
        Measure.TAN,
        "薛埠镇便民服务中心大楼",
        (
            _window("bianmin", "便民服务中心", "一楼大厅 1 号窗口"),
            _dedicated("dangzheng", "党政办公室", "三楼 302 室，进门第一个工位"),
        ),
        parent="jt-qf",
        closes_at=time(17, 0),
    ),
    UnitPlan(
        "jt-xc",
        "金坛区西城街道办事处",
        Measure.TAN,
        "西城街道办事处大楼",
        (
            _window("bianmin", "便民服务中心", "一楼大厅 2 号窗口"),
            SectionPlan("shehui", "社会事务办公室", "二楼 205 室，进门第一个工位"),
            _dedicated("dangzheng", "党政办公室", "四楼 403 室，进门第一个工位"),
        ),
        parent="jt-qf",
    ),
)

LUZHOU = (
    UnitPlan(
        "lz-zw",
        "泸州市政务服务和非公经济发展局",
        Measure.LU,
        "泸州市政务服务中心",
        (
            _window("dating", "政务服务大厅", "一楼大厅咨询台"),
            SectionPlan("xiaoneng", "效能监督科", "五楼 508 室，进门第一个工位"),
            _dedicated("bangong", "办公室", "五楼 501 室，进门第一个工位"),
        ),
        is_lead=True,
    ),
    UnitPlan(
        "lz-zj",
        "泸州市住房和城乡建设局",
        Measure.LU,
        "泸州市建设大楼",
        (
            SectionPlan("wuye", "物业管理科", "三楼 306 室，进门第一个工位"),
            SectionPlan("gongyong", "城市公用科", "三楼 310 室，进门第一个工位"),
            _dedicated("bangong", "办公室", "六楼 601 室，进门第一个工位"),
        ),
        parent="lz-zw",
    ),
    UnitPlan(
        "lz-zg",
        "泸州市自然资源和规划局",
        Measure.LU,
        "泸州市不动产登记大楼",
        (
            _window("dengji", "不动产登记窗口", "一楼大厅 12 号窗口"),
            _dedicated("bangong", "办公室", "四楼 402 室，进门第一个工位"),
        ),
        parent="lz-zw",
    ),
    UnitPlan(
        "lz-jy",
        "泸州市江阳区人民政府办公室",
        Measure.LU,
        "江阳区行政办公大楼",
        (
            SectionPlan("xinxi", "政务公开科", "二楼 208 室，进门第一个工位"),
            _dedicated("zonghe", "综合科", "二楼 201 室，进门第一个工位"),
        ),
        parent="lz-zw",
    ),
    UnitPlan(
        "lz-nc",
        "江阳区南城街道办事处",
        Measure.LU,
        "南城街道办事处大楼",
        (
            _window("bianmin", "便民服务中心", "一楼大厅 3 号窗口"),
            SectionPlan("shequ", "社区建设办公室", "二楼 202 室，进门第一个工位"),
            _dedicated("dangzheng", "党政办公室", "三楼 301 室，进门第一个工位"),
        ),
        parent="lz-jy",
    ),
)

UNITS = JINTAN + LUZHOU
