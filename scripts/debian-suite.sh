#!/bin/bash
# Sourced by scripts that read packages of one suite of Debian for x86-64.

# suite_options SUITE FOLDER [MIRROR]: sets `options`, those of apt-get and apt-cache with lists below FOLDER, where the
# system's own stay as they are.
suite_options() {
  local suite=$1 folder=$2 mirror=${3:-http://deb.debian.org/debian}
  mkdir -p "$folder/lists/partial" "$folder/archives/partial"
  : >"$folder/status"
  echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $mirror $suite main" >"$folder/sources"
  # shellcheck disable=SC2034 # Read by who sources this.
  options=(-qq -o APT::Architecture=amd64 -o APT::Architectures=amd64 -o "Dir::State=$folder" -o "Dir::State::status=$folder/status"
    -o "Dir::Cache=$folder" -o "Dir::Etc::sourcelist=$folder/sources" -o Dir::Etc::sourceparts=/dev/null -o APT::Sandbox::User=root)
}

# download_packages SUITE LISTS INTO MIRROR PACKAGE ...: downloads them with their lists below LISTS. MIRROR may be empty.
download_packages() {
  local suite=$1 lists=$2 into=$3 mirror=$4
  shift 4
  suite_options "$suite" "$lists" "$mirror"
  mkdir -p "$into"
  apt-get "${options[@]}" update >&2
  (cd "$into" && apt-get "${options[@]}" download "$@" >&2)
}
