"""The WSGI entry point served by gunicorn."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "e2c_portal.settings.prod")

django_application = get_wsgi_application()

from e2c_portal.upkeep.incidents_web import announced  # noqa: E402  the apps are loaded only now

application = announced(django_application)
