import type {JavaTarget} from './java-target.ts'

/** A library of Java that takes its native code out of a jar, has no other way, and by what path. */
export interface NativeLibrary {
  readonly name: string
  /** A native of it for Linux: the first group is its word for the machine, with that for the C library. */
  readonly entry: RegExp
  /** The words under which it is found on a platform. Any of them is enough: releases differ. */
  words(target: JavaTarget, isForMusl: boolean): readonly string[]
  /** The words that are for musl, where the library has some of its own: a jar with one knows of musl. */
  readonly musl?: RegExp
  /** The path to a word, for messages. */
  path(word: string): string
  /** Classes of releases that go on without a native. */
  readonly fallback?: RegExp
  /** What `System.loadLibrary` looks for where the jar has none: files of these names, outside of jars. */
  readonly file: RegExp
}

type Words = Readonly<Record<string, readonly string[]>>

/** `os.arch` of OpenJDK on Linux, by GOARCH. https://github.com/openjdk/jdk/blob/master/make/autoconf/platform.m4 */
const OS_ARCH: Words = {
  '386': ['i386', 'x86'],
  amd64: ['amd64'],
  arm: ['arm'],
  arm64: ['aarch64'],
  loong64: ['loongarch64'],
  mips64le: ['mips64el'],
  mipsle: ['mipsel'],
  ppc64le: ['ppc64le', 'ppc64'],
  riscv64: ['riscv64'],
  s390x: ['s390x'],
}

/** OSInfo of snappy-java and sqlite-jdbc. On ARM it asks `uname -m`, which the image does not say. */
const XERIAL: Words = {...OS_ARCH, '386': ['x86'], amd64: ['x86_64'], arm: ['armv7', 'armv6', 'arm']}

/** Platform.getCanonicalArchitecture of JNA. */
const JNA: Words = {...OS_ARCH, '386': ['x86'], amd64: ['x86-64'], arm: ['arm', 'armel'], ppc64le: ['ppc64le']}

/** Loader.Detector of JavaCPP. */
const JAVACPP: Words = {...OS_ARCH, '386': ['x86'], amd64: ['x86_64'], arm: ['armhf', 'arm'], arm64: ['arm64']}

/** Environment of RocksDB: what it does not know by its own name is `64`, whatever the machine. */
const ROCKSDB: Words = {
  '386': ['32'],
  amd64: ['64'],
  arm64: ['-aarch64'],
  loong64: ['-loongarch64'],
  ppc64le: ['-ppc64le'],
  riscv64: ['-riscv64'],
  s390x: ['-s390x'],
}

function wordsOf(words: Words): NativeLibrary['words'] {
  return ({architecture}) => (Object.hasOwn(words, architecture) ? (words[architecture] ?? []) : [])
}

/**
 * Libraries that throw where they find no native: what else is used without (netty's transports and TLS, lz4-java,
 * conscrypt, jansi, jffi, brotli4j, leveldbjni) is left out, for it has a way in Java or is requested only where it is
 * there.
 */
