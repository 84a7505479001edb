"""Where sealed documents and received files rest: a private folder, or a bucket of an S3-compatible service."""

from pathlib import Path
from typing import Any

from botocore.config import Config

# A service that no longer answers must not hold a page, nor a worker, for the minutes that the library would wait by itself.
# Its checksums of every part are refused by several European services; ours, of the whole file, are read back (documents.storage).
MANNERS = Config(
    connect_timeout=3,
    read_timeout=20,
    retries={"mode": "standard", "total_max_attempts": 2},
    request_checksum_calculation="when_required",
    response_checksum_validation="when_required",
)


def in_a_folder(location: Path | str) -> dict[str, Any]:
    """Return the storage of a folder that only the portal reads."""
    options = {"location": location, "file_permissions_mode": 0o600, "directory_permissions_mode": 0o700}
    return {"BACKEND": "e2c_portal.documents.folder.WholeFilesStorage", "OPTIONS": options}


def in_a_bucket(bucket: str, *, endpoint: str = "", region: str = "") -> dict[str, Any]:
    """Return the storage of a bucket. Who signs in is said by AWS's own variables (AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY)."""
    options = {
        "bucket_name": bucket,
        "endpoint_url": endpoint or None,
        "region_name": region or None,
        "file_overwrite": False,
        "default_acl": None,
        # A service of one's own rarely has a name for each bucket; every one of them answers to the bucket in the path.
        "client_config": MANNERS.merge(Config(s3={"addressing_style": "path" if endpoint else "auto"})),
    }
    return {"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": options}
