#!/usr/bin/env bash
# RubyGems 3.3.7 (ruby 3.1.2, Debian 12). A gem that was built for one platform lies beside all others, as
# gems/NAME-1.0-aarch64-linux, and one would expect Ruby on x86_64 to pass it over and to take the gem without a platform.
# That depends on who asks: `gem 'NAME'`, as Bundler does, goes by the platform; a plain `require 'NAME'` goes through all
# specifications and does not look at it. So it loads the gem of the other machine, even where the gem without a platform
# of the same version is there, and only its native library fails later. Where the platform's own gem is there as well,
# both take that one.
set -eu
[ "$(uname -m)" = x86_64 ] || { echo 'this needs x86_64' >&2; exit 2; }
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
version=3.1.7+really3.1.2-0+deb12u1
apt-get -qq -o APT::Sandbox::User=root download ruby3.1=$version libruby3.1=$version libyaml-0-2=0.2.5-1
for package in *.deb; do dpkg-deb -W "$package"; dpkg-deb -x "$package" root; done
usr=$dir/root/usr native=$dir/root/usr/lib/x86_64-linux-gnu
export LD_LIBRARY_PATH=$native GEM_HOME=$dir/gems GEM_PATH=$dir/gems
ruby() { "$usr/bin/ruby3.1" -I "$usr/lib/ruby/3.1.0" -I "$native/ruby/3.1.0" "$@"; }

install() { # PLATFORM; `ruby` is a gem without one
  local name=greet-1.0
  [ "$1" = ruby ] || name=greet-1.0-$1
  mkdir -p gems/specifications "gems/gems/$name/lib"
  echo "puts '$1'" >"gems/gems/$name/lib/greet.rb"
  cat >"gems/specifications/$name.gemspec" <<SPEC
# -*- encoding: utf-8 -*-
# stub: greet 1.0 $1 lib

Gem::Specification.new do |s|
  s.name = "greet"
  s.version = "1.0"
  s.platform = "$1"
  s.require_paths = ["lib"]
  s.summary = "greets"
  s.authors = ["nobody"]
  s.files = ["lib/greet.rb"]
end
SPEC
}

wrong=0
see() { # EXPECTED PROGRAM
  local seen
  seen=$(ruby -e "$2" 2>/dev/null) || seen='not found'
  printf '  %-30s %s\n' "$2" "$seen"
  [ "$seen" = "$1" ] || wrong=1
}
ruby -e 'puts "RubyGems #{Gem::VERSION} on #{Gem::Platform.local}"'
echo 'aarch64-linux alone:'
install aarch64-linux
see aarch64-linux "require 'greet'"
see 'not found' "gem 'greet'; require 'greet'"
echo 'and without a platform:'
install ruby
see aarch64-linux "require 'greet'"
see ruby "gem 'greet'; require 'greet'"
echo 'and x86_64-linux:'
install x86_64-linux
see x86_64-linux "require 'greet'"
see x86_64-linux "gem 'greet'; require 'greet'"
[ "$wrong" = 0 ] || { echo 'the behaviour has changed' >&2; exit 1; }
