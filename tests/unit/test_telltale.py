"""Words by which somebody could be known though their name is struck out."""

import pytest

from hotline.tickets.telltale import signs


@pytest.mark.parametrize(
    ("text", "heads", "found"),
    [
        ("我是三车间夜班的电焊工，11月3日被扣钱", 1, ["三车间", "夜班", "电焊工", "11月3日"]),
        ("就我们两个人没有发，只有我敢打电话", 2, ["就我们两个人", "只有我", "2人"]),
        ("工地拖欠农民工三个月工资，老板不接电话", 12, []),
        ("夜班没有补贴，夜班还要打扫", None, ["夜班"]),
    ],
)
def test_what_few_people_fit_is_named_once(text: str, heads: int | None, found: list[str]) -> None:
    assert list(signs(text, heads)) == found
