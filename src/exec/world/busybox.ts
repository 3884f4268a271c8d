/** Applets of busybox 1.35 as Debian builds it, as far as start scripts call them. */
const APPLETS = new Set(
  (
    '[ [[ adjtimex ar arch arp arping ash awk basename bc blkid blockdev brctl bunzip2 bzcat bzip2 cal cat chgrp chmod chown ' +
    'chpasswd chroot clear cmp cp cpio cttyhack cut date dc dd df diff dirname dmesg dnsdomainname dos2unix du dumpkmap echo ' +
    'egrep env expand expr factor false fallocate fgrep find fold free fsfreeze fstrim ftpget ftpput getopt getty grep groups ' +
    'gunzip gzip halt head hexdump hostid hostname httpd hwclock i2cdetect id ifconfig ifdown ifup init insmod install ionice ' +
    'ip ipcalc kill killall klogd last less link linux32 linux64 ln loadkmap logger login logname logread losetup ls lsmod ' +
    'lsscsi lzcat lzma lzop md5sum mdev microcom mkdir mkdosfs mke2fs mkfifo mknod mkpasswd mkswap mktemp modinfo modprobe ' +
    'more mount mt mv nc netstat nice nl nologin nohup nproc nslookup nsenter nuke od paste patch pidof ping ping6 pivot_root ' +
    'poweroff printf ps pwd rdate readlink realpath reboot renice reset resume rev rm rmdir route rpm rpm2cpio run-parts sed seq ' +
    'setkeycodes setpriv setsid sh sha1sum sha256sum sha3sum sha512sum shred shuf sleep sort ssl_client start-stop-daemon stat ' +
    'strings stty svc svok swapoff swapon switch_root sync sysctl syslogd tac tail tar taskset tee telnet test tftp time timeout ' +
    'top touch tr traceroute traceroute6 true truncate tty tunctl ubirename uevent umount uname uncompress unexpand uniq unix2dos ' +
    'unlink unlzma unshare unxz unzip uptime usleep uudecode uuencode vconfig vi w watch watchdog wc wget which who whoami xargs ' +
    'xxd xz xzcat yes zcat'
  ).split(' '),
)

/**
 * Whether busybox has an applet of this name. A shell that is a static busybox takes its applets before PATH, where it
 * was built so (FEATURE_SH_STANDALONE): Debian's is, of others the file does not tell
 * (wrappers/standalone.ts). The dynamic ones of Debian and Alpine do not.
 */
export function isApplet(name: string): boolean {
  return APPLETS.has(name)
}
