"""The operator's words: every text on the wall by name, and a catalogue that says it.

The words themselves are in ``wallctl/locale``, a PO file for each language, with comments on what
each is for. Nothing here knows how or where a text is drawn. A person's own names (sources,
presets) are values, never entries.
"""

import datetime
import enum

import msgspec

from wallctl.model.base.language import Language
from wallctl.model.base.os_access_error import Obstacle
from wallctl.model.planning.stream_choice import Why
from wallctl.model.streams.health import Reason, TileState


class Text(enum.Enum):
    """One text; its value is the ``msgid`` of its words."""

    CONNECTING = "connecting"
    WAITING_KEY = "waiting_key"
    CATCHING_UP = "catching_up"
    LIVE = "live"
    SHED = "shed"
    STALE = "stale"
    OFFLINE = "offline"
    REFUSED = "refused"
    EMPTY = "empty"
    MASKED = "masked"
    SINCE = "since"
    CPU_BUSY = "cpu_busy"
    KEYFRAMES = "keyframes"
    STILL = "still"
    FETCHED = "fetched"
    RATE = "rate"
    BACKUP = "backup"

    UNREACHABLE = "unreachable"
    PORT_CLOSED = "port_closed"
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
    NAME_UNKNOWN = "name_unknown"
    LOGIN_MISSING = "login_missing"
    LOGIN_UNSUPPORTED = "login_unsupported"
    FORBIDDEN = "forbidden"
    REDIRECTED = "redirected"
    NO_TRANSPORT = "no_transport"
    CAMERA_FAULT = "camera_fault"
    NO_RESOURCES = "no_resources"
    REPEATED = "repeated"
    LOGIN_UNREADABLE = "login_unreadable"
    CERTIFICATE = "certificate"
    LOGIN_IN_CLEAR = "login_in_clear"
    LOGIN_WITHHELD = "login_withheld"
    NO_KNOWN_FORMAT = "no_known_format"
    TOO_LARGE = "too_large"
    OTHER_PROTOCOL = "other_protocol"

    DO_ABOUT_UNREACHABLE = "do_about_unreachable"
    DO_ABOUT_PORT_CLOSED = "do_about_port_closed"
    DO_ABOUT_TIMED_OUT = "do_about_timed_out"
    DO_ABOUT_NO_SUCH_STREAM = "do_about_no_such_stream"
    DO_ABOUT_BAD_CREDENTIALS = "do_about_bad_credentials"
    DO_ABOUT_LOGIN_MISSING = "do_about_login_missing"
    DO_ABOUT_LOGIN_UNSUPPORTED = "do_about_login_unsupported"
    DO_ABOUT_CERTIFICATE = "do_about_certificate"
    DO_ABOUT_LOGIN_IN_CLEAR = "do_about_login_in_clear"
    DO_ABOUT_LOGIN_WITHHELD = "do_about_login_withheld"
    DO_ABOUT_NO_KNOWN_FORMAT = "do_about_no_known_format"
    DO_ABOUT_FORBIDDEN = "do_about_forbidden"
    DO_ABOUT_REDIRECTED = "do_about_redirected"
    DO_ABOUT_NAME_UNKNOWN = "do_about_name_unknown"
    DO_ABOUT_BUSY = "do_about_busy"
    DO_ABOUT_ENDED = "do_about_ended"
    DO_ABOUT_CAMERA_FAULT = "do_about_camera_fault"
    DO_ABOUT_NO_TRANSPORT = "do_about_no_transport"
    DO_ABOUT_BROKEN_DATA = "do_about_broken_data"
    DO_ABOUT_UNSUPPORTED = "do_about_unsupported"
    DO_ABOUT_NO_VIDEO = "do_about_no_video"
    DO_ABOUT_NO_RESOURCES = "do_about_no_resources"
    DO_ABOUT_REPEATED = "do_about_repeated"
    DO_ABOUT_LOGIN_UNREADABLE = "do_about_login_unreadable"
    DO_ABOUT_TOO_LARGE = "do_about_too_large"
    DO_ABOUT_OTHER_PROTOCOL = "do_about_other_protocol"
    DO_ABOUT_WORKER_LOST = "do_about_worker_lost"
    DO_ABOUT_FILE_MISSING = "do_about_file_missing"

    HINT_CONNECTING = "hint_connecting"
    HINT_WAITING_KEY = "hint_waiting_key"
    KEYS_FAR_APART = "keys_far_apart"
    HINT_OFFLINE = "hint_offline"
    HINT_REFUSED = "hint_refused"
    HINT_EMPTY = "hint_empty"
    HINT_MASKED = "hint_masked"

    WRONG_MODE = "wrong_mode"
    MONITOR_GONE = "monitor_gone"
    MONITOR_BACK = "monitor_back"

    SWITCHING = "switching"
    ENLARGED = "enlarged"
    UNDONE = "undone"
    UNDONE_UNSEEN = "undone_unseen"
    NOTHING_TO_UNDO = "nothing_to_undo"
    NOTHING_CHANGES = "nothing_changes"
    NO_OTHER_PAGE = "no_other_page"
    PAGE = "page"
    KEY_UNUSED = "key_unused"
    NOT_POSSIBLE = "not_possible"
    NOT_ENLARGED = "not_enlarged"
    NO_SUCH_TILE = "no_such_tile"
    NO_TOUR = "no_tour"
    TOUR_PAGE = "tour_page"
    TOUR_PAUSED = "tour_paused"
    TOUR_OVER = "tour_over"
    UNTIL = "until"
    SCHEDULE_BEGUN = "schedule_begun"
    SCHEDULE_ENDED = "schedule_ended"
    ON_SCREEN = "on_screen"
    NO_ALARM = "no_alarm"

    ALARM_WAITING = "alarm_waiting"
    MORE_ALARMS = "more_alarms"
    ALARM_KEY = "alarm_key"
    ACKNOWLEDGED = "acknowledged"
    ACKNOWLEDGED_ALL = "acknowledged_all"
    KEEP_KEY = "keep_key"
    UNACKNOWLEDGED = "unacknowledged"
    ALARM_LIST = "alarm_list"
    ALARM_LIST_KEYS = "alarm_list_keys"
    ALARM_LIST_EMPTY = "alarm_list_empty"
    NOT_ACKNOWLEDGED = "not_acknowledged"
    ACKNOWLEDGED_BY = "acknowledged_by"
    AT_THE_WALL = "at_the_wall"
    FROM_AFAR = "from_afar"

    SITE_FILE_FAULT = "site_file_fault"
    SITE_FOLDER_SILENT = "site_folder_silent"
    STATE_NOT_KEPT = "state_not_kept"
    STATE_NONE = "state_none"
    STATE_REPAIRED = "state_repaired"
    STATE_HIDDEN_ONLY = "state_hidden_only"
    STATE_UNUSABLE = "state_unusable"
    STATE_OF_ANOTHER = "state_of_another"
    HIDDEN_IS_GONE = "hidden_is_gone"
    NO_COMMANDS = "no_commands"
    SCREEN_DIES = "screen_dies"
    SOURCE_DIES = "source_dies"
    INPUT_DIES = "input_dies"
    BROADCAST_DIES = "broadcast_dies"
    LEFT_OUT = "left_out"
    OBSTACLE_FULL = "obstacle_full"
    OBSTACLE_READ_ONLY = "obstacle_read_only"
    OBSTACLE_FORBIDDEN = "obstacle_forbidden"
    OBSTACLE_MISSING = "obstacle_missing"
    OBSTACLE_TAKEN = "obstacle_taken"
    OBSTACLE_SILENT = "obstacle_silent"
    OBSTACLE_OTHER = "obstacle_other"
    NUMBER = "number"
    NUMBER_OF = "number_of"
    NUMBER_OF_NONE = "number_of_none"
    NO_SUCH_NUMBER = "no_such_number"
    CONFIRM_BLANK = "confirm_blank"
    CONFIRM_BLANK_ONE = "confirm_blank_one"
    CONFIRM_UNBLANK_ONE = "confirm_unblank_one"
    CONFIRM_UNBLANK = "confirm_unblank"
    CANCELLED = "cancelled"
    NUMBER_LAPSED = "number_lapsed"
    SECONDS_LEFT = "seconds_left"
    DRAGGING = "dragging"
    SNAPSHOT_COMING = "snapshot_coming"
    SNAPSHOT_SAVED = "snapshot_saved"
    SNAPSHOT_FAILED = "snapshot_failed"

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
    DO_BLANK_TILE = "do_blank_tile"
    DO_BLANK_SOURCE = "do_blank_source"
    DO_UNBLANK = "do_unblank"
    DO_UNBLANK_TILE = "do_unblank_tile"
    DO_UNBLANK_SOURCE = "do_unblank_source"
    DO_RELEASE = "do_release"
    DO_LOCK = "do_lock"
    DO_LOCK_TILE = "do_lock_tile"
    DO_UNLOCK = "do_unlock"
    DO_UNLOCK_TILE = "do_unlock_tile"
    DO_TOUR = "do_tour"
    DO_TOUR_EITHER = "do_tour_either"
    DO_TOUR_OFF = "do_tour_off"
    DO_TOUR_PAUSE = "do_tour_pause"
    DO_TOUR_RESUME = "do_tour_resume"
    DO_TOUR_NEXT = "do_tour_next"
    DO_TOUR_PREVIOUS = "do_tour_previous"
    DO_ALARM = "do_alarm"
    DO_END_ALARM = "do_end_alarm"
    DO_KEEP = "do_keep"
    DO_ALARMS = "do_alarms"
    DO_MARK = "do_mark"
    DO_ACKNOWLEDGE_ALL = "do_acknowledge_all"
    DO_SPEAK_CHINESE = "do_speak_chinese"
    DO_SPEAK_ENGLISH = "do_speak_english"
    DO_BROADCAST = "do_broadcast"
    DO_BROADCAST_ON = "do_broadcast_on"
    DO_BROADCAST_OFF = "do_broadcast_off"
    DO_ZOOM = "do_zoom"
    DO_ZOOM_OUT = "do_zoom_out"
    DO_SNAPSHOT = "do_snapshot"
    DO_HOME = "do_home"
    DO_BACK = "do_back"
    DO_MOVE = "do_move"
    DO_HELP = "do_help"
    DO_INFO = "do_info"
    DO_HEALTH = "do_health"
    DO_IDENTIFY = "do_identify"
    DO_QUIT = "do_quit"

    HOLD_TO_QUIT = "hold_to_quit"
    QUITTING = "quitting"

    HELP_TITLE = "help_title"
    HELP_CLOSE = "help_close"
    KEYS_MOVED = "keys_moved"
    HELP_LAYOUTS = "help_layouts"
    HELP_PRESETS = "help_presets"
    HELP_GROUPS = "help_groups"
    HELP_TILE = "help_tile"
    HELP_WALL = "help_wall"
    HELP_SAFETY = "help_safety"
    HELP_MOUSE = "help_mouse"
    MOUSE_CLICK = "mouse_click"
    MOUSE_DOUBLE = "mouse_double"
    MOUSE_DRAG = "mouse_drag"
    MOUSE_WHEEL = "mouse_wheel"
    HELP_SOURCES = "help_sources"
    HELP_OWN = "help_own"
    HOME_SCHEDULED = "home_scheduled"
    LOOK_AROUND = "look_around"
    HELP_SWAP = "help_swap"
    HELP_ENLARGE = "help_enlarge"
    HELP_ZOOM = "help_zoom"
    HELP_CLOSER = "help_closer"
    HELP_WIDER = "help_wider"
    HELP_NUMBER = "help_number"
    HELP_BLANK = "help_blank"
    HELP_BLANK_ALL = "help_blank_all"
    HELP_BLANK_ONE = "help_blank_one"
    HELP_ESCAPE = "help_escape"
    HELP_PAGES = "help_pages"
    HELP_TOUR = "help_tour"
    HELP_LOCK = "help_lock"
    HELP_ACKNOWLEDGE = "help_acknowledge"
    HELP_QUIT = "help_quit"
    CARD_TITLE = "card_title"
    CARD_CALL = "card_call"

    INFO_STREAM = "info_stream"
    INFO_PICTURES = "info_pictures"
    INFO_BITS = "info_bits"
    INFO_LATENCY = "info_latency"
    INFO_KEYS = "info_keys"
    INFO_DECODER = "info_decoder"
    INFO_TRANSPORT = "info_transport"
    INFO_CERTIFICATE = "info_certificate"
    INFO_UNPROVEN = "info_unproven"
    INFO_LOST = "info_lost"
    INFO_WHY = "info_why"
    INFO_ADVICE = "info_advice"
    INFO_RATES = "info_rates"
    INFO_MEGABITS = "info_megabits"
    INFO_MILLISECONDS = "info_milliseconds"
    INFO_SECONDS_APART = "info_seconds_apart"
    INFO_STILL = "info_still"
    INFO_FALLBACK = "info_fallback"
    INFO_RELAYED = "info_relayed"
    INFO_SOFTWARE = "info_software"
    INFO_HARDWARE = "info_hardware"
    INFO_LOSSES = "info_losses"
    WHY_ONLY = "why_only"
    WHY_SUFFICES = "why_suffices"
    WHY_LARGEST = "why_largest"
    WHY_BUDGET = "why_budget"
    WHY_BUSY = "why_busy"
    WHY_LOST = "why_lost"
    WHY_CAMERA = "why_camera"
    WHY_STAND_IN = "why_stand_in"

    CLOCK = "clock"
    MONDAY = "monday"
    TUESDAY = "tuesday"
    WEDNESDAY = "wednesday"
    THURSDAY = "thursday"
    FRIDAY = "friday"
    SATURDAY = "saturday"
    SUNDAY = "sunday"

    LOGIN_IN_ADDRESS = "login_in_address"


