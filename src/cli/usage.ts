import {DEFAULTS} from '../pipeline/options.ts'
import {FORMATS} from '../report/index.ts'

/** What the command's exit codes say. */
export const EXIT = {verified: 0, findings: 1, usage: 2, couldNotCheck: 3, bug: 70} as const
export type ExitCode = (typeof EXIT)[keyof typeof EXIT]

/** What --help prints. */
export const USAGE = `verify-image-arch IMAGE… [options]
verify-image-arch --images-from FILE [options]
verify-image-arch --dockerfile GLOB… [--platforms LIST] [options]
verify-image-arch explain IMAGE [--platform P] [--format text|json] [options]
verify-image-arch plan --images-from FILE [--sizes] [--output FILE] [options]
verify-image-arch --images-from FILE --stream RESULTS [--shard I/N] [options]
verify-image-arch merge RESULTS… [--format FORMAT] [--report FORMAT=FILE]
verify-image-arch trend RESULTS… --against RESULTS [--format text|markdown|json] [--fail-on-new]
verify-image-arch policy IMAGE… --policy FILE [--format text|json] [options]

Reports, for each platform that an image claims, whether the kernel of that platform would start it.
Nothing in the image is executed. \`explain\` prints every decision on the way and its reason, without names of images,
values of variables, arguments and contents of files: attach it to a report of a wrong verdict.
\`plan\` prints the images for the parts of a run (--shard), with --sizes so that all parts read about as much.
\`trend\` prints what is new since an earlier run, what is mended and what is unchanged.
\`policy\` prints how an image is checked, and where each value was set; it reads no image.

IMAGE is a reference (see --source) or, with a transport,
  docker://REF                 in a registry, read without an engine
  docker-daemon:REF            an image that the docker engine already has
  oci:DIR[:TAG]                an OCI image layout
  oci-archive:FILE[:TAG]       the same in a tar: buildx type=oci, skopeo, podman
  docker-archive:FILE[:REF]    docker save, buildx type=docker

  --source SOURCE         how a reference is read: docker (docker create, docker cp; the default) or registry
  --platforms LIST        the required platforms (default: every platform of the index)
  --scope SCOPE           entrypoint: what starts, and all that it hands over to; essential: that, the HEALTHCHECK, and
                          /bin/sh, the loaders and libc; image: that, and every file (default: ${DEFAULTS.scope})
  --fail-on LEVEL         error, warning or never (default: ${DEFAULTS.failOn})
  --on-undetermined WHAT  pass or fail, if it cannot be determined whether a platform starts (default: ${DEFAULTS.onUndetermined})
  --rule ID=LEVEL         error, warning, note or off for one rule; may be repeated
  --ignore GLOB           files left out of the whole-image scan: an absolute glob, with a reason after " #"; may be repeated
  --baseline IMAGE        an image whose platforms this one must still have: the last release
  --baseline-required     a --baseline that does not exist is an error, not a note
  --dockerfile GLOB       Dockerfiles to check, with an image or without one; may be repeated
  --metadata FILE         what docker buildx build --metadata-file wrote: its names and digests are verified, too
  --images-from FILE      the images that a file names (- is standard input): references, one per line, a compose file,
                          Kubernetes manifests, buildx metadata, a plan or an earlier report; or those of a registry:
                          registry:HOST/PREFIX*[:TAG] (docs/fleets.md); may be repeated
  --policy FILE           settings and suppressions for many images (docs/policy.md); flags override it. No file is
                          read unless it is named
  --stream FILE           write each result when it is ready, as a line of JSON; merge makes reports of them
  --resume FILE           the same, and keep the results in FILE of images that have not changed (docs/fleets.md)
  --shard I/N             only part I of N of the images; I+1/N if an engine counts from 0
  --cache                 keep what is read in $XDG_CACHE_HOME, and use what an earlier run kept there
  --concurrency N         images and platforms read at once (default: ${DEFAULTS.concurrency})
  --insecure-registry HOST[:PORT]
                          a registry that may be accessed over plain HTTP; may be repeated
  --limits NAME=VALUE     a limit to raise, such as layer-bytes=128GiB (docs/threat-model.md); may be repeated
  --timeout TIME          how long the check may take: 90s, 30m, 2h; 0 for no limit (default: ${DEFAULTS.timeout})
  --format FORMAT         ${FORMATS.slice(0, 5).join(', ')},
                          ${FORMATS.slice(5).join(', ')} (default: text)
  --output FILE           write the report there instead of standard output (-)
  --report FORMAT=FILE    one more report, such as sarif=out.sarif; may be repeated
  --quiet, -q             no progress, and no text about what passes
  --help, --version

Exit codes: ${EXIT.verified} verified, ${EXIT.findings} findings at or above --fail-on, ${EXIT.usage} wrong usage, ${EXIT.couldNotCheck} could not check.
`
