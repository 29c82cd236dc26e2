#!/usr/bin/env bash
# Says which programs are missing for judging code, and gets them with apt where this runs as root.
set -euo pipefail

# program : Debian package : needed for : must (setup fails without it) or may
wanted="
bwrap:bubblewrap:the sandbox:must
git:git:mining repositories:must
node:nodejs:JavaScript:must
npm:npm:JavaScript packages:may
"

missing_packages=""
missing_must=""
while IFS=: read -r program package purpose weight; do
    [ -n "$program" ] || continue
    command -v "$program" >/dev/null && continue
    echo "missing: $program (needed for $purpose; Debian package $package)"
    missing_packages="$missing_packages $package"
    [ "$weight" = must ] && missing_must="$missing_must $package"
done <<<"$wanted"

"${PYTHON:-python3}" -c 'import ensurepip, venv' 2>/dev/null || {
    echo "missing: Python's venv module (Debian package python3-venv)"
    missing_packages="$missing_packages python3-venv"
    missing_must="$missing_must python3-venv"
}

[ -n "$missing_packages" ] || exit 0
get="apt-get install --yes --no-install-recommends$missing_packages"
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "getting:$missing_packages"
    apt-get update --quiet --quiet
    DEBIAN_FRONTEND=noninteractive $get >/dev/null
elif [ -n "$missing_must" ]; then
    echo "get them and run this again: sudo $get" >&2
    exit 3
else
    echo "to get them: sudo $get"
fi
