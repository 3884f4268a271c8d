import {deflateRawSync} from 'node:zlib'
import {describe, expect, test} from '@jest/globals'
import {buildElf} from '../support/elf-builder.ts'
import {executable, type MemoryTree} from '../support/memory-rootfs.ts'
import {checkWholeImage} from '../support/whole-image.ts'
import {buildZip} from '../support/zip-builder.ts'

const MACHINES = {amd64: 62, arm64: 183, riscv64: 243}
type Arch = keyof typeof MACHINES
const LOADERS = {glibc: '/lib/ld-linux.so.1', musl: '/lib/ld-musl-x.so.1'}

/** A JVM of a platform and a C library. */
function jvm(arch: Arch, libc: keyof typeof LOADERS = 'glibc'): MemoryTree {
  const [machine, loader] = [MACHINES[arch], LOADERS[libc]]
  return {
    '/opt/java/bin/java': executable(buildElf({machine, align: 0x10000, interpreter: loader})),
    '/opt/java/lib/server/libjvm.so': buildElf({machine, type: 'dyn', entry: 0, soname: 'libjvm.so'}),
    [loader]: executable(buildElf({machine, type: 'dyn', align: 0x10000})),
  }
}

const jar = (...names: readonly string[]) => buildZip(['META-INF/MANIFEST.MF', ...names].map(name => ({name})))

const SNAPPY = (word: string) => `org/xerial/snappy/native/Linux/${word}/libsnappyjava.so`
const SQLITE = (word: string) => `org/sqlite/native/${word}/libsqlitejdbc.so`
const ZSTD = (word: string) => `linux/${word}/libzstd-jni-1.5.5-1.so`
const JNA = (word: string) => `com/sun/jna/linux-${word}/libjnidispatch.so`
const ROCKSDB = (word: string) => `librocksdbjni-linux${word}.so`
const DUCKDB = (word: string) => `libduckdb_java.so_linux_${word}`
const ONNX = (word: string) => `ai/onnxruntime/native/linux-${word}/libonnxruntime4j_jni.so`

async function told(arch: Arch, files: MemoryTree): Promise<readonly unknown[]> {
  const config = {entrypoint: ['/opt/java/bin/java'], env: ['PATH=/opt/java/bin']}
  const {findings} = await checkWholeImage([{platform: `linux/${arch}`, config, files}])
  return findings.filter(({rule}) => rule === 'missing-addon').map(({level, message}) => [level, message])
}

