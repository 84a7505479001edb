"""Teaches the notice to a process started by the tests."""

from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "tests.documents.notices"
    label = "notices"

    def ready(self) -> None:
        from e2c_portal.documents.kinds import register  # noqa: PLC0415  models are loaded only now
        from tests.documents.notices.kind import NOTICE  # noqa: PLC0415

        register(NOTICE)
