#!/bin/sh
# Run once by the postgres image on an empty volume: the service owns its database and is no superuser.
set -eu
psql --no-psqlrc --set ON_ERROR_STOP=1 --set password="$DATABASE_PASSWORD" --username postgres --dbname postgres <<'SQL'
CREATE ROLE musterpoint LOGIN PASSWORD :'password';
CREATE DATABASE musterpoint OWNER musterpoint;
SQL
