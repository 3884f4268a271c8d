import {type Identity, readServerError} from '../../binary/index.ts'

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
      return savedAnswer(identity)
    case 'ape':
      return {
        cause: 'the kernel refuses it, only a shell starts it',
        fix: 'Start it by a shell: ENTRYPOINT ["/bin/sh", …]; or make an ELF program of it (assimilate).',
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
      if (identity.isError) return savedAnswer(identity)
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

/** An error page in place of the file, or another document that no download of a program should be. */
function savedAnswer(identity: Identity): {readonly cause: string; readonly fix: string} {
  const error = readServerError(identity)
  const check = 'check the URL for this platform, and download with curl --fail.'
  if (error === undefined) {
    return {cause: 'the download URL answered with a document', fix: `The file is a saved document: ${check}`}
  }
  const page = error.status === undefined ? 'error page' : `${error.status} page`
  return {
    cause: `the download URL answered ${error.says ?? 'with a page'}`,
    fix: `The file is a saved ${page}: ${check}`,
  }
}
