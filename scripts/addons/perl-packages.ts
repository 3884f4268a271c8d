/** Packages of Debian with native code for Perl, and what is used of each. */
export const PERL_PACKAGES: Readonly<Record<string, string>> = {
  'libclone-perl': 'Clone',
  'libcpanel-json-xs-perl': 'Cpanel::JSON::XS',
  'libdatetime-perl': 'DateTime',
  'libdbd-sqlite3-perl': 'DBD::SQLite',
  'libdbi-perl': 'DBI',
  'libdigest-sha3-perl': 'Digest::SHA3',
  'libev-perl': 'EV',
  'libjson-xs-perl': 'JSON::XS',
  'liblist-moreutils-perl': 'List::MoreUtils',
  'liblist-moreutils-xs-perl': 'List::MoreUtils::XS',
  'libmoose-perl': 'Moose',
  'libnet-ssleay-perl': 'Net::SSLeay',
  'libpackage-stash-perl': 'Package::Stash',
  'libpackage-stash-xs-perl': 'Package::Stash::XS',
  'libsocket6-perl': 'Socket6',
  'libterm-readkey-perl': 'Term::ReadKey',
  'libtext-csv-xs-perl': 'Text::CSV_XS',
  'libtype-tiny-xs-perl': 'Type::Tiny::XS',
  'libxml-libxml-perl': 'XML::LibXML',
  'libxml-parser-perl': 'XML::Parser',
  'libyaml-libyaml-perl': 'YAML::XS',
}

/** What fails and nothing is said of, and why. */
export const PERL_UNSAID: Readonly<Record<string, string>> = {
  'DBD::SQLite': 'uses DBI',
  DBI: 'loads it in a block, unless DBI_PUREPERL says otherwise',
  'Digest::SHA3': 'loads it in `eval`, and then in another way',
  'Net::SSLeay': 'loads it in `eval`, and then in another way',
}
