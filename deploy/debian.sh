#!/bin/sh
# Installs the Debian packages that tests and benchmarks need; asks for nothing when all are there.
set -eu
cd "$(dirname "$0")"
missing=""
while read -r name; do
  dpkg-query -W -f='${Status}' "$name" 2>/dev/null | grep -q 'install ok installed' || missing="$missing $name"
done < debian.txt
command -v npm >/dev/null || missing="$missing npm" # some builds of Node bring it, Debian's does not
[ -z "$missing" ] && exit 0
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq
# shellcheck disable=SC2086
apt-get install -y -qq --no-install-recommends $missing >/dev/null
