"""``wallctl check``: everything that is wrong with files, at once."""

from pathlib import Path

import click
import msgspec

from wallctl.cli.font_warnings import warnings
from wallctl.cli.site_editors_group import SHARED_GROUP, number_of
from wallctl.cli.terminal_text import JSON, as_json
from wallctl.config.layout_files import check_layouts
from wallctl.config.site_file import site_file
from wallctl.config.site_ownership import read_guarded
from wallctl.storage.file_findings import Level, place


@click.command(short_help="Tell all that is wrong with a site's files.")
@click.argument("site", required=False, type=click.Path(path_type=Path))
@SHARED_GROUP
@JSON
def check(site: Path | None, group: str | None, as_data: bool) -> None:
    """Tell everything that is wrong with SITE.toml and its layouts (else with the shipped ones).

    Exits with 1 if anything is wrong; warnings alone are no fault.
    """
    site = site_file(site) if site is not None else None
    found = read_guarded(site, number_of(group)) if site is not None else None
    findings = found.findings if found is not None else check_layouts()
    faults = sum(finding.level is Level.ERROR for finding in findings)
    glyphs = list(warnings(found.site if found is not None else None))
    if as_data:
        click.echo(as_json({"findings": msgspec.to_builtins(findings), "fonts": glyphs}, indent=2))
        raise SystemExit(1 if faults else 0)
    for finding in findings:
        click.echo(str(finding))
    for warning in glyphs:
        click.echo(f"warning: {warning}")
    what = place(site) if site is not None else "the shipped layouts"
    if faults:
        click.echo(f"{what}: {faults} to mend")
        raise SystemExit(1)
    warned = len(findings) - faults + len(glyphs)
    click.echo(
        f"{what}: " + (f"nothing to mend, {warned} to look at" if warned else "nothing is wrong")
    )
