import {type FileNode, type RootFs, surveyByOpening} from '../../image/rootfs.ts'
import {resolvePath} from '../../rootfs/index.ts'
import type {DockerCli} from './cli.ts'
import {fileContent, type SeenFile, seeFile} from './container-files.ts'
import {exportedFiles} from './exported-files.ts'

/** The root directory: `docker cp` of it would stream the whole image. */
const ROOT: FileNode = {path: '/', kind: 'directory', mode: 0o755, uid: 0, gid: 0, size: 0}

/** The root filesystem of a container that is never started. What was seen once is not asked for again. */
export function containerRootFs(cli: DockerCli, container: string): RootFs {
  const seen = new Map<string, Promise<SeenFile | undefined>>()
  const see = (path: string): Promise<SeenFile | undefined> => {
    const known = seen.get(path) ?? seeFile(cli, container, path)
    seen.set(path, known)
    return known
  }
  const rootfs: RootFs = {
    lookup: path => resolvePath(path, async at => (at === '/' ? ROOT : (await see(at))?.node)),
    open: async file => {
      const found = await see(file.path)
      if (found === undefined) throw new Error(`${file.path} was not given by this root filesystem`)
      return fileContent(cli, container, found)
    },
    files: () => exportedFiles(cli, container),
    survey: inspection => surveyByOpening(rootfs, inspection),
  }
  return rootfs
}
