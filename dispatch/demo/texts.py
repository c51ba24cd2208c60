"""What people of the demo city say, by category."""

from __future__ import annotations

from typing import Any

#: category → (titles, facts); the place is added to the title by the script.
MATTERS: dict[str, tuple[tuple[str, ...], dict[str, Any]]] = {
    "public_pipe_leak": (("路面冒水", "消火栓漏水", "庭院管道渗水", "人行道下漏水"), {}),
    "public_pipe_burst": (("主干管爆裂积水", "路口大量涌水"), {"dn": 400}),
    "meter_well_damage": (("水表井内漏水", "水表冻裂", "表前阀门漏水"), {}),
    "meter_fault": (("水表不走字", "水表玻璃模糊看不清"), {}),
    "water_quality": (("自来水发黄", "水有异味", "水中有杂质"), {}),
    "manhole_cover": (("井盖破损有安全隐患", "井盖丢失"), {}),
    "no_water": (("家中无水", "水压低上不来水"), {"pressure": "low"}),
    "billing_dispute": (("水费突然偏高要求核查", "对阶梯水价有疑问"), {}),
    "abnormal_usage": (("用水量异常", "没人住却走水"), {}),
    "theft_report": (("举报私接水管", "举报工地偷用消防水"), {}),
    "road_restoration": (("维修后路面未恢复", "施工垃圾未清运"), {}),
    "usage_nature": (("反映底商按居民水价缴费",), {}),
    "well_cleaning": (("水表井内积水淤泥", "表井脏污看不到表"), {"cover": "intact"}),
    "construction_quality": (("户表改造后漏水", "施工后水压变小"), {}),
    "compensation": (("漏水泡坏地板要求赔偿",), {}),
    "meter_spinning": (("不用水表也转",), {}),
    "supply_stop_resume": (("申请停水后恢复供水",), {}),
    "other_company_leak": (("保质期内入户管漏水",), {"in_warranty": True}),
    "staff_misconduct": (("反映抄表员态度生硬", "反映上门维修人员推诿"), {}),
    "secondary_supply": (("二次供水水箱多久清洗一次",), {}),
}

#: How often each category comes up in an ordinary week.
WEIGHTS = {
    "public_pipe_leak": 14,
    "meter_well_damage": 12,
    "no_water": 12,
    "billing_dispute": 10,
    "water_quality": 8,
    "meter_fault": 8,
    "manhole_cover": 6,
    "abnormal_usage": 6,
    "road_restoration": 5,
    "theft_report": 4,
    "supply_stop_resume": 3,
    "well_cleaning": 3,
    "construction_quality": 3,
    "public_pipe_burst": 2,
    "compensation": 2,
    "meter_spinning": 2,
    "usage_nature": 2,
    "secondary_supply": 1,
}

CHANNEL_WEIGHTS = {"phone": 60, "mayor_hotline": 20, "network": 7, "visit": 5, "letter": 2, "utilities_bureau": 3}

SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗"
GIVEN = ("伟", "芳", "娜", "敏", "静", "丽", "强", "磊", "军", "洋", "勇", "艳", "杰", "涛", "明", "超", "秀兰", "霞")

ANSWERS = ("已到现场处理完毕,用户无异议。", "已更换损坏部件,恢复正常供水。", "已向用户解释说明,用户表示理解。")
RETURN_REASONS = ("现场核实不属本单位职责范围。", "管径在散水以内,应由其他单位处理。")
DELAY_REASONS = ("需等待配件到货。", "需与物业协调停水时间。", "夜间施工受限,需顺延。")
