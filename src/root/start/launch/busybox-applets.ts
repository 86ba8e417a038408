import { baseName } from '../../../base/path-parts.ts';
import type { Extraction } from '../../../extraction/extraction.ts';
import type { RunningProgram } from './launch.ts';

/**
 * Names that one release of BusyBox or another has as applets (1.31 to 1.37, all options on). `bash` is not among them: it
 * needs an option that is off by default. Which of them a file has, its builder chose.
 */
export const busyboxApplets: ReadonlySet<string> = new Set(
  `[ [[ acpid add-shell addgroup adduser adjtimex ar arch argc arp arping ascii ash awk base32 base64 basename bc beep
blkdiscard blkid blockdev bootchartd brctl bunzip2 busybox bzcat bzip2 cal cat chat chattr chcon chgrp chmod chown
chpasswd chpst chroot chrt chvt cksum clear cmp comm conspy cp cpio crc32 crond crontab cryptpw cttyhack cut date dc
dd deallocvt delgroup deluser depmod devfsd devmem df dhcprelay diff dirname dmesg dnsd dnsdomainname dos2unix dpkg
dpkg-deb du dumpkmap dumpleases e2label echo ed egrep eject env envdir envuidgid ether-wake expand expr factor
fakeidentd fallocate false fatattr fbset fbsplash fdflush fdformat fdisk fgconsole fgrep find findfs flash_eraseall
flash_lock flash_unlock flashcp flock fold free freeramdisk fsck fsck.minix fsfreeze fstrim fsync ftpd ftpget ftpput
fuser getenforce getfattr getopt getsebool getty grep groups gunzip gzip halt hd hdparm head hexdump hexedit hostid
hostname httpd hush hwclock i2cdetect i2cdump i2cget i2cset i2ctransfer id ifconfig ifdown ifenslave ifplugd ifup
inetd init inotifyd insmod install ionice iostat ip ipaddr ipcalc ipcrm ipcs iplink ipneigh iproute iprule iptunnel
kbd_mode kill killall killall5 klogd last less link linux32 linux64 linuxrc ln load_policy loadfont loadkmap logger
login logname logread losetup lpd lpq lpr ls lsattr lsmod lsof lspci lsscsi lsusb lzcat lzma lzop lzopcat makedevs
makemime man matchpathcon md5sum mdev mesg microcom mim minips mkdir mkdosfs mke2fs mkfifo mkfs.ext2 mkfs.ext3
mkfs.minix mkfs.reiser mkfs.vfat mknod mkpasswd mkswap mktemp modinfo modprobe more mount mountpoint mpstat mt mv
nameif nanddump nandwrite nbd-client nc netcat netstat nice nl nmeter nohup nologin nproc nsenter nslookup ntpd nuke
od openvt parse partprobe passwd paste patch pgrep pidof ping ping6 pipe_progress pivot_root pkill pmap popmaildir
poweroff powertop printenv printf ps pscan pstree pwd pwdx raidautorun rdate rdev readahead readlink readprofile
realpath reboot reformime remove-shell renice reset resize restorecon resume rev rfkill rm rmdir rmmod route rpm
rpm2cpio rtcwake run-init run-parts runcon runlevel runsv runsvdir rx script scriptreplay sed seedrng selinuxenabled
sendmail seq sestatus setarch setconsole setenforce setfattr setfiles setfont setkeycodes setlogcons setpriv setsebool
setserial setsid setuidgid sh sha1sum sha256sum sha3sum sha512sum showkey shred shuf slattach sleep smemcap softlimit
sort split ssl_client start-stop-daemon stat strings stty su sulogin sum sv svc svlogd svok swapoff swapon switch_root
sync sysctl syslogd tac tail tar taskset tc tcpsvd tee telnet telnetd test tftp tftpd time timeout top touch tr
traceroute traceroute6 tree true truncate ts tsort tty ttysize tunctl tune2fs ubiattach ubidetach ubimkvol ubirename
ubirmvol ubirsvol ubiupdatevol udhcpc udhcpc6 udhcpd udpsvd uevent umount uname uncompress unexpand uniq unit unix2dos
unlink unlzma unlzop unshare unxz unzip uptime users usleep uudecode uuencode vconfig vi vlock volname w wall watch
watchdog wc wget which who whoami whois xargs xxd xz xzcat yes zcat zcip`.split(/\s+/),
);

/** By who builds it: dynamic ones for musl are of Alpine, the others of Debian or with all options on. */
export function everyBuildHas(applet: string, isOfAlpine: boolean): boolean {
  return inEveryBuild.has(applet) || (isOfAlpine ? ofAlpine : ofDebian).has(applet);
}

