"""Each kind of input has a key of its name under ``[inputs]``, and is read from there."""

from typing import get_args

from wallctl.config.schema.alarms_schema import RawInputs
from wallctl.config.sections.alarm_inputs import SECTIONS
from wallctl.model.site.alarm_input import Input

SHARED = {"pushes"}
"""Keys that belong to another kind."""


def test_every_kind_of_input_has_a_key_of_its_name() -> None:
    kinds = {kind.__struct_config__.tag for kind in get_args(Input)}
    assert kinds == set(RawInputs.__struct_fields__) - SHARED


def test_every_kind_of_input_is_read_from_site_files() -> None:
    assert SECTIONS.keys() == set(get_args(Input))