describe('natives in jars', () => {
  test.each<[string, Arch, string, string, string]>([
    ['snappy-java', 'arm64', SNAPPY('x86_64'), SNAPPY('aarch64'), ''],
    ['snappy-java', 'amd64', SNAPPY('aarch64'), SNAPPY('x86_64'), ''],
    ['sqlite-jdbc', 'arm64', SQLITE('Linux/x86_64'), SQLITE('Linux/aarch64'), ''],
    ['zstd-jni', 'arm64', ZSTD('amd64'), ZSTD('aarch64'), 'linux/aarch64/libzstd-jni.so'],
    ['jna', 'arm64', JNA('x86-64'), JNA('aarch64'), ''],
    ['rocksdbjni', 'arm64', ROCKSDB('64'), ROCKSDB('-aarch64'), ''],
    ['rocksdbjni', 'riscv64', ROCKSDB('64'), ROCKSDB('-riscv64'), ''],
    ['duckdb_jdbc', 'arm64', DUCKDB('amd64'), DUCKDB('arm64'), ''],
    ['onnxruntime', 'arm64', ONNX('x64'), ONNX('aarch64'), ''],
    [
      'libtensorflow_jni',
      'arm64',
      'org/tensorflow/native/linux-x86_64/libtensorflow_jni.so',
      'org/tensorflow/native/linux-aarch64/libtensorflow_jni.so',
      '',
    ],
    [
      'tensorflow-core-native',
      'arm64',
      'org/tensorflow/internal/c_api/linux-x86_64/libjnitensorflow.so',
      'org/tensorflow/internal/c_api/linux-arm64/libjnitensorflow.so',
      '',
    ],
  ])('of %s on %s: %s is not %s', async (library, arch, other, own, wanted) => {
    const has = other.replace(/jni-1\.5\.5-1/, 'jni')
    const message = `${library} in /app/lib/x.jar has no add-on for linux/${arch}: it needs ${wanted || own}, and has ${has}`
    expect(await told(arch, {...jvm(arch), '/app/lib/x.jar': jar(other)})).toEqual([['warning', message]])
    expect(await told(arch, {...jvm(arch), '/app/lib/x.jar': jar(other, own)})).toEqual([])
    // Which jars are on a class path is not known.
    expect(await told(arch, {...jvm(arch), '/app/lib/x.jar': jar(other), '/opt/y.jar': jar(own)})).toEqual([])
  })

  test.each<[string, Arch, 'glibc' | 'musl', readonly string[], boolean]>([
    ['snappy-java knows no musl', 'arm64', 'musl', [SNAPPY('aarch64')], true],
    ['snappy-java for musl', 'amd64', 'musl', [SNAPPY('x86_64-musl')], true],
    ['snappy-java for musl on glibc', 'amd64', 'glibc', [SNAPPY('x86_64-musl')], false],
    ['sqlite-jdbc that knows no musl', 'arm64', 'musl', [SQLITE('Linux/aarch64')], true],
    ['sqlite-jdbc that knows musl', 'arm64', 'musl', [SQLITE('Linux/aarch64'), SQLITE('Linux-Musl/x86_64')], false],
    ['sqlite-jdbc for musl', 'arm64', 'musl', [SQLITE('Linux-Musl/aarch64')], true],
    ['sqlite-jdbc for musl on glibc', 'arm64', 'glibc', [SQLITE('Linux-Musl/aarch64')], false],
    ['rocksdbjni for glibc alone', 'arm64', 'musl', [ROCKSDB('-aarch64'), ROCKSDB('64-musl')], false],
    ['rocksdbjni for musl', 'arm64', 'musl', [ROCKSDB('-aarch64-musl')], true],
    ['rocksdbjni for musl on glibc', 'amd64', 'glibc', [ROCKSDB('64-musl')], false],
  ])('%s', async (_, arch, libc, names, isRight) => {
    expect(await told(arch, {...jvm(arch, libc), '/app/x.jar': jar(...names)})).toHaveLength(isRight ? 0 : 1)
  })

  const wrong = jar(SNAPPY('x86_64'))
  test.each<[string, MemoryTree]>([
    ['there is no JVM', {'/bin/app': executable(buildElf({machine: 183, align: 0x10000})), '/app/x.jar': wrong}],
    [
      'the library has a way in Java',
      {
        ...jvm('arm64'),
        '/app/x.jar': jar(
          'META-INF/native/libnetty_tcnative_linux_x86_64.so',
          'META-INF/native/libnetty_transport_native_epoll_x86_64.so',
          'net/jpountz/util/linux/amd64/liblz4-java.so',
          'META-INF/native/libconscrypt_openjdk_jni-linux-x86_64.so',
          'org/fusesource/jansi/internal/native/Linux/x86_64/libjansi.so',
          'jni/x86_64-Linux/libjffi-1.2.so',
        ),
      },
    ],
    [
      'a release has a way in Java',
      {...jvm('arm64'), '/app/x.jar': wrong, '/app/y.jar': jar('org/xerial/snappy/pure/PureJavaSnappy.class')},
    ],
    ['all is for other systems', {...jvm('arm64'), '/app/x.jar': jar('com/sun/jna/darwin/libjnidispatch.jnilib')}],
    [
      'the library stands outside',
      {
        ...jvm('arm64'),
        '/app/x.jar': wrong,
        '/usr/lib/jni/libsnappyjava.so': buildElf({machine: 183, type: 'dyn', entry: 0}),
      },
    ],
    ['it is no zip', {...jvm('arm64'), '/app/x.jar': Buffer.from(SNAPPY('x86_64').repeat(3000))}],
    ['it is no jar by its name', {...jvm('arm64'), '/app/x.zip': wrong}],
    ['a jar in it is packed', {...jvm('arm64'), '/app/x.jar': nested(wrong, 8)}],
    ['a jar in it is none', {...jvm('arm64'), '/app/x.jar': nested(Buffer.from('x'), 0)}],
    ['of a jar in it the name says nothing', {...jvm('arm64'), '/app/x.jar': nested(wrong, 0, 'lib/a.jar')}],
  ])('nothing where %s', async (_, files) => {
    expect(await told('arm64', files)).toEqual([])
  })

  test('a library outside that is of another machine does not count', async () => {
    const foreign = buildElf({machine: 62, type: 'dyn', entry: 0})
    const files = {...jvm('arm64'), '/app/x.jar': wrong, '/usr/lib/jni/libsnappyjava.so': foreign}
    expect(await told('arm64', files)).toHaveLength(1)
  })

  test.each<[string, string, Buffer]>([
    ['Spring Boot', 'BOOT-INF/lib/snappy-java-1.1.10.5.jar', nested(wrong, 0, 'BOOT-INF/lib/snappy-java-1.1.10.5.jar')],
    ['a web archive', 'WEB-INF/lib/snappy-java-1.1.10.5.jar', nested(wrong, 0, 'WEB-INF/lib/snappy-java-1.1.10.5.jar')],
  ])('in a jar of %s', async (_, within, content) => {
    const message = `snappy-java (${within}) in /app/app.war has no add-on for linux/arm64: it needs ${SNAPPY('aarch64')}, and has ${SNAPPY('x86_64')}`
    expect(await told('arm64', {...jvm('arm64'), '/app/app.war': content})).toEqual([['warning', message]])
    // Jars that start by themselves have a script before them.
    const script = Buffer.concat([Buffer.from('#!/bin/bash\nexec java -jar "$0"\n'), content])
    expect(await told('arm64', {...jvm('arm64'), '/app/app.war': executable(script)})).toEqual([['warning', message]])
  })

  test('of many jars is one finding', async () => {
    const jars = [1, 2, 3, 4].map(at => [`/app/lib/${at}.jar`, wrong])
    const message = '4 packages in /app/lib (snappy-java, snappy-java, snappy-java, …) have no add-on for linux/arm64'
    expect(await told('arm64', {...jvm('arm64'), ...Object.fromEntries(jars)})).toEqual([['warning', message]])
  })
})

