#!/usr/bin/env bash
# Builds the crates that judged Rust programs may use, with the compiler that will judge them.
# usage: build.sh FOLDER
# They are put into a folder of FOLDER that is named after the compiler; those of other compilers are removed.
# Takes Debian's sources where they are installed (librust-regex-dev, librust-md5-dev), else cargo's own registry.
set -euo pipefail

[ $# = 1 ] || { echo "usage: build.sh FOLDER" >&2; exit 2; }
command -v cargo >/dev/null || { echo "missing: cargo (Debian package cargo)" >&2; exit 3; }
mkdir -p "$1"
home=$(cd "$1" && pwd)
folder=$home/$(rustc -vV | sha256sum | cut -c1-16)
[ ! -d "$folder" ] || { echo "built already: $folder"; exit 0; }
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
mkdir "$folder.new"
cp "$scratch"/target/release/deps/*.rlib "$folder.new/"
rm -f "$folder.new"/libcrosstune_rust-*.rlib
find "$home" -mindepth 1 -maxdepth 1 -regextype posix-extended -type d -regex '.*/[0-9a-f]{16}' -exec rm -rf {} +
mv "$folder.new" "$folder"
echo "built: $folder"
