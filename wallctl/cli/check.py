"""``wallctl check``: everything that is wrong with files, at once."""

from pathlib import Path

import click

from wallctl.files.finding import Level
from wallctl.files.layouts import check_layouts
from wallctl.files.site import check_site
from wallctl.present.fonts import find_font, font_warning


@click.command()
@click.argument("site", required=False, type=click.Path(path_type=Path))
def check(site: Path | None) -> None:
    """Tell everything that is wrong with SITE.toml and its layouts (else with the shipped ones).

    Exits with 1 if anything is wrong; warnings alone are no fault.
    """
    findings = check_site(site) if site is not None else check_layouts()
    for finding in findings:
        click.echo(str(finding))
    warning = font_warning(None, find_font())
    if warning is not None:
        click.echo(f"warning: {warning}")
    faults = sum(finding.level is Level.ERROR for finding in findings)
    what = site if site is not None else "the shipped layouts"
    if faults:
        click.echo(f"{what}: {faults} to mend")
        raise SystemExit(1)
    click.echo(f"{what}: nothing is wrong")
