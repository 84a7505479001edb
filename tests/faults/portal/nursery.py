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
from datetime import UTC, datetime, timedelta
from typing import Any

import django

PR_SET_PDEATHSIG = 1
CAP_DAC_OVERRIDE = 1
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


def _become(command: list[str], log: str, hours: int = 0, obeys_folders: bool = False) -> None:
    """Become one program, with its output in a file; `hours` moves its clock, `obeys_folders` holds root to their rights."""
    code = 1
    try:
        os.setsid()
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        output = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        for number in (1, 2):
            os.dup2(output, number)
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
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


def _obey_folders() -> None:
    """Give up root's right to write in folders that nobody may write in; an ordinary account has no such right."""
    if os.geteuid() != 0:
        return
    libc = ctypes.CDLL(None, use_errno=True)
    header = (ctypes.c_uint32 * 2)(LINUX_CAPABILITY_VERSION_3, 0)
    sets: Any = (ctypes.c_uint32 * 6)()
    if libc.capget(header, sets) != 0:
        raise OSError(ctypes.get_errno(), "capget")
    for number in range(3):
        sets[number] &= ~(1 << CAP_DAC_OVERRIDE)
    if libc.capset(header, sets) != 0:
        raise OSError(ctypes.get_errno(), "capset")


if __name__ == "__main__":
    main()