describe('native agents', () => {
  const AGENT = '/opt/agent/libagent.so'
  const [OWN, OTHER] = [183, 62].map(machine => buildElf({machine, type: 'dyn', entry: 0, soname: 'x.so'}))
  const message = `/opt/java/bin/java loads ${AGENT}, which is x86-64, expected aarch64 (linux/arm64)`
  const certain = `error: ${message}; what starts loads it for certain`
  const option = `-agentpath:${AGENT}=a=b,c`

  async function toldOf({
    content = OTHER,
    entrypoint = ['/opt/java/bin/java', '-jar', '/app.jar'],
    env = [],
    volumes = [],
    files = {},
  }: {
    readonly content?: Uint8Array | undefined
    readonly entrypoint?: readonly string[]
    readonly env?: readonly string[]
    readonly volumes?: readonly string[]
    readonly files?: MemoryTree
  }) {
    const config = {entrypoint: [...entrypoint], env: ['PATH=/opt/java/bin:/bin', ...env], volumes: [...volumes]}
    const tree = {...jvm('arm64'), '/app.jar': jar(), [AGENT]: content ?? '', ...files}
    const {findings} = await checkWholeImage([{platform: 'linux/arm64', config, files: tree}])
    return findings.filter(({rule}) => rule === 'missing-addon').map(one => `${one.level}: ${one.message}`)
  }

  test.each<[string, Parameters<typeof toldOf>[0]]>([
    ['of JAVA_TOOL_OPTIONS', {env: [`JAVA_TOOL_OPTIONS=-Xmx1g '${option}'`]}],
    ['of _JAVA_OPTIONS', {env: [`_JAVA_OPTIONS=${option}`]}],
    ['of the command', {entrypoint: ['java', '-Xmx1g', option, '-jar', '/app.jar']}],
    [
      'of a script',
      {
        entrypoint: ['/start'],
        files: {
          '/start': executable(`#!/bin/sh\nexec java -jar /app.jar\n`),
          '/bin/sh': executable(buildElf({machine: 183, align: 0x10000})),
        },
        env: [`JAVA_TOOL_OPTIONS=${option}`],
      },
    ],
  ])('%s: an error', async (_, input) => {
    expect(await toldOf(input)).toEqual([certain])
  })

  test.each<[string, Parameters<typeof toldOf>[0]]>([
    ['of JDK_JAVA_OPTIONS, which JDK 8 does not read', {env: [`JDK_JAVA_OPTIONS=${option}`]}],
    ['behind what ends the options', {entrypoint: ['java', '-version', option]}],
    ['where no JVM starts', {entrypoint: ['/bin/none'], env: [`JAVA_TOOL_OPTIONS=${option}`]}],
    ['of a volume', {volumes: ['/opt/agent'], env: [`JAVA_TOOL_OPTIONS=${option}`]}],
    [
      'where a script may change it',
      {
        entrypoint: ['/start'],
        files: {
          '/start': executable(`#!/bin/sh\nunset JAVA_TOOL_OPTIONS\nexec java -jar /app.jar\n`),
          '/bin/sh': executable(buildElf({machine: 183, align: 0x10000})),
        },
        env: [`JAVA_TOOL_OPTIONS=${option}`],
      },
    ],
  ])('%s: a warning', async (_, input) => {
    expect(await toldOf(input)).toEqual([`warning: ${message}`])
  })

  test.each<[string, Parameters<typeof toldOf>[0]]>([
    ['of the platform', {content: OWN, env: [`JAVA_TOOL_OPTIONS=${option}`]}],
    ['that is not there', {env: ['JAVA_TOOL_OPTIONS=-agentpath:/mnt/x.so']}],
    ['by its name', {env: ['JAVA_TOOL_OPTIONS=-agentlib:agent']}],
  ])('nothing: %s', async (_, input) => {
    expect(await toldOf(input)).toEqual([])
  })
})

