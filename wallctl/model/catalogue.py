"""The operator's words: every text on the wall, in Chinese and English, in one table.

The terms are those of the design's "Words" (布局, 窗口, 预案 ...). Nothing here knows how or where
a text is drawn. A person's own names (sources, presets) are values, never entries.
"""

import datetime
import enum

from wallctl.model.health import Reason, TileState


class Text(enum.Enum):
    """One text; its value names it, its words are in ``WORDS``."""

    CONNECTING = "connecting"
    WAITING_KEY = "waiting_key"
    CATCHING_UP = "catching_up"
    LIVE = "live"
    SHED = "shed"
    STALE = "stale"
    OFFLINE = "offline"
    REFUSED = "refused"
    EMPTY = "empty"
    BLANKED = "blanked"
    SINCE = "since"
    CPU_BUSY = "cpu_busy"
    KEYFRAMES = "keyframes"
    STILL = "still"

    UNREACHABLE = "unreachable"
    TIMED_OUT = "timed_out"
    NO_SUCH_STREAM = "no_such_stream"
    ENDED = "ended"
    BROKEN_DATA = "broken_data"
    UNSUPPORTED = "unsupported"
    NO_VIDEO = "no_video"
    BAD_CREDENTIALS = "bad_credentials"
    BUSY = "busy"
    WORKER_LOST = "worker_lost"
    FILE_MISSING = "file_missing"

    HINT_CONNECTING = "hint_connecting"
    HINT_WAITING_KEY = "hint_waiting_key"
    HINT_OFFLINE = "hint_offline"
    HINT_REFUSED = "hint_refused"
    HINT_EMPTY = "hint_empty"
    HINT_BLANKED = "hint_blanked"

    SWITCHING = "switching"
    ENLARGED = "enlarged"
    NOTHING_TO_UNDO = "nothing_to_undo"
    NOTHING_CHANGES = "nothing_changes"
    NO_OTHER_PAGE = "no_other_page"
    PAGE = "page"
    KEY_UNUSED = "key_unused"
    NOT_POSSIBLE = "not_possible"

    DO_SHOW = "do_show"
    DO_SHOW_SELECTED = "do_show_selected"
    DO_CLEAR = "do_clear"
    DO_SWAP = "do_swap"
    DO_ENLARGE = "do_enlarge"
    DO_ENLARGE_SELECTED = "do_enlarge_selected"
    DO_RESTORE = "do_restore"
    DO_NEXT_PAGE = "do_next_page"
    DO_PREVIOUS_PAGE = "do_previous_page"
    DO_SELECT = "do_select"
    DO_BLANK = "do_blank"
    DO_UNBLANK = "do_unblank"
    DO_RELEASE = "do_release"
    DO_LOCK = "do_lock"
    DO_LOCK_TILE = "do_lock_tile"
    DO_UNLOCK = "do_unlock"
    DO_UNLOCK_TILE = "do_unlock_tile"
    DO_QUIT = "do_quit"

    HOLD_TO_QUIT = "hold_to_quit"
    QUITTING = "quitting"

    HELP_TITLE = "help_title"
    HELP_CLOSE = "help_close"
    HELP_KEYS = "help_keys"
    HELP_LAYOUTS = "help_layouts"
    HELP_PRESETS = "help_presets"
    HELP_OWN = "help_own"
    HELP_HOME = "help_home"
    HELP_SELECT = "help_select"
    HELP_ENLARGE = "help_enlarge"
    HELP_BACK = "help_back"
    HELP_PAGES = "help_pages"
    HELP_LOCK = "help_lock"
    HELP_HELP = "help_help"
    HELP_QUIT = "help_quit"


