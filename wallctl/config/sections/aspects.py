"""The shape of pictures, checked, and made into numbers."""

from collections.abc import Iterable

from wallctl.config.schema.site_schema import RawAspects, RawSource
from wallctl.model.site.aspect import MAX_SHAPE, MIN_SHAPE
from wallctl.storage.file_findings import Key, Report, quoted

_PROPORTIONS = f"a shape from 1:{round(1 / MIN_SHAPE)} to {round(MAX_SHAPE)}:1"


def check_aspects(raw: RawSource, streams: Iterable[str], key: Key, report: Report) -> None:
    """Report shapes that can't be, and those of ``streams`` that the source does not have."""
    if not isinstance(raw.aspect, RawAspects):
        _check(raw.aspect, key, report)
        return
    for name in streams:
        here, text = (*key, name), getattr(raw.aspect, name)
        _check(text, here, report)
        if text is not None and getattr(raw, name) is None:
            report.error(here, f"the shape of a stream that {quoted(raw.name)} does not have",
                         f"{name} = ADDRESS beside it, or no shape for it")  # fmt: skip


def _check(text: str | None, key: Key, report: Report) -> None:
    if text is None or not report.sound(*key):
        return
    if not MIN_SHAPE <= _ratio(text) <= MAX_SHAPE:
        report.error(key, quoted(text), _PROPORTIONS)


def shapes_of(raw: RawSource, streams: Iterable[str]) -> dict[str, float]:
    """Width over height by stream name; the shapes have been checked."""
    told = raw.aspect
    by_name = {n: getattr(told, n) if isinstance(told, RawAspects) else told for n in streams}
    return {name: _ratio(text) for name, text in by_name.items() if text is not None}


def _ratio(text: str) -> float:
    w, _, h = text.partition(":")
    return int(w) / int(h)
