"""``wallctl version``: which wall this is, and what it is made of."""

import platform

import click
import msgspec

from wallctl import __version__
from wallctl.cli.machine_warnings import protections
from wallctl.cli.packages import bill_of_materials, installed


@click.command(short_help="Tell the version, and that of all that the wall is made of.")
@click.option("--all", "whole", is_flag=True, help="Packages, and libraries inside their wheels.")
@click.option("--json", "as_json", is_flag=True, help="All as CycloneDX, for tools (an SBOM).")
def version(whole: bool, as_json: bool) -> None:
    """Tell which wall this is. 版本与组件清单."""
    if as_json:
        told = msgspec.json.encode(bill_of_materials(installed()))
        click.echo(msgspec.json.format(told, indent=2).decode())
        return
    click.echo(f"wallctl {__version__}")
    if not whole:
        return
    click.echo(f"Python {platform.python_version()}, {platform.platform()}")
    click.echo(protections())
    for package in installed():
        click.echo(f"{package.name} {package.version}  {package.license[:60]}".rstrip())
        for library in package.libraries:
            click.echo(f"    {library.name} {library.version}".rstrip())
