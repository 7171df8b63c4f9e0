"""What a wall is made of: its packages, and the libraries that lie inside their wheels.

It reads what pip wrote when it installed them; nothing is imported, so nothing of it runs.
"""

import re
from collections.abc import Iterator
from importlib import metadata

import msgspec

DISTRIBUTION = "wallctl-videowall"
_NAME = re.compile(r"[A-Za-z0-9._-]+")
_LIBRARY = re.compile(r"(?P<name>[^/]+?)(-[0-9a-f]{8})+(?P<rest>[^/]*)\.so(\.(?P<version>[^/]+))?")
"""A library in a wheel: its name, what ``auditwheel`` adds to tell it from others, its version."""


class Library(msgspec.Struct, frozen=True):
    """A library inside a wheel."""

    name: str
    version: str
    """As its file's name has it; empty if the name has none."""


class Package(msgspec.Struct, frozen=True):
    """An installed package."""

    name: str
    version: str
    license: str
    libraries: tuple[Library, ...]


def installed() -> list[Package]:
    """The wall's own package and all that it needs, by their names; optional ones if there."""
    found: dict[str, Package] = {}
    wanted = [DISTRIBUTION]
    while wanted:
        name = wanted.pop()
        if name in found:
            continue
        try:
            distribution = metadata.distribution(name)
        except metadata.PackageNotFoundError:
            continue
        found[name] = _package(name, distribution)
        wanted += _needs(distribution, with_extras=name == DISTRIBUTION)
    return [found[name] for name in sorted(found)]


def bill_of_materials(packages: list[Package]) -> dict[str, object]:
    """The packages as a CycloneDX document (version 1.6)."""
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "components": [_component(one) for one in packages],
    }


def _component(package: Package) -> dict[str, object]:
    return {
        "type": "library",
        "name": package.name,
        "version": package.version,
        "purl": f"pkg:pypi/{package.name}@{package.version}",
        "licenses": [{"license": {"name": package.license}}] if package.license else [],
        "components": [
            {"type": "library", "name": one.name, "version": one.version}
            for one in package.libraries
        ],
    }


def _package(name: str, distribution: metadata.Distribution) -> Package:
    told = distribution.metadata
    words = next((told[key] for key in ("License-Expression", "License") if key in told), "")
    return Package(
        name, distribution.version, words.strip().partition("\n")[0], _inner(distribution)
    )


def _inner(distribution: metadata.Distribution) -> tuple[Library, ...]:
    """The libraries that a wheel brings beside its own code, in a folder such as ``av.libs``."""
    paths = (path for path in distribution.files or () if path.parts[0].endswith(".libs"))
    found = (_LIBRARY.fullmatch(path.name) for path in paths)
    named = (Library(one["name"] + one["rest"], one["version"] or "") for one in found if one)
    return tuple(sorted(set(named), key=lambda one: (one.name, one.version)))


def _needs(distribution: metadata.Distribution, with_extras: bool) -> Iterator[str]:
    """The names of packages that one needs, in one spelling (PEP 503)."""
    for requirement in distribution.requires or ():
        match = _NAME.match(requirement)
        if match and (with_extras or "extra ==" not in requirement):
            yield re.sub(r"[-_.]+", "-", match[0]).lower()
