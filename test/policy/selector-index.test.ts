import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compileSelector } from '../../src/policy/select.ts';
import { indexSelectors } from '../../src/policy/waivers/selector-index.ts';
import { binary, target } from '../support/reports/report-builder.ts';

const globs = [
  ...['**', '*', '/**', '/usr/**', '/usr/lib/**', '/usr/lib/libfoo.so.1', 'libfoo.so.1'],
  ...['libfoo*', 'lib*', 'li*', 'l*', '*.so.1', '**/libfoo.so.*', '/**/libfoo.so.[12]', 'lib?oo*'],
  ...[
    '/usr/*/libfoo*',
    '{libfoo,libbar}*',
    '/usr/{lib,lib64}/libfoo*',
    'libf[no]o.so*',
    'a*',
    'ab?',
  ],
  ...['/usr/lib/libfoo.so.1*', 'libfoo.so.1.2.3*', 'a\\*b', '/opt/x/**/tool*', 'tool*'],
];
const paths = [
  ...['/usr/lib/libfoo.so.1', '/usr/lib64/libfoo.so.2', '/usr/lib/libbar.so', '/a', '/ab', '/abc'],
  ...[
    '/opt/x/tool',
    '/opt/x/y/tool5',
    '/opt/x',
    '/usr/lib',
    '/usr/lib/libfoo.so.1.2.3',
    '/bin/a*b',
    '/lib',
  ],
];

test('what is found by words is what each selector matches, by path and by alias', () => {
  const items = globs.map((glob) => ({ glob, where: { path: [glob] } }));
  const index = indexSelectors(items, { whereOf: ({ where }) => where, groupOf: () => '' });
  for (const path of paths)
    for (const given of [{ path }, { path: '/elsewhere', aliases: [path] }]) {
      const judged = binary(given);
      const subject = { target: target({ binaries: [judged] }), judged };
      const want = items.filter(({ where }) => compileSelector(where)(subject));
      assert.deepEqual(
        index.matching(subject, '').map(({ item }) => item.glob),
        want.map(({ glob }) => glob),
        JSON.stringify(given),
      );
    }
});
