"""TwiML as the caller's side reads it: what Twilio is told to do next."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from xml.etree import ElementTree

LONGEST_PARAMETER = 500


@dataclass(frozen=True, slots=True)
class Connect:
    """Open a media stream, and go on with the next verb when the server closes it."""

    url: str
    parameters: Mapping[str, str]
    status_callback: str
    action: str


@dataclass(frozen=True, slots=True)
class Redirect:
    """Ask another address what to do."""

    url: str


@dataclass(frozen=True, slots=True)
class Say:
    """Speak words with a voice of Twilio's."""

    words: str
    language: str
    voice: str


@dataclass(frozen=True, slots=True)
class Dial:
    """Put the caller through."""

    number: str


@dataclass(frozen=True, slots=True)
class Hangup:
    """End the call."""


@dataclass(frozen=True, slots=True)
class Reject:
    """Do not take the call at all."""

    reason: str


@dataclass(frozen=True, slots=True)
class Pause:
    """Wait so many seconds."""

    seconds: float


Verb = Connect | Redirect | Say | Dial | Hangup | Reject | Pause


class TwimlError(Exception):
    """A document that Twilio would not run; the message says why."""


def parse(body: str) -> list[Verb]:
    """Return the verbs of a document in their order."""
    try:
        root = ElementTree.fromstring(body)  # noqa: S314 - from the server under test
    except ElementTree.ParseError as error:
        raise TwimlError(f"The answer is not XML: {error}.") from error
    if root.tag != "Response":
        raise TwimlError(f"The document's root is <{root.tag}> and not <Response>.")
    return [_verb(element) for element in root]


def _verb(element: ElementTree.Element) -> Verb:
    read = _VERBS.get(element.tag)
    if read is None:
        raise TwimlError(f"The simulator does not know the verb <{element.tag}>.")
    return read(element)


def _text(element: ElementTree.Element) -> str:
    return (element.text or "").strip()


def _connect(element: ElementTree.Element) -> Connect:
    stream = element.find("Stream")
    if stream is None or not stream.get("url"):
        raise TwimlError("<Connect> holds no <Stream> with a url.")
    url = stream.get("url", "")
    if "?" in url:
        raise TwimlError("The url of <Stream> has a query, which Twilio drops.")
    parameters = {each.get("name", ""): each.get("value", "") for each in stream.iter("Parameter")}
    if any(len(name) + len(value) >= LONGEST_PARAMETER for name, value in parameters.items()):
        raise TwimlError("A <Parameter> is 500 characters long or longer.")
    return Connect(url, parameters, stream.get("statusCallback", ""), element.get("action", ""))


_VERBS: Mapping[str, Callable[[ElementTree.Element], Verb]] = {
    "Connect": _connect,
    "Redirect": lambda element: Redirect(_text(element)),
    "Say": lambda each: Say(_text(each), each.get("language", ""), each.get("voice", "")),
    "Dial": lambda each: Dial(each.findtext("Number", default=_text(each)).strip()),
    "Hangup": lambda element: Hangup(),
    "Reject": lambda element: Reject(element.get("reason", "rejected")),
    "Pause": lambda element: Pause(float(element.get("length", "1"))),
}
