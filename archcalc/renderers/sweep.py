"""What became of a sweep: in words, and as a picture of its rows."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from html import escape
from typing import Any

from archcalc.wording import counted, decimal, exact, visible

REASONS = 8
WIDTH, HEIGHT, LEFT, BELOW = 720, 440, 90, 60


def summary(total: int, rows: int, skipped: int, misfits: Any, over: Any, front: int | None) -> str:
    """How many variants there are, and why some have no row."""
    lines = [f"{counted(total, 'variant')}: {counted(rows, 'row')}"]
    if front is not None:
        lines[0] += f", {exact(front)} of them on the Pareto front"
    if skipped:
        lines.append(f"  {exact(skipped)} left out by --where")
    lines += [f"  {exact(times)} over the bound of {name}" for name, times in over.items()]
    ordered = sorted(misfits.items(), key=lambda item: -item[1][0])
    for (rule, layer), (times, variant, said) in ordered[:REASONS]:
        where = f"{visible(layer)}: " if layer else ""
        first = " ".join(f"{name}={value}" for name, value in variant.items())
        lines.append(f"  {exact(times)} {_fail(times)} fit: {rule}, the first at {visible(first)}")
        lines.append(f"    {where}{visible(said)}")
    if len(ordered) > REASONS:
        lines.append(f"  and for {counted(len(ordered) - REASONS, 'further reason')}")
    return "".join(f"{line}\n" for line in lines)


def svg(
    header: Sequence[str], rows: Sequence[tuple[Sequence[str], bool]], names: tuple[str, str]
) -> str:
    """The rows as dots over two columns, and those of the Pareto front as a line of larger ones."""
    columns = [header.index(name) for name in names]
    known = [
        ((Fraction(cells[columns[0]]), Fraction(cells[columns[1]])), is_best)
        for cells, is_best in rows
        if all(cells[column] for column in columns)
    ]
    points = [point for point, _ in known]
    front = [point for point, is_best in known if is_best]
    x_name, y_name = map(escape, names)
    everything = points or [(Fraction(0), Fraction(0))]
    across, up = _Scale([x for x, _ in everything]), _Scale([y for _, y in everything])
    right, bottom = WIDTH - 20, HEIGHT - BELOW

    def place(point: tuple[Fraction, Fraction]) -> tuple[int, int]:
        return (
            LEFT + across.of(point[0], right - LEFT),
            bottom - up.of(point[1], bottom - 20),
        )

    dots = [f'<circle cx="{x}" cy="{y}" r="2"/>' for x, y in dict.fromkeys(map(place, points))]
    best = [place(point) for point in sorted(front)]
    line = " ".join(f"{x},{y}" for x, y in best)
    larger = [f'<circle cx="{x}" cy="{y}" r="4"/>' for x, y in best]
    ticks = [
        f'<text x="{LEFT + across.of(value, right - LEFT)}" y="{bottom + 18}" '
        f'text-anchor="middle">{_written(value)}</text>'
        for value in (across.low, across.high)
    ] + [
        f'<text x="{LEFT - 8}" y="{bottom - up.of(value, bottom - 20) + 4}" '
        f'text-anchor="end">{_written(value)}</text>'
        for value in (up.low, up.high)
    ]
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
        f'aria-label="{y_name} over {x_name} of the variants" font-family="sans-serif" '
        'font-size="12">',
        '<rect width="100%" height="100%" fill="#ffffff"/>',
        f'<path d="M{LEFT} 20V{bottom}H{right}" fill="none" stroke="#57606a"/>',
        f'<g fill="#8c959f">{"".join(dots)}</g>',
        f'<polyline points="{line}" fill="none" stroke="#0969da" stroke-width="1.5"/>',
        f'<g fill="#0969da">{"".join(larger)}</g>',
        f'<g fill="#24292f">{"".join(ticks)}',
        f'<text x="{(LEFT + right) // 2}" y="{HEIGHT - 14}" text-anchor="middle">{x_name}</text>',
        f'<text x="16" y="{(20 + bottom) // 2}" text-anchor="middle" '
        f'transform="rotate(-90 16 {(20 + bottom) // 2})">{y_name}</text></g>',
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _written(value: Fraction) -> str:
    return exact(int(value)) if value.denominator == 1 else decimal(value, 4)


class _Scale:
    """A linear scale in whole pixels."""

    def __init__(self, values: Sequence[Fraction]) -> None:
        self.low, self.high = min(values), max(values)

    def of(self, value: Fraction, pixels: int) -> int:
        span = self.high - self.low
        return int((value - self.low) * pixels / span) if span else pixels // 2


def best(found: Any) -> str:
    """The best variant with its totals, and out of how many."""
    lines = []
    if found.best is None:
        lines.append("no variant is within bounds")
    else:
        width = max(map(len, (*found.best, *found.totals)))
        lines += [f"{name:<{width}}  {visible(value)}" for name, value in found.best.items()]
        lines += [
            f"{name:<{width}}  {'' if value is None else exact(value)}"
            for name, value in found.totals.items()
        ]
    said = f"{exact(found.within)} of {counted(found.tried, 'variant')} within bounds"
    if found.misfits:
        said += f"; {exact(found.misfits)} {_fail(found.misfits)} fit"
    return "".join(f"{line}\n" for line in [*lines, "", said])


def _fail(times: int) -> str:
    return "does not" if times == 1 else "do not"
