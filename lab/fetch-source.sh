#!/bin/bash
# fetch-source.sh PACKAGE: prints a folder with the upstream sources of a Debian package, in .cache/sources.
# The source packages come from where this machine gets its packages, with apt's lists in a folder of their own:
# the machine's own sources and lists stay as they are.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
cache=$(realpath "$here/..")/.cache/sources
folder=$cache/$1
keyring=/usr/share/keyrings/debian-archive-keyring.gpg

download() {
  local lists=$cache/apt
  mkdir -p "$lists/lists/partial" "$lists/archives/partial" "$folder.part"
  # shellcheck disable=SC2016 # apt's own placeholders
  apt-get indextargets --format "deb-src [signed-by=$keyring] "'$(REPO_URI) $(RELEASE) $(COMPONENT)' "ORIGIN: Debian" |
    sort -u >"$lists/sources.list"
  local apt=(apt-get -qq -o "Dir::State::lists=$lists/lists" -o "Dir::Cache=$lists" -o APT::Sandbox::User=root
    -o "Dir::Etc::sourcelist=$lists/sources.list" -o Dir::Etc::sourceparts=-)
  # One list of several may be out of step on a mirror: what is missing of the right one the download says.
  "${apt[@]}" update >&2 || true
  (cd "$folder.part" && "${apt[@]}" source --download-only "$1" >&2)
  rm -rf "$lists"
}

if [ ! -d "$folder" ]; then
  download "$1"
  # Its signature may lie next to it.
  archive=$(find "$folder.part" -name '*.orig.tar.*' ! -name '*.asc')
  tar -x -f "$archive" -C "$folder.part" --strip-components=1
  mv "$folder.part" "$folder"
fi
echo "$folder"
