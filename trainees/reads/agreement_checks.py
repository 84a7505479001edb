"""What prevents an agreement from being put to signature: what the law or the calendar refuses, and who lacks to sign."""

from trainees.models import Internship
from trainees.reads.legality import findings_of
from trainees.reads.signers import signers_missing


def agreement_refusals(internship: Internship, *, sent: bool = False) -> list[str]:
    """Return a sentence for each thing that prevents the signature, with its source; empty when nothing does.

    `sent`: the text is at the signature already and its columns are held: only who signs may have changed.
    """
    if sent:
        return signers_missing(internship)
    findings = findings_of(internship)
    told = [str(finding) for finding in findings]
    return told if any(one.rule == "no_representative" for one in findings) else [*told, *signers_missing(internship)]
