"""What staff does in the six usual situations when the set-up does not say it.

Steps are Chinese and English whatever the hall speaks; a hall with other languages writes its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from hall.day.setup import Script, Situation


def script(situation: Situation, chinese: tuple[str, ...], english: tuple[str, ...], *, minutes: int) -> Script:
    return Script(situation, {"zh-Hans": chinese, "en": english}, minutes)


USUAL: Final = (
    script(
        "no_papers",
        (
            "说明本业务必须核验证件原件，先致歉再解释",
            "询问是否有电子证件，或家人能否送来",
            "打印所需材料清单交给客户",
            "以“材料不全”结束办理，告知补齐后再来",
        ),
        (
            "Say that this service needs the original, and apologise first",
            "Ask for an electronic document, or whether the family can bring it",
            "Print the list of papers and hand it over",
            'Finish as "papers are missing", and say what to bring next time',
        ),
        minutes=3,
    ),
    script(
        "queue_jumping",
        (
            "礼貌请其出示号票，对照屏幕说明当前叫号",
            "未到号的，告知前面人数和预计等候时间",
            "确有紧急情况的，请大堂经理改为优先并选择原因",
            "仍有争执的，请到一旁由大堂经理处理，继续叫号",
        ),
        (
            "Ask politely for the ticket and show which number is called",
            "If it is not their turn, say how many are before them and how long it may take",
            "In a real emergency let the manager give priority, with a reason",
            "If they insist, let the manager talk to them aside, and go on calling",
        ),
        minutes=3,
    ),
    script(
        "no_number",
        (
            "说明按号办理对每位客户公平，请其取号",
            "不会取号的，由大堂经理代取并打印号票",
            "本厅允许的，窗口空闲且无人等候时可现场登记办理",
            "拒不取号的，请大堂经理到场",
        ),
        (
            "Say that numbers keep it fair, and ask the visitor to take one",
            "Take the number for a visitor who cannot",
            "Where the hall allows it and nobody waits, register the visitor at the counter",
            "If the visitor refuses, call the manager",
        ),
        minutes=2,
    ),
    script(
        "missed",
        (
            "核对号票，确认是今天的号并已过号",
            "在规定时间内返回的，恢复其号码，按规则重新排队",
            "超过时间或次数的，请重新取号并说明原因",
            "叫号屏或叫号设备有故障的，向客户致歉并报告大堂经理",
        ),
        (
            "Look at the ticket: is it of today, and was it called?",
            "Back in time: reinstate it; the rules say where it stands in line",
            "Too late or too often: ask the visitor to take a new number, and say why",
            "If the display was at fault, apologise and tell the manager",
        ),
        minutes=2,
    ),
    script(
        "device_fault",
        (
            "告知客户设备故障，号码仍然有效",
            "请求帮助，报告是哪台设备",
            "叫号屏不亮时，口头叫号至少三次，再选“设备故障”继续",
            "打印机缺纸或卡纸，换纸后补打号票",
            "五分钟内不能恢复的，请客户到其他窗口",
        ),
        (
            "Say that a device is out of order and that the number stays valid",
            "Ask for help and say which device it is",
            'With a dark display call aloud three times, then go on with "device fault"',
            "Out of paper or jammed: put it right and print the ticket again",
            "If it takes more than five minutes, send the visitor to another counter",
        ),
        minutes=5,
    ),
    script(
        "form_again",
        (
            "指出填错的地方，给一张新单和填写样例",
            "暂挂本号，原因选“填写表单”，先办下一位",
            "填好后恢复办理，不必重新取号",
            "反复填错的，请大堂经理协助填写",
        ),
        (
            "Show what is wrong; give a new form and a sample",
            'Park the visitor with "fills in a form" and serve the next one',
            "Go on when it is filled in; no new number is needed",
            "If it goes wrong again, ask the greeter to help",
        ),
        minutes=5,
    ),
)
SCRIPTS: Final[Mapping[Situation, Script]] = {one.situation: one for one in USUAL}
