"""What a test of faults asks for: a broker and programs of its own, and their end whatever happens."""

import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as portal_settings

from e2c_portal.documents import building
from e2c_portal.kernel import jobs
from e2c_portal.upkeep import incidents_watch
from tests.faults.broker import Broker, publishing_to
from tests.faults.programs import Nursery
from tests.faults.progress import Progress, keep_evidence
from tests.faults.repeats import REPEATS
from tests.faults.site import Site
from tests.faults.workshop import LEASE_SECONDS, Workshop
from tests.harness.documents import storages_in
from tests.harness.worker import database_url
from tests.signing.pacts.registered import registered_pacts


@pytest.fixture(scope="session")
def one_broker(tmp_path_factory: pytest.TempPathFactory) -> Broker:
    """The address of the broker, the same for all these tests: programs are born knowing it."""
    return Broker(tmp_path_factory.mktemp("broker"))


@pytest.fixture(scope="session")
def nursery(
    django_db_setup: None, seal_key: None, one_broker: Broker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Nursery]:
    """Where the programs of these tests are born, on the database of the run."""
    folder = tmp_path_factory.mktemp("nursery")
    own = Nursery(folder, database_url(), one_broker.address, DOCUMENT_CLAIM_LEASE_SECONDS=str(LEASE_SECONDS))
    yield own
    own.close()


@pytest.fixture
def documents_folder(nursery: Nursery, settings: Any) -> Path:
    """Empty the storage that the programs write in, and use it here too."""
    nursery.storage.chmod(0o700)
    shutil.rmtree(nursery.storage)
    nursery.storage.mkdir()
    settings.STORAGES = storages_in(nursery.storage)
    return nursery.storage


@pytest.fixture
def broker(one_broker: Broker) -> Iterator[Broker]:
    """An empty broker that this process publishes to, and that the test may stop."""
    one_broker.forget()
    one_broker.start()
    with publishing_to(one_broker.address):
        yield one_broker
    one_broker.stop()


@pytest.fixture
def idle_workshop(
    transactional_db: None,
    notices: None,
    broker: Broker,
    nursery: Nursery,
    documents_folder: Path,
    tmp_path: Path,
    settings: Any,
) -> Iterator[Workshop]:
    """A worker to start on that broker; this process sweeps with the same short lease."""  # fmt: skip
    settings.DOCUMENT_CLAIM_LEASE = timedelta(seconds=LEASE_SECONDS)
    nursery.want()
    own = Workshop(nursery, tmp_path / "workers.log")
    yield own
    own.kill()


@pytest.fixture
def workshop(idle_workshop: Workshop) -> Workshop:
    """A worker at its work."""
    idle_workshop.start()
    return idle_workshop


@pytest.fixture
def idle_site(
    transactional_db: None,
    notices: None,
    broker: Broker,
    nursery: Nursery,
    documents_folder: Path,
    tmp_path: Path,
    settings: Any,
) -> Iterator[Site]:
    """The pages, to be served as in production on the broker and the database of the test, which knows pacts as they do."""  # fmt: skip
    settings.DOCUMENT_TEMPLATE_DIR = portal_settings.BASE_DIR / "templates" / "documents"
    nursery.want()
    own = Site(nursery, tmp_path / "site.log")
    with registered_pacts(tmp_path / "sms"):
        yield own
    own.kill()


@pytest.fixture
def site(idle_site: Site) -> Site:
    """The pages, served."""
    idle_site.start()
    return idle_site


@pytest.fixture(autouse=True)
def no_grace(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the sweeper send a waiting job at once, and look at faults at each pass."""
    monkeypatch.setattr(jobs, "PUBLISHING_GRACE", timedelta(seconds=1))
    monkeypatch.setattr(incidents_watch, "EVERY_SECONDS", 0)
    assert building  # loaded before the clock of a test starts


def pytest_configure(config: pytest.Config) -> None:
    """Tell the progress of `make faults`, in the process that gathers the reports of the others."""
    if REPEATS > 1 and not hasattr(config, "workerinput"):
        config.pluginmanager.register(Progress(config))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[None]:
    """Keep what tells of a turn: its figures, and its logs when it failed."""
    report: Any = yield
    keep_evidence(item, report)
    return report
