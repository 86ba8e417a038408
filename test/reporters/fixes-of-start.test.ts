import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { rules } from '../../rules/index.ts';
import { known } from '../../src/base/fact.ts';
import { judgedOf } from '../../src/report/all-judged.ts';
import type { Judged } from '../../src/report/report.ts';
import { fixText } from '../../src/reporters/remedies/fix.ts';
import { fixesOf } from '../../src/reporters/remedies/fixes-of.ts';
import { adviceFor } from '../../src/root/start/advice.ts';
import { binary, factsWith, target, verdict } from '../support/reports/report-builder.ts';

const loader = '/lib64/ld-linux-x86-64.so.2';
const missing = { where: 'root', interpreter: { state: 'missing', name: loader } };
const gcompat = {
  where: 'root',
  interpreter: { state: 'found', name: loader, libc: 'musl' },
  servedBy: { path: loader, libc: 'musl', through: 'libgcompat.so.0' },
};
const served = { ...gcompat, servedBy: { path: loader, libc: 'glibc', through: null } };

interface Program {
  readonly language: string;
  readonly linkage: object;
  readonly isStart: boolean;
  readonly whose?: 'yours' | 'dependency';
}

/** An image whose start ends at its program, and what is to be done about each of the two. */
function fixes({ language, linkage, isStart, whose = 'yours' }: Program) {
  const facts = {
    language: known([{ name: language, version: null, evidence: [] }]),
    libc: known({ name: 'glibc' }),
    linking: known({ how: 'dynamic' }),
    linkage: known(linkage),
    judgedAsStart: known(isStart),
    ownership: known({ whose, component: null, because: 'a test says so' }),
  };
  const cause = { kind: 'not-for-musl', of: loader } as const;
  const end = { state: 'fails', links: [], prints: '', because: '', cause } as const;
  const image = {
    path: '/tool',
    verdicts: [verdict({ rule: 'entrypoint-starts', remedies: adviceFor(end) })],
  };
  const file = binary({
    path: '/tool',
    facts: factsWith(facts as never),
    verdicts: [verdict({ rule: 'pie' }), verdict({ rule: 'relro' })],
  });
  const root = target({ binaries: [file], image });
  const of = (judged: Judged | undefined) => {
    assert.ok(judged !== undefined);
    const [first, ...rest] = judged.verdicts.map((each) => ({
      target: root,
      judged,
      verdict: each,
    }));
    assert.ok(first !== undefined);
    return fixesOf([first, ...rest], { rules, toolchain: null }).map(fixText);
  };
  return { start: of(judgedOf(root)[0]), file: of(root.binaries[0]) };
}

describe('a program of Go whose loader is not there is linked without one', () => {
  for (const [name, linkage] of [
    ['the loader is missing', missing],
    ['the loader is one that the kernel refuses', { interpreter: { state: 'unusable' } }],
    ['another libc stands in for the loader', gcompat],
  ] as const)
    it(`where ${name}, the start and the file have the same command`, () => {
      const { start, file } = fixes({ language: 'go', linkage, isStart: true });
      assert.match(start[0] ?? '', /^export CGO_ENABLED=1 GOFLAGS=.*-extldflags=-static-pie/);
      assert.deepEqual(start, file);
      assert.doesNotMatch(start.join('\n'), /CGO_ENABLED=0|-ldflags=-bindnow/);
    });
  it('and one that nothing starts, too', () => {
    const { file } = fixes({ language: 'go', linkage: missing, isStart: false });
    assert.match(file[0] ?? '', /-extldflags=-static-pie/);
  });
  it('not where its loader is there', () => {
    const { file } = fixes({ language: 'go', linkage: served, isStart: false });
    assert.match(file[0] ?? '', /-buildmode=pie -ldflags=-bindnow"$/);
  });
});

describe('the start of an image is fixed in the words of what it starts', () => {
  it('a program of Rust', () =>
    assert.deepEqual(fixes({ language: 'rust', linkage: missing, isStart: true }).start, [
      'Build with --target x86_64-unknown-linux-musl',
    ]));
  it('a program of C, without a word about what makes one of Go require a loader', () => {
    const [start = '', ...more] = fixes({ language: 'c', linkage: missing, isStart: true }).start;
    assert.match(start, /^Build it for musl .* or link it statically/);
    assert.doesNotMatch(start, /CGO_ENABLED=0/);
    assert.deepEqual(more, []);
  });
  it('but not to build what others made', () => {
    const program = { language: 'go', linkage: missing, isStart: true } as const;
    assert.match(fixes({ ...program, whose: 'dependency' }).start[0] ?? '', /^Build it for musl/);
  });
});

describe('explain has no way for Go that requires a loader', () => {
  for (const id of ['entrypoint-starts', 'loadable', 'musl-linkage'])
    it(id, () => {
      const text = rules.find((rule) => rule.id === id)?.remediation.go ?? '';
      assert.match(text, /-extldflags=-static-pie/);
      assert.match(text, /`CGO_ENABLED=0` .*not together with `-buildmode=pie`/);
    });
});
