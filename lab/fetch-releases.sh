#!/bin/bash
# fetch-releases.sh FOLDER [NAME ...]: makes FOLDER/NAME/old and FOLDER/NAME/new, two published releases of the same thing:
# wheels, packages of npm, modules of Go, crates, and roots of Debian with packages of two of its releases. check-releases
# compares them. Needs pip, npm, Go, cargo, apt and the network. What is there already is kept.
set -eu
folder=$(mkdir -p "$1" && cd "$1" && pwd)
shift
wanted=$*
# shellcheck source=scripts/debian-suite.sh
. "$(dirname "$0")/../scripts/debian-suite.sh"

# pair NAME COMMAND OLD NEW: COMMAND VERSION INTO makes each side; a side that fails leaves nothing.
pair() {
  local name=$1 make=$2 old=$3 new=$4
  case " ${wanted:-$name} " in *" $name "*) ;; *) return 0 ;; esac
  [ ! -d "$folder/$name" ] || return 0
  local into=$folder/.$name
  rm -rf "$into"
  mkdir -p "$into/old" "$into/new"
  if "$make" "$old" "$into/old" "$name" && "$make" "$new" "$into/new" "$name"; then
    mv "$into" "$folder/$name"
    echo "$name: $old and $new"
  else
    rm -rf "$into"
    echo "$name: not fetched" >&2
  fi
}

wheel() {
  pip download --quiet --no-deps --only-binary :all: --python-version 3.11 --implementation cp \
    --platform manylinux2014_x86_64 --platform manylinux_2_28_x86_64 --dest "$2" "${3#wheel-}==$1"
}

node_package() {
  local name=${3#npm-}
  case $name in
    swc) name=@swc/core ;;
    bcrypt) name=@node-rs/bcrypt ;;
    biome) name=@biomejs/biome ;;
    canvas) name=@napi-rs/canvas ;;
    oxide) name=@tailwindcss/oxide ;;
    watcher) name=@parcel/watcher ;;
  esac
  (cd "$2" && npm install --silent --no-save --ignore-scripts --no-audit --no-fund --prefix . "$name@$1")
}

