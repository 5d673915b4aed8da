"""A Darknet .cfg file to a flat graph: one layer a section, read in order."""

from __future__ import annotations

from archcalc.diagnostics import Source
from archcalc.importers.darknet.layers import SECTIONS
from archcalc.importers.darknet.reading import SectionReading
from archcalc.importers.darknet.sections import DarknetSection, sections
from archcalc.importers.graph import Graph, Refused, Unfit
from archcalc.importers.passes import activated
from archcalc.network.volume import Volume
from archcalc.wording import quoted

# Options that say how a network is trained, run or decoded, and change no size.
HARMLESS = frozenset(
    (
        "coord_conv",
        "dontload",
        "dontloadscales",
        "dontsave",
        "flipped",
        "jitter",
        "learning_rate",
        "noise",
        "onlyforward",
        "sharpen",
        "stopbackward",
        "train_only_bn",
    )
)


def read(source: Source, name: str, input: Volume | None = None) -> Graph:
    """The graph of a file.

    Raises:
        Refused: for all that it says and a file of ours cannot.
    """
    first, *rest = sections(source)
    reading = SectionReading(name, input or _input(first))
    for section in rest:
        known = SECTIONS.get(section.name)
        if known is None:
            fact = f"no layer type for [{section.name[:40]}]"
            reading.outputs.append(reading.assembly.refuse(fact, section.where))
            continue
        reading.outputs.append(known(reading, section))
        reading.assembly.reasons += section.mistakes
        for key in sorted(section.unread - HARMLESS):
            fact = f"[{section.name}] has {quoted(key[:40])}, which nothing here reads"
            reading.assembly.refuse(fact, section.options[key][1])
    return activated(reading.assembly.graph(_outputs(reading)))


def _input(section: DarknetSection) -> Volume:
    sizes = [section.whole(key, 0) for key in ("height", "width")]
    channels = section.whole("channels", 3)
    if section.mistakes or 0 in (*sizes, channels):
        fact = "[net] needs height, width and channels"
        raise Refused(section.mistakes or [Unfit(fact, section.where)])
    return Volume(channels, tuple(sizes))


def _outputs(reading: SectionReading) -> list[int]:
    """The heads, or else what comes last."""
    outputs = list(dict.fromkeys(reading.heads))
    if reading.last not in reading.read and reading.last not in outputs:
        outputs.append(reading.last)
    return outputs or [reading.last]
