"""Names that would show as boxes: told before a wall starts, not found out at the wall."""

from collections.abc import Iterator

from wallctl.model.site import Site
from wallctl.present.fonts import find_font, font_warning, missing_glyphs


def warnings(site: Site | None) -> Iterator[str]:
    """One sentence for each thing about fonts that a person should know."""
    given = site.font if site is not None else None
    font = find_font(given)
    warning = font_warning(given, font)
    if warning is not None:
        yield warning
    if font is None or site is None:
        return
    for source in site.sources:
        if missing := missing_glyphs(font, source.name):
            yield (
                f"the font lacks {''.join(sorted(missing))}, so the label of source "
                f"{source.name} shows boxes: name another font in the site file"
            )
