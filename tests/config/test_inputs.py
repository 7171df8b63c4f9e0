"""Each kind of input has a section of its name in a site file."""

from typing import get_args

from wallctl.config.schema.alarms_schema import RawInputs
from wallctl.model.site.site import Input

SHARED = {"pushes"}
"""Sections that belong to another kind."""


def test_every_kind_of_input_has_a_section_of_its_name() -> None:
    kinds = {kind.__struct_config__.tag for kind in get_args(Input)}
    assert kinds == set(RawInputs.__struct_fields__) - SHARED
