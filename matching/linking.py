"""Temporary."""

from matching.model import Judgement


def recording_to_work(recording, hints, work):
    return Judgement("none", 0, (), "")