export const NATIVE_LIBRARIES: readonly NativeLibrary[] = [
  {
    // https://github.com/xerial/snappy-java, SnappyLoader and OSInfo: `x86_64-musl` since 1.1.9.
    name: 'snappy-java',
    entry: /^org\/xerial\/snappy\/native\/Linux\/([^/]+)\/libsnappyjava\.so$/,
    words: (target, isForMusl) => {
      const words = wordsOf(XERIAL)(target, isForMusl)
      return target.libc === 'glibc' ? words : [...words, ...words.map(word => `${word}-musl`)]
    },
    path: word => `org/xerial/snappy/native/Linux/${word}/libsnappyjava.so`,
    fallback: /^org\/xerial\/snappy\/pure\/PureJavaSnappy\.class$/,
    file: /^libsnappyjava\.so$/,
  },
  {
    // https://github.com/xerial/sqlite-jdbc, SQLiteJDBCLoader and OSInfo.
    name: 'sqlite-jdbc',
    entry: /^org\/sqlite\/native\/(Linux(?:-Musl)?\/[^/]+)\/libsqlitejdbc\.so$/,
    words: (target, isForMusl) => {
      const words = wordsOf(XERIAL)(target, isForMusl)
      const glibc = words.map(word => `Linux/${word}`)
      const musl = words.map(word => `Linux-Musl/${word}`)
      if (target.libc === undefined) return [...glibc, ...musl]
      return target.libc === 'musl' && isForMusl ? musl : glibc
    },
    musl: /^Linux-Musl\//,
    path: word => `org/sqlite/native/${word}/libsqlitejdbc.so`,
    file: /^libsqlitejdbc\.so$/,
  },
  {
    // https://github.com/luben/zstd-jni, Native: the name ends with the version since 1.4.
    name: 'zstd-jni',
    entry: /^linux\/([^/]+)\/libzstd(?:-jni)?(?:-[0-9][^/]*)?\.so$/,
    words: wordsOf(OS_ARCH),
    path: word => `linux/${word}/libzstd-jni.so`,
    file: /^libzstd-jni[^/]*\.so$/,
  },
  {
    // https://github.com/java-native-access/jna, Native and Platform.
    name: 'jna',
    entry: /^com\/sun\/jna\/linux-([^/]+)\/libjnidispatch\.so$/,
    words: wordsOf(JNA),
    path: word => `com/sun/jna/linux-${word}/libjnidispatch.so`,
    file: /^libjnidispatch(?:\.system)?\.so$/,
  },
  {
    // https://github.com/facebook/rocksdb, Environment and NativeLibraryLoader.
    name: 'rocksdbjni',
    entry: /^librocksdbjni-linux((?:32|64|-[a-z0-9]+)(?:-musl)?)\.so$/,
    words: (target, isForMusl) => {
      const words = wordsOf(ROCKSDB)(target, isForMusl)
      const musl = words.map(word => `${word}-musl`)
      if (target.libc === undefined) return [...words, ...musl]
      return target.libc === 'musl' && isForMusl ? musl : words
    },
    musl: /-musl$/,
    path: word => `librocksdbjni-linux${word}.so`,
    file: /^librocksdb(?:jni[^/]*)?\.so$/,
  },
  {
    // https://github.com/duckdb/duckdb-java, DuckDBNative.
    name: 'duckdb_jdbc',
    entry: /^libduckdb_java\.so_linux_([^/]+)$/,
    words: ({architecture, libc}) => (libc === 'glibc' ? [architecture] : [architecture, `${architecture}_musl`]),
    path: word => `libduckdb_java.so_linux_${word}`,
    file: /^libduckdb_java\.so[^/]*$/,
  },
  {
    // https://github.com/microsoft/onnxruntime, OnnxRuntime.initOsArch.
    name: 'onnxruntime',
    entry: /^ai\/onnxruntime\/native\/linux-([^/]+)\/libonnxruntime4j_jni\.so$/,
    words: wordsOf({...OS_ARCH, '386': ['x86'], amd64: ['x64'], ppc64le: ['ppc64', 'ppc64le']}),
    path: word => `ai/onnxruntime/native/linux-${word}/libonnxruntime4j_jni.so`,
    file: /^libonnxruntime4j_jni\.so$/,
  },
  {
    // https://github.com/tensorflow/tensorflow, NativeLibrary of org.tensorflow before 0.2.
    name: 'libtensorflow_jni',
    entry: /^org\/tensorflow\/native\/linux-([^/]+)\/libtensorflow_jni\.so$/,
    words: wordsOf({...OS_ARCH, amd64: ['x86_64']}),
    path: word => `org/tensorflow/native/linux-${word}/libtensorflow_jni.so`,
    file: /^libtensorflow_jni\.so$/,
  },
  {
    // https://github.com/tensorflow/java: JavaCPP, Loader.
    name: 'tensorflow-core-native',
    entry: /^org\/tensorflow\/internal\/c_api\/linux-([^/]+)\/libjnitensorflow\.so$/,
    words: wordsOf(JAVACPP),
    path: word => `org/tensorflow/internal/c_api/linux-${word}/libjnitensorflow.so`,
    file: /^libjnitensorflow\.so$/,
  },
]

/** Of a jar in a jar its name alone says whether it is worth looking into. */
export const CARRIERS = /(?:^|\/)[^/]*(?:snappy|sqlite|zstd-jni|jna|rocksdb|duckdb|onnxruntime|tensorflow)[^/]*\.jar$/i
