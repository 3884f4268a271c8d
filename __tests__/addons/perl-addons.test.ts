import {describe, expect, test} from '@jest/globals'
import {readCertainUses} from '../../src/addons/perl/certain-uses.ts'
import {buildElf} from '../support/elf-builder.ts'
import {executable, type MemoryTree} from '../support/memory-rootfs.ts'
import {checkWholeImage} from '../support/whole-image.ts'

const OWN = buildElf({machine: 183, type: 'dyn', entry: 0, soname: 'x.so'})
const OTHER = buildElf({machine: 62, type: 'dyn', entry: 0, soname: 'x.so'})
const PROGRAM = executable(buildElf({machine: 183, align: 0x10000}))
const LIB = '/usr/local/lib/perl5'
const ARCHLIB = `${LIB}/5.40.0/aarch64-linux-gnu`
const SITE = `${LIB}/site_perl/5.40.0`
const CONFIG = `archname='aarch64-linux-gnu'
archlibexp='${ARCHLIB}'
privlibexp='${LIB}/5.40.0'
sitearchexp='${SITE}/aarch64-linux-gnu'
sitelibexp='${SITE}'
version='5.40.0'
`
const PERL: MemoryTree = {
  '/usr/local/bin/perl': PROGRAM,
  [`${ARCHLIB}/Config_heavy.pl`]: CONFIG,
  [`${ARCHLIB}/auto/POSIX/POSIX.so`]: OWN,
}
const JSON_XS = 'package JSON::XS;\nuse XSLoader;\nXSLoader::load "JSON::XS", $VERSION;\n1;\n'
const at = (arch: string, text: string, content: Uint8Array): MemoryTree => ({
  [`${SITE}/${arch}/JSON/XS.pm`]: text,
  [`${SITE}/${arch}/auto/JSON/XS/XS.so`]: content,
})

async function told(files: MemoryTree, entrypoint = ['/usr/local/bin/perl'], env: readonly string[] = []) {
  const config = {entrypoint, env: ['PATH=/usr/local/bin:/bin', ...env]}
  const {findings} = await checkWholeImage([{platform: 'linux/arm64', config, files: {...PERL, ...files}}])
  return findings.filter(({rule}) => rule === 'missing-addon').map(({level, message}) => [level, message])
}

const X64 = 'x86_64-linux-gnu'
const ARM = 'aarch64-linux-gnu'
const FOREIGN = `JSON::XS in ${SITE}/${ARM} loads auto/JSON/XS/XS.so, which is x86-64, expected aarch64 (linux/arm64)`
const MISSING = `JSON::XS in ${SITE}/${X64} has no add-on for linux/arm64: it needs ${SITE}/${ARM}/auto/JSON/XS/XS.so, and has auto/JSON/XS/XS.so`

