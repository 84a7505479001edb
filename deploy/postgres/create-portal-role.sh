#!/bin/sh
# Run once, by the PostgreSQL image, when the database folder is empty. The portal's role owns its database and nothing more:
# it is no superuser, so a fault of the portal does not open the server.
set -eu
psql --set=ON_ERROR_STOP=1 --set=password="$PORTAL_DB_PASSWORD" --username="$POSTGRES_USER" --dbname=postgres <<'SQL'
CREATE ROLE portail LOGIN PASSWORD :'password';
CREATE DATABASE portail OWNER portail;
REVOKE CONNECT ON DATABASE portail FROM PUBLIC;
SQL
