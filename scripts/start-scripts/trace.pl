#!/usr/bin/perl
# trace.pl SECONDS [LONGEST]: runs start scripts in a chroot, and tells of every execve(2) in them what came of it. A run
# is ended after so many seconds, or up to LONGEST, once its processes rest: on a busy machine the same takes longer.
#
#   in   ID  FOLDER  BASE  UID  GID  GROUPS(,)  CWD  PATH  REMOVED  ENV  ARGV...   tab-separated; all but numbers in
#                                                        hexadecimal; REMOVED and ENV are lists with NUL between
#   out  ID  exec  PID  PARENT  ERRNO(0: started)  CWD  PATH  EXE  LAST-BYTES  IDS  ENV  ARGV...   IDS: effective user,
#                                                        group, and further groups; ENV is a list with NUL behind each
#   out  ID  end   PID  STATUS | signal NUMBER
#   out  ID  done  STATUS | signal NUMBER | timeout | busy (after LONGEST)   OUTPUT
#
# FOLDER holds `upper`, `work` and `root`: an overlay of BASE and `upper` is mounted on `root`, with /proc, in a mount
# namespace of this process, so that nothing of it outlives it. The first process is started by execve(PATH, ARGV, ENV).
# A seccomp filter stops each execve, ptrace(2) reads its arguments and its result. The first process is process 1 of
# its own namespace: when it ends the kernel ends the others, as in a container. perl-base is on every Debian; amd64
# alone.
use strict;
use warnings;
use POSIX ();

