/** Packages of Debian with extension modules, and what is imported of each. */
export const PYTHON_PACKAGES: Readonly<Record<string, string>> = {
  'python3-aiohttp': 'aiohttp',
  'python3-bcrypt': 'bcrypt',
  'python3-cffi-backend': '_cffi_backend',
  'python3-cryptography': 'cryptography.fernet',
  'python3-frozenlist': 'frozenlist',
  'python3-gmpy2': 'gmpy2',
  'python3-greenlet': 'greenlet',
  'python3-levenshtein': 'Levenshtein',
  'python3-lxml': 'lxml.etree',
  'python3-markupsafe': 'markupsafe',
  'python3-msgpack': 'msgpack',
  'python3-multidict': 'multidict',
  'python3-orjson': 'orjson',
  'python3-pil': 'PIL.Image',
  'python3-psutil': 'psutil',
  'python3-psycopg2': 'psycopg2',
  'python3-pydantic-core': 'pydantic_core',
  'python3-regex': 'regex',
  'python3-rpds-py': 'rpds',
  'python3-ruamel.yaml.clib': '_ruamel_yaml',
  'python3-simplejson': 'simplejson',
  'python3-ujson': 'ujson',
  'python3-wrapt': 'wrapt',
  'python3-yaml': 'yaml',
  'python3-yarl': 'yarl',
  'python3-zmq': 'zmq',
}

/** Modules that fail and of which nothing is said, and why. */
export const PYTHON_UNSAID: Readonly<Record<string, string>> = {
  'cryptography.fernet': 'its library in Rust imports _cffi_backend, which is in no package',
  _ruamel_yaml: 'needs ruamel, which another package has',
  'PIL.Image': 'imports it in `try`, and raises what was caught',
  psutil: 'imports it in `if LINUX`',
  zmq: 'imports it in `try`, and raises another error',
}
