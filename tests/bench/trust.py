"""The services of trust of a run: seal, time-stamps and list of revoked certificates, so that documents are sealed at B-LT.

`python -m tests.bench.trust FOLDER` makes them, answers time-stamp requests over HTTP, and writes where in FOLDER/environment.json.
"""

import json
import sys
import threading
from pathlib import Path

from tests.documents.authority_scene import PASSPHRASE, TrustService, serving

ENVIRONMENT = "environment.json"


def main(folder: Path) -> None:
    """Serve until the process is stopped."""
    folder.mkdir(parents=True, exist_ok=True)
    service = TrustService(folder)
    with serving(service):
        seal = service.settings(timestamps=True, revocation="files")
        told = {
            "SEAL_PKCS12": str(seal.pkcs12), "SEAL_PKCS12_PASSPHRASE": PASSPHRASE, "SEAL_TSA_URL": seal.tsa_url,
            "SEAL_TRUST_ROOTS": str(seal.trust_roots[0]), "SEAL_CRL_FILES": str(seal.crl_files[0]),
        }  # fmt: skip
        draft = folder / "draft.json"
        draft.write_text(json.dumps(told), encoding="utf-8")
        draft.rename(folder / ENVIRONMENT)
        threading.Event().wait()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
