#!/bin/bash
# make-unread-seeds.sh: makes the small images in test/unread/seeds anew, each by the tool that makes the real ones (Debian 12:
# erofs-utils xfsprogs btrfs-progs f2fs-tools mtd-utils qemu-utils u-boot-tools device-tree-compiler genromfs
# android-sdk-libsparse-utils p7zip-full wimtools ntfs-3g exfatprogs arj cpio libarchive-tools mkbootimg cramfsswap
# squashfs-tools). Of large ones the first 72 KiB are kept, which is all that is looked at.
set -eu

out=$(cd "$(dirname "$0")/../test/unread" && pwd)/seeds
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export PATH="$PATH:/usr/sbin:/sbin" SOURCE_DATE_EPOCH=0
mkdir -p "$out"
cd "$work"

mkdir -p root/bin
printf '\177ELF%2000s' x >root/bin/tool
printf 'text' >root/readme

keep() { # keep IMAGE NAME
  head -c 73728 "$1" | gzip -9n >"$out/$2.gz"
  rm -f "$1"
}
room() { # room SIZE
  rm -f image
  truncate -s "$1" image
}

mkfs.erofs --quiet image root 2>/dev/null || mkfs.erofs image root >/dev/null
keep image erofs
room 320M
mkfs.xfs -q image
keep image xfs
room 128M
mkfs.btrfs -q image 2>/dev/null
keep image btrfs
room 64M
mkfs.f2fs -q image >/dev/null
keep image f2fs
room 4M
mkntfs -q -F -H 16 -S 63 -p 0 -s 512 image >/dev/null 2>&1
keep image ntfs
room 4M
mkfs.exfat image >/dev/null
keep image exfat
mkfs.jffs2 -l -r root -o image
keep image jffs2
mkfs.jffs2 -b -r root -o image
keep image jffs2-big-endian
mkfs.ubifs -m 2048 -e 126976 -c 64 -r root -o ubifs
printf '[root]\nmode=ubi\nimage=ubifs\nvol_id=0\nvol_size=8MiB\nvol_type=dynamic\nvol_name=root\n' >ubi.ini
ubinize -o image -m 2048 -p 128KiB ubi.ini
keep image ubi
keep ubifs ubifs
mkfs.cramfs root image >/dev/null
keep image cramfs
genromfs -d root -f image
keep image romfs
for format in qcow2 vmdk vdi vhdx vpc qed parallels; do
  rm -f image
  qemu-img create -q -f "$format" image 4M
  keep image "$format"
done
room 4096
mkimage -A arm -O linux -T kernel -C none -n kernel -d image uimage >/dev/null
keep uimage uimage
cat >image.its <<'ITS'
/dts-v1/;
/ {
  description = "firmware";
  images { kernel { data = /incbin/("image"); type = "kernel"; arch = "arm"; os = "linux"; compression = "none"; load = <0>; entry = <0>; }; };
  configurations { default = "one"; one { kernel = "kernel"; }; };
};
ITS
mkimage -f image.its fit >/dev/null
keep fit fit
printf '/dts-v1/;\n/ { model = "a board"; cpus { cpu { }; }; memory { device_type = "memory"; }; };\n' >board.dts
dtc -q -O dtb -o image board.dts
keep image device-tree
room 1M
printf 'something' | dd of=image conv=notrunc status=none
img2simg image sparse
keep sparse android-sparse
mkbootimg --kernel root/readme --ramdisk root/readme -o image
keep image android-boot
7z a -bso0 archive.7z root
keep archive.7z 7z
wimlib-imagex capture root archive.wim --compress=none >/dev/null
keep archive.wim wim
arj a -y archive.arj root/readme >/dev/null
keep archive.arj arj
find root | cpio -o -H odc --quiet >image
keep image odc
find root | cpio -o -H bin --quiet >image
keep image cpio-binary
bsdtar --format=xar -cf image root
keep image xar
printf 'readme' >member
ar rcT thin.a member
keep thin.a thin-ar
ls -la "$out"
