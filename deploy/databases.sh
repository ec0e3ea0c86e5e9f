#!/bin/sh
# Run once by the PostgreSQL image, on an empty volume: a database and a user for each of the two.
set -eu
for name in portal saleor; do
  case $name in portal) password=$PORTAL_DB_PASSWORD ;; *) password=$SALEOR_DB_PASSWORD ;; esac
  psql -v ON_ERROR_STOP=1 -v name="$name" -v password="$password" --username postgres <<'SQL'
CREATE USER :"name" PASSWORD :'password';
CREATE DATABASE :"name" OWNER :"name";
SQL
done
