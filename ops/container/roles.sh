#!/bin/sh
# Run once by the PostgreSQL image, on an empty data folder: the two roles and the database they share.
# The owner migrates; the app's role owns nothing, so what the schema shuts to it stays shut.
set -eu

psql -v ON_ERROR_STOP=1 --username "${POSTGRES_USER:-postgres}" --dbname postgres <<'SQL'
\getenv owner_password DATABASE_OWNER_PASSWORD
\getenv app_password DATABASE_APP_PASSWORD
CREATE ROLE dispatch_owner LOGIN CREATEDB PASSWORD :'owner_password';
CREATE ROLE dispatch_app LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD :'app_password';
CREATE DATABASE dispatch OWNER dispatch_owner;
\connect dispatch
ALTER SCHEMA public OWNER TO dispatch_owner;
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
SQL
