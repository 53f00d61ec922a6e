"""What can be wrong with an identifier; callers may catch by kind of fault."""


class ValidationError(ValueError):
    """An identifier that is not valid; the message says why."""


class InvalidFormat(ValidationError):
    """It contains what it must not contain."""


class InvalidLength(InvalidFormat):
    """It is too short or too long."""


class InvalidChecksum(ValidationError):
    """Its check digit does not fit the rest."""
