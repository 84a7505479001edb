"""A storage service that speaks S3 over HTTP, in this process, with empty buckets on demand."""

from collections.abc import Callable, Iterator
from typing import Any
from uuid import uuid4

import boto3
import pytest
from django.conf import settings as portal_settings
from moto.server import ThreadedMotoServer

from e2c_portal.settings.storages import in_a_bucket

REGION = "eu-west-3"


@pytest.fixture(scope="session")
def s3_service() -> Iterator[str]:
    """Start the service, and give its address."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def in_bucket(s3_service: str, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Callable[[], str]:
    """Return a function that makes an empty bucket, keeps documents there from now on, and gives its name."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "essai")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "essai-secret")

    def move() -> str:
        name = f"documents-{uuid4().hex[:12]}"
        boto3.client("s3", endpoint_url=s3_service, region_name=REGION).create_bucket(
            Bucket=name, CreateBucketConfiguration={"LocationConstraint": REGION}
        )
        kept = in_a_bucket(name, endpoint=s3_service, region=REGION)
        settings.STORAGES = {**portal_settings.STORAGES, "documents": kept}
        return name

    return move
