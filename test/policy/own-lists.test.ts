import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { rules } from '../../rules/index.ts';
import { UsageError } from '../../src/base/errors.ts';
import { known } from '../../src/base/fact.ts';
import { judgeAgain } from '../../src/commands/judging/judge-saved.ts';
import { comparePolicies } from '../../src/diff/policies/compare-policies.ts';
import { compareWithBaseline } from '../../src/policy/baseline/compare.ts';
import { baselineOf } from '../../src/policy/baseline/entry.ts';
import type { Config, ListEntry } from '../../src/policy/config/config.ts';
import { profileOf } from '../../src/policy/config/effective.ts';
import { mergeLayers } from '../../src/policy/config/layers.ts';
import type { Placed } from '../../src/policy/config/node-shapes.ts';
import { policyOf } from '../../src/policy/config/policy-of.ts';
import { tighter } from '../../src/policy/config/tighter.ts';
import { contradictionsIn } from '../../src/policy/contradictions.ts';
import { createOwnLists } from '../../src/policy/own-lists.ts';
import { plainPolicy } from '../../src/policy/policy.ts';
import type { Report } from '../../src/report/report.ts';
import { readReport } from '../../src/saved-report/read-report.ts';
import { scan } from '../../src/scan/scan.ts';
import { plainInput } from '../../src/scan/scan-options.ts';
import { folderWith, settingsIn } from '../support/policy/folder-with.ts';
import { judgedAgain, scanned } from '../support/policy/judged-again.ts';
import { randomNumbers } from '../support/random.ts';
import { render } from '../support/reports/render.ts';
import { repositoryRoot } from '../support/repository.ts';

const image = join(repositoryRoot, 'samples/images/alpine-app.docker.tar');

const lists = {
  allow: { needed: ['libc.musl-*', { names: ['libz.so.1'], package: 'apk-tools' }] },
  deny: { imports: [{ names: ['__libc_start_main'], path: '/usr/**', reason: 'for the test' }] },
};

describe('a saved report judged by other lists', () => {
  for (const [name, from] of [
    ['as there were none before', {}],
    ['as there were others before', { deny: { imports: ['gets'] } }],
  ] as const) {
    it(`says what a scan says, ${name}`, async () => {
      const direct = await render('json', await scanned(lists));
      assert.ok(/denied by c\.json:\d+: for the test/.test(direct));
      assert.equal(await judgedAgain(from, true, lists), direct);
    });
    it(`needs facts, ${name}`, async () => {
      await assert.rejects(
        judgedAgain(from, false, lists),
        (error) =>
          error instanceof UsageError && /own-lists needs --facts or a scan/.test(error.message),
      );
    });
  }

  const exporting = (path: string) => ({ allow: { exports: [{ names: ['*'], path }] } });
  for (const [name, from] of [
    ['as no list needed exports', {}],
    ['as the list of exports was for other files', exporting('/usr/local/bin/*')],
  ] as const)
    it(`needs a scan, ${name}`, async () => {
      await assert.rejects(
        judgedAgain(from, true, exporting('/usr/local/lib/*')),
        (error) =>
          error instanceof UsageError &&
          /^own-lists needs a scan with these settings: a\.json does not have exports of \/usr\/local\/lib\//.test(
            error.message,
          ),
      );
    });

  it('has what files export where a list needs it, and a scan says the same', async () => {
    const text = await render('json', await scanned(exporting('/usr/local/lib/*'), true), {
      facts: true,
    });
    const binaries = readReport(text).targets.flatMap((target) => target.binaries);
    const withExports = binaries.filter(({ facts }) => facts.exports.known);
    assert.ok(withExports.length > 0 && withExports.length < binaries.length);
    assert.ok(withExports.every(({ path }) => path.startsWith('/usr/local/lib/')));
    const fewer = { allow: { exports: [{ names: ['a*'], path: '/usr/local/lib/*' }] } };
    const direct = await render('json', await scanned(fewer));
    assert.match(direct, /which allow\.exports at c\.json:\d+ does not have/);
    assert.equal(await judgedAgain(exporting('/usr/local/lib/*'), true, fewer), direct);
  });

  it('needs no facts where the same lists stand elsewhere, which is said', async () => {
    const yaml =
      "allow: {needed: ['libc.musl-*', {names: [libz.so.1], package: apk-tools}]}\n" +
      'deny:\n  imports:\n    - {names: [__libc_start_main], reason: no}\n    - {names: [gets], reason: no}\n';
    const settingsBy = (text: string) => settingsIn(folderWith({ 'hullcheck.yaml': text }));
    const [was, moved, others] = [
      await settingsBy(yaml),
      await settingsBy(`# A line more.\n${yaml}`),
      await settingsBy(yaml.replace('gets', 'puts')),
    ];
    const found = await scan([image], {
      input: plainInput,
      judging: { rules: rules.filter(({ id }) => id === 'own-lists'), policy: was.policy },
      running: { jobs: 1 },
    });
    const saved = { file: 'a.json', report: readReport(await render('json', found)) };
    const { report } = await judgeAgain([saved], moved, undefined);
    const verdictsOf = ({ targets }: Report) =>
      targets.flatMap(({ binaries }) => binaries.flatMap(({ verdicts }) => verdicts));
    assert.deepEqual(verdictsOf(report), verdictsOf(found));
    const said = report.policy.messages?.filter(({ kind }) => kind === 'lists-moved') ?? [];
    assert.deepEqual(
      said.map(({ message }) => message),
      [
        'messages of own-lists name allow and deny where they stood when a.json was written: they stand elsewhere now, and say the same',
      ],
    );
    assert.deepEqual(contradictionsIn(report), []);
    const { warnings } = comparePolicies(found, report, []).new;
    assert.ok(!warnings.some((sentence) => sentence.startsWith('messages of own-lists')));
    await assert.rejects(judgeAgain([saved], others, undefined), {
      message: /^own-lists needs --facts or a scan: a\.json was judged by other settings of it, /,
    });
  });

  it('needs no facts where there are no lists any more, or the same', async () => {
    assert.equal(await judgedAgain(lists, false, {}), await render('json', await scanned({})));
    assert.equal(
      await judgedAgain(lists, false, lists),
      await render('json', await scanned(lists)),
    );
  });
});

