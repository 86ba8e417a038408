import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { runPathElements } from '../../../src/root/linkage/search-path.ts';
import { buildRoot, directory, linkTo, text } from '../../support/roots/root-builder.ts';

const root = buildRoot({
  '/opt/safe': directory(0o755),
  '/opt/open': directory(0o777),
  '/opt/group': directory(0o775),
  '/tmp': directory(0o1777),
  '/tmp/inside': directory(0o755),
  '/shared': directory(0o777),
  '/shared/inside': directory(0o755),
  '/opt/link': linkTo('../shared'),
  '/opt/file': text(''),
  '/usr/bin': directory(0o755),
});

const cases = [
  { element: '/opt/safe', leads: 'safe' },
  { element: '/opt/open', leads: 'writable-by-others' },
  { element: '/opt/group', leads: 'safe' },
  { element: '/opt/link', leads: 'writable-by-others' },
  { element: '/opt/file', leads: 'not-a-directory' },
  { element: '/tmp', leads: 'writable-by-others' },
  { element: '/tmp/inside', leads: 'safe' },
  { element: '/tmp/later', leads: 'creatable' },
  { element: '/tmp/much/later', leads: 'creatable' },
  { element: '/shared/inside', leads: 'writable-by-others' },
  { element: '/nowhere/lib', leads: 'missing' },
  { element: '$ORIGIN/../../opt/safe', leads: 'safe' },
  { element: `\${ORIGIN}/../../opt/open`, leads: 'writable-by-others' },
  { element: '/opt/$LIB', leads: 'not-known' },
  { element: '', leads: 'working-directory' },
  { element: 'lib', leads: 'working-directory' },
  { element: '/opt/$HOME', leads: 'nowhere' },
  { element: '$HOME/lib', leads: 'working-directory' },
  { element: '$ORIGINlib', leads: 'working-directory' },
  { element: `\${ORIGIN}lib`, leads: 'missing' },
] as const;

const withoutTmp = buildRoot({
  '/usr/bin': directory(0o755),
  '/usr/sub': linkTo('../data/sub'),
  '/data/sub': directory(0o755),
  '/data/open': directory(0o777),
});

const ways = [
  { element: '$ORIGIN/../../tmp', place: '/tmp' },
  { element: '$ORIGIN/../../tmp/lib', place: '/tmp/lib' },
  { element: '$ORIGIN/../../../../tmp', place: '/tmp' },
  { element: '$ORIGIN/.././/../tmp/', place: '/tmp' },
  { element: '/var/../tmp', place: '/tmp' },
  { element: '/../tmp', place: '/tmp' },
  { element: '/usr/missing/../../tmp', place: '/tmp' },
  { element: '$ORIGIN/../sub/../open', place: '/data/open' },
  { element: '/usr/sub/x/../../open', place: '/data/open' },
  { element: '/tmp/later/..', place: '/tmp' },
] as const;

describe('an element of a run path', () => {
  for (const { element, leads } of cases) {
    it(`"${element}" is ${leads}`, () => {
      const [found] = runPathElements('DT_RUNPATH', `${element}:`, '/usr/bin/app', root);
      assert.equal(found?.leads.to === 'directory' ? found.leads.state : found?.leads.to, leads);
    });
  }

  for (const { element, place } of ways) {
    it(`"${element}" is ${place}, whatever the way there`, () => {
      const [by] = runPathElements('DT_RUNPATH', element, '/usr/bin/app', withoutTmp);
      const [plain] = runPathElements('DT_RUNPATH', place, '/usr/bin/app', withoutTmp);
      assert.equal(by?.leads.to, 'directory');
      assert.deepEqual({ ...by?.leads, fromOrigin: false }, plain?.leads);
    });
  }

  it('has no `..` in a bare file either', () => {
    const [found] = runPathElements('DT_RPATH', '/var/../tmp', null, null);
    assert.equal(found?.leads.to === 'directory' && found.leads.path, '/tmp');
  });

  it('is judged by its path alone in a bare file', () => {
    const found = runPathElements('DT_RPATH', '$ORIGIN:/opt/open', null, null);
    assert.deepEqual(
      found.map(({ leads }) => leads),
      [
        { to: 'directory', path: '$ORIGIN', fromOrigin: true, state: 'not-known' },
        { to: 'directory', path: '/opt/open', fromOrigin: false, state: 'not-known' },
      ],
    );
  });

  it('an empty run path has none', () => {
    assert.deepEqual(runPathElements('DT_RUNPATH', '', '/usr/bin/app', root), []);
  });
});
