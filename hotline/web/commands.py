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
    Command("callbacks", N_("回拨"),         "g k", "phone-outgoing",      "web.callbacks.index", permission=P.CALLBACK_WORK, place=True),
    Command("calls",     N_("来电"),         "g l", "phone-incoming",      "web.calls.index",     permission=P.CALL_READ, place=True),
    Command("messages",  N_("短信"),         "g m", "message-square-text", "web.messages.index",  permission=P.MESSAGE_READ, place=True),
    Command("board",     N_("看板"),         "g b", "gauge",               "web.board.show",      permission=P.BOARD, place=True),
    Command("roster",    N_("班务"),         "g s", "user-check",          "web.roster.show",     permission=P.BOARD),
    Command("rates",     N_("三率"),         "g r", "chart-line",          "web.rates.show",      permission=P.RATES, place=True),
    Command("ledger",    N_("台账"),         "g e", "shield-check",        "web.ledger.show",     permission=P.LEDGER, place=True),
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
    Command("note",      N_("写备注"),       "i",   "sticky-note",         presses="#note-text",   permission=P.TICKET_WRITE),
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
