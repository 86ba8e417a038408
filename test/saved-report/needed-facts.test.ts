import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe, it } from 'node:test';
import { rules } from '../../rules/index.ts';
import { diffFormats } from '../../src/diff/formats/index.ts';
import { identified } from '../../src/identity/identified.ts';
import { applyPolicy } from '../../src/policy/apply-policy.ts';
import { baselineOf } from '../../src/policy/baseline/entry.ts';
import {
  proposedClaims,
  proposedDependencies,
  proposedWaivers,
} from '../../src/policy/config/fitting.ts';
import { defaultGate, type Policy, plainPolicy } from '../../src/policy/policy.ts';
import { levelsOf } from '../../src/policy/profile.ts';
import { profiles } from '../../src/policy/profiles/index.ts';
import { neededFacts } from '../../src/report/needed-facts.ts';
import type { Report } from '../../src/report/report.ts';
import { reporters } from '../../src/reporters/index.ts';
import { toolchainNames } from '../../src/reporters/remedies/toolchain.ts';
import type { RenderOptions } from '../../src/reporters/reporter.ts';
import { readReport } from '../../src/saved-report/read-report.ts';
import { assembleReport } from '../../src/scan/report-assembly.ts';
import { scan } from '../../src/scan/scan.ts';
import { plainInput } from '../../src/scan/scan-options.ts';
import { render } from '../support/reports/render.ts';
import { compared, renderDiff } from '../support/reports/render-diff.ts';
import { repositoryRoot } from '../support/repository.ts';

const inputs = [
  'images/alpine-app.docker.tar',
  'images/starts.docker.tar',
  'images/root-cases.tar',
  'elf',
].map((name) => join(repositoryRoot, 'samples', name));

/** As it is written by default and with all facts, each read back. */
let small: Report;
let full: Report;

before(async () => {
  const found = await scan(inputs, {
    input: plainInput,
    judging: { rules, policy: plainPolicy() },
    running: { jobs: 2, onProgress: () => {} },
  });
  small = readReport(await render('json', found));
  full = readReport(await render('json', found, { facts: true }));
});

function policyBy(profile: (typeof profiles)[number]): Policy {
  const gate = { ...defaultGate, ...profile.gate };
  return { ...plainPolicy(), profile: profile.name, levels: levelsOf(profile), gate };
}

function judged({ targets, rules: asked }: Report, policy: Policy): Report {
  return assembleReport(applyPolicy(targets, policy), asked);
}

/** What a format makes more, or other things, of. */
const looks: Readonly<Record<string, readonly Partial<RenderOptions>[]>> = {
  text: [
    { all: true, verbose: true },
    { packages: true },
    { explainGate: true },
    ...(['file', 'rule', 'package', 'layer'] as const).map((groupBy) => ({ groupBy })),
    ...toolchainNames.map((toolchain) => ({ toolchain })),
  ],
  sarif: [{ all: true, suppressions: true }],
  csv: [{ all: true }],
  junit: [{ all: true }],
};

describe('a saved report has what every other command needs', () => {
  it('to know each binary in another release', () => {
    const known = ({ targets }: Report) =>
      targets.flatMap(({ binaries }) => binaries).map((binary) => identified(binary));
    assert.deepEqual(known(small), known(full));
  });

  it('and less than all facts', () => {
    const count = ({ targets }: Report) =>
      targets.flatMap(({ binaries }) => binaries).flatMap(({ facts }) => Object.keys(facts)).length;
    assert.ok(count(small) < 0.6 * count(full), `${count(small)} of ${count(full)}`);
    assert.equal(small.facts, 'needed');
    assert.equal(full.facts, 'all');
  });

  for (const format of Object.keys(reporters))
    it(`to convert it to ${format}`, async () => {
      for (const look of [{}, ...(looks[format] ?? [])]) {
        const options = { ...look, rules };
        const isSame =
          (await render(format, small, options)) === (await render(format, full, options));
        assert.ok(isSame, JSON.stringify(look));
      }
    });

  for (const profile of profiles)
    it(`to judge it by the profile ${profile.name}`, async () => {
      const policy = policyBy(profile);
      assert.equal(
        await render('json', judged(small, policy)),
        await render('json', judged(full, policy)),
      );
    });

  it('to compare it, in every format', async () => {
    const half = ({ targets, ...rest }: Report): Report => ({
      ...rest,
      targets: targets.map((target) => ({
        ...target,
        binaries: target.binaries.filter((_, at) => at % 3 > 0),
      })),
    });
    for (const format of Object.keys(diffFormats)) {
      const [of, want] = [small, full].map((report) =>
        renderDiff(format, compared(half(report), report), { all: true, rules }),
      );
      assert.ok((await of) === (await want), format);
    }
  });

  it('to make a baseline of it, and a configuration', () => {
    assert.deepEqual(baselineOf(small.targets), baselineOf(full.targets));
    for (const propose of [proposedClaims, proposedDependencies, proposedWaivers])
      assert.deepEqual(propose(small), propose(full));
  });
});

const listed = new Map(Object.entries(neededFacts));

/** What the list has of `relro.state`: all of it, or what is around it. */
function isListed(path: string): boolean {
  const [name = '', ...members] = path.split('.');
  const parts = listed.get(name);
  if (parts === undefined) return false;
  const member = members.join('.');
  return parts === 'whole' || parts.some((each) => `${member}.`.startsWith(`${each}.`));
}

/** `const { relro } = judged.facts`, `({ relro }: Partial<Facts>)`. */
const destructured =
  /\{([^{}]*)\}(?: =|:) (?:\w+\.)*(?:facts\b(?!\()|Partial<Facts>|Judged\['facts'\])/g;

const folders = ['policy', 'reporters', 'diff', 'commands', 'report'];
const sources = folders
  .flatMap((folder) => {
    const top = join(repositoryRoot, 'src', folder);
    return readdirSync(top, { recursive: true, encoding: 'utf8' }).map((name) => join(top, name));
  })
  // The facts of a file that was just read are shown whole.
  .filter((path) => path.endsWith('.ts') && !path.includes('/inspection/'));

/** Of reports that have all facts. */
const ofWholeReports: readonly string[] = ['/src/reporters/json.ts: exports'];

describe('what the sources look up by name is in the list', () => {
  for (const path of sources) {
    const text = readFileSync(path, 'utf8');
    const asked = [...text.matchAll(/factAt\((?:[^'()]|\([^()]*\)|\{[^{}]*\})*'([\w.]+)'/g)];
    const taken = [
      ...text.matchAll(/\bfacts\??\.(\w+)\??\.(?:known|value)/g),
      ...[...text.matchAll(destructured)].flatMap(([, names = '']) => [
        ...names.matchAll(/(\w+)(?:: \w+)?/g),
      ]),
    ];
    if (asked.length + taken.length === 0) continue;
    const file = path.slice(repositoryRoot.length);
    it(file, () => {
      const missing = asked.flatMap(([, name = '']) =>
        isListed(name) || name === 'facts' ? [] : [name],
      );
      const unknown = taken.flatMap(([, name = '']) =>
        listed.has(name) || ofWholeReports.includes(`${file}: ${name}`) ? [] : [name],
      );
      assert.deepEqual([...missing, ...unknown], []);
    });
  }

  it('and what profiles select by', () => {
    const paths = profiles.flatMap(({ expectations }) =>
      expectations.flatMap(({ where }) => Object.keys(where.facts ?? {})),
    );
    assert.ok(paths.length > 5);
    assert.deepEqual(
      paths.filter((path) => !isListed(path)),
      [],
    );
  });
});
