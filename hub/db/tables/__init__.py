"""The tables. Known time lives on statements (``declaration`` and its like); their detail rows inherit it.

Nothing here is a wire format: the SQLModel classes never appear in an API signature, because a table class
does not validate what it is given. Statements use the tables themselves (``CLAIM`` and its like), because
bulk paths do not pass through objects.
"""

from hub.db.tables.columns import metadata
from hub.db.tables.conflicts import CONFLICT, CONFLICT_EVENT, CONFLICT_SCOPE, CONFLICT_VERSION, SETTLEMENT
from hub.db.tables.decisions import PUBLIC_DOMAIN
from hub.db.tables.details import (
    CLAIM,
    IDENTIFIER,
    MATCH_KEY,
    MENTION,
    PARTY,
    TITLE,
    WORK_REFERENCE,
)
from hub.db.tables.dossiers import DOSSIER
from hub.db.tables.jobs import JOB, REQUEST_KEY
from hub.db.tables.jurisdictions import JURISDICTION_RULE
from hub.db.tables.links import CLUSTER_MEMBER, JUDGEMENT, LEARNED_TABLE
from hub.db.tables.log import API_KEY, DENIAL, EVENT
from hub.db.tables.mandates import MANDATE, WITHDRAWAL, WITHDRAWAL_EVENT
from hub.db.tables.registers import ACCREDITATION, COUNTER, SOCIETY
from hub.db.tables.sessions import (
    ASKED_SIGN_IN,
    SIGN_IN_ATTEMPT,
    USER_ACCOUNT,
    USER_IDENTITY,
    WEB_SESSION,
)
from hub.db.tables.spellings import SPELLING_BLOCK
from hub.db.tables.submissions import BATCHED_MESSAGE, DECLARATION, FINDING, SUBJECT, SUBMISSION
from hub.db.tables.usage import USAGE_SUM
from hub.db.tables.webhooks import WEBHOOK, WEBHOOK_DELIVERY
from schemas.declarations import PARTY_IDENTIFIERS

__all__ = [
    "ACCREDITATION",
    "API_KEY",
    "ASKED_SIGN_IN",
    "BATCHED_MESSAGE",
    "CLAIM",
    "CLUSTER_MEMBER",
    "CONFLICT",
    "CONFLICT_EVENT",
    "CONFLICT_SCOPE",
    "CONFLICT_VERSION",
    "COUNTER",
    "DECLARATION",
    "DENIAL",
    "DOSSIER",
    "EVENT",
    "FINDING",
    "IDENTIFIER",
    "JOB",
    "JUDGEMENT",
    "JURISDICTION_RULE",
    "LEARNED_TABLE",
    "MANDATE",
    "MATCH_KEY",
    "MENTION",
    "PARTY",
    "PARTY_IDENTIFIERS",
    "PUBLIC_DOMAIN",
    "REQUEST_KEY",
    "SETTLEMENT",
    "SIGN_IN_ATTEMPT",
    "SOCIETY",
    "SPELLING_BLOCK",
    "SUBJECT",
    "SUBMISSION",
    "TITLE",
    "USAGE_SUM",
    "USER_ACCOUNT",
    "USER_IDENTITY",
    "WEBHOOK",
    "WEBHOOK_DELIVERY",
    "WEB_SESSION",
    "WITHDRAWAL",
    "WITHDRAWAL_EVENT",
    "WORK_REFERENCE",
    "metadata",
]
