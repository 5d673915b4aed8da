"""Sweeps: each row is what a table says of the variant, whoever calculates it."""

from __future__ import annotations

import json
import os
from pathlib import Path
from random import Random

import pytest
from process import run
from variants.small import FILE, OPTIONS, VARY

import archcalc
from archcalc.variants.pareto import Front, Goal
from archcalc.variants.sweeping import VariantRow
from archcalc.variants.trying import sweep


def test_every_row_is_what_an_analysis_says() -> None:
    architecture = archcalc.loads(FILE)
    columns = ["params", "macs", "peak_bytes", "depth"]
    rows = list(sweep(architecture, VARY, columns=columns))
    assert len(rows) == 3 * 3 * 2 * 2  # 19 does not fit
    for row in rows:
        values = {name: row[name] for name in ("width", "blocks", "kernel")}
        totals = archcalc.analyze(architecture, input=row["input"], variables=values).totals
        assert {name: row[name] for name in columns} == {
            name: getattr(totals, name) for name in columns
        }


def test_sums_alone_are_the_same_as_with_all_else() -> None:
    architecture = archcalc.loads(FILE)
    quick = list(sweep(architecture, VARY, columns=["params", "macs", "flops", "buffers"]))
    slow = list(sweep(architecture, VARY, columns=["params", "macs", "flops", "buffers", "depth"]))
    assert quick == [{key: row[key] for key in quick[0]} for row in slow]


def test_shared_weights_count_once() -> None:
    text = """
name: twice
input: 8x8x4
variables: {kernel: 3}
layers:
  - {type: conv, name: first, filters: 4, kernel: $kernel, padding: half}
  - {type: conv, name: second, filters: 4, kernel: $kernel, padding: half, share: first}
"""
    rows = list(sweep(archcalc.loads(text), {"kernel": "1,3"}, columns=["params", "macs"]))
    assert [(row["params"], row["macs"]) for row in rows] == [
        (n * n * 4 * 4 + 4, 2 * 8 * 8 * n * n * 4 * 4) for n in (1, 3)
    ]


def test_a_thousand_variants_of_a_shipped_network_drawn_at_random() -> None:
    architecture = archcalc.load("mobilenet-v2")
    vary = {"width": "0.2..2:0.01", "input": "96..320:32"}
    rows = list(sweep(architecture, vary, sample=60, seed=3))
    assert len(rows) == 60
    for row in Random(0).sample(rows, 20):
        analysis = archcalc.analyze(
            architecture, input=row["input"], variables={"width": row["width"]}
        )
        assert (row["params"], row["macs"]) == (analysis.totals.params, analysis.totals.macs)


