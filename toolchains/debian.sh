#!/usr/bin/env bash
# Says which programs are missing, and gets them with apt where this runs as root.
# usage: debian.sh [tests|bench]    also what only the tests or the measurements need
set -euo pipefail

# path (with wildcards) or program : Debian package : needed for : must (fails without it) or may
wanted="
bwrap:bubblewrap:the sandbox:must
git:git:mining repositories:must
node:nodejs:JavaScript and TypeScript:must
npm:npm:packages of JavaScript and TypeScript:may
gcc:gcc:C, and linking Rust:may
g++:g++:C++:may
javac:default-jdk-headless:Java:may
go:golang-go:Go:may
rustc:rustc:Rust:may
cargo:cargo:building the crates of HumanEvalPack in Rust:may
/usr/share/cargo/registry/regex-1*:librust-regex-dev:the crates of HumanEvalPack in Rust:may
/usr/share/cargo/registry/md5-0*:librust-md5-dev:the crates of HumanEvalPack in Rust:may
/usr/share/cargo/registry/aho-corasick-*:librust-aho-corasick-dev:the crates of HumanEvalPack in Rust:may
/usr/share/cargo/registry/memchr-*:librust-memchr-dev:the crates of HumanEvalPack in Rust:may
mold:mold:linking C and C++ four times as fast:may
/usr/include/boost/any.hpp:libboost-dev:C++ in HumanEvalPack:may
/usr/include/openssl/md5.h:libssl-dev:C++ in HumanEvalPack:may
"
for_tests="
chromium:chromium:the report in a browser:may
chromedriver:chromium-driver:the report in a browser:may
"
for_bench="
/usr/share/gocode/src/github.com/stretchr/testify:golang-github-stretchr-testify-dev:Go's plain way in the measurements:may
"
[ "${1:-}" = tests ] && wanted="$wanted$for_tests"
[ "${1:-}" = bench ] && wanted="$wanted$for_bench"

here() {
    case "$1" in
    /*) compgen -G "$1" >/dev/null ;;
    *) command -v "$1" >/dev/null || [ -x "$HOME/.cargo/bin/$1" ] ;;
    esac
}

missing=""
missing_must=""
while IFS=: read -r what package purpose weight; do
    [ -n "$what" ] || continue
    here "$what" && continue
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
    echo "getting:$missing"
    if apt-get update --quiet --quiet && DEBIAN_FRONTEND=noninteractive $get >/dev/null; then
        exit 0
    fi
    echo "apt could not get them" >&2
fi
if [ -n "$missing_must" ]; then
    echo "get them and run this again: sudo $get" >&2
    exit 3
else
    echo "to get them: sudo $get"
fi
