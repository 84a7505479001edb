"""A worker of its own process, for one message: `python -m tests.mailing.one_worker <id>`. It may be killed at will."""

import sys
from pathlib import Path

import django


def main(mail_id: int) -> None:
    django.setup()
    from django.template import engines  # noqa: PLC0415  the settings are read only now

    from e2c_portal.mailing import message_types, sending  # noqa: PLC0415
    from tests.mailing.samples import TYPES  # noqa: PLC0415

    engines["django"].engine.dirs.append(Path(__file__).parent / "templates")
    for kind in TYPES:
        message_types.register(kind)
    sys.exit(0 if sending.send_mail(mail_id) else 3)


if __name__ == "__main__":
    main(int(sys.argv[1]))
