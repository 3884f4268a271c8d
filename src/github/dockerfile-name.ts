const DOCKERFILE = /^(?:Dockerfile|Dockerfile\..+|.+\.[Dd]ockerfile|Containerfile|Containerfile[.-].+)$/
/**
 * What is called after a Dockerfile and is none: BuildKit's list of ignored files, texts,
 * and templates, which only become one.
 */
const NO_DOCKERFILE =
  /\.(?:dockerignore|containerignore|md|txt|rst|json|ya?ml|sh|py|rb|js|ts|go|orig|rej|bak|in|j2|jinja2?|tmpl|tpl|template|erb|mustache|gotmpl)$/i

/** Folders that hold what others wrote. */
const FOREIGN_FOLDER = /(?:^|\/)(?:\.git|node_modules)\//

/**
 * Whether a path's last part is what Dockerfiles are called: `Dockerfile`,
 * `Dockerfile.prod`, `prod.Dockerfile`, `Containerfile`.
 */
export function isDockerfileName(path: string): boolean {
  if (FOREIGN_FOLDER.test(path)) return false
  const name = path.slice(path.lastIndexOf('/') + 1)
  return DOCKERFILE.test(name) && !NO_DOCKERFILE.test(name)
}
