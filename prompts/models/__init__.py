"""The rows behind the words: businesses, prompts and the record of every change."""

from .audit import AuditEntry, Revision
from .business import Business, PhoneNumber, Platform
from .draft import PromptDraft
from .hours import BusinessHours
from .imported import ImportedRecord
from .membership import Membership
from .profile import CallerProfile, ProfileRecord
from .prompt import Prompt, PromptVersion, Release
from .reading import ReadEntry, ReadHead
from .settings import BusinessSettings
from .token import ApiToken
from .unseen import UnseenRelease

__all__ = [
    "ApiToken",
    "AuditEntry",
    "Business",
    "BusinessHours",
    "BusinessSettings",
    "CallerProfile",
    "ImportedRecord",
    "Membership",
    "PhoneNumber",
    "Platform",
    "ProfileRecord",
    "Prompt",
    "PromptDraft",
    "PromptVersion",
    "ReadEntry",
    "ReadHead",
    "Release",
    "Revision",
    "UnseenRelease",
]
