"""What the demo's callers are about: invented matters with gaps for places and sums."""

from random import Random
from typing import Any, Final, NamedTuple

from hotline.demo.people import STEMS
from hotline.tickets.models import DemandType, Urgency

D, U = DemandType, Urgency


class Story(NamedTuple):
    """One kind of matter.

    Attributes:
        weight: How usual it is; the winter brings the wages.
        about: The subject line.
        words: What the caller says; `{place}`, `{employer}`, `{months}`, `{sum}`, `{people}`.
        reply: What came of it in the end.
        level: Of confidentiality.
    """

    category: str
    demand: DemandType
    weight: int
    about: str
    words: str
    reply: str
    urgency: Urgency = U.NORMAL
    mass: bool = False
    level: int = 0
    anonymous: bool = False


# fmt: off
STORIES: Final = (
    Story("A1", D.COMPLAINT, 18, "{employer}拖欠工程款工资",
          "我在{place}{employer}的工地干了{months}个月，完工后一直没结工资，欠{sum}元，有考勤表。",
          "经{place}总工会会同人社部门督促，{employer}已将{sum}元工资支付到账，职工已确认收到。"),
    Story("A2", D.COMPLAINT, 12, "{employer}欠发工资",
          "{employer}欠我{months}个月工资共{sum}元，老板说没钱，电话也不接了。",
          "已协调{employer}与职工签订还款协议，首笔已支付，余款按月结清，本会持续跟踪。"),
    Story("A8", D.COMPLAINT, 8, "离职后工资不结",
          "我上个月从{place}{employer}离职，最后{months}个月的工资{sum}元到现在不给结。",
          "{employer}已结清离职工资{sum}元，职工表示认可。"),
    Story("A3", D.COMPLAINT, 4, "加班不付加班费",
          "{employer}每天上十二个小时，一个月只休一天，从来不给加班费，我在{place}。",
          "已向{employer}发出工会劳动法律监督提示函，单位承诺自本月起依法支付加班费。"),
    Story("A7", D.INQUIRY, 6, "咨询取暖补贴",
          "我在{place}上班，想问一下冬季取暖补贴单位该不该发，标准是多少？",
          "取暖补贴由单位规章或集体合同约定，已告知职工查询途径及所在地参考标准。"),
    Story("B1", D.COMPLAINT, 6, "未签劳动合同",
          "我在{place}{employer}干了{months}个月，一直不签合同，催了就说再等等。",
          "{employer}已与职工补签劳动合同并补缴社保，二倍工资差额引导通过仲裁主张。"),
    Story("B3", D.COMPLAINT, 3, "单方调岗降薪",
          "{employer}没有商量就把我调到车间，工资降了一半，这样合法吗？我在{place}。",
          "经调解，{employer}恢复职工原岗位和工资标准。"),
    Story("C1", D.COMPLAINT, 5, "口头辞退",
          "{employer}口头通知我明天不用来了，没有任何书面材料，也不给补偿，我在{place}。",
          "用人单位同意支付经济补偿{sum}元，双方签订和解协议。"),
    Story("C2", D.INQUIRY, 8, "咨询经济补偿怎么算",
          "合同到期单位不续签，工龄{months}年，经济补偿怎么算？",
          "已告知：合同期满用人单位不续订的，按工作年限每满一年支付一个月工资。"),
    Story("C3", D.COMPLAINT, 1, "{employer}集中裁员",
          "{employer}一下子通知{people}人离职，补偿只给半个月，大家都在{place}厂门口。",
          "{place}总工会已进驻协商，{employer}按法定标准调整补偿方案并听取工会意见。",
          U.URGENT, mass=True),
    Story("D2", D.INQUIRY, 6, "咨询年休假",
          "工作满{months}年了，单位说没有年休假，请问有规定吗？",
          "已告知带薪年休假天数及未休补偿规定，建议先与单位工会沟通。"),
    Story("D4", D.INQUIRY, 5, "咨询产假天数",
          "请问现在女职工产假一共多少天，生育津贴谁发？",
          "已告知本区产假及生育津贴政策，并说明申领材料。"),
    Story("E1", D.COMPLAINT, 5, "单位不缴社保",
          "{employer}一直不给缴社保，说给现金补贴，我在{place}已经{months}个月了。",
          "{employer}已为职工办理参保登记并补缴。"),
    Story("E4", D.HELP, 3, "退休手续办不下来",
          "我母亲在{place}，单位说档案年龄对不上，退休办不了，该找哪里？",
          "已陪同职工到社保经办机构复核档案，补充材料后受理。"),
    Story("F1", D.COMPLAINT, 5, "受伤单位不报工伤",
          "我在{place}{employer}干活时手被机器压伤，单位垫了药费但不报工伤。",
          "工会指导职工自行申请工伤认定并提供法律援助，人社部门已受理。"),
    Story("F3", D.HELP, 2, "工伤待遇迟迟不到账",
          "工伤认定下来半年了，{employer}说保险没批，待遇一直没到账，我在{place}。",
          "经协调，一次性伤残补助金{sum}元已到账。"),
    Story("G3", D.COMPLAINT, 1, "工地高处作业没有防护",
          "{place}{employer}脚手架没有安全网，昨天有人差点掉下来，今天还让上。",
          "已会同应急管理部门现场检查，{employer}停工整改，安全网已补设。", U.CRITICAL),
    Story("H1", D.COMPLAINT, 2, "怀孕被要求离职",
          "我怀孕四个月，{employer}让我下周不用来了，没有书面通知，我在{place}。",
          "{employer}撤回决定，职工返岗，工资照发。", level=1),
    Story("H3", D.COMPLAINT, 1, "反映职场骚扰",
          "车间主任老是动手动脚，我不敢说，怕丢工作，请不要让单位知道。我在{place}。",
          "已由女职工部专人联系并协助取证，依职工意愿引导报案和调岗。", level=3),
    Story("I2", D.COMPLAINT, 4, "骑手报酬被扣",
          "我在{place}跑外卖，平台站点扣了我{sum}元，说是违约金，没有依据。",
          "站点退还不合理扣款，已督促其公示扣罚规则。"),
    Story("I5", D.INQUIRY, 3, "灵活就业怎么入会",
          "我是开货车的，想加入工会，在{place}需要什么材料？",
          "已告知线上入会流程及所在地行业工会联合会的联系方式。"),
    Story("J2", D.HELP, 4, "申请困难帮扶",
          "家里人得了重病，就靠我一个人打工，听说工会有困难职工帮扶？我在{place}。",
          "已入户核实并录入困难职工档案，发放临时救助金。"),
    Story("L2", D.LEGAL, 3, "申请法律援助",
          "我要和{employer}打劳动仲裁，请不起律师，工会能帮忙吗？我在{place}。",
          "已指派工会法律援助律师，代理词和证据清单已准备。"),
    Story("N1", D.HELP, 1, "压力大睡不着",
          "最近厂里的事压得我喘不过气，两天没睡了，想找人说说话。",
          "心理咨询师已完成首次辅导，并约定下次时间。", level=2),
    Story("O2", D.INQUIRY, 5, "咨询入会转会",
          "换了单位，工会会员关系怎么转？我在{place}。",
          "已告知会员关系转接流程。"),
    Story("R1", D.COMPLAINT, 1, "反映基层工会态度",
          "我去{place}工会办事，工作人员推来推去，没有人管。",
          "已对当事人批评教育并向职工致歉，事项当日办结。"),
    Story("S2", D.SUGGESTION, 2, "建议增设驿站",
          "{place}路口骑手很多，冬天没地方取暖，建议设一个户外劳动者驿站。",
          "建议已采纳，列入下年度驿站建设计划。"),
    Story("A2", D.COMPLAINT, 3, "举报砖厂扣押证件",
          "我要举报{place}一个砖厂，工人的身份证被收走了，也不发工资，千万别说是我打的电话。",
          "已会同公安、人社部门现场核查，证件全部退还，所欠工资{sum}元已发放。",
          level=2, anonymous=True),
)
# fmt: on

