"""Templates that print nothing: the walk asks who is let in, and rendering thousands of pages would take minutes."""

from collections import deque
from typing import Any

from django.template.backends.base import BaseEngine

# What the last pages were given, for who looks at their forms (test_refused_forms.py).
shown: deque[Any] = deque(maxlen=10)


class BlankTemplate:
    """Any template, without its words."""

    def __init__(self, name: str) -> None:
        self.name, self.template = name, self

    def render(self, context: Any = None, request: Any = None) -> str:
        # A piece drawn by a tag of a library is no page.
        if isinstance(context, dict):
            shown.append(context)
        return ""


class BlankTemplates(BaseEngine):
    """Answer for every name."""

    app_dirname = "templates"

    def __init__(self, params: dict[str, Any]) -> None:
        params.pop("OPTIONS", None)
        super().__init__(params)

    def get_template(self, template_name: str) -> BlankTemplate:
        return BlankTemplate(template_name)

    def from_string(self, template_code: str) -> BlankTemplate:
        return BlankTemplate("")
