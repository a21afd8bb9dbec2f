"""Short-lived tokens by which the project's own commands speak to the running server."""

from django.core.signing import BadSignature, TimestampSigner

SALT = "voiceagent.command"
CONTENT = "command"
MAX_AGE_SECONDS = 60


def make_command_token() -> str:
    """A token signed by the secret key; good for one minute."""
    return TimestampSigner(salt=SALT).sign(CONTENT)


def is_command_token(token: str) -> bool:
    """Whether ``token`` was made with our secret key within the last minute."""
    try:
        return TimestampSigner(salt=SALT).unsign(token, max_age=MAX_AGE_SECONDS) == CONTENT
    except BadSignature:
        return False
