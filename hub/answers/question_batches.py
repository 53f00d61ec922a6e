"""Questions as they come by the thousand, from a call or a file, and what is told of each in its place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from hub.answers.batch import Desk
from hub.answers.question import Question, ask
from hub.errors import HubError
from schemas.json_bytes import kept

TOGETHER = 1_000
"""So many questions are read ahead for at once: what is read takes memory."""

REQUIRED = ("subject", "right", "use", "territory", "on")
OPTIONAL = ("amount", "currency", "policy", "paid_on")


def told(desk: Desk, questions: Sequence[Mapping[str, Any]], policy: str) -> list[bytes]:
    """The answer to each question as JSON, in their order; its error in the place of one that has none.

    ``policy`` is that of questions which name none.
    """
    answers: list[bytes] = []
    for start in range(0, len(questions), TOGETHER):
        part = [_asked(item, policy) for item in questions[start : start + TOGETHER]]
        made = iter(desk.encoded_all([item for item in part if isinstance(item, Question)]))
        answers += [_told(item if isinstance(item, HubError) else next(made)) for item in part]
    return answers


def _asked(item: Mapping[str, Any], policy: str) -> Question | HubError:
    amount, currency, named, paid_on = (item.get(name) or None for name in OPTIONAL)
    try:
        return ask(
            item["subject"], right=item["right"], use=item["use"], territory=item["territory"], on=item["on"],
            amount=amount, currency=currency, policy=named or policy, paid_on=paid_on,
        )  # fmt: skip
    except HubError as fault:
        return fault


def _told(answer: bytes | HubError) -> bytes:
    if isinstance(answer, bytes):
        return answer
    return kept({"error": answer.code, "title": answer.title, "detail": answer.detail})
