/** What `pyvenv.cfg` says of a virtual environment. https://docs.python.org/3/library/venv.html */
export interface VirtualEnvironment {
  /** The directory of the program that it stands on. */
  readonly home: string | undefined
  /** `3.13`, where it is said: `version` of venv, `version_info` of virtualenv and uv. */
  readonly version: string | undefined
  /** Packages of the Python that it stands on are looked for as well. */
  readonly seesSystem: boolean
}

/** As Modules/getpath.py and Lib/site.py read it: the last line of a key counts, the keys in either case. */
export function parseVirtualEnvironment(text: string): VirtualEnvironment {
  const values = new Map<string, string>()
  for (const line of text.split(/\r\n|\n|\r/)) {
    const at = line.indexOf('=')
    if (at > 0) values.set(line.slice(0, at).trim().toLowerCase(), line.slice(at + 1).trim())
  }
  const version = values.get('version') ?? values.get('version_info')
  return {
    home: values.get('home') || undefined,
    version: /^3\.[0-9]+/.exec(version ?? '')?.[0],
    seesSystem: values.get('include-system-site-packages')?.toLowerCase() === 'true',
  }
}
