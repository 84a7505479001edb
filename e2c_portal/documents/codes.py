"""Short verification codes: printed on paper, typed by hand, hard to guess.

Ten letters of an alphabet of 30 without 0/O, 1/I/L or U/V look-alikes: 30**10 codes. They are references, not
secrets: whoever holds the paper reads them.
"""

import re
import secrets

ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 10
# What people type for a letter that the alphabet leaves out.
LOOKALIKES = str.maketrans({"U": "V"})


def new_code() -> str:
    """Return a fresh code of ten letters, from the system's cryptographic source."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def printed(code: str) -> str:
    """Return the code as it is printed: XXXXX-XXXXX."""
    return f"{code[:5]}-{code[5:]}"


def normalised(typed: str) -> str | None:
    """Return the code meant by what somebody typed (case, spaces and dashes aside), None if it cannot be one."""
    code = re.sub(r"[\s\-–—.]", "", typed).upper().translate(LOOKALIKES)
    if len(code) == LENGTH and all(letter in ALPHABET for letter in code):
        return code
    return None