describe('JAVA_HOME', () => {
  const OWN = '/usr/lib/jvm/java-17-openjdk-arm64'
  const OTHER = '/usr/lib/jvm/java-17-openjdk-amd64'
  const files = {[`${OWN}/bin/java`]: executable(buildElf({machine: 183, align: 0x10000}))}
  const say = async (value: string, more: MemoryTree = {}) => {
    const config = {entrypoint: [`${OWN}/bin/java`], env: [`PATH=${OWN}/bin`, `JAVA_HOME=${value}`]}
    const {findings} = await checkWholeImage([{platform: 'linux/arm64', config, files: {...files, ...more}}])
    return findings.filter(({rule}) => rule === 'missing-addon').map(({level, message, path}) => [level, message, path])
  }

  test.each([OTHER, `${OTHER}/`])('that names the JVM of another machine: %s', async value => {
    const message = `JAVA_HOME names ${OTHER}, which is not in the image: linux/arm64 has ${OWN}`
    expect(await say(value)).toEqual([['warning', message, OTHER]])
  })

  test.each(['/usr/lib/jvm/java-21-openjdk-amd64', '/opt/java', '/usr/local/openjdk-11/'])(
    'that names another one, which is not there: %s',
    async value => {
      const named = value.replace(/\/$/, '')
      const message = `JAVA_HOME names ${named}, which is not in the image: linux/arm64 has ${OWN}`
      expect(await say(value)).toEqual([['warning', message, named]])
    },
  )

  test('that what starts is missing for is said once', async () => {
    const config = {entrypoint: [`${OTHER}/bin/java`], env: [`JAVA_HOME=${OTHER}`]}
    const {findings} = await checkWholeImage([{platform: 'linux/arm64', config, files}])
    expect(findings.map(({rule, level, fix}) => [rule, level, fix])).toEqual([
      ['missing-program', 'error', `Set JAVA_HOME to ${OWN} on this platform, or to a path that every platform has.`],
    ])
  })

  test.each<[string, string, MemoryTree]>([
    ['the own', OWN, {}],
    ['a link', OTHER, {[OTHER]: {link: OWN}}],
    ['what is there', '/opt/java', {'/opt/java/bin/java': ''}],
    ['nothing', '', {}],
    ['a relative path', 'usr/lib/jvm/java-17-openjdk-amd64', {}],
  ])('nothing where it names %s', async (_, value, more) => {
    expect(await say(value, more)).toEqual([])
  })
})

