"""Make a file anew in a bounded process of its own: whoever wrote it may have written it to harm whoever opens it."""

import sys

from e2c_portal.documents.anew import words
from e2c_portal.documents.anew.pdfs import pdf_anew
from e2c_portal.documents.anew.pictures import picture_anew
from e2c_portal.documents.anew.words import REFUSALS, Made, NotMade
from e2c_portal.documents.bounded import FAULTS, bind_this_process, run_bounded
from e2c_portal.kernel.errors import Refused

# The greatest photo that is accepted, on a small machine that does something else meanwhile.
PROCESSOR_SECONDS, PATIENCE_SECONDS = 12, 25
MIMES = ("application/pdf", "image/jpeg", "image/png")


def made_anew(content: bytes) -> Made:
    """Return a photo or a PDF made anew: JPEG, PNG or PDF, known by its content. Raises Refused, saying what to do."""
    try:
        head, _, made = run_bounded("e2c_portal.documents.anew.process", content, PATIENCE_SECONDS).partition(b"\n")
    except FAULTS as error:
        raise Refused(REFUSALS[words.TOO_COMPLEX], code=words.TOO_COMPLEX) from error
    told = head.decode("ascii", "replace")
    if told not in MIMES:
        code = told if told in REFUSALS else words.TOO_COMPLEX
        raise Refused(REFUSALS[code], code=code)
    return Made(told, made)


def make(content: bytes) -> Made:
    """Make a file anew in the present process. Raises NotMade."""
    return pdf_anew(content) if content[:5] == b"%PDF-" else picture_anew(content)


def main() -> None:
    """Read a file on standard input; write its media type or the code of a refusal, then what was made of it."""
    bind_this_process(PROCESSOR_SECONDS)
    try:
        made = make(sys.stdin.buffer.read())
    except NotMade as refusal:
        made = Made(refusal.code, b"")
    except MemoryError:
        made = Made(words.TOO_COMPLEX, b"")
    except Exception:
        made = Made(words.BROKEN, b"")
    sys.stdout.buffer.write(made.mime.encode() + b"\n" + made.content)


if __name__ == "__main__":
    main()
