"""Every address of the portal with a possible value in each of its places, read from the URL configuration itself."""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.resolvers import RoutePattern
from django.utils.regex_helper import normalize

VALUES = {"int": "1", "slug": "exemple", "str": "exemple", "uuid": str(uuid.UUID(int=1)), "path": "exemple/suite"}


@dataclass(frozen=True)
class Address:
    """One address: how it is written in the configuration, an example of it, and what answers."""

    route: str
    example: str
    callback: Any

    @property
    def is_public(self) -> bool:
        """Say whether the view lets visitors in: LoginRequiredMiddleware asks the same question."""
        return not getattr(self.callback, "login_required", True)


def all_addresses(resolver: URLResolver | None = None, values: dict[str, str] | None = None) -> list[Address]:
    """Return every address, those of the admin and of libraries included. `values` replaces the example of a parameter."""
    return list(_walk(resolver or get_resolver(), "", "/", values or {}))


def _walk(resolver: URLResolver, route: str, example: str, values: dict[str, str]) -> Iterator[Address]:
    for entry in resolver.url_patterns:
        here, sample = route + str(entry.pattern), example + _example(entry, values)
        if isinstance(entry, URLResolver):
            yield from _walk(entry, here, sample, values)
        else:
            yield Address(here, sample, entry.callback)


def _example(entry: URLPattern | URLResolver, values: dict[str, str]) -> str:
    pattern = entry.pattern
    if isinstance(pattern, RoutePattern):
        text = str(pattern)
        for name, converter in pattern.converters.items():
            kind = type(converter).__name__.removesuffix("Converter").lower().replace("string", "str")
            sample = values.get(name) or VALUES[kind]
            text = text.replace(f"<{kind}:{name}>", sample).replace(f"<{name}>", sample)
        return text
    wanted, names = normalize(str(pattern))[0]
    return wanted % {name: values.get(name) or "exemple" for name in names}