# As people unpack an archive of a release: the version is in the folder.
go_module() {
  GOBIN=$2/${3#go-}-${1##*@v}/bin CGO_ENABLED=0 GOFLAGS=-trimpath go install "$1"
}

crate() {
  cargo install --quiet --locked --debug --root "$2/${3#crate-}-$1" "${3#crate-}@$1"
}

# A root with packages of one suite and all that they need, and the database of dpkg as the installer writes it.
debian() {
  local suite=$1 root=$2 set=${3%-*} lists package name
  set=${set#debian-}
  lists=$(mktemp -d)
  suite_options "$suite" "$lists"
  apt-get "${options[@]}" update
  # shellcheck disable=SC2046 # Several words.
  apt-get "${options[@]}" -o Debug::NoLocking=1 -o APT::Install-Recommends=0 -y --download-only install $(packages_of "$set") || return 1
  mkdir -p "$root/usr/bin" "$root/usr/sbin" "$root/usr/lib" "$root/usr/lib64" "$root/var/lib/dpkg/info"
  for name in bin sbin lib lib64; do ln -s "usr/$name" "$root/$name"; done
  for package in "$lists"/archives/*.deb; do
    dpkg-deb --fsys-tarfile "$package" | tar -x --keep-directory-symlink --exclude './usr/share/*' -C "$root"
    name=$(dpkg-deb -f "$package" Package)
    { dpkg-deb -f "$package" | sed '1a Status: install ok installed' && echo; } >>"$root/var/lib/dpkg/status"
    dpkg-deb --fsys-tarfile "$package" | tar -t | sed 's,^\.,,; s,\(.\)/$,\1,' >"$root/var/lib/dpkg/info/$name.list"
  done
  rm -rf "$lists"
}

packages_of() {
  case $1 in
    base) echo coreutils util-linux bash apt openssl perl e2fsprogs systemd gnupg curl ;;
    python) echo python3 python3-numpy python3-lxml python3-pil python3-cryptography ;;
    ruby) echo ruby ruby-nokogiri ruby-bcrypt ;;
    gcc) echo gcc g++ ;;
    php) echo php-cli php-xml php-mbstring php-gd ;;
    servers) echo nginx postgresql apache2-bin ;;
    mail) echo postfix dovecot-imapd ;;
    media) echo ffmpeg imagemagick gstreamer1.0-plugins-good ;;
    network) echo bind9 openssh-server openvpn strongswan samba ;;
    java) echo default-jre-headless ;;
    screen) echo xserver-xorg-core mesa-utils ;;
  esac
}

pair wheel-numpy wheel 1.26.4 2.0.2
pair wheel-scipy wheel 1.11.4 1.13.1
pair wheel-pillow wheel 10.4.0 11.0.0
pair wheel-cryptography wheel 42.0.8 43.0.3
pair wheel-lxml wheel 5.2.2 5.3.0
pair wheel-pydantic-core wheel 2.20.1 2.23.4
pair wheel-grpcio wheel 1.64.1 1.66.2
pair wheel-pandas wheel 2.1.4 2.2.3
pair wheel-psycopg2-binary wheel 2.9.9 2.9.10
pair wheel-matplotlib wheel 3.8.4 3.9.2
pair wheel-h5py wheel 3.10.0 3.11.0
pair wheel-pyzmq wheel 26.0.3 26.2.0
pair wheel-shapely wheel 2.0.4 2.0.6
pair wheel-opencv-python-headless wheel 4.9.0.80 4.10.0.84
pair wheel-ruff wheel 0.4.10 0.6.9
pair npm-sharp node_package 0.33.2 0.33.5
pair npm-swc node_package 1.4.17 1.7.36
pair npm-esbuild node_package 0.20.2 0.24.0
pair npm-lightningcss node_package 1.24.1 1.27.0
pair npm-bcrypt node_package 1.9.2 1.10.4
pair npm-bufferutil node_package 4.0.7 4.0.8
pair npm-classic-level node_package 1.2.0 1.4.1
pair npm-sodium-native node_package 4.0.4 4.2.1
pair npm-biome node_package 1.7.3 1.9.3
pair npm-canvas node_package 0.1.52 0.1.56
pair npm-oxide node_package 4.0.0 4.1.0
pair npm-watcher node_package 2.4.1 2.5.1
pair npm-argon2 node_package 0.40.1 0.41.1
pair npm-leveldown node_package 5.6.0 6.1.1
pair go-shfmt go_module mvdan.cc/sh/v3/cmd/shfmt@v3.7.0 mvdan.cc/sh/v3/cmd/shfmt@v3.8.0
pair go-gofumpt go_module mvdan.cc/gofumpt@v0.5.0 mvdan.cc/gofumpt@v0.6.0
pair go-tools go_module golang.org/x/tools/cmd/...@v0.30.0 golang.org/x/tools/cmd/...@v0.36.0
pair go-staticcheck go_module honnef.co/go/tools/cmd/...@v0.6.0 honnef.co/go/tools/cmd/...@v0.6.1
pair go-cfssl go_module github.com/cloudflare/cfssl/cmd/...@v1.6.4 github.com/cloudflare/cfssl/cmd/...@v1.6.5
pair go-yq go_module github.com/mikefarah/yq/v4@v4.43.1 github.com/mikefarah/yq/v4@v4.45.1
pair go-task go_module github.com/go-task/task/v3/cmd/task@v3.39.0 github.com/go-task/task/v3/cmd/task@v3.40.1
pair crate-hexyl crate 0.13.1 0.14.0
pair crate-sd crate 0.7.6 1.0.0
pair crate-cargo-binutils crate 0.3.5 0.3.6
pair crate-findutils crate 0.6.0 0.7.0
pair crate-ripgrep crate 13.0.0 14.1.1
pair crate-fd-find crate 9.0.0 10.2.0
pair crate-b3sum crate 1.5.0 1.5.4
pair crate-pueue crate 3.4.0 3.4.1
for set in base python ruby gcc php servers mail media network java screen; do
  pair "debian-$set-12" debian bullseye bookworm
  pair "debian-$set-13" debian bookworm trixie
done
