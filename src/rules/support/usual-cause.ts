import type {Identity} from '../../binary/index.ts'

/** What usually puts such a file where a program should be, and what to change; undefined where nothing is usual. */
export function usualCause(identity: Identity): {readonly cause: string; readonly fix: string} | undefined {
  switch (identity.kind) {
    case 'mach-o':
      return {
        cause: 'it was built on a Mac for that Mac',
        fix: 'Build it for Linux: GOOS=linux, --target …-unknown-linux-…, or inside the image.',
      }
    case 'pe':
      return {
        cause: 'it was built for Windows',
        fix: 'Build it for Linux: GOOS=linux, or the linux target of the toolchain.',
      }
    case 'ar':
      return identity.flavour === 'go-package'
        ? {
            cause: 'go build of a package that is not main writes an archive',
            fix: 'Name the package with func main: go build -o app ./cmd/app.',
          }
        : identity.flavour === 'debian-package'
          ? {
              cause: 'the package itself was copied',
              fix: 'Install the package (dpkg -i, apt-get install), or unpack it first.',
            }
          : {
              cause: 'a static library was copied in place of the program',
              fix: 'Copy the program that was linked from it.',
            }
    case 'elf':
      return identity.header.type === 1
        ? {cause: 'the object file was copied before it was linked', fix: 'Copy the linked program (cc -o app …).'}
        : undefined
    case 'empty':
      return {
        cause: 'a build or download that failed left an empty file',
        fix: 'Let the step fail: set -e, curl --fail, no > redirection of a command that may fail.',
      }
    case 'markup':
    case 'json':
      return {
        cause: `the download URL answered ${answerOf(identity)}`,
        fix: 'Check the URL for this platform, and download with curl --fail.',
      }
    case 'git-lfs-pointer':
      return {
        cause: 'the checkout has Git LFS pointers only',
        fix: 'Run git lfs pull (actions/checkout: lfs: true) before the build.',
      }
    case 'archive':
      return {
        cause: 'the download was not unpacked',
        fix: `Unpack the ${identity.format} file and copy the program out of it.`,
      }
    case 'wasm':
      return {
        cause: 'it is for a WebAssembly runtime',
        fix: 'Start it with the runtime (wasmtime app.wasm), or use a wasi platform.',
      }
    case 'java-class':
      return {cause: 'a class was named as the program', fix: 'Start it with java: ENTRYPOINT ["java", …].'}
    case 'text':
      return identity.hiddenShebang
        ? {cause: '#! is not at its very start', fix: 'Remove the byte order mark or the blanks before #!.'}
        : {
            cause: 'a script without a first line',
            fix: 'Begin it with #!/bin/sh (or its interpreter), or start it with the interpreter.',
          }
    default:
      return undefined
  }
}

function answerOf(identity: Extract<Identity, {kind: 'markup' | 'json'}>): string {
  const said = identity.kind === 'json' ? identity.message : (identity.code ?? identity.title)
  return said === undefined ? 'with a page' : said
}
