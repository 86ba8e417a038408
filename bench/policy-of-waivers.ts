/**
 * Processor time of a policy with many waivers over many reports: `node dist/bench/policy-of-waivers.js [WAIVERS] [REPORTS]`. The reports
 * are made up: 200 binaries of 30 packages, a third of whose verdicts fail. Of the waivers a third names a path, the rest a glob, a
 * folder, a package or a digest; a half names an image.
 */
import { rules } from '../rules/index.ts';
import { known } from '../src/base/fact.ts';
import { applyPolicy } from '../src/policy/apply-policy.ts';
import { configShape } from '../src/policy/config/config-shape.ts';
import { readConfig } from '../src/policy/config/document.ts';
import { profileOf } from '../src/policy/config/effective.ts';
import { mergeLayers } from '../src/policy/config/layers.ts';
import { policyOf } from '../src/policy/config/policy-of.ts';
import { profiles } from '../src/policy/profiles/index.ts';
import type { TargetReport } from '../src/report/report.ts';
import { somePackage } from '../test/support/archives/some-package.ts';
import { binary, factsWith, target, verdict } from '../test/support/reports/report-builder.ts';

const [, , waivers = '5000', reports = '100'] = process.argv;
const ids = rules.map(({ id }) => id).slice(0, 25);
const places = [
  (at: number) => `path: /opt/app${at % 97}/bin/tool${at % 211}`,
  (at: number) => `path: /opt/app${at % 97}/**`,
  (at: number) => `path: '/**/lib${at % 211}.so.*'`,
  (at: number) => `package: package${at}`,
  (at: number) => `digest: '${at.toString(16).padStart(64, '0')}'`,
  (at: number) => `path: /usr/lib/lib${at % 211}.so`,
];

function policyText(count: number): string {
  const entries = Array.from({ length: count }, (_, at) => {
    const place = (places[at % places.length] ?? String)(at);
    const image = at % 2 === 0 ? `    image: ghcr.io/acme/app${at % 100}\n` : '';
    return `  - rules: [${ids[at % ids.length]}, ${ids[(at + 7) % ids.length]}]\n${image}    ${place}\n    reason: the vendor rebuilds it, number ${at}\n    owner: team-${at % 40}\n    approved-by: alice\n    ticket: SEC-${at}\n    created: 2026-11-30\n    expires: 2027-03-31\n`;
  });
  return `waivers:\n${entries.join('')}`;
}

function image(number: number): TargetReport {
  const binaries = Array.from({ length: 200 }, (_, at) => {
    const facts = factsWith({ package: known(somePackage({ name: `package${at % 30}` })) });
    const path = at % 2 === 0 ? `/opt/app${number % 97}/bin/tool${at}` : `/usr/lib/lib${at}.so`;
    const sha256 = (number * 1000 + at).toString(16).padStart(64, '0');
    const verdicts = ids.map((rule, index) =>
      verdict({ rule, outcome: (at + index) % 3 === 0 ? 'fail' : 'pass' }),
    );
    return binary({ path, sha256, facts, verdicts });
  });
  return target({ name: `ghcr.io/acme/app${number}:1.0`, namedBy: 'content', binaries });
}

const seconds = (since: NodeJS.CpuUsage) => {
  const { user, system } = process.cpuUsage(since);
  return ((user + system) / 1e6).toFixed(2);
};

const text = policyText(Number(waivers));
const images = Array.from({ length: Number(reports) }, (_, at) => image(at));
const shape = configShape(
  rules.map(({ id }) => id),
  profiles.map(({ name }) => name),
);
const reading = process.cpuUsage();
const config = readConfig(text, 'hullcheck.yaml', shape) ?? {};
const layer = { config, originOf: () => '', placeOf: () => '' };
const policy = policyOf(mergeLayers([layer]), profileOf('default'), {
  today: '2026-11-30',
  baseline: null,
});
const read = seconds(reading);
const judging = process.cpuUsage();
let waived = 0;
for (const each of images) waived += applyPolicy([each], policy).targets[0]?.counts.waived ?? 0;
console.log(
  `${waivers} waivers (${text.length} bytes) read in ${read} s; ${reports} reports judged in ${seconds(judging)} s, ${waived} verdicts waived`,
);
