"""Words of danger are found however they are written, and ordinary complaints are not."""

import pytest

from hotline.intake.crisis import Danger, dangers


@pytest.mark.parametrize(
    ("text", "danger"),
    [
        ("老板不给钱，我不想活了", Danger.SELF_HARM),
        ("我现在就在楼顶，跳 楼 给你们看", Danger.SELF_HARM),
        ("I want to die", Danger.SELF_HARM),
        ("工头带人拿刀来了", Danger.VIOLENCE),
        ("井下塌方，还有人被困", Danger.TRAPPED),
        ("上百人堵门要工资", Danger.GATHERING),
        ("里面有童工，锁起来不让走", Danger.FORCED),
        ("他爬上塔吊讨薪", Danger.EXTREME),
    ],
)
def test_danger_is_heard(text: str, danger: Danger) -> None:
    assert danger in dangers(text)


@pytest.mark.parametrize(
    "text", ["", "三个月没发工资", "加班费怎么算？", "想问工伤认定", "年休假几天", "谢谢你们"]
)
def test_an_ordinary_matter_is_no_danger(text: str) -> None:
    assert dangers(text) == []
