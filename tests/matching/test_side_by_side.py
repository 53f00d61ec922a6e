"""Work done side by side: results in order, and no fault lost."""

from threading import Barrier, current_thread

import pytest

from matching.side_by_side import side_by_side


@pytest.mark.parametrize("workers", [1, 2, 5])
def test_results_stand_in_the_order_of_their_items(workers):
    assert side_by_side(lambda number: number * number, iter(range(100)), workers) == [
        n * n for n in range(100)
    ]
    assert side_by_side(abs, [], workers) == []


def test_this_thread_takes_the_first_and_others_work_meanwhile():
    met = Barrier(3, timeout=60)

    def work(item):
        met.wait()
        return item, current_thread()

    found = side_by_side(work, "abc", 3)
    assert [item for item, _ in found] == list("abc")
    assert found[0][1] is current_thread()
    assert len({thread for _, thread in found}) == 3


@pytest.mark.parametrize("workers", [1, 3])
@pytest.mark.parametrize("bad", [0, 7])
def test_a_fault_in_any_thread_is_raised(workers, bad):
    with pytest.raises(ZeroDivisionError):
        side_by_side(lambda number: 1 // (number - bad), range(20), workers)
