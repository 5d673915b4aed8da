"""The instances of blocks in a network, each with those inside it."""

from __future__ import annotations

from archcalc.network.network import Network, Region, RegionKind


class Block:
    """An instance of a block, and the instances that it holds in order."""

    def __init__(self, region: Region) -> None:
        self.region = region
        self.name = region.block or ""
        self.inside: list[Block] = []


def nested(network: Network) -> list[Block]:
    """The outermost instances. One that is repeated stands for its copies, and is none itself."""
    copies = {region.path for region in network.regions if region.kind is RegionKind.COPY}
    instances = [
        region
        for region in network.regions
        if region.is_group
        and region.block
        and region.stop > region.start
        and (region.kind is RegionKind.COPY or f"{region.path}.0" not in copies)
    ]
    found: list[Block] = []
    around: list[Block] = []
    for region in sorted(instances, key=lambda region: (region.start, -region.stop)):
        block = Block(region)
        while around and around[-1].region.stop <= region.start:
            around.pop()
        (around[-1].inside if around else found).append(block)
        around.append(block)
    return found
