#!/usr/bin/env bash
# Installs the Debian packages that belong to no language; as another user than root, prints the command.
# `crosstune doctor --install` does the same for the languages.
# usage: debian.sh [tests|bench]    also those that only the tests or the benchmarks need
set -euo pipefail

# program or path (with wildcards) : Debian package : what needs it : must (fails without it) or may
wanted="
bwrap:bubblewrap:the sandbox:must
git:git:mining repositories:must
"
for_tests="
chromium:chromium:the report in a browser:may
chromedriver:chromium-driver:the report in a browser:may
"
for_bench="
/usr/share/gocode/src/github.com/stretchr/testify:golang-github-stretchr-testify-dev:Go in the benchmarks:may
"
[ "${1:-}" = tests ] && wanted="$wanted$for_tests"
[ "${1:-}" = bench ] && wanted="$wanted$for_bench"

installed() {
    case "$1" in
    /*) compgen -G "$1" >/dev/null ;;
    *) command -v "$1" >/dev/null ;;
    esac
}

missing=""
missing_must=""
while IFS=: read -r what package purpose weight; do
    [ -n "$what" ] || continue
    installed "$what" && continue
    echo "missing: $what (needed for $purpose; Debian package $package)"
    missing="$missing $package"
    [ "$weight" = must ] && missing_must="$missing_must $package"
done <<<"$wanted"

"${PYTHON:-python3}" -c 'import ensurepip, venv' 2>/dev/null || {
    echo "missing: Python's venv module (Debian package python3-venv)"
    missing="$missing python3-venv"
    missing_must="$missing_must python3-venv"
}

[ -n "$missing" ] || exit 0
get="apt-get install --yes --no-install-recommends$missing"
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "installing:$missing"
    if apt-get update --quiet --quiet && DEBIAN_FRONTEND=noninteractive $get >/dev/null; then
        exit 0
    fi
    echo "apt-get could not install them" >&2
fi
if [ -n "$missing_must" ]; then
    echo "install them and run this again: sudo $get" >&2
    exit 3
else
    echo "to install them: sudo $get"
fi
