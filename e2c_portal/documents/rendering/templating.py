"""A strict template engine: plain frozen values in, HTML out, and no word may be missing."""

from functools import lru_cache
from pathlib import Path
from typing import Any

from django.template import Context, Engine, Template, TemplateDoesNotExist, TemplateSyntaxError
from django.utils.safestring import SafeString

from e2c_portal.documents.rendering.assets import DocumentAssets
from e2c_portal.documents.rendering.errors import (
    RenderingError,
    TemplateFault,
    TemplateMissing,
    UndefinedWord,
    UnsuitableContext,
)

ENTRY = "document.html"
FRENCH_WORDS = "e2c_portal.documents.templatetags.document_words"
# Django tries a key before a method: these three must still reach the methods of a dict in a template loop.
DICT_METHODS = frozenset({"items", "keys", "values"})


class StrictText(str):
    """What the engine prints for an unknown word: printing it raises instead (Django's string_if_invalid hook)."""

    def __contains__(self, key: object) -> bool:
        """Claim to hold the place where Django writes the unknown word, so that it calls `__mod__`."""
        return True

    def __mod__(self, word: object) -> str:
        """Name the unknown word."""
        raise UndefinedWord(str(word))


class Refusals:
    """Remembers the first unknown word: operators of `{% if %}` swallow what their operands raise."""

    def __init__(self) -> None:
        self.first: UndefinedWord | None = None

    def refuse(self, word: str) -> UndefinedWord:
        """Return the error to raise for `word`."""
        refusal = UndefinedWord(word)
        self.first = self.first or refusal
        return refusal


class StrictDict(dict[str, Any]):
    """A rubric of the context: reading a key that it does not hold raises, even inside `{% if %}`."""

    def __init__(self, values: dict[str, Any], path: str, refusals: Refusals) -> None:
        super().__init__(values)
        self._path, self._refusals = path, refusals

    def __missing__(self, key: str) -> Any:
        if key in DICT_METHODS:
            raise KeyError(key)
        raise self._refusals.refuse(f"{self._path}.{key}" if self._path else str(key))


class StrictList(list[Any]):
    """A list of the context: reading past its end raises, even inside `{% if %}`."""

    def __init__(self, values: list[Any], path: str, refusals: Refusals) -> None:
        super().__init__(values)
        self._path, self._refusals = path, refusals

    def __getitem__(self, index: Any) -> Any:
        try:
            return super().__getitem__(index)
        except IndexError as error:
            raise self._refusals.refuse(f"{self._path}.{index}") from error


class StrictContext(Context):
    """A context whose unknown top-level words raise, where Django's own silently tests as false in `{% if %}`."""

    def __init__(self, values: dict[str, Any]) -> None:
        self.refusals = Refusals()
        super().__init__(_strict(values, "", self.refusals), use_l10n=False, use_tz=False)

    def __getitem__(self, key: Any) -> Any:
        """Return the innermost value of `key`. Raises UndefinedWord."""
        for layer in reversed(self.dicts):
            if key in layer:
                return layer[key]
        raise self.refusals.refuse(str(key))


def render_template_to_html(
    kind_folder: str, version: str, context: dict[str, Any], *, assets: DocumentAssets | None = None
) -> str:
    """Return the HTML of template `<kind_folder>/<version>/document.html` filled with plain values.

    `context` holds only dict, list, str, int, float, bool and None, as read back from JSON. Templates may extend or include
    files of their own folder first, then of the whole template folder. Nothing of Django's settings or apps is reachable, and
    numbers print as they are: the caller freezes dates and amounts as French text.

    Raises TemplateMissing, UndefinedWord (naming the word), UnsuitableContext, TemplateFault.
    """
    assets = assets or DocumentAssets.from_settings()
    engine = _engine(assets.templates / kind_folder / version, assets.templates)
    try:
        template = engine.get_template(ENTRY)
    except TemplateDoesNotExist as error:
        raise TemplateMissing(kind_folder, version) from error
    except TemplateSyntaxError as error:
        raise TemplateFault(str(error)) from error
    return _rendered(template, StrictContext(context))


def _rendered(template: Template, context: StrictContext) -> str:
    try:
        html = str(template.render(context))
        if context.refusals.first:
            raise context.refusals.first
        return html
    except RenderingError:
        raise
    except TemplateDoesNotExist as error:
        raise TemplateFault(f"il inclut « {error} », qui n’existe pas.") from error
    except (TemplateSyntaxError, TypeError, ValueError) as error:
        raise TemplateFault(f"{error}") from error


@lru_cache(maxsize=64)
def _engine(folder: Path, root: Path) -> Engine:
    # One engine per template keeps the compiled templates: a stored version never changes.
    return Engine(
        dirs=[str(folder), str(root)],
        autoescape=True,
        string_if_invalid=StrictText("%s"),
        builtins=[FRENCH_WORDS],
        loaders=[("django.template.loaders.cached.Loader", ["django.template.loaders.filesystem.Loader"])],
    )


def _strict(value: Any, path: str, refusals: Refusals) -> Any:
    if isinstance(value, dict):
        if unnamed := [key for key in value if not isinstance(key, str)]:
            raise UnsuitableContext(f"{path}.{unnamed[0]}", type(unnamed[0]).__name__)
        below = f"{path}." if path else ""
        return StrictDict({key: _strict(item, below + key, refusals) for key, item in value.items()}, path, refusals)
    if isinstance(value, list | tuple):
        items = [_strict(item, f"{path}.{index}", refusals) for index, item in enumerate(value)]
        return StrictList(items, path, refusals)
    # Safe strings are refused: a frozen value comes back from JSON unsafe, and must be escaped both times.
    if value is None or (isinstance(value, str | int | float | bool) and not isinstance(value, SafeString)):
        return value
    raise UnsuitableContext(path, type(value).__name__)
