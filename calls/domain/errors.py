"""The family of errors of a call, split by whose fault it is.

CallError
├── PeerError            the other end broke a rule of its protocol
│   ├── BadFrame         Twilio's side; the frame is skipped or the socket ends
│   ├── BadEvent         the model's side; the event is skipped
│   └── BadArguments     the model's side; its tool call is answered with the sentence
└── UnexpectedEvent      our own misuse: a move that the table of phases does not allow
"""


class CallError(Exception):
    """Anything that goes wrong in the core of a call."""


class PeerError(CallError):
    """The other end of a socket broke a rule of its protocol."""


class BadFrame(PeerError):
    """A message on the media socket is not one that Twilio documents."""


class BadEvent(PeerError):
    """An event from the model lacks what its type promises."""


class BadArguments(PeerError):
    """The model called a tool in a way that cannot be carried out; the text is for the model."""


class UnexpectedEvent(CallError):
    """We asked the session for a move that its table of phases does not have."""
