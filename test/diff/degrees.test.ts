import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { rules } from '../../rules/index.ts';
import { compareReports } from '../../src/diff/compare-reports.ts';
import type { Difference } from '../../src/diff/difference.ts';
import { plainPolicy } from '../../src/policy/policy.ts';
import type { Report } from '../../src/report/report.ts';
import { readReport } from '../../src/saved-report/read-report.ts';
import { scan } from '../../src/scan/scan.ts';
import { plainInput } from '../../src/scan/scan-options.ts';
import { render } from '../support/reports/render.ts';
import { repositoryRoot } from '../support/repository.ts';

/** Of a sample, as if it were the same program in each release. */
async function reportOf(sample: string): Promise<Report> {
  const found = await scan([join(repositoryRoot, 'samples/elf', sample)], {
    input: plainInput,
    judging: { rules, policy: plainPolicy() },
    running: { jobs: 1 },
  });
  return {
    ...found,
    targets: found.targets.map((target) => ({
      ...target,
      name: 'app',
      binaries: target.binaries.map((binary) => ({ ...binary, path: '/app' })),
    })),
  };
}

const differenceOf = async (old: string, fresh: string) =>
  compareReports(await reportOf(old), await reportOf(fresh));

const of = ({ worse }: Difference, rule: string) => worse.find((change) => change.rule === rule);

interface Case {
  readonly what: string;
  readonly old: string;
  readonly fresh: string;
  readonly rule: string;
  /** What the entry says, and its cause. */
  readonly says: RegExp;
  /** null: none was. */
  readonly flag: string | null;
}

const x86 = 'x86_64-glibc-gcc-pie';
const arm = 'aarch64-glibc-gcc-pie';

const cases: readonly Case[] = [
  ...[x86, arm].flatMap((machine): Case[] => [
    {
      what: 'canaries of a lower level',
      old: `${machine}-scalars-strong`,
      fresh: `${machine}-scalars-plain`,
      rule: 'stack-protector',
      says: /^\d+ of \d+ functions had a canary, now \d+ of \d+$/,
      flag: '-fstack-protector-strong',
    },
    {
      what: 'no canaries',
      old: `${machine}-ssp-strong`,
      fresh: `${machine}-ssp-none`,
      rule: 'stack-protector',
      says: /none of \d+ functions/,
      flag: '-fstack-protector-strong',
    },
    {
      what: 'frames that nothing probes',
      old: `${machine}-clash-probed`,
      fresh: `${machine}-clash-none`,
      rule: 'stack-clash-protection',
      says: /do(es)? not touch them page by page/,
      flag: '-fstack-clash-protection',
    },
    {
      what: 'slots that stay writable',
      old: `${machine}-hardened`,
      fresh: `${machine}-partialrelro`,
      rule: 'relro',
      says: /outside PT_GNU_RELRO/,
      flag: '-Wl,-z,now',
    },
    {
      what: 'no RELRO',
      old: `${machine}-partialrelro`,
      fresh: `${machine}-norelro`,
      rule: 'relro',
      says: /^RELRO was partial, now there is none$/,
      flag: '-Wl,-z,relro',
    },
  ]),
  {
    what: 'a lower level of FORTIFY',
    old: `${x86}-fortify-3`,
    fresh: `${x86}-fortify-2`,
    rule: 'fortify-source',
    says: /^calls were checked at level 3, now at level 2$/,
    flag: '-D_FORTIFY_SOURCE=3',
  },
  {
    what: 'FORTIFY that leaves formats alone',
    old: `${x86}-fortify-2`,
    fresh: `${x86}-fortify-1`,
    rule: 'fortify-source',
    says: /level 1 only/,
    flag: '-D_FORTIFY_SOURCE=2',
  },
  {
    what: 'no FORTIFY',
    old: `${x86}-fortify-2`,
    fresh: `${x86}-fortify-none`,
    rule: 'fortify-source',
    says: /none of \d+ functions with a checked variant is checked/,
    flag: '-D_FORTIFY_SOURCE=2',
  },
  {
    what: 'no property for the loader',
    old: 'x86_64-none-gcc-lib-cet',
    fresh: 'x86_64-none-gcc-lib-cetnonote',
    rule: 'control-flow-protection',
    says: /the note that lets a loader enforce it is missing/,
    // The code was compiled as before.
    flag: null,
  },
  {
    what: 'a note that the code is not ready for',
    old: `${x86}-cet-nonote`,
    fresh: `${x86}-cet-forced`,
    rule: 'control-flow-protection',
    says: /^a note for restricted branches that the code is not ready for is new in it$/,
    flag: null,
  },
];

