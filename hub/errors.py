"""Everything a use case may refuse, as one tree.

::

    HubError
    ├── UsageError              the request itself is wrong          exit 2, HTTP 400
    │   ├── AmbiguousReference  a reference names more than one thing
    │   ├── NotAcceptable       no such form of the answer           HTTP 406
    │   ├── RepeatedKey         an idempotency key came with other content   HTTP 422
    │   └── IllegalTransition   not in this state, or not by this role       HTTP 409
    ├── UnknownSubject          no such work or recording            exit 1, HTTP 404
    ├── NotFound                no such submission, mandate, ...     exit 1, HTTP 404
    ├── NotAllowed              the caller may not do this           exit 2, HTTP 403
    │   └── PasswordDue         a password that was given out must be changed first
    ├── NotAuthenticated        no valid key                         exit 2, HTTP 401
    ├── TooManyAttempts         signing in failed too often           exit 2, HTTP 429
    ├── TooLarge                over a limit                         exit 2, HTTP 413
    └── Surroundings            database, disk or migration missing  exit 3, HTTP 503
"""

from __future__ import annotations

from typing import ClassVar


class HubError(Exception):
    """A refusal with a code for machines and a sentence for people."""

    code: ClassVar[str] = "error"
    status: ClassVar[int] = 500
    exit_code: ClassVar[int] = 3
    title: ClassVar[str] = "The hub could not do this"

    def __init__(self, detail: str) -> None:
        super().__init__(detail)
        self.detail = detail


class UsageError(HubError):
    """The question or command is wrong in itself; asking again unchanged will not help."""

    code = "usage"
    status = 400
    exit_code = 2
    title = "The request is not valid"


class AmbiguousReference(UsageError):
    """A reference names several things; the detail lists them."""

    code = "ambiguous_reference"
    status = 409
    title = "The reference is ambiguous"


class NotAcceptable(UsageError):
    """The answer has no form that the caller takes, or this installation cannot write it."""

    code = "not_acceptable"
    status = 406
    title = "No such form of the answer"


class IllegalTransition(UsageError):
    """The state does not take this action from this caller; the detail says what it takes."""

    code = "illegal_transition"
    status = 409
    title = "Not possible in this state"


class RepeatedKey(UsageError):
    """An idempotency key came with other content than before."""

    code = "repeated_key"
    status = 422
    title = "The key was used for something else"


class UnknownSubject(HubError):
    """No work or recording is known under this identifier at this known time."""

    code = "unknown_subject"
    status = 404
    exit_code = 1
    title = "Unknown work or recording"


class NotFound(HubError):
    """The named thing does not exist, or the caller may not know that it does."""

    code = "not_found"
    status = 404
    exit_code = 1
    title = "Not found"


class NotAllowed(HubError):
    """The caller is known but may not do this."""

    code = "not_allowed"
    status = 403
    exit_code = 2
    title = "Not allowed"


class PasswordDue(NotAllowed):
    """The operator gave this password out; the person chooses one before anything else."""

    code = "password_due"


class NotAuthenticated(HubError):
    """No key, or one that is unknown, expired or revoked."""

    code = "not_authenticated"
    status = 401
    exit_code = 2
    title = "A valid API key is needed"


class TooManyAttempts(HubError):
    """Signing in failed too often; ``seconds`` is how long to wait."""

    code = "too_many_attempts"
    status = 429
    exit_code = 2
    title = "Too many attempts"

    def __init__(self, detail: str, seconds: int) -> None:
        super().__init__(f"{detail}; try again in {seconds} s")
        self.seconds = seconds


class TooLarge(HubError):
    """More was sent than the hub takes in one go."""

    code = "too_large"
    status = 413
    exit_code = 2
    title = "Too large"


class Surroundings(HubError):
    """The database, the disk or the schema is not as it must be."""

    code = "surroundings"
    status = 503
    exit_code = 3
    title = "The hub's surroundings are not ready"
