"""Groups, tours and the schedule, as site files write them."""

from typing import Annotated

import msgspec
from msgspec import Meta

from wallctl.config.schema.common_schema import END, QUIET, SourceRef, Title, Written, named

MOST_PAGES = 200
TourName = Annotated[
    str,
    named(
        rf"[^\s{QUIET}/@\"'\\]+",
        "a name of 1 to 40 characters without spaces, quotation marks, / or @",
        "轮巡名称，命令里写作 tour 名称。Name of the tour, `tour NAME` in commands.",
    ),
]
GroupName = Annotated[
    str,
    named(
        rf"[^\s{QUIET}/@\"'\\]+",
        "a name of 1 to 40 characters without spaces, quotation marks, / or @",
        "分组名称，命令里写作 group 名称。Name of the group, `group NAME` in commands.",
    ),
]
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_DAY = rf"({'|'.join(DAYS)})"
Days = Annotated[
    str,
    Meta(
        pattern=rf"^{_DAY}(-{_DAY})?( *, *{_DAY}(-{_DAY})?)*{END}",
        description="哪几天开始：mon 周一 … sun 周日，如 mon-fri,sun。Days on which it begins.",
        extra={"words": 'days as "mon-fri" or "mon,wed-fri,sun"'},
    ),
]
TimeOfDay = Annotated[
    str,
    Meta(
        pattern=rf"^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00){END}",
        description="时刻 HH:MM；to 不晚于 from 时为次日。A time; to may be on the day after.",
        extra={"words": 'a time as "08:30"'},
    ),
]
Dwell = Annotated[
    int,
    Meta(ge=1, le=86400, description="每页停留的秒数。How long a page is shown, in seconds."),
]


class RawGroup(Written, frozen=True, kw_only=True):
    """分组。Sources that belong together: a department, an area, a floor."""

    name: GroupName
    title: Title = ""
    title_en: Title = ""
    sources: Annotated[tuple[SourceRef, ...], Meta(min_length=1)]


class RawTourPage(Written, frozen=True, kw_only=True):
    """轮巡的一页。A page of a tour: a preset, or sources, which may fill several pages."""

    preset: str | None = None
    group: str | None = None
    sources: tuple[SourceRef, ...] = ()
    dwell_s: Dwell | None = None


class RawTour(Written, frozen=True, kw_only=True):
    """轮巡。A tour: pages that take turns."""

    name: TourName
    title: Title = ""
    title_en: Title = ""
    screen: Annotated[
        str | None,
        Meta(description="监控点所在屏幕，不写为所有屏幕。Where sources are shown; else on all."),
    ] = None
    tile: Annotated[
        str | None,
        Meta(
            description='只在一个窗口里轮巡，写作 "左屏/3"。Through one tile alone, as "left/3".',
            extra={"words": 'a tile with its screen, as "left/3"'},
        ),
    ] = None
    layout: Annotated[
        str | None,
        Meta(description="监控点的布局，不写为够大的方格。Layout of sources; else a square."),
    ] = None
    dwell_s: Dwell = 10
    skip_dead: Annotated[
        bool, Meta(description="跳过全部中断的页。Leave out pages whose sources are all dead.")
    ] = False
    pages: Annotated[tuple[RawTourPage, ...], Meta(min_length=1, max_length=MOST_PAGES)]


class RawScheduleEntry(Written, frozen=True, kw_only=True):
    """计划的一项。What is shown at some hours of some days; of several the first counts."""

    days: Days = "mon-sun"
    from_: TimeOfDay = msgspec.field(name="from")
    to: TimeOfDay
    preset: str | None = None
    tour: str | None = None