for (const { what, old, fresh, rule, says, flag } of cases)
  test(`${what} is worse, with the option that was lost, and the reverse is better: ${old} to ${fresh}`, async () => {
    const difference = await differenceOf(old, fresh);
    const change = of(difference, rule);
    assert.match(change?.message ?? 'nothing worse', says);
    assert.notEqual(change?.severity, 'note');
    const causes = difference.causes.filter((cause) => cause.rule === rule);
    assert.deepEqual(
      causes.map((cause) => [cause.flag, cause.files, cause.sentence.includes('was lost')]),
      [[flag, ['/app'], flag !== null]],
    );
    const option = flag?.replace('-Wl,-z,', 'z,').replace(/=2$/, '') ?? 'as before';
    assert.ok(causes[0]?.remedy?.includes(option), causes[0]?.remedy ?? 'none');
    const reverse = await differenceOf(fresh, old);
    assert.equal(of(reverse, rule), undefined);
    assert.ok(reverse.better.some((each) => each.rule === rule));
  });

test('restricted branches that signed return addresses took the place of are lost, and the other way round the signatures are', async () => {
  const [branches, returns] = [`${arm}-btinonote`, `${arm}-pacret`] as const;
  for (const [old, fresh, says] of [
    [branches, returns, /^landing pads and bti instructions were there, now only signed returns$/],
    [returns, branches, /^signed returns were there, now only landing pads and bti instructions$/],
  ] as const) {
    const difference = await differenceOf(old, fresh);
    const change = of(difference, 'control-flow-protection');
    assert.match(change?.message ?? 'nothing worse', says);
    assert.equal(change?.severity, 'low');
    assert.deepEqual(
      difference.causes.map(({ flag }) => flag),
      ['-mbranch-protection=standard'],
    );
  }
});

test('an option that the new file was built with was not lost: patchelf moved what it protects', async () => {
  const { causes } = await differenceOf(`${x86}-hardened`, `${x86}-patched`);
  const cause = causes.find(({ rule }) => rule === 'relro');
  assert.equal(cause?.flag, null);
  assert.equal(cause?.sentence, 'was pass, is medium: RELRO was full, now it is partial');
  assert.match(cause?.remedy ?? 'none', /patchelf/);
  assert.doesNotMatch(cause?.remedy ?? 'none', /z,now/);
});

test('reports that were saved are compared by degree too', async () => {
  const saved = async (sample: string) => readReport(await render('json', await reportOf(sample)));
  const difference = compareReports(
    await saved(`${x86}-scalars-strong`),
    await saved(`${x86}-scalars-plain`),
  );
  assert.equal(of(difference, 'stack-protector')?.degree?.before?.level, 'strong');
  assert.deepEqual(difference.notices, []);
});

test('a report of a version that counted nothing is compared by its verdicts alone, and that is said', async () => {
  const old = withoutDegrees(await reportOf(`${x86}-scalars-strong`));
  const difference = compareReports(old, await reportOf(`${x86}-scalars-plain`));
  assert.equal(of(difference, 'stack-protector'), undefined);
  assert.match(difference.notices.join(), /the old one was made by a version that did not count/);
});

function withoutDegrees(report: Report): Report {
  const targets = report.targets.map((target) => ({
    ...target,
    binaries: target.binaries.map((binary) => ({
      ...binary,
      verdicts: binary.verdicts.map(({ degree: _, ...verdict }) => verdict),
    })),
  }));
  return { ...report, targets };
}
