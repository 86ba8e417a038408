#!/bin/sh
# extract-package.sh SCHEME PACKAGE: unpacks a package into the working directory with its own tool, named as
# hullcheck names its files.
set -eu

package=$2

# All members, also those of one name: the second a.o becomes a.o~2.
static_library() {
  ar t "$package" | sort | uniq -c | while read -r count member; do
    at=1
    while [ "$at" -le "$count" ]; do
      ar xN "$at" "$package" "$member"
      [ "$at" = 1 ] && mv "$member" "$member~" || mv "$member" "$member~$at"
      at=$((at + 1))
    done
    mv "$member~" "$member"
  done
}

plain() {
  case $(od -An -tx1 -N4 "$package" | tr -d ' ') in
    1f8b*) gzip -dc "$package" ;;
    fd377a58) xz -dc "$package" ;;
    28b52ffd) zstd -dcq "$package" ;;
    425a68*) bzip2 -dc "$package" ;;
    5d0000*) lzma -dc "$package" ;;
    04224d18) lz4 -dcq "$package" ;;
    894c5a4f) lzop -dcq "$package" ;;
    4c5a4950) lzip -dc "$package" ;;
    *) cat "$package" ;;
  esac
}

# Parts of an initramfs, as the kernel finds them: one behind the other, each with its own compression.
initramfs() {
  python3 - "$package" <<'PARTS'
import lzma, subprocess, sys, zlib
rest = open(sys.argv[1], 'rb').read()
def unpack(cpio):
    subprocess.run(['cpio', '-id', '--quiet', '--no-absolute-filenames', '-u'], input=cpio, check=True)
while rest:
    if rest[:1] == b'\0':
        rest = rest.lstrip(b'\0')
    elif rest[:2] == b'\x1f\x8b':
        decoder = zlib.decompressobj(31)
        unpack(decoder.decompress(rest))
        rest = decoder.unused_data
    elif rest[:4] == b'\xfd7zX':
        decoder = lzma.LZMADecompressor()
        unpack(decoder.decompress(rest))
        rest = decoder.unused_data
    elif rest[:4] == b'\x28\xb5\x2f\xfd':
        # zstd does not report where a stream ends: what is behind is found by its magic number.
        end = rest.rindex(b'\x1f\x8b\x08')
        unpack(subprocess.run(['zstd', '-dcq'], input=rest[:end], stdout=subprocess.PIPE, check=True).stdout)
        rest = rest[end:]
    else:
        end = rest.index(b'TRAILER!!!')
        end = (end + 11 + 511) // 512 * 512
        unpack(rest[:end])
        rest = rest[end:]
PARTS
}

# unpack_file_system IMAGE: into the working directory, by its own tool.
unpack_file_system() {
  PATH="$PATH:/usr/sbin:/sbin"
  case $(blkid -p -o value -s TYPE "$1") in
    squashfs) unsquashfs -q -n -f -no-xattrs -d . "$1" >/dev/null ;;
    iso9660) xorriso -osirrox on -indev "$1" -extract / . 2>/dev/null ;;
    ext*) debugfs -R 'rdump / .' "$1" 2>/dev/null ;;
    vfat) mcopy -s -n -i "$1" '::*' . ;;
  esac
}

# Each partition into a folder of its own.
disk() {
  image=$(mktemp)
  PATH="$PATH:/usr/sbin:/sbin" sfdisk -d "$package" |
    sed -n 's/^[^ ]*[^0-9 ]\([0-9]*\) : start= *\([0-9]*\), size= *\([0-9]*\), type=\([^,]*\).*/\1 \2 \3 \4/p' |
    while read -r number start size type; do
      [ "$type" != 5 ] || continue
      dd if="$package" of="$image" bs=512 skip="$start" count="$size" status=none
      mkdir "p$number"
      (cd "p$number" && unpack_file_system "$image")
    done
  rm "$image"
}

# The ELF file and what is behind its section headers.
appimage() {
  size=$(readelf -hW "$package" | awk '/Start of section headers/ { a = $5 } /Size of section headers/ { b = $5 } /Number of section headers/ { c = $5 } END { print a + b * c }')
  unsquashfs -q -n -f -no-xattrs -o "$size" -d . "$package" >/dev/null
  head -c "$size" "$package" >"$(basename "$package")!runtime"
}

# Tars of the files in a tar, or a tar with what is known about the package behind it.
gentoo() {
  if tar -tf "$package" 2>/dev/null | grep -q /gpkg-1$; then
    folder=$(mktemp -d)
    tar -C "$folder" -xf "$package"
    bsdtar -xf "$folder"/*/image.tar* --strip-components 1
    rm -r "$folder"
  else
    # Every decoder but xz passes over what follows the stream.
    bsdtar -xf "$package" 2>/dev/null || tar -xjf "$package" 2>/dev/null || true
  fi
}

case $1 in
  appimage) appimage ;;
  disk) disk ;;
  squashfs | iso | ext4 | fat) unpack_file_system "$package" ;;
  apk) tar -xzf "$package" 2>/dev/null ;;
  ar) static_library ;;
  conda)
    [ "$(head -c 3 "$package")" != BZh ] || exec tar -xjf "$package"
    folder=$(mktemp -d)
    unzip -qq "$package" -d "$folder"
    tar --zstd -xf "$folder"/pkg-*.tar.zst
    rm -r "$folder"
    ;;
  cpio) case $package in *.newc.* | *.crc.*) plain | cpio -id --quiet --no-absolute-filenames ;; *) initramfs ;; esac ;;
  deb) dpkg-deb -x "$package" . ;;
  ipk) tar -xzOf "$package" ./data.tar.gz | tar -xzf - ;;
  npm) tar -xzf "$package" ;;
  # Named by their suffix they are compressed, else not: tar looks at the content.
  pacman | xbps) bsdtar -xf "$package" ;;
  rpm) rpm2cpio "$package" | cpio -id --quiet --no-absolute-filenames ;;
  # A jmod is a zip behind four bytes; of one name the last one counts.
  zip) case $(head -c 2 "$package") in JM) jmod extract "$package" ;; *) unzip -qqo "$package" || [ $? = 1 ] ;; esac ;;
  gem)
    folder=$(mktemp -d)
    gem unpack "$package" --target "$folder" >/dev/null
    cp -a "$folder"/*/. .
    rm -r "$folder"
    ;;
  gentoo) gentoo ;;
  asar) npx --yes @electron/asar@3 extract "$package" . ;;
  *) echo "no tool is known for $1" >&2 && exit 2 ;;
esac
