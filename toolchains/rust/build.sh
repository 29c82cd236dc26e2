#!/usr/bin/env bash
# Builds the crates that judged Rust programs may use, with the compiler that will judge them.
# usage: build.sh FOLDER
# Takes Debian's sources where they are installed (librust-regex-dev, librust-md5-dev), else cargo's own registry.
set -euo pipefail

[ $# = 1 ] || { echo "usage: build.sh FOLDER" >&2; exit 2; }
command -v cargo >/dev/null || { echo "missing: cargo (Debian package cargo)" >&2; exit 3; }
folder=$1
source_folder=$(cd "$(dirname "$0")" && pwd)
debian=/usr/share/cargo/registry
scratch=$(mktemp -d)
trap 'rm -rf "$scratch" "$folder.new"' EXIT

options=()
if compgen -G "$debian/regex-1*" >/dev/null && compgen -G "$debian/md5-0*" >/dev/null; then
    options=(--offline --config 'source.crates-io.replace-with="debian"' --config "source.debian.directory=\"$debian\"")
fi

cp -R "$source_folder/Cargo.toml" "$source_folder/src" "$source_folder/rand" "$scratch/"
cargo build --quiet --release --manifest-path "$scratch/Cargo.toml" --target-dir "$scratch/target" ${options[@]+"${options[@]}"}

rm -rf "$folder.new"
mkdir -p "$folder.new"
cp "$scratch"/target/release/deps/*.rlib "$folder.new/"
rm -f "$folder.new"/libcrosstune_rust-*.rlib
rm -rf "$folder"
mv "$folder.new" "$folder"
