import {takesOnly, type Wrapper} from '../wrapper.ts'

const inRange = takesOnly(['e'], /^(\d|\d\d|1\d\d|2[0-4]\d|25[0-5])$/)
const isSignal = takesOnly(['p'], /^SIG/)

/** First processes of a container that start one other, and reap. */
export const INITS: readonly Wrapper[] = [
  // krallin/tini src/tini.c: OPT_STRING without `+`, read by getopt(3)
  {
    names: ['tini', 'tini-static', 'docker-init', 'tini-amd64', 'tini-arm64'],
    short: 'hvwgle:p:s',
    long: ['version'],
    permutes: 'getopt',
    ends: ['h', 'l', 'version'],
    refuses: options => inRange(options) ?? isSignal(options),
  },
  // Yelp/dumb-init dumb-init.c
  {
    names: ['dumb-init'],
    short: 'hvVcr:',
    long: ['help', 'verbose', 'version', 'single-child', 'rewrite='],
    ends: ['h', 'V', 'help', 'version'],
  },
  // openSUSE/catatonit catatonit.c: getopt_long(3) without `+`; -P pauses whatever is named
  {
    names: ['catatonit'],
    short: 'gPhLV',
    long: ['help', 'license', 'version'],
    permutes: 'getopt_long',
    ends: ['h', 'L', 'V', 'P', 'help', 'license', 'version'],
  },
  {names: ['pid1', 'minit', 'my-init'], afterDashes: true},
  // kubernetes/release images/build/go-runner
  {names: ['go-runner'], single: true, long: ['log-file=', 'also-stdout', 'redirect-stderr'], search: 'go'},
  // Writes to syslog what its program prints.
  {
    names: ['logexec'],
    single: true,
    long: ['tag=', 'maxline=', 'facility=', 'stdoutLevel=', 'stderrLevel=', 'ignoresig'],
    search: 'go',
  },
]
