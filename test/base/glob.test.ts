import assert from 'node:assert/strict';
import { test } from 'node:test';
import { UsageError } from '../../src/base/errors.ts';
import { compileGlob, compileGlobs } from '../../src/base/glob.ts';
import { processorTime } from '../support/processor-time.ts';

const table: readonly [glob: string, matching: readonly string[], other: readonly string[]][] = [
  ['/usr/bin/*', ['/usr/bin/ls', '/usr/bin/.hidden'], ['/usr/bin', '/usr/bin/a/b', '/bin/ls']],
  ['/usr/**', ['/usr/a', '/usr/a/b/c', '/usr/.x/y'], ['/usrx', '/bin/a']],
  ['/usr/**/x', ['/usr/x', '/usr/a/b/x'], ['/usr/a/xx']],
  ['**/lib*.so.?', ['/a/libz.so.1', 'libz.so.1'], ['/a/libz.so.10', '/a/z.so.1']],
  ['*.so', ['/usr/lib/a.so', 'a.so'], ['/a.so/b']],
  ['/[a-c]x/[!0-9]', ['/ax/b', '/cx/_'], ['/dx/b', '/ax/1']],
  ['/{bin,sbin}/{a,b*}', ['/bin/a', '/sbin/bcd'], ['/usr/a', '/bin/c']],
  ['/a\\*b', ['/a*b'], ['/axb']],
  ['/a?b', ['/axb', '/a\u{1F600}b'], ['/ab', '/a/b']],
  ['/**', ['/a', '/a/b'], []],
  ['/a*b*c', ['/abc', '/aXbXbXc'], ['/abcd']],
];

test('globs match parts of paths', () => {
  for (const [glob, matching, other] of table) {
    const matches = compileGlob(glob);
    for (const path of matching) assert.ok(matches(path), `${glob} matches ${path}`);
    for (const path of other) assert.ok(!matches(path), `${glob} does not match ${path}`);
  }
});

test('of several globs one is enough, and none match nothing', () => {
  assert.ok(compileGlobs(['/a', '/b'])('/b'));
  assert.ok(!compileGlobs([])('/b'));
});

test('globs that make no sense are refused with the reason', () => {
  for (const [glob, want] of [
    ['', /is empty/],
    ['x'.repeat(257), /257 characters long/],
    ['+(a|+(b))', /group in parentheses/],
    ['{a,{b,c}}', /braces inside braces/],
    ['{a,b', /brace without its partner/],
    ['a}', /brace without its partner/],
    ['[a', /without its \]/],
    ['*a*a*a*a*a*a*', /more stars than any name needs/],
    ['{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}', /more than 64 globs/],
  ] as const) {
    assert.throws(
      () => compileGlob(glob),
      (error) => error instanceof UsageError && want.test(error.message),
      glob,
    );
  }
});

test('no glob that is allowed takes long, whatever it is held against', () => {
  const path = `/${'a/'.repeat(2000)}${'a'.repeat(4000)}`;
  const begun = processorTime();
  for (const glob of [
    '/**/a*a*a*b',
    '/**/a/**/a/**/a/**/b',
    '**/*a*a*a*b',
    '/**/[a-z]*[a-z]*[a-z]*!',
  ]) {
    assert.ok(!compileGlob(glob)(path), glob);
  }
  // Tried backwards and forwards it would take years.
  assert.ok(processorTime(begun) < 30_000);
});
