"""Teaches the notice, the pact and the sample messages to these programs, and where they may stop."""

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from django.apps import AppConfig
from django.conf import settings

if TYPE_CHECKING:
    from e2c_portal.documents.models import Document

NOTICE_TEMPLATE = "../../tests/documents/samples/notice"
QUIET = timedelta(seconds=2)


def told(document: "Document") -> None:
    """Be told that a notice is sealed: there is nothing to do, and a place to stop."""


class FaultsConfig(AppConfig):
    name = "tests.faults.portal"
    label = "faults"

    def ready(self) -> None:
        from e2c_portal.documents import kinds  # noqa: PLC0415  models are loaded only now
        from e2c_portal.mailing import message_types, sending, sweeping  # noqa: PLC0415
        from e2c_portal.signing import purposes  # noqa: PLC0415
        from tests.documents.notices.kind import NOTICE  # noqa: PLC0415
        from tests.faults.portal import apps, stops  # noqa: PLC0415
        from tests.mailing.samples import TYPES  # noqa: PLC0415
        from tests.signing.pacts.kind import PACT, PURPOSE  # noqa: PLC0415

        kinds.register(replace(NOTICE, template=NOTICE_TEMPLATE, sealed=lambda document: apps.told(document)))
        kinds.register(PACT)
        purposes.register(PURPOSE)
        for kind in TYPES:
            message_types.register(kind)
        # A service that was mute is left alone for half a minute: for a test, two seconds.
        sending.QUIET = sweeping.QUIET = QUIET
        stops.install(settings.FAULTS_PLACES)
