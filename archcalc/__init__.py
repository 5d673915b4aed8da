"""archcalc: exact arithmetic of convolutional networks, from a YAML file, without a framework."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from archcalc.api import Analysis, analyze, check, load, loads, render
    from archcalc.archfile.declaration import Architecture
    from archcalc.diagnostics import Diagnostic, Fault, SpecError
    from archcalc.importing import import_
    from archcalc.network.builder import Builder
    from archcalc.network.layers import LAYERS
    from archcalc.network.network import Network
    from archcalc.network.volume import Volume
    from archcalc.showing import compare, diff, explain, memory
    from archcalc.variants.sizes import sizes
    from archcalc.variants.trying import fit, sweep
    from archcalc.version import __version__

__all__ = [
    "LAYERS",
    "Analysis",
    "Architecture",
    "Builder",
    "Diagnostic",
    "Fault",
    "Network",
    "SpecError",
    "Volume",
    "__version__",
    "analyze",
    "check",
    "compare",
    "diff",
    "explain",
    "fit",
    "import_",
    "load",
    "loads",
    "memory",
    "render",
    "sizes",
    "sweep",
]

_HOME = {
    "Diagnostic": "archcalc.diagnostics",
    "SpecError": "archcalc.diagnostics",
    "Architecture": "archcalc.archfile.declaration",
    "Fault": "archcalc.diagnostics",
    "LAYERS": "archcalc.network.layers",
    "Builder": "archcalc.network.builder",
    "Network": "archcalc.network.network",
    "Volume": "archcalc.network.volume",
    "import_": "archcalc.importing",
    "compare": "archcalc.showing",
    "diff": "archcalc.showing",
    "explain": "archcalc.showing",
    "memory": "archcalc.showing",
    "fit": "archcalc.variants.trying",
    "sizes": "archcalc.variants.sizes",
    "sweep": "archcalc.variants.trying",
    "__version__": "archcalc.version",
}


def __getattr__(name: str) -> Any:
    """Imports a public name when it is first used, so that the command line starts fast."""
    if name not in __all__:
        raise AttributeError(f"module 'archcalc' has no attribute {name!r}")
    from importlib import import_module

    value = getattr(import_module(_HOME.get(name, "archcalc.api")), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
