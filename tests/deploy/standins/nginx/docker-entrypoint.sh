#!/bin/sh
# What the official image's script does: scripts in /docker-entrypoint.d come first.
set -e
for file in /docker-entrypoint.d/*.sh; do
  [ ! -x "$file" ] || "$file"
done
exec "$@"
