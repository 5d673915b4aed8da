"""What each section of a Darknet file is in our language.

The sizes are those of Darknet's own code: a convolution's ``pad=1`` is half its size and goes
before ``padding``; a pooling is padded with ``size - 1`` rows in all, of which the smaller half is
in front.
"""

from __future__ import annotations

from collections.abc import Callable

from archcalc.importers.darknet.reading import SectionReading
from archcalc.importers.darknet.sections import DarknetSection
from archcalc.network.network import NOWHERE

HEADS = ("yolo", "region", "detection", "gaussian_yolo", "cost", "iseg")


def _convolutional(reading: SectionReading, section: DarknetSection) -> int:
    size, stride = section.whole("size", 1, 1), section.whole("stride", 1, 1)
    strides = [section.whole(f"stride_{axis}", stride, 1) for axis in "yx"]
    padding = section.whole("padding", 0)
    padding = size // 2 if section.whole("pad", 0) else padding
    dilation = section.whole("dilation", 1, 1)
    if dilation > 1 and 2 * padding != size - 1:
        fact = f"dilation={dilation} with a size of {size} and {padding} rows of padding"
        return reading.assembly.refuse(fact, section.where)
    keys: dict[str, object] = {
        "kernel": size,
        "stride": _per_axis(strides),
        "padding": padding * dilation,
        "dilation": dilation,
    }
    filters, groups = section.whole("filters", 1, 1), section.whole("groups", 1, 1)
    volume = reading.volume(reading.last)
    if volume and 1 < groups == volume.channels and filters % groups == 0:
        return _normalised(
            reading, section, "depthwise_conv", {**keys, "multiplier": filters // groups}
        )
    return _normalised(reading, section, "conv", {"filters": filters, **keys, "groups": groups})


def _normalised(
    reading: SectionReading, section: DarknetSection, type: str, keys: dict[str, object]
) -> int:
    """A layer with weights; the biases of one that is normalised are those of the normalisation."""
    if section.whole("batch_normalize", 0):
        part = "linear" if type == "linear" else "conv"
        index = reading.add(section, type, [reading.last], {**keys, "bias": False}, part)
        index = reading.add(section, "batchnorm", [index], part="bn")
    else:
        index = reading.add(section, type, [reading.last], keys)
    return reading.activated(section, index, "logistic")


def _per_axis(sizes: list[int]) -> object:
    """One number for all axes where they are equal."""
    return sizes[0] if len(set(sizes)) == 1 else tuple(sizes)


def _deconvolutional(reading: SectionReading, section: DarknetSection) -> int:
    size, padding = section.whole("size", 1, 1), section.whole("padding", 0)
    keys: dict[str, object] = {
        "filters": section.whole("filters", 1, 1),
        "kernel": size,
        "stride": section.whole("stride", 1, 1),
        "padding": size // 2 if section.whole("pad", 0) else padding,
    }
    return _normalised(reading, section, "conv_transpose", keys)


def _connected(reading: SectionReading, section: DarknetSection) -> int:
    return _normalised(reading, section, "linear", {"units": section.whole("output", 1, 1)})


def _maxpool(reading: SectionReading, section: DarknetSection) -> int:
    stride = section.whole("stride", 1, 1)
    strides = [section.whole(f"stride_{axis}", stride, 1) for axis in "yx"]
    size = section.whole("size", stride, 1)
    padding = section.whole("padding", size - 1)
    volume = reading.volume(reading.last)
    if volume is None:
        return NOWHERE
    pads = [
        _read_padding(rows, size, step, padding)
        for rows, step in zip(volume.spatial, strides, strict=True)
    ]
    keys: dict[str, object] = {"kernel": size, "padding": tuple(pads)}
    if strides != [size, size]:
        keys["stride"] = _per_axis(strides)
    if len({side for pair in pads for side in pair}) == 1:
        keys["padding"] = pads[0][0]
    return reading.add(section, "maxpool", [reading.last], keys)


def _read_padding(rows: int, size: int, stride: int, padding: int) -> tuple[int, int]:
    """The rows in front of and behind an axis; those behind that no window reads are left out."""
    before = padding // 2
    windows = (rows + padding - size) // stride + 1
    after = max(0, (windows - 1) * stride + size - before - rows)
    if after < before and (rows + 2 * before - size) // stride + 1 == windows:
        after = before
    return before, after


def _avgpool(reading: SectionReading, section: DarknetSection) -> int:
    return reading.add(section, "global_avgpool", [reading.last])


def _crop(reading: SectionReading, section: DarknetSection) -> int:
    volume = reading.volume(reading.last)
    if volume is None:
        return NOWHERE
    sizes = [section.whole("crop_height", 1, 1), section.whole("crop_width", 1, 1)]
    cut = [rows - size for rows, size in zip(volume.spatial, sizes, strict=True)]
    if min(cut) < 0:
        fact = f"a crop of {sizes[0]}x{sizes[1]} from {volume}"
        return reading.assembly.refuse(fact, section.where)
    pairs = tuple((rows // 2, rows - rows // 2) for rows in cut)
    return reading.add(section, "crop", [reading.last], {"crop": pairs})


def _route(reading: SectionReading, section: DarknetSection) -> int:
    numbers = section.list("layers")
    groups, group = section.whole("groups", 1, 1), section.whole("group_id", 0)
    inputs = [reading.output(section, "layers", number) for number in numbers]
    if not inputs or NOWHERE in inputs:
        return NOWHERE
    reading.read.update(inputs)
    if groups > 1:
        inputs = [_slice(reading, section, index, groups, group) for index in inputs]
    return inputs[0] if len(inputs) == 1 else reading.add(section, "concat", inputs)


def _slice(
    reading: SectionReading, section: DarknetSection, index: int, groups: int, group: int
) -> int:
    volume = reading.volume(index)
    if volume is None:
        return NOWHERE
    size, rest = divmod(volume.channels, groups)
    if rest or group >= groups:
        fact = f"group_id={group} of groups={groups} of {volume.channels} channels"
        return reading.assembly.refuse(fact, section.where)
    return reading.add(
        section, "slice", [index], {"start": group * size, "stop": (group + 1) * size}
    )


def _shortcut(reading: SectionReading, section: DarknetSection) -> int:
    if section.text("weights_type", "none") != "none":
        fact = "no layer type for a shortcut with weights"
        return reading.assembly.refuse(fact, section.where)
    others = [reading.output(section, "from", number) for number in section.list("from")]
    inputs = [reading.last, *others]
    volumes = [reading.volume(index) for index in inputs]
    if not others or None in volumes:
        return NOWHERE
    if len(set(volumes)) > 1:
        given = ", ".join(map(str, volumes))
        fact = f"a shortcut of unequal volumes ({given}) adds the channels that they have in common"
        return reading.assembly.refuse(fact, section.where)
    return reading.activated(section, reading.add(section, "add", inputs), "linear")


def _product(reading: SectionReading, section: DarknetSection) -> int:
    numbers = section.list("from")
    others = [reading.output(section, "from", number) for number in numbers]
    if len(others) != 1:
        return NOWHERE
    pair = (
        [others[0], reading.last] if section.name == "scale_channels" else [reading.last, *others]
    )
    return reading.activated(section, reading.add(section, "multiply", pair), "linear")


def _upsample(reading: SectionReading, section: DarknetSection) -> int:
    scale = section.whole("stride", 2, 1)
    return reading.add(section, "upsample", [reading.last], {"scale": scale})


def _reorg(reading: SectionReading, section: DarknetSection) -> int:
    scale = section.whole("stride", 1, 1)
    if section.whole("flatten", 0) or section.whole("extra", 0):
        return reading.assembly.refuse("no layer type for a reorg that flattens", section.where)
    if section.name == "reorg":
        reading.assembly.notes.append(
            f"{section.where}: the reorg of Darknet mixes the elements in another order"
        )
    type = "pixel_shuffle" if section.whole("reverse", 0) else "space_to_depth"
    return reading.add(section, type, [reading.last], {"scale": scale})


def _softmax(reading: SectionReading, section: DarknetSection) -> int:
    if section.whole("groups", 1, 1) > 1 or section.text("tree", ""):
        return reading.assembly.refuse("no layer type for a softmax in groups", section.where)
    return reading.add(section, "softmax", [reading.last])


def _normalization(reading: SectionReading, section: DarknetSection) -> int:
    return reading.add(section, "lrn", [reading.last], {"size": section.whole("size", 5, 1)})


def _head(reading: SectionReading, section: DarknetSection) -> int:
    """The boxes are decoded where they are: no weights, and the same volume."""
    section.unread.clear()
    if section.name != "cost":
        reading.heads.append(reading.last)
    return reading.last


def _dropout(reading: SectionReading, section: DarknetSection) -> int:
    return reading.add(section, "dropout", [reading.last], {"rate": section.share("probability")})


def _simple(type: str) -> Callable[[SectionReading, DarknetSection], int]:
    def add(reading: SectionReading, section: DarknetSection) -> int:
        return reading.add(section, type, [reading.last])

    return add


def _activation(reading: SectionReading, section: DarknetSection) -> int:
    """A row of its own: what it reads may be read by others as it is."""
    name = section.text("activation", "linear")
    meant = reading.meant(section, name)
    return reading.add(section, meant, [reading.last]) if meant else reading.last


SECTIONS: dict[str, Callable[[SectionReading, DarknetSection], int]] = {
    "convolutional": _convolutional,
    "conv": _convolutional,
    "deconvolutional": _deconvolutional,
    "deconv": _deconvolutional,
    "connected": _connected,
    "conn": _connected,
    "maxpool": _maxpool,
    "max": _maxpool,
    "avgpool": _avgpool,
    "avg": _avgpool,
    "crop": _crop,
    "route": _route,
    "shortcut": _shortcut,
    "scale_channels": _product,
    "sam": _product,
    "upsample": _upsample,
    "reorg": _reorg,
    "reorg3d": _reorg,
    "softmax": _softmax,
    "soft": _softmax,
    "normalization": _normalization,
    "lrn": _normalization,
    "l2norm": _simple("l2norm"),
    "batchnorm": _simple("batchnorm"),
    "dropout": _dropout,
    "activation": _activation,
    **dict.fromkeys(HEADS, _head),
}
