"""What is made of a file, and why one is refused, in words that say what to do."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Made:
    """A file made anew: its media type and its bytes."""

    mime: str
    content: bytes


class NotMade(Exception):
    """The file is refused; `code` names the sentence of REFUSALS."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


UNKNOWN, BROKEN, HEIC, ANIMATED, TOO_MANY_PIXELS = "unknown", "broken", "heic", "animated", "too_many_pixels"
PROTECTED, TOO_MANY_PAGES, SWOLLEN, TOO_COMPLEX = "protected", "too_many_pages", "swollen", "too_complex"
REFUSALS = {
    UNKNOWN: "Ce fichier n’est ni une photo (JPEG, PNG, WebP) ni un PDF, quel que soit son nom. Prenez une photo, ou "
    "enregistrez votre document en PDF.",
    BROKEN: "Ce fichier est abîmé ou incomplet : il ne s’ouvre pas. Envoyez-le de nouveau, ou reprenez la photo.",
    HEIC: "Cette photo est au format HEIC, que le portail ne lit pas. Sur l’iPhone : Réglages > Appareil photo > Formats > "
    "« Le plus compatible », puis reprenez la photo. Pour une photo déjà prise : enregistrez-la en JPEG, ou envoyez-en une "
    "capture d’écran.",
    ANIMATED: "Cette image est animée : choisissez une photo fixe.",
    TOO_MANY_PIXELS: "Cette image est trop grande pour être ouverte (60 millions de points au plus). Prenez la photo en "
    "qualité normale.",
    PROTECTED: "Ce PDF est protégé par un mot de passe : enregistrez-le sans protection, puis envoyez-le de nouveau.",
    TOO_MANY_PAGES: "Ce PDF compte plus de 50 pages : ne gardez que celles qui montrent votre travail.",
    SWOLLEN: "Ce PDF devient démesuré une fois ouvert : il n’est pas accepté. Imprimez-le en PDF, ou prenez-le en photo.",
    TOO_COMPLEX: "Ce fichier est trop compliqué à ouvrir. Prenez une photo de ce qu’il montre, ou enregistrez-le en PDF.",
}
