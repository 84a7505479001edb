"""The notice beside the portal's own documents, as the pact is."""

from dataclasses import replace

from tests.documents.notices.kind import NOTICE

NOTICE_BESIDE = replace(NOTICE, template="../../tests/documents/samples/notice")
