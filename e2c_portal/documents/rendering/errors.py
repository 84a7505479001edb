"""What can go wrong while a document is drawn, told so that staff can act on it."""

from collections.abc import Iterable

from e2c_portal.kernel.errors import PortalError


class RenderingError(PortalError):
    """A document could not be drawn. `reason` is the French sentence shown to staff."""

    code = "rendering"

    @property
    def reason(self) -> str:
        """Return the sentence shown to staff."""
        return self.message


class MissingGlyphs(RenderingError):
    """The fonts of the document cannot print some characters: the file would break PDF/A silently."""

    code = "missing_glyphs"

    def __init__(self, characters: Iterable[str]) -> None:
        self.characters = tuple(sorted(set(characters)))
        named = ", ".join(_named(character) for character in self.characters)
        super().__init__(
            "Le document contient des caractères que ses polices ne savent pas imprimer : "
            f"{named}. Remplacez-les dans la fiche, puis relancez la génération."
        )


class UndefinedWord(RenderingError):
    """The template asks for a word that the frozen context does not hold."""

    code = "undefined_word"

    def __init__(self, word: str) -> None:
        self.word = word
        super().__init__(f"Le gabarit demande « {word} », que les données figées du document ne contiennent pas.")


class UnsuitableContext(RenderingError):
    """The context holds something else than plain values: it could not be frozen as JSON."""

    code = "unsuitable_context"

    def __init__(self, path: str, kind: str) -> None:
        self.path = path
        super().__init__(
            f"La donnée « {path} » est de type {kind} : un document n’accepte que du texte, des nombres, "
            "des listes et des rubriques."
        )


class ForbiddenResource(RenderingError):
    """The document asks for something outside of the portal's own asset folders."""

    code = "forbidden_resource"

    def __init__(self, url: str) -> None:
        self.url = url
        super().__init__(f"Le document demande une ressource interdite : « {_shortened(url)} ».")


class AssetMissing(RenderingError):
    """A font, a picture or a style sheet of the template is not where the template says."""

    code = "asset_missing"

    def __init__(self, url: str) -> None:
        self.url = url
        super().__init__(f"Un fichier du gabarit est introuvable : « {_shortened(url)} ».")


class TemplateMissing(RenderingError):
    """No template is stored for this kind and version."""

    code = "template_missing"

    def __init__(self, kind: str, version: str) -> None:
        super().__init__(f"Le gabarit « {kind} » en version « {version} » est introuvable.")


class TemplateFault(RenderingError):
    """The template breaks a rule of accessible documents, or the engine cannot lay it out."""

    code = "template_fault"

    def __init__(self, detail: str) -> None:
        self.detail = detail
        super().__init__(f"Le gabarit du document est à corriger : {detail}")


def _named(character: str) -> str:
    # Invisible and private-use characters cannot be shown: their code point is what staff can search for.
    codes = " ".join(f"U+{ord(point):04X}" for point in character)
    return f"« {character} » ({codes})" if character.isprintable() else codes


def _shortened(url: str, limit: int = 120) -> str:
    return url if len(url) <= limit else f"{url[:limit]}…"
