"""Find a commune of the reference in service from what people write: a postal code and a name."""

from e2c_portal.kernel.search import fold
from trainees.models import Commune


def commune_named(postal_code: str, city: str) -> Commune | None:
    """Return the commune that bears this name under this postal code, None when the reference does not know it."""
    if not (postal_code and city.strip()):
        return None
    wanted = fold(city).replace("-", " ").split()
    rows = Commune.objects.filter(dataset__is_current=True, search__contains=postal_code)
    return next((row for row in rows if fold(row.name).replace("-", " ").split() == wanted), None)