/** A jar with another in it. */
function nested(inner: Buffer, method: number, name = 'BOOT-INF/lib/snappy-java.jar'): Buffer {
  return buildZip([
    {name: 'a/B.class', content: Buffer.alloc(70_000)},
    {name, content: inner, method},
  ])
}

describe('natives of a jar by their bytes', () => {
  const ENTRY = SQLITE('Linux/aarch64')
  const elf = (machine: number, ...needed: readonly string[]) =>
    buildElf({machine, type: 'dyn', entry: 0, soname: 'x.so', needed: [...needed]})
  const holding = (content: Uint8Array, entry = ENTRY) => buildZip([{name: entry, content}])
  const [OWN, OTHER] = [elf(183, 'libc.so.6'), elf(62, 'libc.so.6')]
  const foreign = (name: string, jarPath: string) =>
    `${name} in ${jarPath} loads ${ENTRY}, which is x86-64, expected aarch64 (linux/arm64)`

  test.each<[string, Buffer]>([
    ['stored', holding(OTHER)],
    ['deflated', buildZip([{name: ENTRY, content: deflateRawSync(OTHER), method: 8}])],
    [
      'beside one that says so',
      buildZip([
        {name: ENTRY, content: OTHER},
        {name: SQLITE('Linux/x86_64'), content: OTHER},
      ]),
    ],
  ])('of another machine under the own path: %s', async (_, content) => {
    const found = await told('arm64', {...jvm('arm64'), '/app/x.jar': content})
    expect(found).toEqual([['warning', foreign('sqlite-jdbc', '/app/x.jar')]])
  })

  test('of another machine, in a jar in a jar', async () => {
    const found = await told('arm64', {...jvm('arm64'), '/app.war': nested(holding(OTHER), 0, 'lib/sqlite-jdbc.jar')})
    expect(found).toEqual([['warning', foreign('sqlite-jdbc (lib/sqlite-jdbc.jar)', '/app.war')]])
  })

  test('for musl under the path for glibc', async () => {
    const content = holding(elf(183, 'libc.musl-aarch64.so.1'))
    expect(await told('arm64', {...jvm('arm64'), '/app/x.jar': content})).toEqual([
      [
        'warning',
        `sqlite-jdbc in /app/x.jar loads ${ENTRY}, which needs libc.musl-aarch64.so.1; the C library of java is glibc, and they are not in its directories`,
      ],
    ])
    const there = {'/usr/lib/libc.musl-aarch64.so.1': OWN}
    expect(await told('arm64', {...jvm('arm64'), '/app/x.jar': content, ...there})).toEqual([])
  })

  test.each<[string, MemoryTree]>([
    ['of the platform', {'/app/x.jar': holding(OWN)}],
    ['and another jar has the own', {'/app/x.jar': holding(OTHER), '/app/y.jar': holding(OWN)}],
    [
      'and another jar has one that cannot be read',
      {'/app/x.jar': holding(OTHER), '/app/y.jar': holding(Buffer.from('x'))},
    ],
    [
      'of another machine under another path',
      {
        '/app/x.jar': buildZip([
          {name: ENTRY, content: OWN},
          {name: SQLITE('Linux/x86_64'), content: OWN},
        ]),
      },
    ],
    ['and the library stands outside', {'/app/x.jar': holding(OTHER), '/usr/lib/libsqlitejdbc.so': OWN}],
  ])('nothing: %s', async (_, files) => {
    expect(await told('arm64', {...jvm('arm64'), ...files})).toEqual([])
  })
})

