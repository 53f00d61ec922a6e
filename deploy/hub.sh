#!/bin/sh
# Any command of the hub, as its user and with its settings: installed as /usr/local/sbin/hub it is what
# operators type (`hub doctor`, `hub keys create --as 177`).
set -eu
if [ "$(id -u)" = 0 ]; then
    exec runuser -u hub -- "$0" "$@"
fi
set -a
. /etc/repertoire-hub/hub.env
set +a
exec /opt/repertoire-hub/.venv/bin/hub "$@"