STATE_TEXTS: dict[TileState, Text] = {state: Text(state.value) for state in TileState}
"""The name of each tile state."""

REASON_TEXTS: dict[Reason, Text] = {
    reason: Text(reason.name.lower()) for reason in Reason if reason is not Reason.NONE
}
"""Why a stream failed; ``Reason.NONE`` has no words."""

ADVICE_TEXTS: dict[Reason, Text] = {
    reason: Text(f"do_about_{text.value}") for reason, text in REASON_TEXTS.items()
}
"""What a technician does about it."""

OBSTACLE_TEXTS: dict[Obstacle, Text] = {one: Text(f"obstacle_{one.value}") for one in Obstacle}
"""Why the wall can't use a file, a folder or a socket."""

WHY_TEXTS: dict[Why, Text] = {one: Text(f"why_{one.value}") for one in Why}
"""Why a tile is given its stream."""

HINT_TEXTS: dict[TileState, Text] = {
    TileState.CONNECTING: Text.HINT_CONNECTING,
    TileState.WAITING_KEY: Text.HINT_WAITING_KEY,
    TileState.OFFLINE: Text.HINT_OFFLINE,
    TileState.REFUSED: Text.HINT_REFUSED,
    TileState.EMPTY: Text.HINT_EMPTY,
    TileState.MASKED: Text.HINT_MASKED,
}
"""What happens next, or what a person can do, for the states that show a slate."""


class Catalogue(msgspec.Struct, frozen=True, eq=False):
    """The words of one language, for every text."""

    language: Language
    words: dict[Text, str]

    def say(self, text: Text, **fields: str | int) -> str:
        """The words of a text with its fields filled in (``catalogue_fields``); KeyError if one is
        missing."""
        return self.words[text].format(**fields)


Catalogues = dict[Language, Catalogue]
"""All that a wall can say."""

_WEEKDAYS = (
    Text.MONDAY, Text.TUESDAY, Text.WEDNESDAY, Text.THURSDAY, Text.FRIDAY, Text.SATURDAY,
    Text.SUNDAY,
)  # fmt: skip


def format_day_and_time(when: datetime.datetime) -> str:
    """What a list of some days tells, in any language: ``12-01 14:05:09``."""
    return f"{when:%m-%d %H:%M:%S}"


def format_wall_clock(when: datetime.datetime, words: Catalogue) -> str:
    """The text of the wall's own clock: ``2026-11-22 Sun 14:05:09``."""
    weekday = words.say(_WEEKDAYS[when.weekday()])
    return words.say(Text.CLOCK, date=f"{when:%Y-%m-%d}", weekday=weekday, time=f"{when:%H:%M:%S}")