it('a baseline of one denied import does not cover a further one of the same file', async () => {
  const denying = async (...imports: readonly string[]) =>
    (await scanned({ deny: { imports } })).targets;
  const { targets } = compareWithBaseline(
    await denying('memset', 'puts'),
    baselineOf(await denying('memset')),
    { today: '2026-11-30', namedRules: () => [] },
  );
  const counting = targets
    .flatMap(({ binaries }) => binaries)
    .filter(({ verdicts }) =>
      verdicts.some(
        (each) => each.rule === 'own-lists' && each.outcome === 'fail' && !each.baselined,
      ),
    );
  assert.deepEqual(
    counting.map(({ path }) => path),
    ['/usr/local/lib/libsample.so.1'],
  );
});

describe('entries of lists that no file is meant by', () => {
  const idle = {
    allow: { needed: ['*', { names: ['*'], path: 'opt/**' }] },
    deny: {
      imports: [
        { names: ['gets'], kind: 'kernel-module' },
        { names: ['gets'], package: 'apk-tools' },
        { names: ['gets'], package: 'busybox', kind: 'executable' },
      ],
    },
  };
  const notices = [
    'the entry of allow.needed at c.json:LINE for path opt/** matches no file: paths begin with a slash: did you mean /opt/**',
    'the entry of deny.imports at c.json:LINE for kind kernel-module matches no file here',
    'the entry of deny.imports at c.json:LINE for package apk-tools matches no file here',
  ];

  it('are notices', async () => {
    const { policy, gate } = await scanned(idle);
    const found = (policy.messages ?? []).filter(({ kind }) => kind === 'list-unused');
    assert.deepEqual(
      found.map(({ message }) => message.replace(/json:\d+/, 'json:LINE')),
      notices,
    );
    assert.ok(!gate.failed.some(({ condition }) => condition === 'strict-policy'));
  });

  it('break the gate of a strict policy, judged again too', async () => {
    const strict = { ...idle, gate: { 'strict-policy': true } };
    const report = await scanned(strict);
    const [failed] = report.gate.failed.filter(({ condition }) => condition === 'strict-policy');
    assert.match(
      String(failed?.because),
      /^3 entries of the policy do nothing \(the entry of allow\.needed/,
    );
    assert.equal(await judgedAgain(idle, false, strict), await render('json', report));
  });
});

const at = { file: 'c.yaml', line: 1, column: 1 };
const placed = (entries: readonly ListEntry[]): readonly Placed<ListEntry>[] =>
  entries.map((value, line) => ({ at: { ...at, line: line + 1 }, value }));

const listsOf = (config: Config, accept?: readonly ['os-release']) => {
  const { lists: own } = policyOf(config, profileOf('default'), {
    today: '2026-11-30',
    baseline: null,
  });
  const { gate, ...policy } = plainPolicy();
  return createOwnLists({
    ...policy,
    ...(own === undefined ? {} : { lists: own }),
    gate: accept === undefined ? gate : { ...gate, accept },
  });
};

const binary = (path: string, name?: string) => {
  const owner = { name, version: '1', manager: 'apk' };
  const facts = name === undefined ? {} : { package: known(owner) };
  // Only what selectors ask of a package is there.
  return { path, aliases: [], facts } as never;
};

describe('which lists concern a file', () => {
  const allow = { needed: placed(['a', { names: ['b'], path: ['/opt/**'] }]) };

  it('is decided by each entry, and what entries allow adds up', () => {
    const of = listsOf({ allow });
    assert.deepEqual(of?.(binary('/bin/x')), { needed: { names: ['a'], origin: 'c.yaml:1' } });
    assert.deepEqual(of?.(binary('/opt/x'))?.needed?.names, ['a', 'b']);
  });

  it('is none where no entry matches', () => {
    const of = listsOf({ deny: { imports: placed([{ names: ['x'], path: ['/opt/**'] }]) } });
    assert.equal(of?.(binary('/bin/x')), null);
  });

  it('is not decided in favour of a file by a word that the policy does not accept', () => {
    const names = (...those: readonly string[]) => placed([{ names: those, package: ['zlib'] }]);
    const config = { allow: { needed: names('evil') }, deny: { imports: names('gets') } };
    const zlib = binary('/lib/libz.so.1', 'zlib');
    assert.deepEqual(listsOf(config)?.(zlib)?.needed?.names, ['evil']);
    const strict = listsOf(config, ['os-release'])?.(zlib);
    assert.deepEqual(strict?.needed?.names, []);
    assert.deepEqual(strict?.denied?.[0]?.names, ['gets']);
  });
});

describe('a lock of allow and deny', () => {
  const looser = (group: 'allow' | 'deny', was: Config, is: Config) =>
    [...tighter[group](was, mergeLayers([{ config: was }, { config: is }]))].map(
      ({ setting }) => setting,
    );
  const locked: Config = {
    allow: { needed: placed(['a', 'b', { names: ['c'], path: ['/opt/**'] }]) },
  };
  for (const [name, needed, want] of [
    ['fewer names', ['a', { names: ['c'], path: ['/opt/**'] }], []],
    ['a name of all files for some', [{ names: [], path: ['/opt/**'] }, 'b'], []],
    ['another name', ['a', 'x', { names: ['c'], path: ['/opt/**'] }], ['allow.needed']],
    ['a name of some files for all', ['a', 'c'], ['allow.needed']],
    ['a list that concerns fewer files', [{ names: ['c'], path: ['/opt/**'] }], ['allow.needed']],
  ] as const)
    it(`${want.length === 0 ? 'allows' : 'refuses'} ${name}`, () => {
      assert.deepEqual(looser('allow', locked, { allow: { needed: placed(needed) } }), want);
    });

  it('allows a further list and further denials, and not where other files could meet the gate', () => {
    const more: Config = {
      allow: { exports: placed(['*']) },
      deny: { imports: placed(['gets']) },
    };
    assert.deepEqual(looser('allow', locked, more), []);
    assert.deepEqual(looser('deny', locked, more), []);
    for (const gate of [{ coverage: { 'own-lists': 50 } }, { required: ['own-lists'] }]) {
      assert.deepEqual(looser('allow', { ...locked, gate }, more), ['allow']);
      assert.deepEqual(looser('deny', { ...locked, gate }, more), ['deny']);
    }
  });

  it('accepts no list that allows what the locked one does not', () => {
    const below = randomNumbers(7);
    const some = <T>(items: readonly T[]) => items.filter(() => below(2) === 0);
    const list = () =>
      placed([
        ...some(['a', 'b', 'c']),
        ...some([['/opt/**'], ['/bin/*'], ['*']]).map((path) => ({
          path,
          names: some(['a', 'b', 'c']),
        })),
        { names: some(['a', 'b', 'c']), path: ['/opt/x'] },
      ]);
    let accepted = 0;
    for (let run = 0; run < 3000; run += 1) {
      const was: Config = { allow: { needed: list() } };
      const is: Config = { allow: { needed: list() } };
      if (looser('allow', was, is).length > 0) continue;
      accepted += 1;
      for (const path of ['/opt/x', '/opt/y', '/bin/z']) {
        const [before, after] = [was, is].map((config) => listsOf(config)?.(binary(path))?.needed);
        if (before === undefined) continue;
        assert.ok(after !== undefined, `${path} is not judged any more`);
        for (const name of after.names) assert.ok(before.names.includes(name), `${path} ${name}`);
      }
    }
    assert.ok(accepted > 50, String(accepted));
  });
});
