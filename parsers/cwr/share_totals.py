"""Whether the ownership shares of a registration add up (CWR 2.x NWR transaction edits 4 and 11)."""

from __future__ import annotations

from collections.abc import Sequence

from parsers.cwr.claims import RIGHTS, OpenClaim
from schemas.findings import Finding
from schemas.shares import HUNDREDTH, WHOLE, format_percent

TOLERANCE = 6 * HUNDREDTH
PUBLISHERS_PR_LIMIT = WHOLE // 2


def share_total_findings(
    publishers: Sequence[OpenClaim], writers: Sequence[OpenClaim], number: int, record: str
) -> list[Finding]:
    """Warnings for rights whose shares add up to neither nothing nor the whole, within the tolerance."""
    found: list[Finding] = []
    position = f"line:{number}"
    for place, right in enumerate(RIGHTS):
        of_publishers = sum([claim.ownership[place].share for claim in publishers])
        total = of_publishers + sum([claim.ownership[place].share for claim in writers])
        if total > TOLERANCE and abs(total - WHOLE) > TOLERANCE:
            found.append(Finding("cwr.share_total", position, record, right, format_percent(total)))
        if right == "PR" and of_publishers > PUBLISHERS_PR_LIMIT + TOLERANCE:
            shown = format_percent(of_publishers)
            found.append(Finding("cwr.publisher_share_total", position, record, right, shown))
    return found
