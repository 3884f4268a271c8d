// Stands in the bundle for @actions/exec where @actions/core asks for it: for details of the platform, which nothing
// here asks for.
export async function getExecOutput(): Promise<never> {
  throw new Error('@actions/core has no @actions/exec in this bundle')
}
