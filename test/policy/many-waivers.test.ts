import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ruleIds } from '../../rules/ids.ts';
import { applyPolicy } from '../../src/policy/apply-policy.ts';
import { configShape } from '../../src/policy/config/config-shape.ts';
import { readConfig } from '../../src/policy/config/document.ts';
import { type Policy, plainPolicy, type Waiver } from '../../src/policy/policy.ts';
import { profiles } from '../../src/policy/profiles/index.ts';
import { binary, target, verdict } from '../support/reports/report-builder.ts';

const today = '2026-11-30';
const image = (name: string) =>
  target({
    name,
    scheme: 'registry',
    binaries: Array.from({ length: 20 }, (_, at) =>
      binary({
        path: `/opt/app/tool${at}`,
        verdicts: [
          verdict({ rule: 'pie', outcome: at % 2 === 0 ? 'fail' : 'pass' }),
          verdict({ rule: 'relro', outcome: 'pass' }),
        ],
      }),
    ),
  });

/** Of five kinds: most meet nothing, some are for other images, some are for a rule that was not asked. */
function waiverNumber(at: number): Waiver {
  const rules = [['pie'], ['relro'], ['pie', 'relro'], ['fortify-source']][at % 4] ?? ['pie'];
  return {
    rules,
    where: {
      ...(at % 3 === 0
        ? { image: [at % 2 === 0 ? 'ghcr.io/acme/app' : 'ghcr.io/acme/other'] }
        : {}),
      path: [at % 7 === 0 ? `/opt/app/tool${at % 20}` : `/srv/tool${at}`],
    },
    causes: [],
    reason: 'the vendor builds it',
    expires: at % 50 === 0 ? '2026-01-01' : '2027-01-01',
    origin: `hullcheck.yaml:${10_000 + at}`,
  };
}

test('five thousand waivers with all that they can say are read', () => {
  const entry = (at: number) =>
    `  - {rules: [pie, relro], image: ghcr.io/acme/app${at}, path: /opt/app${at}/bin/tool, reason: the vendor rebuilds it, owner: team-${at}, approved-by: [alice, bob], ticket: SEC-${at}, created: 2026-11-30, expires: 2027-03-31}\n`;
  const text = `waivers:\n${Array.from({ length: 5000 }, (_, at) => entry(at)).join('')}`;
  const shape = configShape(
    ruleIds,
    profiles.map(({ name }) => name),
  );
  assert.equal(readConfig(text, 'hullcheck.yaml', shape)?.waivers?.length, 5000);
});

const policyOf = (waivers: readonly Waiver[]): Policy => ({ ...plainPolicy(), today, waivers });

test('of thousands of waivers a second report looks at those that may be of it, and those that it lists', () => {
  let looks = 0;
  const waivers = Array.from({ length: 5000 }, (_, at) => {
    const { where, ...waiver } = waiverNumber(at);
    return Object.defineProperty({ ...waiver, where }, 'where', {
      enumerable: true,
      get() {
        looks += 1;
        return where;
      },
    });
  });
  const policy = policyOf(waivers);
  applyPolicy([image('ghcr.io/acme/app:1.0')], policy);
  looks = 0;
  const { inactive = [] } = applyPolicy([image('ghcr.io/acme/app:1.1')], policy).policy;
  assert.ok(inactive.length > 400, `${inactive.length} rows`);
  assert.ok(looks < 10 * inactive.length, `${looks} looks at what a waiver selects`);
});

test('waivers that do nothing are counted and listed together as each of them is alone', () => {
  const waivers = Array.from({ length: 700 }, (_, at) => waiverNumber(at));
  const one = image('ghcr.io/acme/app:1.0');
  const alone = waivers.map((waiver) => applyPolicy([one], policyOf([waiver])).policy);
  const { inactive = [], inactiveUnlisted = 0 } = applyPolicy([one], policyOf(waivers)).policy;
  const rulesIn = (rows: typeof inactive) => rows.reduce((sum, { rules }) => sum + rules.length, 0);
  const all = alone.flatMap(({ inactive: rows = [] }) => rows);
  // Of two that are for the same finding one accepts it.
  const others = inactive.filter(({ because }) => because.startsWith('another waiver'));
  assert.equal(rulesIn(inactive) + inactiveUnlisted, rulesIn(all) + rulesIn(others));
  assert.ok(inactiveUnlisted > 0);
  const known = new Map(all.map((row) => [`${row.origin} ${row.state} ${row.rules}`, row]));
  for (const row of inactive) {
    if (others.includes(row)) continue;
    const same = known.get(`${row.origin} ${row.state} ${row.rules}`);
    // Of a waiver that ended, another one may accept what it would.
    if (row.state === 'ended') assert.equal(row.because, same?.because);
    else assert.deepEqual(row, same);
  }
});

test('the rows of waivers that do nothing are those that come first, whether they met something or not', () => {
  const waivers = Array.from({ length: 300 }, (_, at): Waiver => {
    const path = at === 7 ? '/opt/app/tool0' : at === 9 ? '/opt/app/tool2' : `/srv/tool${at}`;
    const causes = at === 9 ? ['missing-library'] : [];
    return {
      ...waiverNumber(1),
      rules: ['pie'],
      where: { path: [path] },
      causes,
      origin: `hullcheck.yaml:${1000 + at}`,
    };
  });
  const { inactive = [], inactiveUnlisted } = applyPolicy(
    [image('ghcr.io/acme/app:1.0')],
    policyOf(waivers),
  ).policy;
  assert.deepEqual(
    inactive.map(({ origin }) => origin),
    waivers.flatMap(({ origin }, at) => (at < 201 && at !== 7 ? [origin] : [])),
  );
  assert.match(
    inactive.find(({ origin }) => origin === 'hullcheck.yaml:1009')?.because ?? '',
    /cause/,
  );
  assert.equal(inactiveUnlisted, 99);
});
