"""Work done in several threads at once, this one among them.

Threads are enough where numpy and rapidfuzz do the work, as they let others run meanwhile. This thread takes
its share and does not wait for the others, because it has memory at hand that each new thread must first get
from the system.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from threading import Lock
from typing import TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")


def side_by_side(work: Callable[[Item], Result], items: Iterable[Item], workers: int) -> list[Result]:
    """What the work makes of each item, in the order of the items.

    Args:
        work: what is done, by so many threads at once.
        items: taken one by one as threads are free, the first by this one; an iterator may make each only
            then.
        workers: threads, this one included.

    >>> side_by_side(abs, iter([-2, 1, 0]), 2)
    [2, 1, 0]
    """
    if workers == 1:
        return list(map(work, items))
    results: dict[int, Result] = {}
    waiting, taking = enumerate(items), Lock()

    def take() -> tuple[int, Item] | None:
        with taking:
            return next(waiting, None)

    def share(taken: tuple[int, Item] | None) -> None:
        while taken is not None:
            place, item = taken
            results[place] = work(item)
            taken = take()

    first = take()
    with ThreadPoolExecutor(workers - 1) as others:
        shares = [others.submit(lambda: share(take())) for _ in range(workers - 1)]
        share(first)
        for other in shares:
            other.result()
    return [results[place] for place in range(len(results))]
