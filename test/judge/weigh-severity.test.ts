import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { known, notKnown } from '../../src/base/fact.ts';
import type { Severity } from '../../src/base/verdict.ts';
import { weighSeverity } from '../../src/judge/weigh-severity.ts';
import type { RootFacts } from '../../src/root/root-facts.ts';
import { somePackage } from '../support/archives/some-package.ts';

type Weighed = Parameters<typeof weighSeverity>[1];

const busybox = somePackage({ name: 'busybox' });

const packaged: Weighed['package'] = known(busybox);
const own: Weighed['package'] = known(null);
const untold: Weighed['package'] = notKnown('the root has no package database');

const cases: readonly {
  readonly name: string;
  readonly how: 'started' | 'named' | null;
  readonly owner: RootFacts['package'];
  readonly privileged?: true;
  readonly from: Severity;
  readonly to: Severity;
}[] = [
  {
    name: 'a started program of the author is raised',
    how: 'started',
    owner: own,
    from: 'medium',
    to: 'high',
  },
  {
    name: 'a named program of the author is raised',
    how: 'named',
    owner: own,
    from: 'low',
    to: 'medium',
  },
  {
    name: 'a started program is raised whose author is not known',
    how: 'started',
    owner: untold,
    from: 'medium',
    to: 'high',
  },
  {
    name: 'a started program of a package keeps its severity',
    how: 'started',
    owner: packaged,
    from: 'medium',
    to: 'medium',
  },
  {
    name: 'a named program of a package keeps its severity',
    how: 'named',
    owner: packaged,
    from: 'low',
    to: 'low',
  },
  {
    name: 'what is high is high in a package too',
    how: 'started',
    owner: packaged,
    from: 'high',
    to: 'high',
  },
  {
    name: 'a privileged program is raised, also one of a distribution',
    how: null,
    owner: packaged,
    privileged: true,
    from: 'high',
    to: 'critical',
  },
  {
    name: 'a privileged and started program of a package is raised',
    how: 'started',
    owner: packaged,
    privileged: true,
    from: 'medium',
    to: 'high',
  },
  { name: 'a note stays a note', how: 'started', owner: own, from: 'note', to: 'note' },
];

describe('the severity of a failure, weighed by exposure', () => {
  for (const { name, how, owner, privileged, from, to } of cases) {
    it(name, () => {
      const reached = how === null ? null : { how, word: '/bin/app' };
      // The weights need nothing else of it.
      const exposure = known({
        privileged: privileged === true,
        reached,
      }) as unknown as RootFacts['exposure'];
      assert.equal(weighSeverity(from, { exposure, package: owner }), to);
    });
  }
});
