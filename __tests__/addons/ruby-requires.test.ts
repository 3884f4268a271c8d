import {describe, expect, test} from '@jest/globals'
import {readCertainRequires} from '../../src/addons/ruby/certain-requires.ts'

function features(text: string): readonly string[] {
  return readCertainRequires(text).map(
    ({feature, isRelative, isSecond}) => `${isRelative ? './' : ''}${feature}${isSecond ? '?' : ''}`,
  )
}

describe('what a file of Ruby requires for certain', () => {
  test.each<[string, readonly string[]]>([
    ["require 'x/x'", ['x/x']],
    ['require "x"\nrequire("y")\nrequire_relative \'z\' # why', ['x', 'y', './z']],
    ["module A\n  class B < C\n    require 'x'\n  end\nend", ['x']],
    ["def self.a = 1\nclass E < StandardError; end\nrequire 'x'", ['x']],
    ["list = %w[\n  a\n]\nif y\n  foo do |x|\n  end\nend\nrequire 'x'", ['x']],
    ["def load(x, y = nil)\n  z\nend\nrequire 'x'", ['x']],
    ["if y\n  z\nend.tap do |a|\n  b\nend\nrequire 'x'", ['x']],
    ["# a(<<-eoh)\nrequire 'x'", ['x']],
    ["x = if y\n  1\nend\nrequire 'x'", ['x']],
    ["warn <<~EOM\n  end\n  begin\nEOM\nrequire 'x'", ['x']],
    ["=begin\nrequire 'y'\n=end\nrequire 'x'", ['x']],
    ["# require 'y'\nrequire 'x'\n__END__\nrequire 'z'", ['x']],
    ['begin\n  require "a/#{$1}/n"\nrescue LoadError\n  require \'a/n\'\nend', ['a/n?']],
    ["begin\n  require RUBY_VERSION[/../] + '/n'\nrescue LoadError => e\n  require 'n'\nend", ['n?']],
    [
      "if RUBY_ENGINE == 'ruby'\n  begin\n    require v + '/n'\n  rescue Exception\n    require 'n'\n  end\n  require 'x'\nelse\n  require 'y'\nend",
      ['n?', 'x'],
    ],
    ['if defined?(RUBY_ENGINE) && RUBY_ENGINE == "jruby"\n  require "x.jar"\nelse\n  require "x"\nend', ['x']],
    ["if RUBY_PLATFORM == 'java'\n  require 'y'\nelse\n  if z\n    require 'z'\n  end\n  require 'x'\nend", ['x']],
  ])('%j', (text, expected) => {
    expect(features(text)).toEqual(expected)
  })

  test.each<string>([
    "begin\n  require 'x'\nrescue LoadError\nend",
    "begin\nrequire 'x'\nrescue LoadError\nend",
    "require 'x' if y",
    "require 'x' rescue nil",
    "if RUBY_ENGINE == 'jruby'\n  require 'x'\nelsif y\n  require 'x'\nelse\n  require 'x'\nend",
    "if RUBY_ENGINE == 'jruby' || y\nelse\n  require 'x'\nend",
    "if RUBY_ENGINE != 'jruby'\n  require 'x'\nelse\n  require 'x'\nend",
    "def load\n  require 'x'\nend",
    "[1].each do |x|\n  require 'x'\nend",
    "at_exit {\n  require 'x'\n}",
    "x = begin\n  require 'x'\nrescue LoadError\n  nil\nend",
    "return unless y\nrequire 'x'",
    "exit\nrequire 'x'",
    'require "#{x}/y"',
    "require File.join('x', 'y')",
    "end\nrequire 'x'",
    "if y\nrequire 'x'",
    "begin\n  require 'fast'\nrescue LoadError\n  require 'x'\nend",
    'begin\n  require "#{v}/n"\nrescue LoadError\nelse\n  require \'n\'\nend',
    '',
  ])('nothing: %j', text => {
    expect(features(text)).toEqual([])
  })
})
