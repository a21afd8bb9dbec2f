"""What staff call the actions and the things that the audit names."""

from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from prompts.admin.pages.versions import slot_title
from prompts.domain.kinds import Direction
from prompts.models import Prompt
from prompts.services.reads import Look

ACTIONS = {
    "business.created": _("Business added"),
    "business.changed": _("Details changed"),
    "number.added": _("Phone number added"),
    "number.removed": _("Phone number removed"),
    "settings.changed": _("Settings changed"),
    "agent.paused": _("Agent paused"),
    "agent.resumed": _("Agent resumed"),
    "hours.changed": _("Opening hours changed"),
    "profile.changed": _("Caller's profile changed"),
    "profile.erased": _("Caller erased"),
    "account.created": _("Account made"),
    "account.changed": _("Account changed"),
    "account.deleted": _("Account deleted"),
    "account.password_set": _("Password chosen"),
    "person.invited": _("Person invited"),
    "role.given": _("Role given"),
    "role.taken": _("Role taken away"),
    "token.created": _("API token made"),
    "token.revoked": _("API token revoked"),
    "prompt.published": _("Prompt published"),
    "prompt.restored": _("Prompt restored"),
    "prompt.taken_back": _("Prompt taken back"),
    "prompt.imported": _("Prompt imported"),
    "prompt.offered": _("Old prompt offered, not published"),
    "prompt.stored": _("WhatsApp text stored"),
    "freshness.checked": _("Freshness checked"),
    "platform.published": _("Platform prompt published"),
    "note.written": _("Note written at a call"),
    "note.corrected": _("Note at a call corrected"),
    "note.removed": _("Note at a call removed"),
    "tag.added": _("Tag added to a call"),
    "tag.removed": _("Tag taken from a call"),
    "platform.restored": _("Platform prompt restored"),
    "platform.taken_back": _("Platform prompt taken back"),
}
LOOKS = {
    Look.PROFILE.value: _("Caller's profile read"),
    Look.CALLERS.value: _("List of callers read"),
    Look.TRANSCRIPT.value: _("Call and its transcript read"),
    Look.CALL_DOWNLOADED.value: _("Call downloaded"),
    Look.WORDS_FOUND.value: _("Words found in transcripts"),
    Look.EXPORT.value: _("Audit exported"),
}
THINGS = {
    "prompt": _("Prompt"),
    "business": _("Details"),
    "businesssettings": _("Settings"),
    "phonenumber": _("Phone number"),
    "businesshours": _("Opening hours"),
    "callerprofile": _("Caller's profile"),
    "user": _("Account"),
    "membership": _("Role"),
    "apitoken": _("API token"),
    "call": _("Call"),
}
SEEN = {
    "callerprofile": _("Caller's profile"),
    "business": _("List of callers"),
    "call": _("Call"),
    "auditentry": _("Audit"),
    "readentry": _("Reads"),
}


def slot_name(slot: Prompt) -> str:
    """A slot in one phrase."""
    if slot.business_id is None:
        return capfirst(slot_title(slot))
    names = {Direction.INBOUND: _("Inbound prompt"), Direction.OUTBOUND: _("Outbound prompt")}
    return str(names[Direction(slot.direction)])
