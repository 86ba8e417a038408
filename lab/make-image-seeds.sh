#!/bin/sh
# make-image-seeds.sh: makes the small images in fuzz/seeds anew that the fuzzer changes, with the tools that make the real
# ones. Metadata of most is not compressed, so that a change is seen by the reader and not by a decompressor.
set -eu

out=$(cd "$(dirname "$0")/../fuzz/seeds" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export PATH="$PATH:/usr/sbin:/sbin" SOURCE_DATE_EPOCH=0

root=$work/root
mkdir -p "$root/bin" "$root/usr/lib/deep/deeper"
printf '\177ELF%2000s' x >"$root/bin/tool"
ln "$root/bin/tool" "$root/bin/hard"
ln -s ../bin/tool "$root/usr/lib/link"
ln -s "$(printf 'long/%.0s' $(seq 20))" "$root/usr/lib/long"
printf 'small' >"$root/usr/lib/deep/small"
: >"$root/usr/lib/deep/deeper/empty"
seq 3000 >"$root/usr/lib/numbers"
truncate -s 40000 "$root/usr/lib/deep/hole"
for number in 1 2 3 4 5 6 7 8; do printf '%s' "$number" >"$root/usr/lib/deep/file-with-a-long-name-$number"; done
find "$root" -exec touch -h -d @0 {} +

keep() { # keep IMAGE NAME
  gzip -9n <"$1" >"$out/$2.gz"
  rm "$1"
}
squash() { # squash NAME OPTION...
  name=$1
  shift
  mksquashfs "$root" "$work/image" -quiet -no-progress -all-root -b 4K "$@" >/dev/null
  keep "$work/image" "$name"
}
squash plain.squashfs -noI -noId -noX -noF
squash gzip.squashfs
squash xz.squashfs -comp xz -noI -noId
squash zstd.squashfs -comp zstd -noI -noId
squash lz4.squashfs -comp lz4 -noI -noId
squash lzo.squashfs -comp lzo -noI -noId

ext() { # ext NAME SIZE OPTION...
  name=$1 size=$2
  shift 2
  mke2fs -q -F -d "$root" -N 64 -b 1024 "$@" "$work/image" "$size"
  printf '\001\000\000\002\000\040\000\000\000\000\000\000\000\000\000\000\000\000\000\000' >"$work/capability"
  debugfs -w -R "ea_set -f $work/capability /bin/tool security.capability" "$work/image" 2>/dev/null
  keep "$work/image" "$name"
}
ext two.ext 200k -t ext2 -I 128
ext four.ext 256k -t ext4 -O ^has_journal
ext inline.ext 256k -t ext4 -O ^has_journal,inline_data -I 512
ext wide.ext 256k -t ext4 -O ^has_journal,64bit,meta_bg,^resize_inode -g 256

genisoimage -quiet -no-pad -R -o "$work/image" "$root"
keep "$work/image" rock.iso
genisoimage -quiet -no-pad -J -o "$work/image" "$root"
keep "$work/image" joliet.iso

fat() { # fat KILOBYTES OPTION...
  truncate -s "${1}k" "$work/image"
  shift
  mkfs.vfat "$@" "$work/image" >/dev/null
  find "$root" -type l -delete
  mcopy -s -i "$work/image" "$root/bin" "$root/usr" ::
}
fat 128 -F 12 -s 1 -r 64
cp "$work/image" "$work/small"
keep "$work/image" twelve.fat
# A smaller one would be FAT16; what is behind the files is left out.
fat 34000 -F 32 -s 1 -f 1
truncate -s 400k "$work/image"
keep "$work/image" thirtytwo.fat

truncate -s 400k "$work/image"
printf 'label: gpt\nstart=40,size=256\nstart=300,size=40,type=linux-swap\n' | sfdisk -q "$work/image"
dd if="$work/small" of="$work/image" bs=512 seek=40 conv=notrunc status=none
keep "$work/image" gpt.disk
truncate -s 400k "$work/image"
printf 'label: dos\nstart=1,size=270,type=c\nstart=272,size=500,type=5\nstart=273,size=100,type=83\nstart=380,size=100,type=83\n' | sfdisk -q "$work/image"
dd if="$work/small" of="$work/image" bs=512 seek=1 conv=notrunc status=none
keep "$work/image" mbr.disk
