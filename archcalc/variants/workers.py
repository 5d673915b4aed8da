"""Runs the shards of a sweep on processes of this machine, or on a Dask cluster, in order.

A worker that dies costs time only: its shards are run again.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

from archcalc.variants.sweeping import Runner, Shard, Sweep

AHEAD = 3  # tasks given to each worker before the first is taken back
TASK = 8  # shards in a task: between processes each task costs time, whatever is in it
TRIES = 5  # deaths of workers in a row

# Gives a shard's answer later: what executors and Dask's clients both do.
Submit = Callable[..., Any]


def run(sweep: Sweep, first: int = 0, workers: int = 1, dask: str | None = None) -> Iterator[Shard]:
    """The shards from ``first`` on, in order.

    Raises:
        RuntimeError: where workers die again and again, or there is no Dask.
        OSError: where a cluster does not answer.
    """
    if dask is not None:
        yield from _ahead(sweep, first, lambda: _cluster(dask))
    elif workers == 1:
        runner = Runner(sweep)
        yield from map(runner.shard, range(first, sweep.shards))
    else:
        if first < sweep.shards:  # here, since processes take longer to start
            yield Runner(sweep).shard(first)
        yield from _ahead(sweep, first + 1, lambda: _processes(workers))


def _ahead(
    sweep: Sweep,
    first: int,
    pool: Callable[[], AbstractContextManager[tuple[Submit, int, type[Exception]]]],
) -> Iterator[Shard]:
    """Keeps a bounded number of shards under way, and takes them back in order."""
    deaths = 0
    while first < sweep.shards:
        with pool() as (submit, workers, death):
            waiting: deque[Any] = deque()
            following = first
            try:
                while first < sweep.shards:
                    while following < sweep.shards and len(waiting) < AHEAD * workers:
                        task = range(following, min(following + TASK, sweep.shards))
                        waiting.append(submit(_shards, sweep, task))
                        following = task.stop
                    for shard in waiting.popleft().result():
                        yield shard
                        first, deaths = first + 1, 0
            except death:
                deaths += 1
                if deaths == TRIES:
                    raise RuntimeError(
                        f"workers died {TRIES} times over variants from "
                        f"{next(sweep.indices(first), 0) + 1:,} on"
                    ) from None


_runner: Runner | None = None


def _shards(sweep: Sweep, numbers: range) -> list[Shard]:
    """Some shards, in a worker, which keeps what it knows of the sweep."""
    global _runner
    if _runner is None or _runner.sweep != sweep:
        _runner = Runner(sweep)
    return [_runner.shard(number) for number in numbers]


@contextmanager
def _processes(workers: int) -> Iterator[tuple[Submit, int, type[Exception]]]:
    from concurrent.futures import ProcessPoolExecutor
    from concurrent.futures.process import BrokenProcessPool
    from multiprocessing import get_context

    # A pool for each process: before Python 3.12 a pool that starts its second process while the
    # first one dies may wait for it forever.
    context = get_context("spawn")
    pools = [ProcessPoolExecutor(1, context, initializer=_quiet) for _ in range(workers)]
    given: list[list[Any]] = [[] for _ in pools]

    def submit(*task: Any) -> Any:
        """To the process that has the fewest tasks."""
        for place, tasks in enumerate(given):
            given[place] = [task for task in tasks if not task.done()]
        place = min(range(workers), key=lambda place: len(given[place]))
        given[place].append(pools[place].submit(*task))
        return given[place][-1]

    try:
        yield submit, workers, BrokenProcessPool
    finally:
        for pool in pools:
            pool.shutdown(cancel_futures=True)


def _quiet() -> None:
    """An interrupt is answered by the process that started the workers."""
    import signal

    signal.signal(signal.SIGINT, signal.SIG_IGN)


@contextmanager
def _cluster(address: str) -> Iterator[tuple[Submit, int, type[Exception]]]:
    try:
        from distributed import Client, KilledWorker
    except ImportError:
        raise RuntimeError("--dask needs `pip install 'archcalc[dask]'`") from None
    with Client(address, timeout="10s") as client:
        workers = max(1, sum(client.nthreads().values()))

        def submit(function: Callable[..., Any], *arguments: Any) -> Any:
            return client.submit(function, *arguments, pure=False, retries=TRIES)

        yield submit, workers, KilledWorker
