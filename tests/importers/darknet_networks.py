"""Networks as Darknet publishes them, written section by section."""

from __future__ import annotations


def net(size: int) -> str:
    return f"[net]\nbatch=1\nwidth={size}\nheight={size}\nchannels=3\n"


def section(name: str, **options: object) -> str:
    return "".join([f"\n[{name}]\n", *(f"{key}={value}\n" for key, value in options.items())])


def conv(filters: int, size: int, stride: int = 1, activation: str = "leaky") -> str:
    return section(
        "convolutional",
        batch_normalize=1,
        filters=filters,
        size=size,
        stride=stride,
        pad=1,
        activation=activation,
    )


def plain(filters: int, size: int = 1, activation: str = "linear") -> str:
    return section(
        "convolutional", filters=filters, size=size, stride=1, pad=1, activation=activation
    )


def route(*layers: int, **options: int) -> str:
    return section("route", layers=", ".join(map(str, layers)), **options)


def residual(filters: int, between: int, activation: str = "leaky") -> str:
    return (
        conv(between, 1, activation=activation)
        + conv(filters, 3, activation=activation)
        + section("shortcut", **{"from": -3, "activation": "linear"})
    )


YOLO = section("yolo", mask="0,1,2", anchors="10,13, 16,30, 33,23", classes=80, num=9, jitter=".3")
MAXPOOL = section("maxpool", size=2, stride=2)
UPSAMPLE = section("upsample", stride=2)


def body() -> str:
    """Darknet-53 without its classifier: 75 sections, the last at 1/32 of the input."""
    text = conv(32, 3)
    for filters, count in ((64, 1), (128, 2), (256, 8), (512, 8), (1024, 4)):
        text += conv(filters, 3, 2) + residual(filters, filters // 2) * count
    return text


def darknet53() -> str:
    return net(256) + body() + section("avgpool") + plain(1000) + section("softmax", groups=1)


def yolov3() -> str:
    def neck(filters: int) -> str:
        return (conv(filters, 1) + conv(2 * filters, 3)) * 3 + plain(255) + YOLO

    return (
        net(416)
        + body()
        + neck(512)
        + (route(-4) + conv(256, 1) + UPSAMPLE + route(-1, 61) + neck(256))
        + (route(-4) + conv(128, 1) + UPSAMPLE + route(-1, 36) + neck(128))
    )


def yolov3_tiny() -> str:
    text = net(416)
    for filters in (16, 32, 64, 128, 256):
        text += conv(filters, 3) + MAXPOOL
    text += conv(512, 3) + section("maxpool", size=2, stride=1) + conv(1024, 3)
    text += conv(256, 1) + conv(512, 3) + plain(255) + YOLO
    text += route(-4) + conv(128, 1) + UPSAMPLE + route(-1, 8)
    return text + conv(256, 3) + plain(255) + YOLO


def yolov4() -> str:
    def stage(filters: int, count: int) -> str:
        """A stage whose channels part in two; the first keeps all channels in both."""
        half = filters if filters == 64 else filters // 2
        text = conv(filters, 3, 2, "mish") + conv(half, 1, 1, "mish") + route(-2)
        text += conv(half, 1, 1, "mish")
        text += residual(half, half // 2 if filters == 64 else half, "mish") * count
        text += conv(half, 1, 1, "mish") + route(-1, -(3 * count + 4))
        return text + conv(filters, 1, 1, "mish")

    def pool(size: int) -> str:
        return section("maxpool", stride=1, size=size)

    def pairs(filters: int) -> str:
        return (conv(filters, 1) + conv(2 * filters, 3)) * 2 + conv(filters, 1)

    text = net(608) + conv(32, 3, 1, "mish")
    for filters, count in ((64, 1), (128, 2), (256, 8), (512, 8), (1024, 4)):
        text += stage(filters, count)
    text += conv(512, 1) + conv(1024, 3) + conv(512, 1)
    text += pool(5) + route(-2) + pool(9) + route(-4) + pool(13) + route(-1, -3, -5, -6)
    text += conv(512, 1) + conv(1024, 3) + conv(512, 1)
    text += conv(256, 1) + UPSAMPLE + route(85) + conv(256, 1) + route(-1, -3) + pairs(256)
    text += conv(128, 1) + UPSAMPLE + route(54) + conv(128, 1) + route(-1, -3) + pairs(128)
    text += conv(256, 3) + plain(255) + YOLO
    text += route(-4) + conv(256, 3, 2) + route(-1, -16) + pairs(256)
    text += conv(512, 3) + plain(255) + YOLO
    text += route(-4) + conv(512, 3, 2) + route(-1, -37) + pairs(512)
    return text + conv(1024, 3) + plain(255) + YOLO


def vgg16() -> str:
    text = net(224)
    for filters, count in ((64, 2), (128, 2), (256, 3), (512, 3), (512, 3)):
        text += plain(filters, 3, "relu") * count + MAXPOOL
    for _ in range(2):
        text += section("connected", output=4096, activation="relu")
        text += section("dropout", probability=".5")
    return text + section("connected", output=1000, activation="linear") + section("softmax")