my ($PTRACE_CONT, $PTRACE_GETREGS, $PTRACE_SYSCALL) = (7, 12, 24);
my ($PTRACE_SETOPTIONS, $PTRACE_GETEVENTMSG) = (0x4200, 0x4201);
# TRACESYSGOOD, TRACEFORK, TRACEVFORK, TRACECLONE, TRACEEXEC, TRACESECCOMP, EXITKILL
my $OPTIONS = 0x1 | 0x2 | 0x4 | 0x8 | 0x10 | 0x80 | 0x100000;
my ($SYS_ptrace, $SYS_execve, $SYS_mount, $SYS_umount2, $SYS_prctl) = (101, 59, 165, 166, 157);
my ($SYS_unshare, $SYS_setns, $SYS_wait4) = (272, 308, 61);
my $WALL = 0x40000000;
# Seconds, and calls of execve, of one script.
my ($LIMIT, $LONGEST, $MOST) = ($ARGV[0], $ARGV[1] // $ARGV[0], 200);

$| = 1;
# CLONE_NEWNS, CLONE_NEWNET, CLONE_NEWUTS, CLONE_NEWIPC: its own mounts and name, and no network.
syscall($SYS_unshare, 0x00020000 | 0x40000000 | 0x04000000 | 0x08000000) == 0 or die "unshare: $!";
# MS_REC | MS_PRIVATE
mount('none', '/', '', 0x4000 | 0x40000, '');
open my $own, '<', '/proc/self/ns/pid' or die "namespace: $!";

while (my $line = <STDIN>) {
    chomp $line;
    my ($id, $folder, $base, $uid, $gid, $groups, @rest) = split /\t/, $line, -1;
    ($folder, $base) = map { pack 'H*', $_ } $folder, $base;
    my ($cwd, $path, $removed, $env, @argv) = map { pack 'H*', $_ } @rest;
    my $root = "$folder/root";
    mount('overlay', $root, 'overlay', 0, "lowerdir=$base,upperdir=$folder/upper,workdir=$folder/work");
    unlink "$root/$_" or warn "remove $_: $!" for split /\0/, $removed;
    run($id, $root, "$folder/output", $uid, $gid, $groups, $cwd, $path, [split /\0/, $env], \@argv);
    # MNT_DETACH: with what the script's process mounted there.
    syscall($SYS_umount2, $root, 2) == 0 or die "umount $root: $!";
}

sub mount {
    my ($source, $target, $type, $flags, $data) = @_;
    syscall($SYS_mount, $source, $target, $type, $flags, $data) == 0 or die "mount $target: $!";
}

sub run {
    my ($id, $root, $output, $uid, $gid, $groups, $cwd, $path, $env, $argv) = @_;
    # The next process that is forked is process 1 of a namespace of its own.
    syscall($SYS_unshare, 0x20000000) == 0 or die "unshare: $!";
    my $first = fork();
    die "fork: $!" unless defined $first;
    syscall($SYS_setns, fileno($own), 0x20000000) == 0 or die "setns: $!" if $first;
    if ($first == 0) {
        eval { start($root, $output, $uid, $gid, $groups, $cwd, $path, $env, $argv) };
        POSIX::_exit(99);
    }
    # Its processes, each with its parent; what an execve in progress was asked.
    my (%parent, %asked, %known);
    my $calls = 0;
    my $end;
    my (undef, $stopped) = wait_for($first);
    if (($stopped & 0xff) != 0x7f) {
        # The engine could not start anything: its directory is a file, say.
        print join("\t", $id, 'done', 126, ''), "\n";
        return;
    }
    syscall($SYS_ptrace, $PTRACE_SETOPTIONS, $first, 0, $OPTIONS) == 0 or die "ptrace options: $!";
    ($parent{$first}, $known{$first}) = (0, 1);
    resume($first, $PTRACE_CONT, 0);
    eval {
        # At rest is what is so for the last of the seconds.
        my ($passed, $was_busy) = ($LIMIT, 0);
        local $SIG{ALRM} = sub {
            my $is_busy = is_busy(keys %parent);
            die "timeout\n" if $LONGEST == $LIMIT || !$is_busy && !$was_busy;
            die "busy\n" if ++$passed > $LONGEST;
            $was_busy = $is_busy;
            alarm 1;
        };
        alarm $LIMIT;
        while (!defined $end) {
            my ($pid, $status) = wait_for(-1);
            next if $pid < 0 && $! == POSIX::EINTR;
            last if $pid < 0;
            if (($status & 0xff) != 0x7f) {
                delete $parent{$pid};
                my $how = ($status & 0x7f) ? 'signal ' . ($status & 0x7f) : ($status >> 8) & 0xff;
                print join("\t", $id, 'end', $pid, $how), "\n";
                $end = $how if $pid == $first;
                next;
            }
            my ($signal, $event) = (($status >> 8) & 0xff, $status >> 16);
            if ($event == 7) {
                die "timeout\n" if ++$calls > $MOST;
                $asked{$pid} = question($pid);
                resume($pid, $PTRACE_SYSCALL, 0);
            } elsif ($event == 4) {
                answer($id, $pid, $parent{$pid}, delete $asked{$pid}, 0);
                resume($pid, $PTRACE_CONT, 0);
            } elsif ($event >= 1 && $event <= 3) {
                my $message = "\0" x 8;
                syscall($SYS_ptrace, $PTRACE_GETEVENTMSG, $pid, 0, $message);
                $parent{unpack('Q', $message)} = $pid;
                resume($pid, $PTRACE_CONT, 0);
            } elsif ($signal == (5 | 0x80)) {
                my $errno = -unpack('q', substr(registers($pid), 80, 8));
                answer($id, $pid, $parent{$pid}, delete $asked{$pid}, $errno) if $asked{$pid};
                resume($pid, $PTRACE_CONT, 0);
            } elsif ($signal == 19 && !$known{$pid}) {
                # A new process begins with a SIGSTOP of ptrace's own.
                $known{$pid} = 1;
                $parent{$pid} = 0 unless defined $parent{$pid};
                resume($pid, $PTRACE_CONT, 0);
            } else {
                resume($pid, $PTRACE_CONT, $event ? 0 : $signal);
            }
        }
        alarm 0;
    };
    alarm 0;
    $end = $1 if $@ =~ /^(timeout|busy)\n/;
    die $@ if $@ && $@ !~ /^(timeout|busy)\n/;
    kill 'KILL', keys %parent if %parent;
    for (;;) {
        my ($left, $status) = wait_for(-1);
        last if $left < 0;
        kill 'KILL', $left if ($status & 0xff) == 0x7f;
    }
    my $text = '';
    if (open my $file, '<', $output) { sysread $file, $text, 65536; close $file }
    print join("\t", $id, 'done', $end, unpack('H*', $text)), "\n";
}

# In the new process: the streams, the root, the filter, the user, then the first program.
sub start {
    my ($root, $output, $uid, $gid, $groups, $cwd, $path, $env, $argv) = @_;
    my $out = POSIX::open($output, POSIX::O_WRONLY | POSIX::O_CREAT | POSIX::O_APPEND, 0666);
    POSIX::dup2($out, 1);
    POSIX::dup2($out, 2);
    POSIX::close($out);
    POSIX::close(0);
    # MS_RDONLY: a chmod -R must not reach what all processes of the machine share.
    mount('proc', "$root/proc", 'proc', 1, '');
    chroot $root or die "chroot: $!";
    POSIX::open('/dev/null', POSIX::O_RDONLY);
    # As the engine does, which makes a working directory that is not there.
    my $made = '';
    for my $name (split m{/}, $cwd) { $made .= "$name/"; mkdir $made unless -e $made }
    chdir $cwd or die "chdir $cwd: $!";
    umask 0022;
    # PTRACE_TRACEME; the stop lets the tracer set its options.
    syscall($SYS_ptrace, 0, 0, 0, 0);
    kill 'STOP', $$;
    # BPF: load the number of the system call; SECCOMP_RET_TRACE of execve and execveat, else SECCOMP_RET_ALLOW.
    my @allow = (0x06, 0, 0, 0x7fff0000);
    my @trace = (0x06, 0, 0, 0x7ff00000);
    my $filter = pack('SCCL' x 5, 0x20, 0, 0, 0, 0x15, 1, 0, 59, 0x15, 0, 1, 322, @trace, @allow);
    my $program = pack('S x6 P', 5, $filter);
    syscall($SYS_prctl, 22, 2, $program) == 0 or die "seccomp: $!";
    if ($uid || $gid || $groups ne '') {
        $) = join(' ', $gid, $groups eq '' ? $gid : split(/,/, $groups));
        $( = $gid;
        POSIX::setgid($gid) or die "setgid: $!";
        POSIX::setuid($uid) or die "setuid: $!";
    }
    my $words = pack('p*', @$argv) . pack('J', 0);
    my $variables = (@$env ? pack('p*', @$env) : '') . pack('J', 0);
    syscall($SYS_execve, $path, $words, $variables);
    # As a container's runtime: 127 for what is not there, 126 for what cannot be started.
    POSIX::_exit($! == POSIX::ENOENT ? 127 : 126);
}

# Whether one of the processes runs, waits for a disk, or for this one: the third field of proc_pid_stat(5).
sub is_busy {
    for my $pid (@_) {
        open my $file, '<', "/proc/$pid/stat" or next;
        my $line = <$file> // '';
        return 1 if $line =~ /.*\) [RDtT]/;
    }
    return 0;
}

