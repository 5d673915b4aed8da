"""Which layers of one network another has under other names.

A layer was renamed where one with the same values reads the same layers, or is read by the same, or
where it has the same place in a block or group of another name.
"""

from __future__ import annotations

from collections import Counter, defaultdict, deque
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from itertools import islice

from archcalc.analysis.analysis import Analysis, LayerAnalysis

NEAR = 8  # groups of other names that are looked at for one

Layers = Sequence[LayerAnalysis]
Names = Mapping[str, str]
Beside = Callable[[LayerAnalysis, Names], tuple[str, ...]]


def renaming(old: Analysis, new: Analysis) -> dict[str, str]:
    """The new path of each renamed layer, by its old one."""
    before, after = ({layer.name for layer in each.layers} for each in (old, new))
    gone = [layer for layer in old.layers if layer.name not in after]
    come = [layer for layer in new.layers if layer.name not in before]
    names: dict[str, str] = {}
    if gone and come:
        _by_neighbours(names, gone, come, _read, _read)
        _by_blocks(names, gone, come, _prefixes(before), _prefixes(after))
        _by_neighbours(names, gone[::-1], come[::-1], _readers(old), _readers(new))
    return {layer.name: names[layer.name] for layer in gone if layer.name in names}


def _by_neighbours(
    names: dict[str, str], gone: Layers, come: Layers, before: Beside, after: Beside
) -> None:
    """Goes on from layers that are known: what is equal beside the same layers is the same."""
    taken = set(names.values())
    waiting = defaultdict[Hashable, deque[str]](deque)
    for layer in come:
        if layer.name not in taken:
            waiting[layer.layer, layer.activation, after(layer, {})].append(layer.name)
    for layer in gone:
        found = waiting.get((layer.layer, layer.activation, before(layer, names)))
        if found and layer.name not in names:
            names[layer.name] = found.popleft()


def _read(layer: LayerAnalysis, names: Names) -> tuple[str, ...]:
    return tuple([names.get(name, name) for name in layer.inputs])


def _readers(analysis: Analysis) -> Beside:
    readers = defaultdict[str, list[str]](list)
    for layer in analysis.layers:
        for name in layer.inputs:
            readers[name].append(layer.name)
    return lambda layer, names: tuple(sorted(names.get(n, n) for n in readers[layer.name]))


def _by_blocks(
    names: dict[str, str], gone: Layers, come: Layers, before: set[str], after: set[str]
) -> None:
    """Goes on inside of groups that one network has and the other has not."""
    taken = set(names.values())
    others = _groups(come, before)
    free = dict.fromkeys(others)
    for inside in _groups(gone, after).values():
        found = [names[layer.name] for layer in inside.values() if layer.name in names]
        known = Counter(_group(name, before) for name in found)
        likely = [group for group, _ in known.most_common(1)] or list(islice(free, NEAR))
        other = next((one for one in likely if one in free and _fit(inside, others[one])), None)
        if other is None:
            continue
        del free[other]
        for place, layer in inside.items():
            twin = others[other].get(place)
            if twin and layer.name not in names and twin.name not in taken:
                names[layer.name] = twin.name


def _fit(one: Mapping[str, LayerAnalysis], other: Mapping[str, LayerAnalysis]) -> bool:
    """Whether all of one is in the other, by names and types."""
    less, more = sorted((one, other), key=len)
    return all(place in more and more[place].type == less[place].type for place in less)


def _groups(layers: Layers, elsewhere: set[str]) -> dict[str, dict[str, LayerAnalysis]]:
    """Layers by their place in the outermost group that is only here, and no copy of an entry."""
    groups = defaultdict[str, dict[str, LayerAnalysis]](dict)
    for layer in layers:
        path = _group(layer.name, elsewhere)
        if path != layer.name and not path.rpartition(".")[2].isdigit():
            groups[path][layer.name[len(path) :]] = layer
    return groups


def _group(path: str, elsewhere: set[str]) -> str:
    return next((prefix for prefix in _of(path) if prefix not in elsewhere), path)


def _prefixes(paths: set[str]) -> set[str]:
    return {prefix for path in paths for prefix in _of(path)}


def _of(path: str) -> Iterator[str]:
    """``a``, ``a.b`` and ``a.b.c`` of ``a.b.c``."""
    end = path.find(".")
    while end >= 0:
        yield path[:end]
        end = path.find(".", end + 1)
    yield path


def grouped(names: Names, old: Analysis) -> list[tuple[str, str]]:
    """The old and new paths, of a group alone where all that is in it keeps its place there."""
    if not names:
        return []
    size = Counter(prefix for layer in old.layers for prefix in _of(layer.name))
    alike = Counter(way for pair in names.items() for way in _ways(*pair))
    under = Counter(_top(*pair) for pair in names.items())
    found: dict[tuple[str, str], None] = {}
    for pair in names.items():
        ways, top = list(_ways(*pair)), _top(*pair)
        whole = next((way for way in ways if alike[way] == size[way[0]]), pair)
        if whole == ways[0] != pair or top == pair or under[top] < size[top[0]]:
            found[whole] = None
            continue
        found[top] = None
        if pair[0][len(top[0]) :] != pair[1][len(top[1]) :]:
            found[pair] = None
    return list(found)


def _top(old: str, new: str) -> tuple[str, str]:
    """The pair to the first part that is another, of paths of one length."""
    a, b = old.split("."), new.split(".")
    if len(a) != len(b):
        return old, new
    first = next(place for place, part in enumerate(a, 1) if part != b[place - 1])
    return ".".join(a[:first]), ".".join(b[:first])


def _ways(old: str, new: str) -> Iterator[tuple[str, str]]:
    """The pair without the parts at the end that are equal; the shortest first."""
    a, b = old.split("."), new.split(".")
    same = 0
    while same < min(len(a), len(b)) - 1 and a[-1 - same] == b[-1 - same]:
        same += 1
    for cut in range(same, -1, -1):
        yield ".".join(a[: len(a) - cut]), ".".join(b[: len(b) - cut])
