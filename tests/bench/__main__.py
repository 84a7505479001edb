"""`python -m tests.bench`: measure what is asked for and print it. Called by `make bench` (dev/bench.py), on servers of its own."""

import argparse
import os
import secrets
import sys
from collections.abc import Callable, Iterator, Sequence
from time import monotonic

from tests.bench.figures import CannotMeasure, Figure, complain, note, publish


def options_of(arguments: Sequence[str], groups: Sequence[str]) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="make bench", description="Mesure les vitesses du portail.")
    parser.add_argument("--only", action="append", choices=groups, help="mesurer cette partie seulement (répétable)")
    parser.add_argument("--quick", action="store_true", help="essai de la commande : les chiffres n’ont pas de sens")
    parser.add_argument("--migrated", default="", help="base déjà migrée dont partir, au lieu de migrer (essais)")
    parser.add_argument(
        "--keep",
        action="store_true",
        help="laisser les bases sur le serveur de DATABASE_URL, pour y chercher une lenteur",
    )
    return parser.parse_args(arguments)


def main(arguments: Sequence[str]) -> int:
    """Measure. Returns 0 when every figure promised was printed."""
    if "--quick" in arguments:
        os.environ["BENCH_PLAIN_FILES"] = "1"
    # Its own queue and its own cache: two runs side by side do not take each other's jobs.
    os.environ["BENCH_MARK"] = secrets.token_hex(3)
    import django  # noqa: PLC0415  its settings read what was just said

    django.setup()
    from tests.bench.measures import MEASURES  # noqa: PLC0415  these read models
    from tests.bench.scene import QUICK, Scene, Sizes  # noqa: PLC0415

    options = options_of(arguments, list(MEASURES))
    chosen = {name: MEASURES[name] for name in options.only or MEASURES}
    scene = Scene(QUICK if options.quick else Sizes(), options.migrated, keep=options.keep)
    missing: list[str] = []
    try:
        scene.opened()
        for name, measure in chosen.items():
            began = monotonic()
            missing += printed(name, measure.names(), lambda measure=measure: measure.figures(scene))
            note(f"{name} : {monotonic() - began:.0f} s")
    except CannotMeasure as why:
        complain(f"{why} Rien n’a été mesuré.")
        missing = [name for measure in chosen.values() for name in measure.names()]
    finally:
        scene.take_down()
    if missing:
        complain(f"{len(missing)} chiffre(s) n’ont pas pu être mesurés : {', '.join(missing)}")
    return 1 if missing else 0


def printed(group: str, promised: Sequence[str], figures: Callable[[], Iterator[Figure]]) -> list[str]:
    """Print figures as they come, and return the names of those promised that did not, each with its reason said."""
    left = dict.fromkeys(promised)
    try:
        for figure in figures():
            publish(figure)
            left.pop(figure.name, None)
    except CannotMeasure as why:
        complain(f"{group} : {why}")
    except Exception as error:
        complain(f"{group} : la mesure s’est arrêtée sur une erreur imprévue ({type(error).__name__} : {error}).")
        if os.environ.get("BENCH_DEBUG"):
            raise
    return list(left)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
