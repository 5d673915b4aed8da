"""The instances of blocks, and the copies of groups, in a network: each with those inside it."""

from __future__ import annotations

from archcalc.network.network import Network, Region, RegionKind


class Instance:
    """An instance of a block or a copy of a group, and the instances that it holds in order."""

    def __init__(self, region: Region) -> None:
        self.region = region
        path = region.path.rpartition(".")
        self.name = region.block or path[0].rpartition(".")[2]
        self.inside: list[Instance] = []


def nested(network: Network) -> list[Instance]:
    """The outermost instances. One that is repeated stands for its copies, and is none itself."""
    copies = {region.path for region in network.regions if region.kind is RegionKind.COPY}
    instances = [
        region
        for region in network.regions
        if region.stop > region.start
        and (
            region.kind is RegionKind.COPY
            or (
                region.kind is RegionKind.GROUP
                and region.block
                and f"{region.path}.0" not in copies
            )
        )
    ]
    found: list[Instance] = []
    around: list[Instance] = []
    for region in sorted(instances, key=_around_first):
        instance = Instance(region)
        while around and around[-1].region.stop <= region.start:
            around.pop()
        (around[-1].inside if around else found).append(instance)
        around.append(instance)
    return found


def _around_first(region: Region) -> tuple[int, int, int]:
    return region.start, -region.stop, region.path.count(".")
