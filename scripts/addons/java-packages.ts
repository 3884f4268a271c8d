/** A library of Java that Debian has, and how what it loads is seen. */
export interface JavaLibrary {
  readonly name: string
  /** Packages, with the one of its native. */
  readonly packages: readonly string[]
  readonly jars: readonly string[]
  /** Where Debian puts its native, which the library's makers put into the jar. */
  readonly native: (triplet: string) => string
  /** Its path in a jar, by the word for the machine. */
  readonly entry: (word: string) => string
  /** The words for amd64 and arm64, and for amd64 with musl, where it has one. */
  readonly words: {readonly amd64: string; readonly arm64: string; readonly musl?: string}
  /** Options of the JVM by which it looks into its jar, where Debian's does not. */
  readonly options: readonly string[]
  /** Statements that need the native. */
  readonly uses: string
}

const SLF4J = ['/usr/share/java/slf4j-api.jar', '/usr/share/java/slf4j-nop.jar']

/** As Debian builds them: their classes are those of their makers, and their natives stand outside of the jars. */
export const JAVA_LIBRARIES: readonly JavaLibrary[] = [
  {
    name: 'jna',
    packages: ['libjna-java', 'libjna-jni'],
    jars: ['/usr/share/java/jna.jar'],
    native: triplet => `/usr/lib/${triplet}/jni/libjnidispatch.system.so`,
    entry: word => `com/sun/jna/linux-${word}/libjnidispatch.so`,
    words: {amd64: 'x86-64', arm64: 'aarch64'},
    options: ['-Djna.nosys=true'],
    uses: 'com.sun.jna.Native.getDefaultStringEncoding(); new com.sun.jna.Memory(8);',
  },
  {
    name: 'snappy-java',
    packages: ['libsnappy-java', 'libsnappy-jni'],
    jars: ['/usr/share/java/snappy-java.jar'],
    native: triplet => `/usr/lib/${triplet}/jni/libsnappyjava.so`,
    entry: word => `org/xerial/snappy/native/Linux/${word}/libsnappyjava.so`,
    words: {amd64: 'x86_64', arm64: 'aarch64'},
    options: ['-Dorg.xerial.snappy.use.systemlib=false', '--add-opens=java.base/java.nio=ALL-UNNAMED'],
    uses: 'org.xerial.snappy.Snappy.compress("text".getBytes());',
  },
  {
    name: 'sqlite-jdbc',
    packages: ['libxerial-sqlite-jdbc-java', 'libxerial-sqlite-jdbc-jni', 'libslf4j-java'],
    jars: ['/usr/share/java/xerial-sqlite-jdbc.jar', ...SLF4J],
    native: triplet => `/usr/lib/${triplet}/jni/libsqlitejdbc.so`,
    entry: word => `org/sqlite/native/${word}/libsqlitejdbc.so`,
    words: {amd64: 'Linux/x86_64', arm64: 'Linux/aarch64', musl: 'Linux-Musl/x86_64'},
    options: [],
    uses: 'java.sql.DriverManager.getConnection("jdbc:sqlite::memory:").close();',
  },
]

/** Libraries of which nothing is said, and why. */
export const JAVA_UNSAID: Readonly<Record<string, string>> = {}
