import logging
import signal
import threading

from django.core.management.base import BaseCommand, CommandParser

from e2c_portal.kernel.sweepers import sweep_once

logger = logging.getLogger(__name__)


class Command(BaseCommand):
    help = "Surveille sans passer par la file : travaux à transmettre, documents abandonnés par un ouvrier arrêté."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--interval", type=float, default=3.0, help="secondes entre deux passages")
        parser.add_argument("--once", action="store_true", help="un seul passage")

    def handle(self, *args: object, **options: object) -> None:
        stop = threading.Event()
        if not options["once"]:
            for number in (signal.SIGTERM, signal.SIGINT):
                signal.signal(number, lambda *_: stop.set())
        while True:
            for name, count in sweep_once().items():
                if count:
                    logger.info("sweeper %s: %s mended", name, count)
            if options["once"] or stop.wait(float(str(options["interval"]))):
                return
