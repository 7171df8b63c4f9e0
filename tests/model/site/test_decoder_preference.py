"""Which device is chosen for which stream, over all that can be said of both."""

import itertools

import pytest

from wallctl.model.base.geometry import Size
from wallctl.model.site.decoder_preference import (
    MIN_HARDWARE_PIXELS,
    DecodedBy,
    DecoderOptions,
    Hardware,
    HardwareFailure,
    choose_decoder,
)

HD = Size(1920, 1080)
CUDA, VAAPI, VULKAN = DecodedBy.CUDA, DecodedBy.VAAPI, DecodedBy.VULKAN
ALL = frozenset({CUDA, VAAPI, VULKAN})


def offer(*devices: DecodedBy, codec: str = "h264", size: Size = HD) -> DecoderOptions:
    return DecoderOptions(codec, size, frozenset(devices))


def chosen(
    hardware: Hardware, of: DecoderOptions, failed: HardwareFailure = HardwareFailure.NONE
) -> DecodedBy:
    return choose_decoder(hardware, of, failed)


def test_unasked_the_best_device_that_is_there_is_used() -> None:
    assert chosen(Hardware.AUTO, offer(*ALL)) is CUDA
    assert chosen(Hardware.AUTO, offer(VAAPI, VULKAN)) is VAAPI
    assert chosen(Hardware.AUTO, offer(VULKAN)) is DecodedBy.SOFTWARE
    assert chosen(Hardware.AUTO, offer()) is DecodedBy.SOFTWARE


@pytest.mark.parametrize("named", [Hardware.CUDA, Hardware.VAAPI, Hardware.VULKAN])
def test_a_device_that_the_site_names_is_chosen_even_where_it_seems_not_to_be(
    named: Hardware,
) -> None:
    assert chosen(named, offer(*ALL)).label == named.value
    assert chosen(named, offer()).label == named.value


def test_it_can_be_turned_off() -> None:
    assert chosen(Hardware.OFF, offer(*ALL)) is DecodedBy.SOFTWARE


@pytest.mark.parametrize(
    "failed", [one for one in HardwareFailure if one is not HardwareFailure.NONE]
)
def test_one_failure_of_any_kind_is_enough(failed: HardwareFailure) -> None:
    for hardware in Hardware:
        assert chosen(hardware, offer(*ALL), failed) is DecodedBy.SOFTWARE


def test_small_pictures_and_rare_codecs_stay_with_the_processor() -> None:
    for hardware in Hardware:
        small = offer(*ALL, size=Size(704, 576))
        assert chosen(hardware, small) is DecodedBy.SOFTWARE
        assert chosen(hardware, offer(*ALL, codec="mjpeg")) is DecodedBy.SOFTWARE
    for codec in ("h264", "hevc", "av1"):
        assert chosen(Hardware.AUTO, offer(CUDA, codec=codec)) is CUDA


def test_the_size_from_which_it_is_worth_it_belongs_to_it() -> None:
    assert MIN_HARDWARE_PIXELS == 1280 * 720
    assert chosen(Hardware.AUTO, offer(CUDA, size=Size(1280, 720))) is CUDA
    assert chosen(Hardware.AUTO, offer(CUDA, size=Size(1280, 718))) is DecodedBy.SOFTWARE


def test_unasked_nothing_is_ever_chosen_that_is_not_offered() -> None:
    for count in range(len(ALL) + 1):
        for devices in itertools.combinations(ALL, count):
            assert chosen(Hardware.AUTO, offer(*devices)) in {DecodedBy.SOFTWARE, *devices}


def test_what_a_site_can_name_are_the_devices() -> None:
    named = {one.value for one in Hardware} - {"auto", "off"}
    assert named == {device.label for device in ALL}
