"""What checks of one file under several values of its variables found, as one."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import TypeVar

from archcalc.diagnostics import Diagnostic, Variant
from archcalc.rules import stale_allow
from archcalc.rules.figures import Held
from archcalc.views.findings import Checked
from archcalc.wording import visible

SHOWN = 4

Found = TypeVar("Found", Diagnostic, Held)


def merged(runs: Sequence[tuple[Variant, Checked]]) -> Checked:
    """Each finding and figure once, with the variants in which it is so.

    Suggestions are those of every such variant; they carry no edits unless all variants have the
    finding, since the others were not tried. An entry of ``allow`` that one variant needs is not
    stale.
    """
    variants = [variant for variant, _ in runs]
    findings: dict[Hashable, Diagnostic] = {}
    for variant, checked in runs:
        for found in checked.diagnostics:
            at = found._replace(suggestions=(), fixes=(), allow=None)
            known = findings.get(at, found)
            findings[at] = known._replace(
                variants=(*known.variants, variant),
                suggestions=tuple([s for s in known.suggestions if s in found.suggestions]),
                fixes=tuple([fix for fix in known.fixes if fix in found.fixes]),
            )
    figures: dict[Hashable, Held] = {}
    for variant, checked in runs:
        for held in checked.figures:
            same = figures.get(held, held)
            figures[held] = same._replace(variants=(*same.variants, variant))
    kept = [
        found if len(found.variants) == len(runs) else found._replace(fixes=())
        for found in findings.values()
        if found.rule != stale_allow.ID or len(found.variants) == len(runs)
    ]
    in_order = sorted(kept, key=lambda found: found.span.start if found.span else (0, 0))
    return Checked(
        runs[0][1].source,
        [_named(found, variants) for found in in_order],
        [_named(held, variants) for held in figures.values()],
        max(checked.allowed for _, checked in runs),
        runs[0][1].against,
    )


def _named(found: Found, variants: Sequence[Variant]) -> Found:
    named: Found = found._replace(only_with=_words(found.variants, variants))
    return named


def _words(some: Sequence[Variant], variants: Sequence[Variant]) -> str:
    """``with depth=50``: some of the variants in words; nothing where it is all of them."""
    if len(some) == len(variants):
        return ""
    names = [name for name, _ in variants[0]]
    values = [list(dict.fromkeys(variant[n][1] for variant in some)) for n in range(len(names))]
    every = [len({variant[n][1] for variant in variants}) for n in range(len(names))]
    product = 1
    for chosen in values:
        product *= len(chosen)
    if product == len(some):
        parts = [
            f"{name}={' or '.join(chosen)}"
            for name, chosen, count in zip(names, values, every, strict=True)
            if len(chosen) < count
        ]
        return visible(f"with {' and '.join(parts)}")
    listed = [", ".join(f"{name}={value}" for name, value in variant) for variant in some[:SHOWN]]
    more = f"; and {len(some) - SHOWN:,} more" if len(some) > SHOWN else ""
    return visible(f"with {'; '.join(listed)}{more}")
