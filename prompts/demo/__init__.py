"""Three made-up businesses to try the agent with; their ids and numbers are promised elsewhere."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from prompts.domain.kinds import Direction

FOLDER = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class DemoPrompt:
    """The text of one direction, in a file beside this module, and its greeting."""

    file: str
    greeting: str

    @property
    def text(self) -> str:
        """The text of the file."""
        return (FOLDER / f"{self.file}.md").read_text(encoding="utf-8")


@dataclass(frozen=True, slots=True)
class DemoBusiness:
    """One business as the demo needs it."""

    pk: int
    number: str
    fallback_number: str
    details: Mapping[str, object]
    prompts: Mapping[Direction, DemoPrompt]


DEMO = (
    DemoBusiness(
        pk=1,
        number="+15005550101",
        fallback_number="+15005550111",
        details={
            "name": "Harbor Dental",
            "agent_name": "Grace",
            "phone": "212 555 0101",
            "address": "48 Harbor Street, second floor",
            "website": "harbordental.example",
            "language": "en",
            "time_zone": "America/New_York",
        },
        prompts={
            Direction.INBOUND: DemoPrompt(
                "dental_inbound",
                "Thank you for calling {{ business_name }}, this is {{ agent_name }}. "
                "How can I help you today?",
            ),
            Direction.OUTBOUND: DemoPrompt(
                "dental_outbound",
                "Hello, this is {{ agent_name }}, the automated assistant of {{ business_name }}, "
                "calling about your regular check-up. Is this a good moment?",
            ),
        },
    ),
    DemoBusiness(
        pk=2,
        number="+15005550102",
        fallback_number="+15005550112",
        details={
            "name": "Maple Street Bakery",
            "agent_name": "Ben",
            "phone": "503 555 0102",
            "address": "17 Maple Street, on the corner of Third Avenue",
            "website": "maplestreetbakery.example",
            "language": "en",
            "time_zone": "America/Los_Angeles",
        },
        prompts={
            Direction.INBOUND: DemoPrompt(
                "bakery_inbound",
                "Good day, {{ business_name }}, {{ agent_name }} speaking. What can I get for you?",
            ),
        },
    ),
    DemoBusiness(
        pk=3,
        number="+15005550103",
        fallback_number="+15005550113",
        details={
            "name": "מוסך הגליל",
            "agent_name": "נועם",
            "phone": "04-555-0103",
            "address": "רחוב הנפח 12, כרמיאל",
            "website": "galil-garage.example",
            "language": "he",
            "time_zone": "Asia/Jerusalem",
        },
        prompts={
            Direction.INBOUND: DemoPrompt(
                "garage_inbound",
                "שלום, הגעתם אל {{ business_name }}, מדבר {{ agent_name }}. איך אפשר לעזור?",
            ),
        },
    ),
)
