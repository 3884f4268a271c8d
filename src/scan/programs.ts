/**
 * Ends of names of files that lie in a directory of PATH with execute bits, because all files were copied so, and that
 * nobody takes for commands. What goes by such a name and is what it says is not a program, and none was expected.
 */
const DATA =
  /\.(?:txt|md|rst|adoc|json5?|jsonc|jsonl|ya?ml|toml|ini|cfg|conf|config|properties|env|xml|xsd|html?|css|scss|less|m?js|cjs|jsx|m?ts|cts|tsx|map|vue|svelte|jar|war|ear|zip|whl|egg|tgz|gz|xz|bz2|zst|7z|tar|deb|rpm|apk|gem|exe|dll|cmd|bat|ps1|psm1|com|dylib|so(?:\.[0-9.]+)?|a|o|lib|la|py|pyc|pyi|pyx|ipynb|rb|erb|pl|pm|t|php|lua|tcl|r|go|c|cc|cpp|h|hpp|rs|java|class|kt|scala|cs|fs|vb|proto|graphql|wasm|wat|svg|png|jpe?g|gif|ico|webp|pdf|ttf|woff2?|pem|crt|cer|key|pub|p12|jks|sql|db|sqlite3?|csv|tsv|log|lock|mod|sum|tpl|tmpl|template|j2|example|sample|dist|bak|orig|patch|diff|pid|sig|asc|sha256|md5|csh|fish|zsh|1|3|5|8|mk|cmake|in|am|ac|m4|awk|sed|el|vim|service|desktop)$/i

/**
 * Whether a name says that the file is not a program: a hidden file, or one that ends like data, a package or a source.
 */
export function saysNoProgram(name: string): boolean {
  return (
    name.startsWith('.') ||
    DATA.test(name) ||
    /^(?:README|LICEN[CS]E|COPYING|NOTICE|AUTHORS|CHANGELOG|CHANGES|VERSION|Makefile|Dockerfile|Gemfile|Procfile|Rakefile|Vagrantfile|Jenkinsfile)(?:[.-]|$)/i.test(
      name,
    )
  )
}
