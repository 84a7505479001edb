"""The answer to a verification: frozen facts, and the words for them chosen in one place."""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from e2c_portal.documents.kinds import Standing
from e2c_portal.documents.verification import words


class Outcome(StrEnum):
    """What the check found. Whether the document still holds today is said apart, by its standing."""

    AUTHENTIC = "authentic"  # the very bytes that the portal sealed
    REGISTERED = "registered"  # the code of a sealed document; the copy in hand was not seen
    ALTERED = "altered"
    IN_SIGNATURE = "in_signature"  # one of our documents, whose signatures or seal are still to come
    EARLIER_COPY = "earlier_copy"  # taken while people were signing a document that is sealed since
    WITHDRAWN = "withdrawn"  # given up while it was being signed
    UNREGISTERED = "unregistered"  # our seal, intact, on bytes that the register does not know
    FOREIGN_SEAL = "foreign_seal"
    UNSEALED = "unsealed"
    UNKNOWN_CODE = "unknown_code"
    NOT_A_PDF = "not_a_pdf"
    UNREADABLE = "unreadable"


@dataclass(frozen=True)
class SealStatement:
    """Who sealed, when, and what that moment is worth. `holder` is a legal person, as its certificate names it."""

    holder: str
    sealed_at: datetime | None
    level: str = ""

    @property
    def level_sentence(self) -> str:
        return words.LEVELS.get(self.level, "")


@dataclass(frozen=True)
class Replacement:
    """The sealed document that replaced this one."""

    reference: str
    sealed_at: datetime


@dataclass(frozen=True)
class Verdict:
    """One answer. `on` is the day the standing is told for; `facts` may be shown to whoever holds the code."""

    outcome: Outcome
    on: date
    seal: SealStatement | None = None
    standing: Standing | None = None
    replaced_by: Replacement | None = None
    reference: str = ""
    kind_label: str = ""
    facts: tuple[tuple[str, str], ...] = ()
    cautions: tuple[str, ...] = field(default=())
    # What the inspection of the file said, when the outcome alone does not tell enough.
    detail: str = ""

    @property
    def authentic(self) -> bool:
        """Tell whether the very bytes that were given are those that the portal sealed."""
        return self.outcome is Outcome.AUTHENTIC

    @property
    def found(self) -> bool:
        """Tell whether a sealed document of the register answers to what was given."""
        return self.outcome in (Outcome.AUTHENTIC, Outcome.REGISTERED)

    @property
    def tone(self) -> str:
        """The tone of the interface that goes with the answer; never the only sign."""
        if self.found and self.standing:
            return words.STANDING_TONES.get(self.standing.state, "info")
        return words.TONES[self.outcome]

    @property
    def icon(self) -> str:
        """The icon that goes with the answer; never the only sign."""
        if self.found and self.standing:
            return words.STANDING_ICONS.get(self.standing.state, "badge-check")
        return words.ICONS[self.outcome]

    @property
    def headline(self) -> str:
        """The answer in a few words."""
        head = words.HEADLINES[self.outcome]
        tail = words.STANDING_TAILS.get(self.standing.state, "") if self.found and self.standing else ""
        return f"{head}{tail}"

    @property
    def explanation(self) -> str:
        """What the answer means, in one or two sentences."""
        return self.detail or words.EXPLANATIONS[self.outcome]

    @property
    def next_step(self) -> str:
        """What to do now."""
        if self.found and self.standing:
            return words.STANDING_STEPS.get(self.standing.state, words.STEPS[self.outcome])
        return words.STEPS[self.outcome]
