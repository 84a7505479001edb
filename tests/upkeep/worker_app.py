"""Teaches the notice and the pact to a worker started by a test."""

from django.apps import AppConfig


class WorkerConfig(AppConfig):
    name = "tests.upkeep"
    label = "kinds_of_the_tests"

    def ready(self) -> None:
        from e2c_portal.documents import kinds  # noqa: PLC0415  models are loaded only now
        from e2c_portal.signing import purposes  # noqa: PLC0415
        from tests.signing.pacts.kind import PACT, PURPOSE  # noqa: PLC0415
        from tests.upkeep.kinds import NOTICE_BESIDE  # noqa: PLC0415

        kinds.register(PACT)
        kinds.register(NOTICE_BESIDE)
        purposes.register(PURPOSE)