def test_bounds_and_conditions_leave_variants_out(folder: Path) -> None:
    every = list(sweep(archcalc.loads(FILE), VARY))
    most = sorted(row["macs"] for row in every)[len(every) // 2]
    bounded = list(sweep(archcalc.loads(FILE), VARY, most={"macs": most}))
    assert bounded == [row for row in every if row["macs"] <= most]
    chosen = list(sweep(archcalc.loads(FILE), VARY, where="width * blocks < 3 and kernel == 3"))
    assert chosen == [
        row
        for row in every
        if float(row["width"]) * int(row["blocks"]) < 3 and row["kernel"] == "3"
    ]


def test_the_file_does_not_depend_on_the_workers(folder: Path) -> None:
    more = ["--vary", "width=1..30", *OPTIONS[2:]]
    for workers in ("1", "2"):
        args = ["-o", f"{workers}.csv", "--workers", workers, "--pareto", "macs,params:max"]
        result = run("sweep", "net.yaml", *more, *args, cwd=folder)
        assert result.status == 0, result.err
        assert "540 variants: 360 rows" in result.err
        assert (
            "180 do not fit: merge-mismatch, the first at width=1 blocks=1 input=19" in result.err
        )
    assert (folder / "1.csv").read_bytes() == (folder / "2.csv").read_bytes()
    assert sorted(os.listdir(folder)) == ["1.csv", "2.csv", "net.yaml"]


def test_formats_have_the_same_rows(folder: Path) -> None:
    run("sweep", "net.yaml", *OPTIONS, "-o", "a.csv", cwd=folder)
    run("sweep", "net.yaml", *OPTIONS, "-o", "a.jsonl", "--pareto", "macs", cwd=folder)
    piped = run("sweep", "net.yaml", *OPTIONS, cwd=folder)
    assert piped.out == (folder / "a.csv").read_text()
    header, *rows = [line.split(",") for line in piped.out.splitlines()]
    records = [json.loads(line) for line in (folder / "a.jsonl").read_text().splitlines()]
    assert [[str(record[name]) for name in header] for record in records] == rows
    assert [record["macs"] for record in records if record["pareto"]] == [
        min(record["macs"] for record in records)
    ]


def test_parquet_has_the_rows_of_csv(folder: Path) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    more = ("--vary", "stem.activation=relu,gelu", "--pareto", "macs,params:max",
            "--columns", "params,macs,largest_batch")  # fmt: skip
    for name in ("a.csv", "a.parquet"):
        result = run("sweep", "net.yaml", *OPTIONS, *more, "-o", name, cwd=folder)
        assert result.status == 0, result.err
    header, *lines = [line.split(",") for line in (folder / "a.csv").read_text().splitlines()]
    table = parquet.read_table(folder / "a.parquet")
    assert table.column_names == header
    kinds = dict(zip(header, map(str, table.schema.types), strict=True))
    assert (kinds["width"], kinds["blocks"]) == ("double", "int64")
    assert (kinds["stem.activation"], kinds["pareto"]) == ("string", "bool")
    read = {"double": float, "int64": int, "string": str, "bool": lambda text: text == "1"}
    assert [list(row.values()) for row in table.to_pylist()] == [
        [read[kinds[name]](cell) if cell else None  # type: ignore[operator]
         for name, cell in zip(header, line, strict=True)]
        for line in lines
    ]  # fmt: skip


def test_parquet_is_refused_at_once_where_it_cannot_be_written(folder: Path) -> None:
    try:
        import pyarrow  # noqa: F401
    except ImportError:
        result = run("sweep", "net.yaml", *OPTIONS, "-o", "a.parquet", cwd=folder)
        assert (result.status, "archcalc[parquet]" in result.err) == (2, True)
        assert os.listdir(folder) == ["net.yaml"]
    else:
        pytest.skip("pyarrow is installed")


def costs(row: VariantRow) -> tuple[int, int]:
    params, macs = row.values
    return params or 0, macs or 0


def test_a_front_is_what_no_row_beats() -> None:
    random = Random(1)
    rows = [
        VariantRow(place, (random.randint(0, 30), random.randint(0, 30))) for place in range(300)
    ]
    front = Front([Goal("params", False), Goal("macs", True)], ["params", "macs"])
    for row in rows:
        front.add(row)

    def beats(a: VariantRow, b: VariantRow) -> bool:
        (p, m), (q, n) = costs(a), costs(b)
        return p <= q and m >= n and ((p, m) != (q, n) or a.place < b.place)

    best = [row for row in rows if not any(beats(other, row) for other in rows if other != row)]
    assert sorted(front.rows) == sorted(best)


@pytest.mark.parametrize(
    ("args", "said"),
    [
        ((), "there is nothing to vary"),
        (("--vary", "widht=1,2"), "did you mean `width`?"),
        (("--vary", "input=axb"), "input"),
        (("--vary", "width=1,2", "--columns", "parms"), "Did you mean `params`?"),
        (("--vary", "width=1,2", "--vary", "depth=1,2"), "there is no variable"),
        (("--vary", "width=1,2", "--max", "macs"), "is not QUANTITY=AMOUNT"),
        (("--vary", "width=1,2", "--max", "macs=lots"), "macs takes a count"),
        (("--vary", "width=1,2", "--where", "width <"), "--where"),
        (("--vary", "width=1,2", "--where", "hight > 1"), "hight"),
        (("--vary", "width=1,2", "--pareto", "macs:best"), "min or its max"),
        (("--vary", "width=1,2", "--svg", "a.svg"), "first two quantities of --pareto"),
        (("--vary", "width=1,2", "--resume"), "file of -o"),
        (("--vary", "width=1,2", "-o", "a.txt"), "the file ends in"),
        (("--vary", "width=1,2", "-o", "net.yaml"), "--force overwrites it"),
    ],
)
def test_wrong_usage(folder: Path, args: tuple[str, ...], said: str) -> None:
    result = run("sweep", "net.yaml", *args, cwd=folder)
    assert (result.status, result.out) == (2, "")
    assert said in result.err


def test_fit_is_the_best_of_all(folder: Path) -> None:
    rows = [row for row in sweep(archcalc.loads(FILE), VARY) if row["macs"] <= 200_000]
    best = max(rows, key=lambda row: row["params"])
    options = ("--max", "macs=200k", "--maximize", "params", "--format", "json")
    result = run("fit", "net.yaml", *OPTIONS, *options, cwd=folder)
    answer = json.loads(result.out)
    assert {**answer["best"], **answer["totals"]} == best
    assert (answer["tried"], answer["within"], answer["misfits"]) == (54, len(rows), 18)
    nothing = run("fit", "net.yaml", *OPTIONS, "--max", "macs=1", "--minimize", "macs", cwd=folder)
    assert (nothing.status, nothing.out.splitlines()[0]) == (1, "no variant is within bounds")
    assert run("fit", "net.yaml", *OPTIONS, cwd=folder).status == 2


def test_memory_of_training_is_calculated_where_it_is_asked_for() -> None:
    asked = ("--vary", "input=224,256", "--columns", "training_peak_bytes,saved_bytes")
    result = run("sweep", "resnet18", *asked)
    assert result.out.splitlines()[1:] == ["224,158063916,22222240", "256,164330796,29011360"]


def test_the_batch_is_that_of_the_file(tmp_path: Path) -> None:
    file = "name: net\ninput: 8x8x3\ntrain: {batch: 4}\nlayers:\n  - {type: linear, units: 2}\n"
    (tmp_path / "net.yaml").write_text(file)
    asked = ("--vary", "input=8", "--columns", "saved_bytes")
    kept = 8 * 8 * 3 * 4
    for given, batch in (((), 4), (("--batch", "3"), 3)):
        result = run("sweep", "net.yaml", *asked, *given, cwd=tmp_path)
        assert result.out.splitlines()[1:] == [f"8,{batch * kept}"]
