#!/bin/sh
# package-corpus.sh DEBS OUT: makes packages of other kinds out of the content of Debian packages, each with the tool that
# makes the real ones, for compare-packages.ts. Every kind gets every so-many-th package that holds something.
set -eu

debs=$(cd "$1" && pwd)
mkdir -p "$2"
out=$(cd "$2" && pwd)
work=$(mktemp -d)
trap 'chmod -R u+rwX "$work" && rm -rf "$work"' EXIT

tarred() { tar --numeric-owner --owner=0 --group=0 -C "$root" -cf - "$@"; }

make_deb() { # make_deb COMPRESSION
  dpkg-deb -R "$deb" "$work/raw" && dpkg-deb --root-owner-group "-Z$1" -b "$work/raw" "$out/$name.$1.deb" >/dev/null
  chmod -R u+rwX "$work/raw" && rm -rf "$work/raw"
}

# What dpkg-deb still reads and no longer writes.
make_old_deb() { # make_old_deb COMPRESSOR ENDING
  mkdir "$work/old"
  dpkg-deb --ctrl-tarfile "$deb" | gzip >"$work/old/control.tar.gz"
  dpkg-deb --fsys-tarfile "$deb" | "$1" >"$work/old/data.tar.$2"
  echo 2.0 >"$work/old/debian-binary"
  (cd "$work/old" && ar rc "$out/$name.$1.deb" debian-binary control.tar.gz "data.tar.$2")
  rm -r "$work/old"
}

make_rpm() { # make_rpm COMPRESSION
  (cd "$root" && find . -mindepth 1 \( -type f -o -type l \) | sed 's/^\.//; s/.*/"&"/') >"$work/files"
  cat >"$work/spec" <<SPEC
Name: $(printf '%s' "$name" | tr -c 'A-Za-z0-9\n' _)
Version: 1.0
Release: 1
Summary: a test
License: none
AutoReqProv: no
%description
a test
%install
cp -a $root/. %{buildroot}/
%files -f $work/files
SPEC
  rpmbuild --quiet --define "_topdir $work/rpm" --define "_rpmdir $out" --define "_build_name_fmt $name.rpm" \
    --define "_binary_payload $1" --define '__os_install_post %{nil}' --define '_build_id_links none' \
    --define 'debug_package %{nil}' -bb "$work/spec" >/dev/null 2>"$work/log" || cat "$work/log" >&2
  [ ! -e "$out/$name.rpm" ] || mv "$out/$name.rpm" "$out/$name.$1.rpm"
}

make_apk() {
  mkdir "$work/apk"
  printf 'pkgname = %s\npkgver = 1.0-r0\narch = x86_64\n' "$name" >"$work/apk/.PKGINFO"
  head -c 256 /dev/zero >"$work/apk/.SIGN.RSA.test.rsa.pub"
  # As abuild-tar --cut: no end of archive behind the first two.
  for part in .SIGN.RSA.test.rsa.pub .PKGINFO; do
    size=$((512 + ($(wc -c <"$work/apk/$part") + 511) / 512 * 512))
    tar -C "$work/apk" -b1 -cf - "$part" | head -c "$size" | gzip -9
  done >"$out/$name.apk"
  (cd "$root" && tarred -- *) | gzip -9 >>"$out/$name.apk"
  rm -r "$work/apk"
}

make_pacman() {
  mkdir "$work/arch"
  printf 'pkgname = %s\npkgver = 1.0-1\narch = x86_64\n' "$name" >"$work/arch/.PKGINFO"
  touch "$work/arch/.BUILDINFO" "$work/arch/.MTREE"
  (cd "$root" && tar -cf - -C "$work/arch" .BUILDINFO .MTREE .PKGINFO -C "$root" -- *) | zstd -q -19 -T0 >"$out/$name.pkg.tar.zst"
  rm -r "$work/arch"
}

make_ipk() {
  mkdir "$work/ipk"
  echo 2.0 >"$work/ipk/debian-binary"
  printf 'Package: %s\nVersion: 1.0\nArchitecture: x86_64\n' "$name" >"$work/ipk/control"
  tar -C "$work/ipk" -czf "$work/ipk/control.tar.gz" ./control
  tarred . | gzip >"$work/ipk/data.tar.gz"
  tar -C "$work/ipk" -czf "$out/$name.ipk" ./debian-binary ./data.tar.gz ./control.tar.gz
  rm -r "$work/ipk"
}

make_cpio() { # make_cpio FORMAT [COMPRESSOR...]
  format=$1
  shift
  (cd "$root" && find . | cpio -o -H "$format" --quiet) | "${@:-cat}" >"$out/$name.$format.${1:-raw}.cpio"
}

make_zip() {
  (cd "$root" && zip -qry "$out/$name.zip" .)
}

make_conda() {
  mkdir "$work/conda"
  echo '{"conda_pkg_format_version": 2}' >"$work/conda/metadata.json"
  tarred . | zstd -q >"$work/conda/pkg-$name-1.0-0.tar.zst"
  printf '{}' >"$work/conda/index.json"
  tar -C "$work/conda" --zstd -cf "$work/conda/info-$name-1.0-0.tar.zst" index.json
  (cd "$work/conda" && zip -q0 "$out/$name.conda" metadata.json pkg-*.tar.zst info-*.tar.zst)
  rm -r "$work/conda"
}

make_old_conda() {
  mkdir -p "$work/conda/info"
  printf '{"name":"%s","version":"1.0"}' "$name" >"$work/conda/info/index.json"
  (cd "$root" && tar -cf - -C "$work/conda" info -C "$root" -- *) | bzip2 >"$out/$name.tar.bz2"
  rm -r "$work/conda"
}

make_npm() {
  mkdir "$work/npm"
  printf '{"name":"%s","version":"1.0.0"}' "$name" >"$work/npm/package.json"
  cp -a "$root" "$work/npm/files"
  tar -C "$work" --transform 's,^npm,package,' -czf "$out/$name.tgz" npm
  rm -r "$work/npm"
}

number=0
for deb in "$debs"/*.deb; do
  name=$(basename "$deb" .deb | cut -d_ -f1)
  root=$work/root
  rm -rf "$root"
  dpkg-deb -x "$deb" "$root"
  find "$root" -type f -size +4k | xargs -r file -b 2>/dev/null | grep -q ELF || continue
  number=$((number + 1))
  case $((number % 25)) in
    0) make_deb gzip ;;
    1) make_deb zstd ;;
    2) make_deb none ;;
    3) make_rpm w9.gzdio ;;
    4) make_rpm w6.xzdio ;;
    5) make_rpm w3.zstdio ;;
    6) make_apk ;;
    7) make_pacman ;;
    8) make_ipk ;;
    9) make_cpio newc ;;
    10) make_cpio crc ;;
    11) make_cpio newc gzip ;;
    12) make_cpio newc xz ;;
    13) make_zip ;;
    14) make_conda ;;
    15) make_npm ;;
    16) make_old_deb bzip2 bz2 ;;
    17) make_old_deb lzma lzma ;;
    18) make_rpm w9.bzdio ;;
    19) make_rpm w6.lzdio ;;
    20) make_old_conda ;;
    21) make_cpio newc bzip2 ;;
    22) make_cpio newc lz4 ;;
    23) make_cpio newc lzop ;;
    24) make_cpio newc lzip ;;
  esac
done
