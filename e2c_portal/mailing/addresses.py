"""Addresses and phone numbers: checked before anything is written, hashed where only their likeness matters."""

import hashlib
import re
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from e2c_portal.kernel.errors import Refused

CONTROL = re.compile(r"[\x00-\x1f\x7f\u0085\u2028\u2029]")
INTERNATIONAL = re.compile(r"^\+[1-9][0-9]{7,14}$")
# In France and its departments overseas, only these beginnings belong to mobile phones.
FRENCH_MOBILE = re.compile(r"^\+33[67][0-9]{8}$|^\+(?:590|594|596|262)6[0-9]{8}$|^\+262[67][0-9]{8}$")
FRENCH_CODES = ("+33", "+590", "+594", "+596", "+262")
NAME_LIMIT = 200


@dataclass(frozen=True)
class Recipient:
    """Who receives an e-mail. `reply_to` is where the answers go, when somebody follows the matter."""

    email: str
    name: str = ""
    reply_to: str = ""


def checked(recipient: Recipient) -> Recipient:
    """Return the recipient ready to be written. Raises Refused for an impossible address or a name that forges headers."""
    name = one_line(recipient.name, "Le nom du destinataire").strip()
    if len(name) > NAME_LIMIT:
        raise Refused(f"Le nom du destinataire est trop long : {NAME_LIMIT} caractères au plus.", code="name_too_long")
    reply_to = checked_email(recipient.reply_to) if recipient.reply_to else ""
    return Recipient(checked_email(recipient.email), name, reply_to)


def checked_email(email: str) -> str:
    """Return the address without its outer spaces. Raises Refused when no message could go there."""
    email = email.strip()
    try:
        validate_email(email)
    except ValidationError:
        raise Refused(
            "Cette adresse électronique n’est pas valable : elle s’écrit comme nom@domaine.fr", code="bad_address"
        ) from None
    return one_line(email, "L’adresse électronique")


def one_line(text: str, what: str) -> str:
    """Return the text as it is. Raises Refused when it holds a line break or another control character.

    A line break in a header would start another header, written by whoever typed the text.
    """
    if CONTROL.search(text):
        raise Refused(f"{what} contient un retour à la ligne ou un caractère interdit.", code="header_injection")
    return text


def checked_phone(phone: str) -> str:
    """Return the number as +33612345678. Raises Refused unless it can receive text messages.

    A number without a country is French. Lines that receive none (fixed, special) are refused for France only: other
    countries do not tell them apart by their beginning.
    """
    digits = re.sub(r"[\s.\-–()/\u00a0\u202f]", "", phone)
    digits = re.sub(r"^00", "+", digits)
    if re.fullmatch(r"0[1-9][0-9]{8}", digits):
        digits = "+33" + digits[1:]
    digits = re.sub(r"^\+330", "+33", digits)
    if not INTERNATIONAL.match(digits):
        raise Refused("Ce numéro de téléphone n’est pas valable : il s’écrit comme 06 12 34 56 78.", code="bad_phone")
    if digits.startswith(FRENCH_CODES) and not FRENCH_MOBILE.match(digits):
        raise Refused(
            "Ce numéro ne reçoit pas de messages texte : indiquez un numéro de mobile (06 ou 07).", code="not_mobile"
        )
    return digits


def address_sha256(email: str) -> str:
    """Return what stands for an address in the preferences, whatever its case."""
    return hashlib.sha256(f"mailing:{email.strip().lower()}".encode()).hexdigest()
