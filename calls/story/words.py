"""The exact words that one answer stood under, and how they differ from others."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from calls.domain.callers import caller_number
from calls.models import Call, Turn
from calls.models.choices import Speaker
from calls.proof.texts import ExactText, Piece, exact_texts
from prompts.callers import read_profiles
from prompts.domain.context import call_context
from prompts.domain.difference import Block, compare, fold
from prompts.domain.kinds import Direction, Layer
from prompts.domain.layers import Instructions, compose
from prompts.domain.placeholders import PLACEHOLDER
from prompts.domain.profile import parse_profile
from prompts.domain.unspeakable import Unspeakable
from prompts.models import Prompt, PromptVersion, Release, Revision
from prompts.selectors import read_wording

LOOKED_THROUGH = 50  # releases of the platform, the newest first


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer with the texts it stood under; None where a text was never stored."""

    turn: Turn
    own: ExactText | None  # where it was asked for with a text of its own
    session: ExactText | None


@dataclass(frozen=True, slots=True)
class Difference:
    """One layer against another text of the same layer; no blocks where one of them is gone."""

    layer: str
    blocks: tuple[Block, ...] = ()
    is_same: bool = False


@dataclass(frozen=True, slots=True)
class Origin:
    """The version that a layer was made of, and the move that put it in force."""

    version: PromptVersion
    release: Release | None


def find_answer(call: Call, position: int) -> tuple[Turn | None, Turn | None]:
    """A line of the call, and the answer before it; two queries."""
    turn = call.turns.select_related("prompt_version__prompt").filter(position=position).first()
    before = call.turns.filter(speaker=Speaker.AGENT.value, position__lt=position)
    return turn, before.exclude(fingerprint="").order_by("-position").first()


def with_texts(turns: Iterable[Turn]) -> list[Answer]:
    """These answers with their exact texts; four queries at most."""
    turns = list(turns)
    names = {name for turn in turns for name in (turn.fingerprint, turn.base_fingerprint) if name}
    texts = exact_texts(names)
    return [
        Answer(
            turn,
            own=texts.get(turn.fingerprint) if turn.base_fingerprint else None,
            session=texts.get(session_of(turn)),
        )
        for turn in turns
    ]


def session_of(turn: Turn) -> str:
    """The fingerprint of the session's text, also under an answer with a text of its own."""
    return turn.base_fingerprint or turn.fingerprint


def words_now(call: Call) -> Instructions | None:
    """What this very call would hear if it came now; None where nothing is published."""
    if call.business_id is None:
        return None
    direction = Direction(call.direction)
    wording = read_wording(call.business_id, direction)
    number = caller_number(direction, from_number=call.from_number, to_number=call.to_number)
    known = read_profiles(call.business_id, {number} if number else (), wording.revision)
    caller = parse_profile(known.get(number, ""))
    try:
        context = call_context(wording, began_at=call.started_at, caller=caller)
        return compose(wording, context=context)
    except Unspeakable:
        return None


def layers_of(instructions: Instructions) -> dict[str, str]:
    """The layers of composed instructions by their names."""
    return {part.layer.value: part.text for part in instructions.parts}


def texts_of(pieces: Sequence[Piece]) -> dict[str, str | None]:
    """The layers of a stored text by their names; None for one that was erased."""
    return {piece.layer: piece.text for piece in pieces}


def differences(
    before: Mapping[str, str | None], after: Mapping[str, str | None]
) -> list[Difference]:
    """The way from one text to another, layer by layer."""
    return [difference(layer, before.get(layer), after.get(layer)) for layer in {**before, **after}]


def difference(layer: str, before: str | None, after: str | None) -> Difference:
    """The way from one text of a layer to another."""
    if before is None or after is None:
        return Difference(layer)
    if before == after:
        return Difference(layer, is_same=True)
    return Difference(layer, fold(compare(before, after)))


def origins(call: Call, answer: Answer) -> dict[str, Origin]:
    """Where each layer came from, as far as it is known; three queries."""
    turn, found = answer.turn, {}
    if turn.prompt_version is not None:
        moves = turn.prompt_version.releases.select_related("prompt").order_by("-revision")
        release = moves.filter(revision__lte=turn.revision or 0).first()
        found[Layer.BUSINESS.value] = Origin(turn.prompt_version, release)
    if answer.session is not None:
        platform = _platform_moves(call, turn)
        for piece in answer.session.pieces:
            origin = _made_of(piece, platform)
            if origin is not None:
                found[piece.layer] = origin
    return found


def _platform_moves(call: Call, turn: Turn) -> list[Release]:
    """The platform's releases that the answer may have followed, the newest first."""
    raised = Revision.objects.filter(business=call.business_id, platform_revision__isnull=False)
    newest = raised.filter(number__lte=turn.revision or 0).order_by("-number")
    known = newest.values_list("platform_revision", flat=True).first()
    moves = Release.objects.filter(
        prompt__business=None, revision__lte=max(known or 0, call.started_platform_revision or 0)
    )
    return list(moves.select_related("prompt", "to_version").order_by("-pk")[:LOOKED_THROUGH])


def _made_of(piece: Piece, moves: Iterable[Release]) -> Origin | None:
    """The newest version whose words the layer holds; nothing is guessed where none fits."""
    for move in moves:
        version = move.to_version
        if move.prompt.layer == piece.layer and holds(piece.text or "", version.text):
            return Origin(version, move)
    return None


def holds(text: str, template: str) -> bool:
    """Whether a text can have come of a template: all that no placeholder fills, in its order."""
    place = 0
    for part in PLACEHOLDER.sub("\0", template).split("\0"):
        place = text.find(part, place)
        if place < 0:
            return False
        place += len(part)
    return True


def current_version(turn: Turn) -> PromptVersion | None:
    """The version that is live now where the answer's version belongs."""
    if turn.prompt_version is None:
        return None
    slot = Prompt.objects.select_related("current").get(pk=turn.prompt_version.prompt_id)
    return slot.current
