"""The WSGI entry point served by gunicorn."""

import os
from functools import partial

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "e2c_portal.settings.prod")

django_application = get_wsgi_application()

from e2c_portal.kernel.stack_room import with_room  # noqa: E402  the apps are loaded only now
from e2c_portal.upkeep.incidents_web import announced  # noqa: E402

application = partial(with_room, announced(django_application))
