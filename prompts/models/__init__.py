"""The rows behind the words: businesses, prompts and the record of every change."""

from .audit import AuditEntry, Revision
from .business import Business, PhoneNumber, Platform
from .prompt import Prompt, PromptVersion, Release
from .settings import BusinessSettings

__all__ = [
    "AuditEntry",
    "Business",
    "BusinessSettings",
    "PhoneNumber",
    "Platform",
    "Prompt",
    "PromptVersion",
    "Release",
    "Revision",
]
