# The portal for production: one image for the pages, the workers, the clock and the watcher.
FROM python:3.11-slim-bookworm AS packages

ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
COPY requirements/production.txt /tmp/production.txt
# Hashes: what is installed is byte for byte what was locked and tested.
RUN python -m venv /opt/portail && /opt/portail/bin/pip install --require-hashes --requirement /tmp/production.txt


FROM postgres:18-bookworm AS database


FROM python:3.11-slim-bookworm

# What WeasyPrint draws with; the fonts of documents come with the project.
RUN apt-get update \
    && apt-get install --yes --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fontconfig-config \
       libpq5 liblz4-1 libzstd1 \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --home-dir /nonexistent --shell /usr/sbin/nologin portail \
    && install --directory --owner=portail --mode=700 /data

# pg_dump and pg_restore make and restore the backups: those of the server itself, which Debian's own are too old for.
COPY --from=database /usr/lib/postgresql/18/bin/pg_dump /usr/lib/postgresql/18/bin/pg_restore /usr/local/bin/
COPY --from=database /usr/lib/*/libpq.so.5.18 /usr/local/lib/
RUN ldconfig

COPY --from=packages /opt/portail /opt/portail
WORKDIR /app
COPY manage.py ./
COPY e2c_portal e2c_portal
COPY schools schools
COPY partnerships partnerships
COPY trainees trainees
COPY assises assises
COPY templates templates
COPY static static

ENV PATH=/opt/portail/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    XDG_CACHE_HOME=/tmp \
    DJANGO_SETTINGS_MODULE=e2c_portal.settings.prod \
    DOCUMENTS_DIR=/data/documents \
    METRICS_DIR=/tmp/metrics

# Production settings want every secret, even to copy files: these stand for one command and stay in no layer's environment.
RUN SECRET_KEY=collectstatic-has-nothing-to-sign-so-any-fifty-characters-do \
    DATABASE_URL=postgres:///none REDIS_URL=redis://none:6379/0 ALLOWED_HOSTS=none PORTAL_URL=https://none \
    EMAIL_URL=dummymail:// DEFAULT_FROM_EMAIL=none@none.invalid SEAL_PKCS12=/none SEAL_TRUST_ROOTS=/none METRICS_DIR= \
    python manage.py collectstatic --noinput --verbosity=0 \
    && python -m compileall -q /app /opt/portail/lib

USER portail
VOLUME /data
EXPOSE 8000
CMD ["gunicorn", "e2c_portal.wsgi:application", "--bind=0.0.0.0:8000", "--workers=3", "--threads=4", \
     "--worker-tmp-dir=/dev/shm", "--graceful-timeout=30", "--config=python:e2c_portal.settings.gunicorn", "--no-control-socket"]
