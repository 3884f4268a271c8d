import {base256, buildTar, gnuLong, paxHeader, tarItem} from '../../support/tar-builder.ts'

const LONG = `a/${'long-name/'.repeat(12)}file`

/** Small tars of every format that layers come in. */
export const TARS: readonly Uint8Array[] = [
  buildTar([
    {name: 'bin/', type: '5'},
    {name: 'bin/app', content: 'hello', mode: 0o4755},
    {name: 'bin/link', type: '2', linkName: 'app'},
    {name: 'bin/hard', type: '1', linkName: 'bin/app'},
    {name: 'dev/null', type: '3', device: [1, 3]},
    {name: '.wh.gone'},
    {name: 'etc/.wh..wh..opq'},
  ]),
  buildTar([
    {name: 'app', content: 'x', pax: {path: LONG, size: '1', uid: '70000', 'SCHILY.xattr.security.capability': 'abc'}},
  ]),
  Buffer.concat([
    gnuLong('L', LONG),
    gnuLong('K', 'target'),
    buildTar([{name: 'x', type: '2', linkName: 'y', format: 'gnu'}]),
  ]),
  buildTar([
    {name: 'a', format: 'v7', content: 'old'},
    {name: 'b', prefix: 'usr/share', content: 'ustar'},
  ]),
  buildTar([{name: 'big', format: 'gnu', patch: block => base256(block, 124, 12, 3n), content: 'abc'}]),
  Buffer.concat([paxHeader({comment: 'global'}, 'g'), tarItem({name: 'only'})]),
  buildTar([
    {
      name: 'sparse',
      content: '1\n0\n3\n'.padEnd(512, '\0').concat('abc'),
      pax: {
        'GNU.sparse.major': '1',
        'GNU.sparse.minor': '0',
        'GNU.sparse.name': 'holes',
        'GNU.sparse.realsize': '2048',
      },
    },
    {
      name: 'map',
      content: 'abc',
      pax: {'GNU.sparse.map': '0,1,9,2', 'GNU.sparse.size': '20', 'GNU.sparse.numblocks': '2'},
    },
  ]),
]
