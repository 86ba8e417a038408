#!/bin/sh
# image-corpus.sh DEBS OUT: makes images of file systems and disks out of the content of Debian packages, each with the tool
# that makes the real ones, for compare-packages.ts. Every kind gets every so-many-th package that holds something.
set -eu

debs=$(cd "$1" && pwd)
mkdir -p "$2"
out=$(cd "$2" && pwd)
work=$(mktemp -d)
trap 'chmod -R u+rwX "$work" && rm -rf "$work"' EXIT
export PATH="$PATH:/usr/sbin:/sbin"

# Room for the content, its metadata and a journal.
megabytes() { echo $(($(du -sm "$root" | cut -f1) * 3 / 2 + $1)); }

make_squashfs() { # make_squashfs NAME OPTION...
  kind=$1
  shift
  mksquashfs "$root" "$out/$name.$kind.squashfs" -quiet -no-progress "$@" >/dev/null
}

make_ext() { # make_ext NAME OPTION...
  kind=$1
  shift
  mke2fs -q -F -d "$root" "$@" "$out/$name.$kind.ext" "$(megabytes 24)M"
}

make_iso() { # make_iso NAME PROGRAM...
  kind=$1
  shift
  "$@" -quiet -o "$out/$name.$kind.iso" "$root" 2>/dev/null
}

# FAT has no links, and no two names that differ in case.
make_fat() { # make_fat KIND LEAST-MEGABYTES IMAGE
  find "$root" -type l -delete
  truncate -s "$(megabytes "$2")M" "$3"
  mkfs.vfat -F "$1" "$3" >/dev/null
  (cd "$root" && mcopy -s -Q -D s -i "$3" -- * ::)
}

into() { # into DISK SECTOR IMAGE
  dd if="$3" of="$1" bs=1M seek="$2" oflag=seek_bytes conv=notrunc status=none
}

make_gpt() {
  disk=$out/$name.gpt.disk
  size=$(megabytes 24)
  mke2fs -q -F -d "$root" "$work/root.ext" "${size}M"
  make_fat 16 20 "$work/boot.fat"
  boot=$(($(stat -c %s "$work/boot.fat") / 512))
  truncate -s $((size + boot / 2048 + 8))M "$disk"
  sgdisk -n "1:2048:$((boot + 2047))" -n "2:$((boot + 4096)):+${size}M" "$disk" >/dev/null
  into "$disk" $((2048 * 512)) "$work/boot.fat"
  into "$disk" $(((boot + 4096) * 512)) "$work/root.ext"
  rm "$work/root.ext" "$work/boot.fat"
}

make_mbr() {
  disk=$out/$name.mbr.disk
  mksquashfs "$root" "$work/root.squashfs" -quiet -no-progress -comp zstd >/dev/null
  genisoimage -quiet -R -o "$work/root.iso" "$root"
  first=$(($(stat -c %s "$work/root.squashfs") / 512 + 64))
  second=$(($(stat -c %s "$work/root.iso") / 512 + 64))
  truncate -s $(((first + second + 16384) * 512)) "$disk"
  printf 'label: dos\nstart=2048,size=%d,type=83\nstart=%d,size=%d,type=5\nstart=%d,size=%d,type=83\n' \
    "$first" $((first + 4096)) $((second + 4096)) $((first + 6144)) "$second" | sfdisk -q "$disk"
  into "$disk" $((2048 * 512)) "$work/root.squashfs"
  into "$disk" $(((first + 6144) * 512)) "$work/root.iso"
  rm "$work/root.squashfs" "$work/root.iso"
}

packed() { # packed FOLDER
  (cd "$1" && find . | cpio -o -H newc --quiet)
}

# Microcode as it is, then two parts of other compressions.
make_initramfs() { # make_initramfs NAME COMPRESSOR...
  kind=$1
  shift
  mkdir -p "$work/early/kernel/x86/microcode" "$work/late/late"
  cp "$(find "$root" -type f -size +4k | head -1)" "$work/early/kernel/x86/microcode/x.bin"
  cp "$work/early/kernel/x86/microcode/x.bin" "$work/late/late/module"
  {
    packed "$work/early"
    packed "$root" | "$@"
    packed "$work/late" | gzip
  } >"$out/$name.$kind.cpio"
  rm -r "$work/early" "$work/late"
}

make_appimage() {
  mksquashfs "$root" "$work/root.squashfs" -quiet -no-progress >/dev/null
  cat /bin/true "$work/root.squashfs" >"$out/$name.appimage"
  rm "$work/root.squashfs"
}

number=0
for deb in "$debs"/*.deb; do
  name=$(basename "$deb" .deb | cut -d_ -f1)
  root=$work/root
  rm -rf "$root"
  dpkg-deb -x "$deb" "$root"
  find "$root" -type f -size +4k | xargs -r file -b 2>/dev/null | grep -q ELF || continue
  number=$((number + 1))
  case $((number % 36)) in
    0) make_squashfs gzip ;;
    1) make_squashfs gzip-4k -b 4K ;;
    2) make_squashfs gzip-1m -b 1M ;;
    3) make_squashfs xz-64k -comp xz -b 64K ;;
    4) make_squashfs xz-1m -comp xz -b 1M ;;
    5) make_squashfs zstd -comp zstd ;;
    6) make_squashfs zstd-16k -comp zstd -b 16K ;;
    7) make_squashfs lz4 -comp lz4 ;;
    8) make_squashfs lz4-hc -comp lz4 -Xhc -b 256K ;;
    9) make_squashfs lzo -comp lzo ;;
    10) make_squashfs lzma -comp lzma ;;
    11) make_squashfs plain -noI -noD -noF -noX ;;
    12) make_squashfs whole -no-fragments -comp zstd -b 512K ;;
    13) make_squashfs tails -always-use-fragments -b 8K ;;
    14) make_iso rock genisoimage -R ;;
    15) make_iso xorriso xorriso -as mkisofs -R ;;
    16) make_iso both genisoimage -R -J -joliet-long ;;
    17) make_iso deep xorriso -as mkisofs -R -J -joliet-long ;;
    18) make_ext two-1k -t ext2 -b 1024 ;;
    19) make_ext two-old -t ext2 -I 128 -r 0 -E lazy_itable_init=0 ;;
    20) make_ext three -t ext3 ;;
    21) make_ext four -t ext4 ;;
    22) make_ext meta -t ext4 -b 1024 -O 64bit,meta_bg,^resize_inode ;;
    23) make_ext inline -t ext4 -O inline_data -I 1024 ;;
    24) make_ext indirect -t ext4 -O ^extent,^64bit ;;
    25) make_ext bigalloc -t ext4 -O bigalloc ;;
    26) make_ext four-64k -t ext4 -b 65536 ;;
    27) make_fat 12 2 "$out/$name.twelve.fat" 2>/dev/null || rm -f "$out/$name.twelve.fat" ;;
    28) make_fat 16 20 "$out/$name.sixteen.fat" ;;
    29) make_fat 32 40 "$out/$name.thirtytwo.fat" ;;
    30) make_gpt ;;
    31) make_mbr ;;
    32) make_initramfs xz xz -T1 --check=crc32 ;;
    33) make_initramfs zstd zstd -q ;;
    34) make_initramfs gzip gzip ;;
    35) make_appimage ;;
  esac
done