# wait4(2): perl's own keeps only half of the status.
sub wait_for {
    my $status = "\0" x 4;
    my $pid = syscall($SYS_wait4, $_[0], $status, $WALL, 0);
    return ($pid, unpack('l', $status));
}

sub resume { my ($pid, $how, $signal) = @_; syscall($SYS_ptrace, $how, $pid, 0, $signal) }

sub registers {
    my $buffer = "\0" x (27 * 8);
    syscall($SYS_ptrace, $PTRACE_GETREGS, $_[0], 0, $buffer);
    return $buffer;
}

# The path, the arguments and the directory of an execve that is about to happen.
sub question {
    my ($pid) = @_;
    my $registers = registers($pid);
    # struct user_regs_struct: rsi is the 14th, rdi the 15th.
    my ($rsi, $rdi) = unpack 'QQ', substr($registers, 13 * 8, 16);
    open my $memory, '<', "/proc/$pid/mem" or return ['', '?'];
    my @words;
    while (@words < 64) {
        sysseek($memory, $rsi + 8 * @words, 0);
        last unless sysread($memory, my $pointer, 8);
        last if unpack('Q', $pointer) == 0;
        push @words, text($memory, unpack('Q', $pointer));
    }
    return [within($pid, 'cwd'), text($memory, $rdi), @words];
}

sub text {
    my ($memory, $at) = @_;
    my $text = '';
    while (length $text < 65536) {
        sysseek($memory, $at + length $text, 0);
        # Not over the end of a page: the next may not be there.
        my $left = 4096 - (($at + length $text) & 4095);
        last unless sysread($memory, my $chunk, $left > 256 ? 256 : $left);
        my $end = index $chunk, "\0";
        return $text . substr($chunk, 0, $end) if $end >= 0;
        $text .= $chunk;
    }
    return $text;
}

# Where /proc/PID/cwd or exe leads to, as a path of the chroot.
sub within {
    my ($pid, $name) = @_;
    my $root = readlink "/proc/$pid/root";
    my $at = readlink "/proc/$pid/$name";
    return '?' unless defined $at && defined $root;
    $at = substr $at, length $root if $root ne '/' && index($at, $root) == 0;
    return $at eq '' ? '/' : $at;
}

# As whom a process runs: user, group, further groups.
sub ids {
    my ($pid) = @_;
    open my $file, '<', "/proc/$pid/status" or return '';
    my %field;
    while (<$file>) { $field{$1} = $2 if /^(Uid|Gid|Groups):\s*(.*)/ }
    return join ' ', (split ' ', $field{Uid})[1], (split ' ', $field{Gid})[1], split ' ', $field{Groups};
}

# The environment that a program was started with.
sub variables {
    my ($pid) = @_;
    my $text = '';
    if (open my $file, '<', "/proc/$pid/environ") { 1 while sysread $file, $text, 65536, length $text }
    return $text;
}

sub answer {
    my ($id, $pid, $parent, $asked, $errno) = @_;
    my ($exe, $last, $ids, $env) = ('', '', '', '');
    if ($errno == 0) {
        $exe = within($pid, 'exe');
        $ids = ids($pid);
        $env = variables($pid);
        if (open my $file, '<', "/proc/$pid/exe") {
            my $size = -s $file;
            sysseek $file, $size > 64 ? $size - 64 : 0, 0;
            sysread $file, $last, 64;
        }
    }
    my ($cwd, $path, @words) = @$asked;
    my @hex = map { unpack 'H*', $_ } $cwd, $path, $exe, $last, $ids, $env, @words;
    print join("\t", $id, 'exec', $pid, $parent || 0, $errno, @hex), "\n";
}
