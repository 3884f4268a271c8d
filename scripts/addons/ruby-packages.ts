/** Packages of Debian with extensions of Ruby, and what is required of each. */
export const RUBY_PACKAGES: Readonly<Record<string, string>> = {
  puma: 'puma',
  'ruby-bcrypt': 'bcrypt',
  'ruby-bootsnap': 'bootsnap',
  'ruby-eventmachine': 'eventmachine',
  'ruby-ffi': 'ffi',
  'ruby-msgpack': 'msgpack',
  'ruby-nio4r': 'nio',
  'ruby-nokogiri': 'nokogiri',
  'ruby-oj': 'oj',
  'ruby-pg': 'pg',
  'ruby-redcarpet': 'redcarpet',
  'ruby-sqlite3': 'sqlite3',
  'ruby-unf-ext': 'unf_ext',
}

/** What fails and nothing is said of, and why. */
export const RUBY_UNSAID: Readonly<Record<string, string>> = {
  nio: 'requires it where NIO.pure? says so',
  bootsnap: 'requires msgpack in a block',
  eventmachine: 'requires its module where another condition does not hold',
  pg: 'requires its module in a block',
}
