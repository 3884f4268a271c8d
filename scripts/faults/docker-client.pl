#!/usr/bin/perl
# A `docker` for PATH: sends its arguments to the stand-in for an engine, and prints what that answers. Frames of the
# answer are a letter, a length in four bytes, and as many bytes: o for standard output, e for standard error, x for the
# exit code, t for a client that no longer heeds SIGTERM. Without an exit code the engine went away.
use strict;
use warnings;
use IO::Socket::UNIX;

my $engine = IO::Socket::UNIX->new(Peer => $ENV{FAULTS_ENGINE} // '') or die "no stand-in for an engine: $!\n";
$engine->autoflush(1);
print {$engine} pack('N', scalar @ARGV), map { pack('N/a*', $_) } @ARGV;

sub take {
  my ($length) = @_;
  my $bytes = '';
  while (length($bytes) < $length) {
    my $got = sysread($engine, $bytes, $length - length($bytes), length($bytes));
    exit 1 unless $got;
  }
  return $bytes;
}

while (1) {
  my ($letter, $length) = unpack('aN', take(5));
  my $bytes = take($length);
  if ($letter eq 'x') { exit $bytes }
  elsif ($letter eq 't') { $SIG{TERM} = 'IGNORE' }
  else { syswrite($letter eq 'o' ? \*STDOUT : \*STDERR, $bytes) // exit 1 }
}
