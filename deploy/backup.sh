#!/bin/sh
# Copy the database and the store of submissions into FOLDER while the hub is in use: backup.sh FOLDER
#
# The database first: every file that it names is in the store by then, and files there are only ever added.
# Copies of the database older than HUB_BACKUP_DAYS (14) are removed once the new one is complete.
set -eu
folder=${1:?say where to: backup.sh FOLDER}
hub=${HUB:-"$(dirname "$0")/../.venv/bin/hub"}
: "${HUB_DATA_DIR:?HUB_DATA_DIR must be set, as for the hub itself}"
mkdir -p "$folder"
copy=$folder/hub-$(date -u +%Y%m%dT%H%M%SZ).backup
"$hub" db backup "$copy.part"
mv "$copy.part" "$copy"
for part in submissions results; do
    if [ -d "$HUB_DATA_DIR/$part" ]; then
        mkdir -p "$folder/$part"
        cp -Rpu "$HUB_DATA_DIR/$part/." "$folder/$part/"
    fi
done
find "$folder" -maxdepth 1 -name 'hub-*.backup' -mtime +"${HUB_BACKUP_DAYS:-14}" -delete
echo "$copy"
