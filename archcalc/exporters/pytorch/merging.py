"""Merges, views, changes of size and attention in PyTorch."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from archcalc.exporters.pytorch.line import Line, Site, call, literal, per_axis, unless
from archcalc.exporters.pytorch.windows import Write
from archcalc.network.layers.attention import PackedAttention
from archcalc.network.layers.axes import place_of
from archcalc.network.layers.checks import per_axis as on_axes


def elementwise(sign: str) -> Write:
    def write(site: Site) -> Line:
        """Vectors and single positions get the axes of the others."""
        rank = len(site.shape.output.spatial)
        terms = []
        for at, volume in enumerate(site.shape.inputs):
            missing = rank - len(volume.spatial)
            spread = f"[:, :{', None' * missing}]" if missing else ""
            terms.append(f"{{{at}}}{spread}")
        return Line("", f" {sign} ".join(terms))

    return write


def concat(site: Site) -> Line:
    place = place_of(site.value("axis"), site.read)
    if len(site.shape.inputs) == 1:
        return Line("", "{0}")
    return Line("", f"torch.cat([{{all}}], dim={1 if place is None else place + 2})")


def dropout(site: Site) -> Line:
    return Line(call("nn.Dropout", site.source("rate")))


def flatten(site: Site) -> Line:
    return Line("", "{0}.flatten(1)")


def reshape(site: Site) -> Line:
    volume = site.shape.output
    sizes = ", ".join(map(str, (volume.channels, *volume.spatial)))
    return Line("", f"{{0}}.reshape(-1, {sizes})")


def slice_(site: Site) -> Line:
    place = place_of(site.value("axis"), site.read)
    groups = site.value("groups")
    cut = f"{site.source('start')}:{site.source('stop')}"
    if site.value("step") != 1:
        cut += f":{site.source('step')}"
    if groups > 1:
        return Line("", f"{{0}}.unflatten(1, ({groups}, -1))[:, :, {cut}].flatten(1, 2)")
    before = ":, " * (1 if place is None else place + 2)
    return Line("", f"{{0}}[{before}{cut}]")


MODES = {"zeros": "", "ones": "", "reflect": '"reflect"', "replicate": '"replicate"'}


def pad(site: Site) -> Line:
    layer: Any = site.layer
    reach = layer.reach(site.shape)
    pairs = []
    for at, (size, made) in enumerate(
        zip(site.read.spatial, site.shape.output.spatial, strict=True)
    ):
        before = -reach[at].spans[0][0] if reach else 0
        pairs.append((before, made - size - before))
    if layer.channels:
        pairs.insert(0, layer.channels)
    flat = literal(tuple(size for pair in reversed(pairs) for size in pair))
    value = "1.0" if layer.mode == "ones" else ""
    return Line("", call("F.pad", "{0}", flat, mode=MODES[layer.mode], value=value))


def crop(site: Site) -> Line:
    layer: Any = site.layer
    reach = layer.reach(site.shape)
    sizes = zip(reach, site.read.spatial, site.shape.output.spatial, strict=True)
    if site.likes and all(f.spans[0][0] == (size - made) // 2 for f, size, made in sizes):
        return Line("", "center_crop({0}, {1})", ("center_crop",))
    cuts = []
    for field, made in zip(reach, site.shape.output.spatial, strict=True):
        start = field.spans[0][0]
        cuts.append(f"{start}:{start + made}")
    return Line("", f"{{0}}[:, :, {', '.join(cuts)}]")


def upsample(site: Site) -> Line:
    linear = {1: '"linear"', 2: '"bilinear"', 3: '"trilinear"'}[site.rank]
    mode = "" if site.value("mode") == "nearest" else linear
    if site.value("mode") == "cubic":
        if site.rank != 2:
            raise ValueError("upsample with `mode: cubic` is exported to PyTorch for two axes")
        mode = '"bicubic"'
    if site.value("scale") is not None:
        return Line(call("nn.Upsample", scale_factor=site.source("scale"), mode=mode))
    if site.likes:
        return Line("", call("F.interpolate", "{0}", "{1}.shape[2:]", mode=mode))
    size = per_axis(site.shape.output.spatial)
    return Line(call("nn.Upsample", size, mode=mode))


def pixel_shuffle(site: Site) -> Line:
    if site.rank != 2:
        return Line("", f"pixel_shuffle({{0}}, {site.source('scale')})", ("pixel_shuffle",))
    return Line(call("nn.PixelShuffle", site.source("scale")))


def space_to_depth(site: Site) -> Line:
    if site.rank != 2:
        return Line("", f"space_to_depth({{0}}, {site.source('scale')})", ("space_to_depth",))
    return Line(call("nn.PixelUnshuffle", site.source("scale")))


def channel_shuffle(site: Site) -> Line:
    return Line(call("nn.ChannelShuffle", site.source("groups")))


def transpose(site: Site) -> Line:
    return Line("", "{0}.transpose(1, 2)")


def parameter(site: Site) -> Line:
    volume = site.shape.output
    sizes = ", ".join(map(str, (1, volume.channels, *volume.spatial)))
    return Line(f"nn.Parameter(torch.zeros({sizes}))", "{module}")


def matmul(site: Site) -> Line:
    more = {"transpose": unless(site.source("transpose"), "False")}
    heads = unless(site.source("heads"), "1")
    return Line("", call("matmul", "{0}", "{1}", heads=heads, **more), ("matmul",))


def unsaid(layer: Any) -> Iterator[tuple[str, str]]:
    """The keys of attention that no module here has."""
    for key in ("grid", "symmetric") if layer.type == "attention" else ():
        if getattr(layer, key):
            yield key, f"attention with `{key}: true` is not exported to PyTorch"


def attention(site: Site) -> Line:
    layer: Any = site.layer
    window = "" if layer.window is None else per_axis(layer.sizes(site.read))
    shift = unless(per_axis(on_axes(layer.shift, site.read, "shift")) if site.rank else "0", "0")
    make = call(
        "Attention",
        site.source("heads"),
        kv_heads="" if layer.kv_heads is None else site.source("kv_heads"),
        window=window,
        shift=shift,
        table=literal(layer.sizes(site.read)) if layer.bias_table else "",
        fused="" if not layer.fused else "True",
    )
    packed = isinstance(layer, PackedAttention)
    if packed:
        return Line(make, "{module}.packed({0})", ("Attention",))
    inputs = "{all}" if len(site.shape.inputs) == 3 else "{0}, {0}, {0}"
    return Line(make, f"{{module}}({inputs})", ("Attention",))


WRITERS: dict[str, Write] = {
    "add": elementwise("+"),
    "subtract": elementwise("-"),
    "multiply": elementwise("*"),
    "divide": elementwise("/"),
    "concat": concat,
    "dropout": dropout,
    "flatten": flatten,
    "reshape": reshape,
    "slice": slice_,
    "pad": pad,
    "crop": crop,
    "upsample": upsample,
    "pixel_shuffle": pixel_shuffle,
    "space_to_depth": space_to_depth,
    "channel_shuffle": channel_shuffle,
    "transpose": transpose,
    "parameter": parameter,
    "matmul": matmul,
    "attention": attention,
}
