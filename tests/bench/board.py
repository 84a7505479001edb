"""The board of a coordinator beside a bare view of Django that asks one question of the database, over the same web server."""

from collections.abc import Iterator

from django.urls import reverse

from e2c_portal.accounts.models import User
from tests.bench.figures import Figure, beside, percentile
from tests.bench.growth import LEAST_DISTURBED
from tests.bench.scene import Scene
from trainees.management.crowd.loading import BASE

VS_BARE = "pages.board.vs_bare"


def names() -> list[str]:
    """Return the figure promised."""
    return [VS_BARE]


def measure(scene: Scene) -> Iterator[Figure]:
    """Yield the milliseconds of the board beside those of the bare view, asked for turn by turn."""
    visitor = scene.visitor(User.objects.get(pk=BASE + 1))
    addresses = {"board": reverse("trainees:board"), "bare": "/mesure/nue/"}
    times: dict[str, list[float]] = {name: [] for name in addresses}
    for turn in range(scene.sizes.rounds * 4 + 5):
        for name, address in addresses.items():
            spent = visitor.get(address).seconds * 1000
            if turn >= min(5, scene.sizes.rounds):
                times[name].append(spent)
    found = {name: percentile(values, LEAST_DISTURBED) for name, values in times.items()}
    yield beside(VS_BARE, found["board"], "ms", found["bare"])
