"""The embedded servers: they answer, keep their data, stop with their launcher however it dies, and give way to the person's own."""

import os
import re
import signal
import time
from pathlib import Path

import psycopg
import pytest
import redis

from dev import unprivileged
from dev.postgres import remove_data, start_postgres
from dev.processes import Supervisor
from tests.launcher.running import clean_environment, parent_of, wait_until_gone

PLAIN_ADDRESSES = {
    "DATABASE_URL": "postgres://quelqu-un@base.invalid/portail",
    "REDIS_URL": "redis://file.invalid:6379/0",
}


def setting(database: psycopg.Connection, name: str) -> str:
    row = database.execute("select current_setting(%s)", [name]).fetchone()
    assert row is not None
    return str(row[0])


def answer_of(queue: redis.Redis, key: str) -> object:
    """Return the value of a key from a server that may be starting again."""
    limit = time.monotonic() + 10
    while True:
        try:
            return queue.get(key)
        except redis.ConnectionError:
            assert time.monotonic() < limit, "the queue did not come back"
            time.sleep(0.1)


def test_both_servers_answer_with_the_locale_of_production(launch):
    launcher = launch("--throwaway").wait_until_ready()
    with psycopg.connect(launcher.address("DATABASE_URL")) as database:
        assert (setting(database, "fsync"), setting(database, "max_connections")) == ("off", "200")
        locale = database.execute(
            "select datlocprovider, datlocale from pg_database where datname = current_database()"
        ).fetchone()
        assert locale == ("b", "C.UTF-8")
        extensions = "unaccent", "pg_trgm", "btree_gist"
        found = database.execute(
            "select count(*) from pg_available_extensions where name = any(%s)", [list(extensions)]
        ).fetchone()
        assert found == (3,)
    assert redis.from_url(launcher.address("REDIS_URL")).ping()


def test_the_queue_refuses_whoever_does_not_know_its_password(launch):
    address = launch("--throwaway").wait_until_ready().address("REDIS_URL")
    stranger = redis.from_url(address[: address.index("//") + 2] + address[address.index("@") + 1 :])
    with pytest.raises(redis.AuthenticationError):
        stranger.ping()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_stopped_launcher_stops_its_servers_and_keeps_the_data(launch, number):
    first = launch().wait_until_ready()
    with psycopg.connect(first.address("DATABASE_URL")) as database:
        assert setting(database, "fsync") == "on"
        database.execute("create table souvenir (mot text); insert into souvenir values ('gardé')")
    redis.from_url(first.address("REDIS_URL")).set("mot", "gardé")
    servers = first.children()
    assert len(servers) >= 2
    assert first.stop(number) == 0
    assert wait_until_gone(servers, seconds=0) == []

    second = launch().wait_until_ready()
    with psycopg.connect(second.address("DATABASE_URL")) as database:
        assert database.execute("select mot from souvenir").fetchone() == ("gardé",)
    assert redis.from_url(second.address("REDIS_URL")).get("mot") == "gardé".encode()


def test_a_killed_launcher_leaves_no_orphan_and_the_next_one_starts(launch):
    first = launch().wait_until_ready()
    servers = first.children()
    assert len(servers) >= 2
    first.stop(signal.SIGKILL)
    assert wait_until_gone(servers) == []
    assert launch().wait_until_ready().stop() == 0


def test_a_killed_server_is_started_again(launch):
    launcher = launch().wait_until_ready()
    queue = redis.from_url(launcher.address("REDIS_URL"))
    number = queue.info("server")["process_id"]
    assert parent_of(number) == launcher.process.pid
    queue.config_set("appendfsync", "always")
    queue.set("travail", "à faire")
    os.kill(number, signal.SIGKILL)
    assert wait_until_gone([number]) == []
    assert answer_of(queue, "travail") == "à faire".encode()


def test_a_second_launcher_on_the_same_folder_is_refused_in_french(launch, tmp_path: Path):
    first = launch().wait_until_ready()
    second = launch()
    assert second.wait_for_end() == 1
    assert f"déjà utilisé par le processus {first.process.pid}" in second.output
    assert "arrêtez-le" in second.output
    with psycopg.connect(first.address("DATABASE_URL")) as database:
        assert database.execute("select 1").fetchone() == (1,)


def test_the_addresses_of_the_person_always_win(launch, tmp_path: Path):
    launcher = launch(**PLAIN_ADDRESSES).wait_until_ready()
    assert {name: launcher.address(name) for name in PLAIN_ADDRESSES} == PLAIN_ADDRESSES
    assert launcher.children() == []
    assert not (tmp_path / "run" / "postgres").exists()
    assert launcher.stop() == 0


def test_a_long_folder_name_does_not_break_the_socket(launch, tmp_path: Path):
    folder = tmp_path / ("dossier-au-nom-très-long-" * 4)
    launcher = launch("--throwaway", folder=folder).wait_until_ready()
    with psycopg.connect(launcher.address("DATABASE_URL")) as database:
        assert database.execute("select 1").fetchone() == (1,)


@pytest.mark.parametrize("namespaces", [True, False])
def test_postgres_never_runs_as_root(monkeypatch, tmp_path, namespaces):
    """Root lends it a user namespace where the kernel grants one, else an ordinary account."""
    if not namespaces:
        monkeypatch.setattr(unprivileged, "user_namespaces_work", lambda account: False)
    supervisor = Supervisor()
    try:
        server = start_postgres(supervisor, tmp_path, clean_environment(), throwaway=True)
        with psycopg.connect(server.url) as database:
            row = database.execute("select pg_read_file('/proc/self/status')").fetchone()
            assert row is not None
            accounts = re.findall(r"^Uid:\s+(\d+)\s+(\d+)", row[0], re.MULTILINE)
            assert accounts
            assert "0" not in accounts[0]
    finally:
        supervisor.stop()
        remove_data(tmp_path)
    assert not unprivileged.displaced_folder(tmp_path / "postgres").exists()
    assert not server.socket_folder.exists()