MASS_WAGES: Final = Story(
    "A1", D.COMPLAINT, 0, "{employer}拖欠{people}人工资",
    "我们{people}个人在{place}{employer}的工地，半年工资没发，一共{sum}元，大家准备一起去讨说法。",
    "{place}总工会启动欠薪应急机制，{employer}已将{people}名职工工资{sum}元全部打卡。",
    U.URGENT, mass=True,
)  # fmt: skip
CRISIS: Final = Story(
    "N2", D.HELP, 0, "职工情绪危机",
    "我觉得活着没什么意思，工地出事以后我一直在想这个。",
    "危机干预小组已上门陪伴，家属到场，情绪平稳，转专业机构继续辅导。",
    U.CRITICAL, level=2,
)  # fmt: skip

EMPLOYERS: Final = (
    "演示建筑公司", "演示矿业公司", "演示餐饮店", "演示物流公司", "演示羊绒厂",
    "演示乳业公司", "演示保洁公司", "演示农场", "演示外卖站点", "演示超市",
)  # fmt: skip


def pick(chance: Random) -> Story:
    """Return what somebody calls about, as usual as it is."""
    return chance.choices(STORIES, [story.weight for story in STORIES])[0]


def gaps(chance: Random, place: str) -> dict[str, Any]:
    """Return what fills the gaps of a story from *place*."""
    return {
        "place": place,
        "employer": place + chance.choice(EMPLOYERS),
        "months": chance.randint(2, 9),
        "sum": 100 * chance.randint(18, 480),
        "people": chance.randint(12, 46),
    }


def names_employer(story: Story) -> bool:
    """Return whether the caller names who employs them."""
    return "{employer}" in story.words


def called(number: int) -> str:
    """Return the name of whoever has the invented number that ends in *number*."""
    return f"演示职工{STEMS[number // len(STEMS) % len(STEMS)]}{STEMS[number % len(STEMS)]}"


# How often which answer comes by SMS; None is silence.
ANSWERS: Final = (
    ("1", 22), ("2", 13), ("２", 3), ("3", 6), ("满意", 5), ("非常满意，谢谢工会", 4),
    ("1，问题解决了", 6), ("3，解决了一部分", 2), ("4，没人联系我", 1), ("5分", 3), ("4", 4),
    ("不满意，钱还没给", 4), ("5", 3), ("还行吧", 2), ("退订", 1), (None, 54),
)  # fmt: skip
# What a surveyor is told: the score of the result, whether it is solved, whether the unit called,
# and the scores of hotline and unit; None where the caller has no opinion.
SPOKEN: Final = (
    ((1, "yes", "yes", 1, 1), 6), ((2, "yes", "yes", 1, 2), 3), ((2, "partly", "yes", 2, 2), 2),
    ((3, "partly", "yes", 2, 3), 2), ((4, "no", "yes", 1, 4), 1), ((5, "no", "no", 3, None), 1),
)  # fmt: skip
WORDS: Final = (
    "补充一下，我有工资条的照片，可以发给你们。", "对方今天又拖了一天，请尽快。",
    "老板昨天给了一部分，还差一半。", "工友也愿意作证，他的电话我可以提供。",
)  # fmt: skip
ASIDES: Final = ("进度", "查询进度", "谢谢", "收到，谢谢", "？？", "退订")
