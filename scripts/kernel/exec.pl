#!/usr/bin/perl
# Asks the kernel: each line of standard input is one execve(2) in a chroot, each line of output what came of it.
#
#   in   ID  UID  GID  GROUPS(,)  CWD  PATH  ARGV...      tab-separated; CWD, PATH and ARGV in hexadecimal
#   in   mkfifo PATH | mknod PATH                         a FIFO, or a character device like /dev/null
#   out  ID  started | ERRNO                              started: the exec succeeded, whatever came after
#   out  ID  STATUS  hexadecimal standard error           with --run: the program is waited for
#
# perl-base is on every Debian; execve is called through syscall(), because perl's own exec is execvp, which retries with /bin/sh.
use strict;
use warnings;
use POSIX ();
use Fcntl ();

my ($root, $run) = @ARGV;
my $SYS_execve = (POSIX::uname())[4] eq 'x86_64' ? 59 : 221;
chroot($root) or die "chroot $root: $!";
chdir('/') or die "chdir: $!";
$| = 1;

while (my $line = <STDIN>) {
    chomp $line;
    my ($id, @fields) = split /\t/, $line, -1;
    if ($id eq 'mkfifo' || $id eq 'mknod') {
        my ($path, $mode) = (pack('H*', $fields[0]), oct($fields[1]));
        if ($id eq 'mkfifo') { POSIX::mkfifo($path, 0600) or die "mkfifo $path: $!" }
        else { syscall($SYS_execve == 59 ? 133 : 33, $path, 020000 | 0600, 0x103) == 0 or die "mknod $path: $!" }
        chmod $mode, $path or die "chmod $path: $!";
        next;
    }
    my ($uid, $gid, $groups, @hex) = @fields;
    my ($cwd, $path, @words) = map { pack('H*', $_) } @hex;
    my @env = $run ? split(/\0/, shift @words) : ();
    pipe(my $reader, my $writer) or die "pipe: $!";
    my ($out, $err);
    if ($run) { pipe($out, $err) or die "pipe: $!" }
    my $pid = fork();
    die "fork: $!" unless defined $pid;
    if ($pid == 0) {
        close $reader;
        if ($run) { POSIX::dup2(fileno($err), 2); POSIX::dup2(fileno($err), 1) }
        else { POSIX::close(1); POSIX::close(2) }
        POSIX::close(0);
        my $failed = sub { syswrite($writer, $_[0]); POSIX::_exit(99) };
        chdir($cwd) or $failed->("chdir " . ($!+0));
        if ($uid || $gid || $groups ne '') {
            $) = join(' ', $gid, $groups eq '' ? $gid : split(/,/, $groups));
            $( = $gid;
            POSIX::setgid($gid) or $failed->("setgid");
            POSIX::setuid($uid) or $failed->("setuid");
        }
        alarm 5;
        my $argv = pack('p*', @words) . pack('J', 0);
        my $env = (@env ? pack('p*', @env) : '') . pack('J', 0);
        syscall($SYS_execve, $path, $argv, $env);
        $failed->($!+0);
    }
    close $writer;
    close $err if $run;
    my $answer = '';
    sysread($reader, $answer, 64);
    close $reader;
    if ($run && $answer eq '') {
        my $text = '';
        while (length($text) < 65536 && sysread($out, my $chunk, 8192)) { $text .= $chunk }
        kill 'KILL', $pid if length($text) >= 65536;
        waitpid $pid, 0;
        print join("\t", $id, ($? & 127) ? 'signal ' . ($? & 127) : $? >> 8, unpack('H*', $text)), "\n";
        next;
    }
    kill 'KILL', $pid;
    waitpid $pid, 0;
    print join("\t", $id, $answer eq '' ? 'started' : $answer), "\n";
}