WORDS: dict[Text, tuple[str, str]] = {
    Text.CONNECTING: ("正在连接", "Connecting"),
    Text.WAITING_KEY: ("等待关键帧", "Waiting for a keyframe"),
    Text.CATCHING_UP: ("追赶中", "Catching up"),
    Text.LIVE: ("实时", "Live"),
    Text.SHED: ("画面降级", "Reduced"),
    Text.STALE: ("画面停滞", "Picture frozen"),
    Text.OFFLINE: ("信号中断", "No signal"),
    Text.REFUSED: ("账号或密码错误", "Wrong user or password"),
    Text.EMPTY: ("空窗口", "Empty tile"),
    Text.BLANKED: ("画面已遮蔽", "Picture hidden"),
    Text.CPU_BUSY: ("CPU 忙", "CPU busy"),
    Text.KEYFRAMES: ("仅关键帧", "keyframes only"),
    Text.STILL: ("静帧", "still"),
    Text.SINCE: ("自 {time} 起", "since {time}"),
    Text.UNREACHABLE: ("网络不可达", "not reachable"),
    Text.TIMED_OUT: ("响应超时", "no answer in time"),
    Text.NO_SUCH_STREAM: ("码流不存在", "no such stream"),
    Text.ENDED: ("对方已结束", "ended by the camera"),
    Text.BROKEN_DATA: ("数据损坏", "broken data"),
    Text.UNSUPPORTED: ("编码不支持", "codec not supported"),
    Text.NO_VIDEO: ("没有视频", "no video in it"),
    Text.BAD_CREDENTIALS: ("登录被拒绝", "login refused"),
    Text.BUSY: ("连接数已满", "too many viewers"),
    Text.WORKER_LOST: ("解码重启中", "decoder restarting"),
    Text.FILE_MISSING: ("文件不存在", "file missing"),
    Text.HINT_CONNECTING: ("请稍候", "One moment"),
    Text.HINT_WAITING_KEY: ("已连接，即将出图", "Connected, picture follows"),
    Text.HINT_OFFLINE: ("正在自动重连", "Reconnecting by itself"),
    Text.HINT_REFUSED: ("请更正账号文件后重启", "Correct the login file, then restart"),
    Text.HINT_EMPTY: ("未指定信号源", "No source in this tile"),
    Text.HINT_BLANKED: ("已按要求遮蔽", "Hidden on request"),
    Text.SWITCHING: ("切换到 {name}", "Switching to {name}"),
    Text.ENLARGED: ("放大 {name}", "{name} enlarged"),
    Text.NOTHING_TO_UNDO: ("没有可撤销的操作", "Nothing more to undo"),
    Text.NOTHING_CHANGES: ("没有变化", "Nothing changes"),
    Text.NO_OTHER_PAGE: ("没有其他页", "There is no other page"),
    Text.PAGE: ("第 {page} 页，共 {pages} 页", "Page {page} of {pages}"),
    Text.KEY_UNUSED: ("按键 {key} 未设置", "Key {key} is not used"),
    Text.NOT_POSSIBLE: ("无法执行 {name}", "Not possible: {name}"),
    Text.DO_SHOW: ("在窗口 {tile} 显示 {name}", "Show {name} in tile {tile}"),
    Text.DO_SHOW_SELECTED: ("在所选窗口显示 {name}", "Show {name} in the selected tile"),
    Text.DO_CLEAR: ("清空窗口 {tile}", "Clear tile {tile}"),
    Text.DO_SWAP: ("交换窗口 {a} 与 {b}", "Swap tiles {a} and {b}"),
    Text.DO_ENLARGE: ("放大窗口 {tile}", "Enlarge tile {tile}"),
    Text.DO_ENLARGE_SELECTED: ("放大所选窗口", "Enlarge the selected tile"),
    Text.DO_RESTORE: ("还原窗口", "Restore"),
    Text.DO_NEXT_PAGE: ("下一页", "Next page"),
    Text.DO_PREVIOUS_PAGE: ("上一页", "Previous page"),
    Text.DO_SELECT: ("选择窗口 {tile}", "Select tile {tile}"),
    Text.DO_BLANK: ("遮蔽画面", "Hide the picture"),
    Text.DO_UNBLANK: ("恢复画面", "Show the picture again"),
    Text.DO_RELEASE: ("结束占用", "End a lease"),
    Text.DO_LOCK: ("锁定电视墙", "Lock the wall"),
    Text.DO_LOCK_TILE: ("锁定窗口 {tile}", "Lock tile {tile}"),
    Text.DO_UNLOCK: ("解锁电视墙", "Unlock the wall"),
    Text.DO_UNLOCK_TILE: ("解锁窗口 {tile}", "Unlock tile {tile}"),
    Text.DO_QUIT: ("退出", "Quit"),
    Text.HOLD_TO_QUIT: ("继续按住以退出", "Keep holding to quit"),
    Text.QUITTING: ("正在退出", "Quitting"),
    Text.HELP_TITLE: ("按键帮助", "Keys"),
    Text.HELP_CLOSE: ("关闭", "close"),
    Text.HELP_KEYS: ("操作", "Actions"),
    Text.HELP_LAYOUTS: ("布局", "Layouts"),
    Text.HELP_PRESETS: ("预案", "Presets"),
    Text.HELP_OWN: ("本站按键", "Keys of this site"),
    Text.HELP_HOME: ("回到主画面", "Home picture"),
    Text.HELP_SELECT: ("选择窗口", "Select a tile"),
    Text.HELP_ENLARGE: ("放大 / 还原窗口", "Enlarge / restore"),
    Text.HELP_BACK: ("返回上一步", "Back one step"),
    Text.HELP_PAGES: ("上一页 / 下一页", "Previous / next page"),
    Text.HELP_LOCK: ("禁止 / 允许远程", "Lock / unlock"),
    Text.HELP_HELP: ("显示 / 关闭帮助", "Show / close this"),
    Text.HELP_QUIT: ("按住 2 秒退出", "Hold 2 s to quit"),
}
"""Text → (zh, en). Fields in braces are filled in by ``say``."""

OF_STATE: dict[TileState, Text] = {state: Text(state.value) for state in TileState}
"""The name of each tile state."""

OF_REASON: dict[Reason, Text] = {
    reason: Text(reason.name.lower()) for reason in Reason if reason is not Reason.NONE
}
"""Why a stream failed; ``Reason.NONE`` has no words."""

HINT_OF_STATE: dict[TileState, Text] = {
    TileState.CONNECTING: Text.HINT_CONNECTING,
    TileState.WAITING_KEY: Text.HINT_WAITING_KEY,
    TileState.OFFLINE: Text.HINT_OFFLINE,
    TileState.REFUSED: Text.HINT_REFUSED,
    TileState.EMPTY: Text.HINT_EMPTY,
    TileState.BLANKED: Text.HINT_BLANKED,
}
"""What happens next, or what a person can do, for the states that show a slate."""


def say(text: Text, **values: str | int) -> tuple[str, str]:
    """The words of a text, (zh, en), with its fields filled in. A missing field is a KeyError."""
    zh, en = WORDS[text]
    return zh.format(**values), en.format(**values)


_WEEKDAYS = "一二三四五六日"


def wall_clock(when: datetime.datetime) -> str:
    """The text of the wall's own clock: ``2026-11-22 周日 14:05:09``."""
    return f"{when:%Y-%m-%d} 周{_WEEKDAYS[when.weekday()]} {when:%H:%M:%S}"
