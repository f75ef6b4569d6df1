"""Every command once: label, keys, where it leads, who may; menu, palette and help are made of it."""

# ruff: noqa: E501 - a table is read by its lines

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from hotline.core.roles import Actor, Permission
from hotline.core.words import N_


@dataclass(frozen=True)
class Command:
    """One thing somebody can do from the keyboard, the menu or the palette.

    Attributes:
        id: Its name in templates: `keys_of('answer')`.
        label: What it is called.
        keys: A key, a chord (`Ctrl+k`) or a sequence (`g t`), as `keys.js` names them.
        icon: A symbol of the sprite.
        endpoint: The page it opens; None where it presses something on the page.
        presses: A selector of what it presses; absent from a page, the command is too.
        permission: Who may; None for everybody who is logged in.
        place: Whether it stands in the menu.
    """

    id: str
    label: str
    keys: str
    icon: str
    endpoint: str | None = None
    presses: str | None = None
    permission: Permission | None = None
    place: bool = False

    def open_to(self, actor: Actor) -> bool:
        """Return whether *actor* may."""
        return self.permission is None or actor.may(self.permission)


P = Permission
# fmt: off
COMMANDS: Final = (
    Command("desk",      N_("工作台"),       "g h", "headset",             "web.desk.show",       permission=P.DESK, place=True),
    Command("tickets",   N_("工单"),         "g t", "ticket",              "web.tickets.index",   permission=P.TICKET_READ, place=True),
    Command("reviews",   N_("审核"),         "g v", "stamp",               "web.reviews.index",   permission=P.REVIEW, place=True),
    Command("callbacks", N_("回拨"),         "g k", "phone-outgoing",      "web.callbacks.index", permission=P.CALLBACK_WORK, place=True),
    Command("surveys",   N_("回访"),         "g q", "star",                "web.surveys.index",   permission=P.SURVEY_RECORD, place=True),
    Command("calls",     N_("来电"),         "g l", "phone-incoming",      "web.calls.index",     permission=P.CALL_READ, place=True),
    Command("messages",  N_("短信"),         "g m", "message-square-text", "web.messages.index",  permission=P.MESSAGE_READ, place=True),
    Command("cockpit",   N_("驾驶舱"),       "g p", "layout-dashboard",    "web.cockpit.show",    permission=P.RATES, place=True),
    Command("inspection", N_("质检"),        "g i", "clipboard-check",     "web.inspection.index", permission=P.REVIEW),
    Command("masses",    N_("群体事件"),     "g z", "users-round",         "web.masses.index",    permission=P.TICKET_RULE),
    Command("campaigns", N_("专项行动"),     "g g", "target",              "web.campaigns.index", permission=P.TICKET_READ),
    Command("board",     N_("看板"),         "g b", "gauge",               "web.board.show",      permission=P.BOARD, place=True),
    Command("roster",    N_("班务"),         "g s", "user-check",          "web.roster.show",     permission=P.BOARD),
    Command("shifts",    N_("我的班次"),     "g j", "calendar-clock",      "web.roster.mine",     permission=P.DESK),
    Command("lines",     N_("热线与小休"),   "g y", "phone",               "web.lines.show",      permission=P.BOARD),
    Command("staffing",  N_("人力测算"),     "g f", "users-round",         "web.staffing.show",   permission=P.BOARD),
    Command("rates",     N_("三率"),         "g r", "chart-line",          "web.rates.show",      permission=P.RATES, place=True),
    Command("bulletins", N_("公报"),         "g u", "stamp",               "web.bulletins.index", permission=P.RATES),
    Command("reports",   N_("报表"),         "g o", "file-text",           "web.reports.show",    permission=P.RATES, place=True),
    Command("ledger",    N_("台账"),         "g e", "shield-check",        "web.ledger.show",     permission=P.LEDGER, place=True),
    Command("knowledge", N_("知识库"),       "g w", "book-open",           "web.knowledge.index", permission=P.KNOWLEDGE_READ, place=True),
    Command("stations",  N_("驿站和热线"),   "g c", "map-pin",             "web.stations.index",  permission=P.KNOWLEDGE_READ),
    Command("phrases",   N_("常用语"),       "g 1", "sticky-note",         "web.phrases.index",   permission=P.PHRASE_WRITE),
    Command("macro-list", N_("快捷办理"),     "g 3", "list-checks",         "web.macros.index",    permission=P.PHRASE_WRITE),
    Command("wordings",  N_("短信文字"),     "g 2", "message-square-text", "web.wordings.index",  permission=P.POLICY_WRITE, place=True),
    Command("policy",    N_("时限规则"),     "g x", "calendar-clock",      "web.policy.index",    permission=P.POLICY_WRITE, place=True),
    Command("employers", N_("用人单位名录"), "g d",  "building-2",          "web.employers.index", permission=P.EMPLOYER_WRITE),
    Command("categories", N_("诉求类别"),    "g 7",  "list-filter",         "web.categories.index", permission=P.POLICY_WRITE, place=True),
    Command("forms",     N_("诉求表单"),     "g 6",  "clipboard-list",      "web.category_forms.index", permission=P.POLICY_WRITE, place=True),
    Command("sheet",     N_("质检评分表"),   "g 8",  "clipboard-check",     "web.score_sheets.show", permission=P.POLICY_WRITE, place=True),
    Command("imports",   N_("导入文件"),     "g 5",  "upload",              "web.imports.index",   permission=P.IMPORT),
    Command("notices",   N_("提醒"),         "g n", "bell",                "web.notices.index",   place=True),
    Command("account",   N_("我的账号"),     "g a", "user-round",          "web.account.show"),
    Command("new",       N_("登记新工单"),   "c",   "plus",                "web.tickets.new",     permission=P.TICKET_WRITE),
    Command("search",    N_("查找"),         "/",   "search",              presses="[data-keys='/']"),
    Command("palette",   N_("命令面板"),     "Ctrl+k", "command",          presses="[data-opens=palette]"),
    Command("help",      N_("快捷键"),       "?",   "keyboard",            presses="[data-opens=help]"),
    Command("theme",     N_("切换深浅色"),   "d",   "sun-moon",            presses="[data-theme-next]"),
    Command("answer",    N_("接听"),         "F2",  "phone",               presses="#answer",      permission=P.DESK),
    Command("decline",   N_("不接，选原因"), "Shift+F2", "phone-off",      presses="#decline",     permission=P.DESK),
    Command("hold",      N_("保持"),         "F4",  "circle-pause",        presses="#hold",        permission=P.DESK),
    Command("resume",    N_("取回"),         "F4",  "play",                presses="#resume",      permission=P.DESK),
    Command("mute",      N_("静音"),         "F8",  "mic-off",             presses="#mute",        permission=P.DESK),
    Command("unmute",    N_("取消静音"),     "F8",  "mic",                 presses="#unmute",      permission=P.DESK),
    Command("reach",     N_("转接、咨询、三方"), "F9", "route",            presses="#reach",       permission=P.DESK),
    Command("complete",  N_("完成转接"),     "F9",  "arrow-right",         presses="#complete",    permission=P.DESK),
    Command("join",      N_("三方通话"),     "Shift+F9", "users-round",    presses="#join",        permission=P.DESK),
    Command("ask",       N_("请班长旁听"),   "Shift+F9", "hand",           presses="#help-key",    permission=P.DESK),
    Command("crisis",    N_("危机来电"),     "Alt+c",  "siren",               presses="#crisis-key",  permission=P.DESK),
    Command("pad",       N_("拨号盘"),       "Alt+k", "keyboard",          presses="[data-opens=pad]", permission=P.DESK),
    Command("pause-recording", N_("暂停或恢复录音"), "Shift+F4", "circle-pause", presses="#pause-recording", permission=P.DESK),
    Command("hang-up",   N_("挂断（一秒内按两次）"), "Ctrl+F2 Ctrl+F2", "phone-off", presses="#hang-up", permission=P.DESK),
    Command("ready",     N_("开始接听"),     "F8",  "headset",             presses="#go-ready",    permission=P.DESK),
    Command("away",      N_("示忙，选原因"), "Shift+F8", "coffee",         presses="#go-away",     permission=P.DESK),
    Command("longer",    N_("话后整理延 30 秒"), "Shift+F8", "timer",      presses="#longer",      permission=P.DESK),
    Command("primary",   N_("完成当前步骤"), "Ctrl+Enter", "check",        presses="[data-keys='Ctrl+Enter']"),
    Command("attach",    N_("加入最相似的工单"), "Alt+1", "git-merge",         presses="[data-keys='Alt+1']", permission=P.TICKET_WRITE),
    Command("speak",     N_("打开最相关的口播答案"), "Alt+2", "book-open", presses="[data-keys='Alt+2']", permission=P.TICKET_WRITE),
    Command("macro",     N_("快捷办理这件工单"), "m", "list-checks",         presses="#macro-key",   permission=P.TICKET_ACT),
    Command("note",      N_("写备注"),       "i",   "sticky-note",         presses="#note-text",   permission=P.TICKET_WRITE),
    Command("undo",      N_("撤销刚才的动作"), "u", "undo-2",              presses="#undo",        permission=P.TICKET_ACT),
    Command("link",      N_("关联工单"),     "l",   "git-merge",           presses="#link-more > summary", permission=P.TICKET_WRITE),
    Command("tag",       N_("加标签"),       "t",   "tag",                 presses="#tag-more > summary", permission=P.TICKET_WRITE),
    Command("copy",      N_("复制编号"),     ".",   "copy",                presses="[data-copy]"),
    Command("next-row",  N_("下一行"),       "j",   "chevron-down"),
    Command("row-above", N_("上一行"),       "k",   "chevron-right"),
)
# fmt: on
KEYS: Final = {command.id: command.keys for command in COMMANDS}


def for_actor(actor: Actor) -> list[Command]:
    """Return the commands *actor* may use, in order."""
    return [command for command in COMMANDS if command.open_to(actor)]


def places(commands: Iterable[Command]) -> list[Command]:
    """Return those that stand in the menu."""
    return [command for command in commands if command.place]
