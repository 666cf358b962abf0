#!/bin/sh
# Run once by the postgres image on an empty volume: the service owns its database and is no superuser. What requests work as, and
# what the service works as for everybody, are roles that nobody signs in as (manage.py database_roles prints them).
set -eu
psql --no-psqlrc --set ON_ERROR_STOP=1 --set password="$DATABASE_PASSWORD" --username postgres --dbname postgres <<'SQL'
CREATE ROLE musterpoint LOGIN PASSWORD :'password';
CREATE DATABASE musterpoint OWNER musterpoint;
CREATE ROLE musterpoint_desk NOLOGIN;
CREATE ROLE musterpoint_service NOLOGIN;
GRANT musterpoint_desk TO musterpoint WITH INHERIT FALSE, SET TRUE;
GRANT musterpoint_service TO musterpoint WITH INHERIT TRUE, SET TRUE;
SQL
