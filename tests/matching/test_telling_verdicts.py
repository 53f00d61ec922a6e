"""What a batch measures only in part says what measuring everything says."""

from itertools import combinations

import pytest

from hub.bench.works_catalogue import made_up
from matching.forms import recording_forms, work_forms
from matching.linking import embodies, recording_to_work
from matching.model import judge_forms, judge_telling
from matching.recordings import RECORDINGS
from matching.works import WORKS


@pytest.mark.parametrize("level", ["easy", "hard"])
def test_judgements_that_say_something_are_the_same_and_the_others_are_left_out(level):
    held = made_up(15, level, 3)
    works = [work_forms(record) for record in held.work_records[:30]]
    recordings = [recording_forms(record) for record, _ in held.recordings[:20]]
    said = left_out = 0
    for model, forms in ((WORKS, works), (RECORDINGS, recordings)):
        for left, right in combinations(forms, 2):
            whole, told = judge_forms(left, right, model), judge_telling(left, right, model)
            assert told == (None if whole.verdict == "none" else whole)
            said, left_out = said + (told is not None), left_out + (told is None)
    assert said > 10
    assert left_out > 100


def test_a_recording_and_a_work_are_judged_the_same_when_they_are_prepared_before():
    held = made_up(15, "middle", 3)
    said = 0
    for record, hints in held.recordings[:20]:
        for work in held.work_records:
            whole = recording_to_work(record, hints, work)
            told = embodies(recording_forms(record), hints, work_forms(work))
            assert told == (None if whole.verdict == "none" else whole)
            said += told is not None
    assert said > 5