describe('native code of modules of Perl', () => {
  test.each<[string, MemoryTree, readonly unknown[]]>([
    ['of another machine in the own directory', at(ARM, JSON_XS, OTHER), ['warning', FOREIGN]],
    ['of another machine in its directory', at(X64, JSON_XS, OTHER), ['warning', MISSING]],
  ])('%s', async (_, files, expected) => {
    expect(await told(files)).toEqual([expected])
  })

  test.each<[string, MemoryTree]>([
    ['it is of the platform', at(ARM, JSON_XS, OWN)],
    ['one of the platform is there too', {...at(X64, JSON_XS, OTHER), ...at(ARM, JSON_XS, OWN)}],
    ['one in Perl alone is there too', {...at(X64, JSON_XS, OTHER), [`${SITE}/JSON/XS.pm`]: ''}],
    ['it is loaded in eval', at(ARM, 'package JSON::XS;\neval {\n  XSLoader::load("JSON::XS");\n};\n', OTHER)],
    [
      'no such directory is of this Perl',
      {'/opt/x86_64-linux-gnu/JSON/XS.pm': JSON_XS, '/opt/x86_64-linux-gnu/auto/JSON/XS/XS.so': OTHER},
    ],
    ['there is no Perl of the platform', {...at(ARM, JSON_XS, OTHER), [`${ARCHLIB}/auto/POSIX/POSIX.so`]: OTHER}],
    ['Perl does not say where', {...at(ARM, JSON_XS, OTHER), [`${ARCHLIB}/Config_heavy.pl`]: "version='5.40.0'\n"}],
  ])('nothing where %s', async (_, files) => {
    expect(await told(files)).toEqual([])
  })

  const start = (text: string): MemoryTree => ({'/app/main.pl': text})
  test.each<[string, MemoryTree, readonly string[], readonly string[]]>([
    ['foreign', {...at(ARM, JSON_XS, OTHER), ...start('use JSON::XS;\n')}, [], ['error']],
    ['in its directory', {...at(X64, JSON_XS, OTHER), ...start('use strict;\nuse JSON::XS qw(x);\n')}, [], ['error']],
    [
      'by another module',
      {
        ...at(ARM, JSON_XS, OTHER),
        ...start('use Web;\n'),
        [`${SITE}/Web.pm`]: 'package Web;\nsub f {\n  use JSON::XS;\n}\n',
      },
      [],
      ['error'],
    ],
    [
      'when it is asked for',
      {...at(ARM, JSON_XS, OTHER), ...start('sub f {\n  require JSON::XS;\n}\n')},
      [],
      ['warning'],
    ],
    ['behind use lib', {...at(ARM, JSON_XS, OTHER), ...start('use lib "/x";\nuse JSON::XS;\n')}, [], ['warning']],
    [
      'in a directory of PERL5LIB',
      {
        ...start('use JSON::XS;\n'),
        '/app/lib/aarch64-linux-gnu/JSON/XS.pm': JSON_XS,
        '/app/lib/aarch64-linux-gnu/auto/JSON/XS/XS.so': OTHER,
      },
      ['PERL5LIB=/app/lib'],
      ['error'],
    ],
  ])('what starts uses it: %s', async (_, files, env, expected) => {
    expect((await told(files, ['perl', '/app/main.pl'], env)).map(([level]) => level)).toEqual(expected)
  })

  test.each<[string, readonly string[]]>([
    ['use strict;\nuse JSON::XS 2.0 qw(x);', ['strict', 'JSON::XS']],
    ['use 5.010;\nuse v5.36;\nuse A;', ['A']],
    ['use parent qw(A::B C);\nuse base "D";', ['A::B', 'C', 'parent', 'D', 'base']],
    ['sub f {\n  use A;\n}\nrequire B;\nif ($x) {\n  require C;\n}', ['A', 'B']],
    ['package X::Y;\nXSLoader::load(__PACKAGE__, $VERSION);', ['!X::Y']],
    ['package X::Y;\nXSLoader::load();', ['!X::Y']],
    ["XSLoader::load('A::B', $VERSION);\nXSLoader::load 'C';", ['!A::B', '!C']],
    ["XSLoader::load(\n  'Moose',\n  $VERSION\n);\nuse B;", ['!Moose', 'B']],
    ["XSLoader::load(\n  'A',\n) if $x;", []],
    ['bootstrap A::B $VERSION;\nC->bootstrap;', ['!A::B', '!C']],
    ['package P;\n__PACKAGE__->XSLoader::load( $VERSION );', ['!P']],
    ['BEGIN {\n  XSLoader::load "EV", $VERSION;\n}', ['!EV']],
    ['eval {\nXSLoader::load("A");\n};\nXSLoader::load("B");', ['!B']],
    ['XSLoader::load("A") if $x;\nXSLoader::load("B") unless $y;\neval { XSLoader::load("C") };', []],
    ['=pod\n\nuse A;\n\n=cut\n\nuse B;\n__END__\nuse C;', ['B']],
    ['print <<EOM;\nuse A;\nEOM\nuse B;', ['B']],
    ['use A; use lib "x";\nuse B;', []],
    ['my $x = q{\nuse A;\n};\nuse B;', []],
    ['use lib "x";\nuse B;', []],
    ['exit;\nrequire A;', []],
    ['# use A;\nuse if $x, "B";', ['if']],
    ['', []],
  ])('uses %j', (text, expected) => {
    expect(readCertainUses(text).map(({kind, name}) => (kind === 'native' ? `!${name}` : name))).toEqual(expected)
  })
})
