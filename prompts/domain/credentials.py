"""Keys and passwords that somebody pasted into a text, known by their shapes."""

import re

# Letters of other scripts may stand right before a key, so a border is no `\b`.
EDGE = r"(?<![A-Za-z0-9_-])"
SHAPES = {
    "OpenAI": rf"{EDGE}sk-[A-Za-z0-9_-]{{20,}}",
    "Twilio": rf"{EDGE}(?:SK|AC)[0-9a-f]{{32}}(?![0-9a-f])",
    "AWS": rf"{EDGE}(?:AKIA|ASIA)[0-9A-Z]{{16}}(?![0-9A-Z])",
    "Google": rf"{EDGE}AIza[0-9A-Za-z_-]{{35}}",
    "GitHub": rf"{EDGE}(?:gh[pousr]_[A-Za-z0-9]{{36,}}|github_pat_[A-Za-z0-9_]{{40,}})",
    "Slack": rf"{EDGE}xox[abposr]-[A-Za-z0-9-]{{10,}}",
    "Stripe": rf"{EDGE}(?:sk|rk)_(?:live|test)_[A-Za-z0-9]{{16,}}",
    "SendGrid": rf"{EDGE}SG\.[A-Za-z0-9_-]{{16,}}\.[A-Za-z0-9_-]{{16,}}",
    "JSON Web Token": rf"{EDGE}eyJ[A-Za-z0-9_-]{{8,}}\.eyJ[A-Za-z0-9_-]{{8,}}\.[A-Za-z0-9_-]*",
    "private key": (r"-----BEGIN [A-Z ]*PRIVATE KEY-----(?:.*?-----END [A-Z ]*PRIVATE KEY-----)?"),
    "address with a password": r"(?<![a-z0-9+.-])[a-z0-9+.-]++://[^\s:/@]+:[^\s/@]+@[^\s]+",
    "bearer token": r"(?i:bearer)\s+[A-Za-z0-9._~+/-]{24,}=*",
}
PATTERNS = {name: re.compile(shape, re.DOTALL) for name, shape in SHAPES.items()}


def find_credentials(text: str) -> dict[str, str]:
    """What looks like a secret, each with the kind that it looks like."""
    found: dict[str, str] = {}
    for name, pattern in PATTERNS.items():
        for match in pattern.finditer(text):
            if not any(match[0] in known for known in found):
                found[match[0]] = name
    return found


def masked(secret: str) -> str:
    """Enough of a secret to find it by, never the whole."""
    return f"{secret[:6]}…"
