"""Personal data is shown as far as the work needs it, and where a form is not understood, less."""

from __future__ import annotations

import pytest

from core import masking


@pytest.mark.parametrize(
    ("name", "shown"), [("张三", "张*"), ("欧阳修", "欧*"), (" 李 ", "李*"), ("Li Lei", "L*"), ("", "")]
)
def test_of_a_name_the_first_character_stays(name, shown):
    assert masking.mask_name(name) == shown


@pytest.mark.parametrize(
    ("phone", "shown"),
    [
        ("13812345678", "138****5678"),
        ("138 1234 5678", "138****5678"),
        ("+86 138-1234-5678", "138****5678"),
        ("0791-8234567", "****67"),
        ("12345", "****"),
        ("不详", "***"),
        ("", ""),
    ],
)
def test_of_a_phone_not_enough_stays_to_call_it(phone, shown):
    assert masking.mask_phone(phone) == shown


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("东湖路12号3栋2单元501", "东湖路***"),
        ("城东区东湖路12号", "城东区东湖路***"),
        ("唐山市路南区建设路5号", "唐山市路南区建设路***"),
        ("城关街道中山路5号", "城关街道中山路***"),
        ("八一路3号", "八一路***"),
        ("石桥道15号", "石桥道***"),
        ("翠竹苑5号楼2单元", "翠竹苑***"),
        ("翠竹苑", "翠竹苑"),
        ("人民大街与中山路交叉口", "人民大街***"),
        ("3号楼对面中山路", "***"),
        ("王家第三户", "***"),
        ("人行道上", "***"),
        ("12 Zhongshan Road, Block 3", "*** Zhongshan Road"),
        ("", ""),
    ],
)
def test_an_address_is_shown_to_its_road_or_compound(address, shown):
    assert masking.mask_address(address) == shown


def test_numbers_typed_into_a_text_are_masked_and_others_are_not():
    text = "来电人13812345678或139 1234 5678,单号20261123000017,第12栋"
    assert masking.mask_text(text) == "来电人138****5678或139****5678,单号20261123000017,第12栋"


@pytest.mark.parametrize(
    ("role", "unit", "confidential", "sees"),
    [
        ("duty_leader", "dispatch-centre", True, True),
        ("duty_leader", "dispatch-centre", False, True),
        ("dispatcher", "dispatch-centre", False, True),
        ("dispatcher", "dispatch-centre", True, False),
        ("handler", "metering", False, True),
        ("unit_head", "metering", False, True),
        ("handler", "metering", True, False),
        ("handler", "legal", False, False),
        ("handler", None, False, False),
        ("assessor", "metering", False, False),
        ("auditor", None, False, False),
        ("administrator", None, False, False),
        ("integration_client", None, False, False),
        ("nobody", None, False, False),
    ],
)
def test_the_reporter_is_for_whoever_works_on_it(role, unit, confidential, sees):
    assert masking.may_see_reporter(role, unit=unit, holder="metering", confidential=confidential) is sees


def test_a_person_without_a_unit_does_not_hold_what_nobody_holds():
    assert not masking.may_see_reporter("handler", unit=None, holder=None, confidential=False)
    assert not masking.may_see_address("handler", unit=None, holder=None)