describe('natives of a jar under musl', () => {
  const ENTRY = ROCKSDB('64')
  const native = (...needed: readonly string[]) =>
    buildElf({machine: 62, type: 'dyn', entry: 0, soname: 'x.so', needed: [...needed]})
  const GLIBC = native('libm.so.6', 'libc.so.6', 'ld-linux-x86-64.so.2')
  const JAR = '/opt/lib/rocksdbjni-4.11.2.jar'
  const message = (missing: string) =>
    `rocksdbjni in ${JAR} loads ${ENTRY}, which needs ${missing}; the C library of java is musl, and they are not in its directories`
  const stored = (content: Uint8Array) => buildZip([{name: ENTRY, content}])
  const deflated = (content: Uint8Array) => buildZip([{name: ENTRY, content: deflateRawSync(content), method: 8}])

  test.each([
    ['as it is', stored(GLIBC)],
    ['deflated', deflated(GLIBC)],
  ])('for glibc, stored %s', async (_, content) => {
    expect(await told('amd64', {...jvm('amd64', 'musl'), [JAR]: content})).toEqual([
      ['warning', message('ld-linux-x86-64.so.2')],
    ])
    expect(await told('amd64', {...jvm('amd64'), [JAR]: content})).toEqual([])
    const withCompat = {...jvm('amd64', 'musl'), [JAR]: content, '/lib/ld-linux-x86-64.so.2': {link: 'libgcompat.so.0'}}
    expect(await told('amd64', {...withCompat, '/lib/libgcompat.so.0': native()})).toEqual([])
  })

  test('in a jar in a jar', async () => {
    const outer = buildZip([{name: 'BOOT-INF/lib/rocksdbjni-4.11.2.jar', content: stored(GLIBC)}])
    const found = await told('amd64', {...jvm('amd64', 'musl'), '/app.jar': outer})
    expect(found.map(one => String(one))).toEqual([
      `warning,${message('ld-linux-x86-64.so.2').replace(JAR, '/app.jar').replace('rocksdbjni in', 'rocksdbjni (BOOT-INF/lib/rocksdbjni-4.11.2.jar) in')}`,
    ])
  })

  test.each<[string, MemoryTree]>([
    ['what musl takes for itself', {[JAR]: stored(native('libpthread.so.0', 'libc.so.6'))}],
    ['a native of musl', {[JAR]: stored(native('libc.musl-x86_64.so.1'))}],
    ['a library that is there', {[JAR]: stored(native('libz.so.1')), '/usr/lib/libz.so.1': native()}],
    [
      'one for musl beside',
      {
        [JAR]: buildZip([
          {name: ENTRY, content: GLIBC},
          {name: ROCKSDB('64-musl'), content: native()},
        ]),
      },
    ],
    ['another jar with one that can be linked', {[JAR]: stored(GLIBC), '/opt/x.jar': stored(native('libc.so.6'))}],
    ['no ELF file', {[JAR]: stored(Buffer.from('text'))}],
    ['one that is packed wrongly', {[JAR]: buildZip([{name: ENTRY, content: Buffer.from('text'), method: 8}])}],
    ['one that is packed in another way', {[JAR]: buildZip([{name: ENTRY, content: GLIBC, method: 12}])}],
  ])('nothing: %s', async (_, files) => {
    expect(await told('amd64', {...jvm('amd64', 'musl'), ...files})).toEqual([])
  })
})