/** Of Alpine 3.10 and 3.20, and of Debian 11 to 13 (`busybox` and `busybox-static`). */
const inEveryBuild: ReadonlySet<string> = new Set(
  `[ [[ acpid adjtimex arch arp arping ash awk basename bc blkdiscard blockdev brctl bunzip2 bzcat bzip2 cal cat chgrp
chmod chown chroot chvt clear cmp cp cpio cut date dc dd deallocvt depmod df diff dirname dmesg dnsdomainname dos2unix
du dumpkmap echo egrep env expand expr factor fallocate false fatattr fgrep find fold free fstrim getopt getty grep
groups gunzip gzip halt head hexdump hostid hostname hwclock id ifconfig ifdown ifup init insmod ionice ip ipcalc kill
killall klogd less link linux32 linux64 ln loadfont loadkmap logger login logread losetup ls lsmod lzcat lzma lzop
md5sum mdev microcom mkdir mkdosfs mkfifo mknod mkpasswd mkswap mktemp modinfo modprobe more mount mv nameif nc
netstat nl nologin nproc nsenter nslookup od openvt partprobe paste pidof ping ping6 poweroff printf ps pwd rdate
readlink realpath reboot renice reset rev rm rmdir rmmod route run-parts sed seq setkeycodes setpriv setsid sh sha1sum
sha256sum sha512sum shred shuf sleep sort stat strings stty swapoff swapon switch_root sync sysctl syslogd tac tail
tar tee test time timeout top touch tr traceroute traceroute6 true truncate tty udhcpc umount uname unexpand uniq
unix2dos unlink unlzma unshare unxz unzip uptime usleep uudecode uuencode vconfig vi watch watchdog wc wget which
whoami xargs xxd xzcat yes zcat`.split(/\s+/),
);

/** In both releases of Alpine, and not in all builds of Debian. Its `busybox-extras` is a file of its own. */
const ofAlpine: ReadonlySet<string> = new Set(
  `add-shell addgroup adduser base64 beep blkid chpasswd cksum comm crond crontab cryptpw delgroup deluser eject
ether-wake fbset fbsplash fdflush fdisk findfs flock fsck fsync fuser hd ifenslave inotifyd install iostat ipaddr
ipcrm ipcs iplink ipneigh iproute iprule iptunnel kbd_mode killall5 lsof lsusb lzopcat makemime mesg mkfs.vfat
mountpoint mpstat nanddump nandwrite nbd-client nice nmeter nohup ntpd passwd pgrep pipe_progress pkill pmap printenv
pscan pstree pwdx raidautorun rdev readahead reformime remove-shell resize rfkill sendmail setconsole setfont
setlogcons setserial sha3sum showkey slattach split su sum ttysize tunctl udhcpc6 unlzop vlock volname whois`.split(
    /\s+/,
  ),
);

const ofDebian: ReadonlySet<string> = new Set(
  `ar cttyhack devmem dumpleases freeramdisk fsfreeze ftpget ftpput httpd i2cdetect i2cdump i2cget i2cset last linuxrc
logname lsscsi mke2fs mt nuke patch pivot_root resume rpm rpm2cpio run-init ssl_client start-stop-daemon svc svok
taskset telnet tftp ubirename udhcpd uevent uncompress w who xz`.split(/\s+/),
);

/** The applets of a file that holds a table of them; null where it does not, or where most of the names are of no known applet. */
export function appletsOf({ linking }: Extraction): ReadonlySet<string> | null {
  const names = linking.known ? linking.value.applets : null;
  if (names === null) return null;
  const known = names.filter((name) => busyboxApplets.has(name)).length;
  return known >= names.length * enoughKnown ? new Set(names) : null;
}

/** Builds may have applets of their own. */
const enoughKnown = 0.8;

export function isBusyBox({ files, applets }: Pick<RunningProgram, 'files' | 'applets'>): boolean {
  return applets !== null || files.some((file) => /^busybox([.-][\w.-]*)?$/.test(baseName(file)));
}

export function isOfAlpine(interpreter: string | null): boolean {
  return (interpreter ?? '').includes('/ld-musl-');
}

/**
 * Builds of BusyBox may prefer their own applets to what PATH holds (FEATURE_PREFER_APPLETS, FEATURE_SH_STANDALONE). Those of
 * Debian and many static ones do, and copies of these have any of their names. Dynamic ones for musl are of Alpine and do not.
 */
export function mayRunItself(program: RunningProgram, word: string): boolean {
  const { applets, files, interpreter } = program;
  if (!(applets ?? busyboxApplets).has(word)) return false;
  if (isBusyBox(program)) return !isOfAlpine(interpreter);
  return interpreter === null && files.some((file) => busyboxApplets.has(baseName(file)));
}
