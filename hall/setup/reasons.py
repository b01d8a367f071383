"""The reasons that a hall has when its set-up names none of a kind.

The log keeps a reason's id, so an id that was here once stays, with its meaning. Names are Chinese and English whatever
the hall speaks; a hall with other languages names its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from hall.day.setup import Reason, ReasonKind


def reason(id: str, chinese: str, english: str) -> Reason:
    return Reason(id, {"zh-Hans": chinese, "en": english})


REASONS: Final[Mapping[ReasonKind, tuple[Reason, ...]]] = {
    "pick": (
        reason("supplement", "补单", "Adds to an earlier form"),
        reason("papers_complete", "材料已补齐", "Papers are complete now"),
        reason("from_counter", "上一窗口转来", "Sent by another counter"),
        reason("complaint", "投诉处理", "Complaint"),
        reason("special_care", "特殊照顾", "Needs special care"),
    ),
    "park": (
        reason("form", "填写表单", "Fills in a form"),
        reason("photo", "补拍照片", "Has a photo taken"),
        reason("approval", "等待授权", "Waits for approval"),
        reason("colleague", "等待同事", "Waits for a colleague"),
    ),
    "pause": (
        reason("break", "休息", "Break"),
        reason("meal", "用餐", "Meal"),
        reason("meeting", "开会", "Meeting"),
        reason("paperwork", "整理单据", "Paperwork"),
        reason("system_fault", "系统故障", "System fault"),
    ),
    "priority": (
        reason("elder", "老年人", "Elderly"),
        reason("pregnant", "孕妇", "Pregnant"),
        reason("disabled", "残障人士", "Disabled"),
        reason("soldier", "军人", "Soldier"),
        reason("emergency", "紧急情况", "Emergency"),
        reason("our_fault", "系统原因补偿", "Makes up for our fault"),
    ),
    "not_completed": (
        reason("papers_missing", "材料不全", "Papers are missing"),
        reason("not_in_person", "非本人办理", "Not the person concerned"),
        reason("system_fault", "系统故障", "System fault"),
        reason("not_accepted", "业务不受理", "Not accepted here"),
    ),
    "override": (
        reason("device_fault", "设备故障", "Device fault"),
        reason("called_aloud", "现场已口头多次呼叫", "Called aloud several times"),
        reason("asked_to_leave", "客户要求离开", "The visitor asked to leave"),
    ),
    "correct_time": (
        reason("forgot_to_finish", "忘记结束", "Forgot to finish"),
        reason("mistake", "误操作", "Wrong key"),
        reason("system_down", "系统中断", "System was down"),
    ),
}
