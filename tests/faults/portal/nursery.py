"""A process that has loaded the portal once, and becomes its programs: a worker, the web server, the sweeper.

`python -m tests.faults.portal.nursery`, then one line of JSON for each program wanted; it answers with the number of the
process. Loading the portal takes three seconds of processor and forking a tenth of one: a power cut may be tried twenty times.
Each program leads a session of its own, which one signal kills whole.
"""

import ctypes
import json
import os
import signal
import sys
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import django

PR_SET_PDEATHSIG = 1
# The rights by which root writes, then reads, what the rights of a folder forbid.
FOLDER_RIGHTS = (1, 2)
CLONE_NEWNS, CLONE_NEWUSER = 0x00020000, 0x10000000
MS_REC, MS_PRIVATE = 0x4000, 0x40000
LINUX_CAPABILITY_VERSION_3 = 0x20080522


def main() -> None:
    django.setup()
    _load()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    _say("ready")
    for line in sys.stdin:
        wanted = json.loads(line)
        number = os.fork()
        if number == 0:
            _become(**wanted)
        _say(str(number))


def _say(word: str) -> None:
    sys.stdout.write(f"{word}\n")
    sys.stdout.flush()


def _load() -> None:
    """Load what the programs would load: it is there for each of them."""
    from e2c_portal.celery import app  # noqa: PLC0415  the settings are read only now
    from e2c_portal.wsgi import application  # noqa: PLC0415

    app.loader.import_default_modules()
    assert application is not None


def _become(
    command: list[str],
    log: str,
    hours: int = 0,
    obeys_folders: bool = False,
    disks: dict[str, int] | None = None,
    temporary: str = "",
) -> None:
    """Become one program, with its output in a file.

    `hours` moves its clock, `obeys_folders` holds root to their rights. `disks` puts in folders small disks of so many bytes,
    which this program and its children alone see, and which end with it; `temporary` is its folder of temporary files.
    """
    code = 1
    try:
        os.setsid()
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        output = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        for number in (1, 2):
            os.dup2(output, number)
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        if disks:
            _mount(disks)
        if temporary:
            os.environ["TMPDIR"] = tempfile.tempdir = temporary
        if obeys_folders:
            _obey_folders()
        if hours:
            _move_clock(hours)
        code = _run(command)
    except SystemExit as end:
        code = int(end.code or 0)
    except BaseException:
        import traceback  # noqa: PLC0415

        traceback.print_exc()
    finally:
        os._exit(code)


def _run(command: list[str]) -> int:
    program, *arguments = command
    sys.argv = command
    if program == "celery":
        from e2c_portal.celery import app  # noqa: PLC0415

        app.worker_main(["worker", *arguments])
    elif program == "gunicorn":
        from gunicorn.app.wsgiapp import run  # noqa: PLC0415

        run()
    else:
        from django.core.management import execute_from_command_line  # noqa: PLC0415

        execute_from_command_line(["manage.py", *arguments])
    return 0


def _move_clock(hours: int) -> None:
    import time_machine  # noqa: PLC0415

    time_machine.travel(datetime.now(UTC) + timedelta(hours=hours), tick=True).start()


def _mount(disks: dict[str, int]) -> None:
    """Mount a small disk in memory on each of these folders, in a view of the disks that is this program's own.

    Any account may, where the kernel gives it a space of its own. Raises OSError where it does not.
    """
    libc = ctypes.CDLL(None, use_errno=True)
    account, group = os.geteuid(), os.getegid()
    if libc.unshare(CLONE_NEWNS if account == 0 else CLONE_NEWNS | CLONE_NEWUSER) != 0:
        raise OSError(ctypes.get_errno(), "unshare")
    if account != 0:
        Path("/proc/self/setgroups").write_text("deny")
        Path("/proc/self/uid_map").write_text(f"{account} {account} 1")
        Path("/proc/self/gid_map").write_text(f"{group} {group} 1")
    if libc.mount(b"none", b"/", None, MS_REC | MS_PRIVATE, None) != 0:
        raise OSError(ctypes.get_errno(), "mount")
    for folder, size in disks.items():
        options = f"size={size},mode=700".encode()
        if libc.mount(b"tmpfs", folder.encode(), b"tmpfs", 0, options) != 0:
            raise OSError(ctypes.get_errno(), f"mount {folder}")


def _obey_folders() -> None:
    """Give up root's right to read and write where nobody may; an ordinary account has no such right."""
    if os.geteuid() != 0:
        return
    libc = ctypes.CDLL(None, use_errno=True)
    header = (ctypes.c_uint32 * 2)(LINUX_CAPABILITY_VERSION_3, 0)
    sets: Any = (ctypes.c_uint32 * 6)()
    if libc.capget(header, sets) != 0:
        raise OSError(ctypes.get_errno(), "capget")
    for number in range(3):
        for right in FOLDER_RIGHTS:
            sets[number] &= ~(1 << right)
    if libc.capset(header, sets) != 0:
        raise OSError(ctypes.get_errno(), "capset")


if __name__ == "__main__":
    main()
