import { known } from '../../../src/base/fact.ts';
import type { Outcome } from '../../../src/base/verdict.ts';
import type { Rule } from '../../../src/judge/rule.ts';
import type { BinaryReport, JudgedVerdict, Report } from '../../../src/report/report.ts';
import { binary, factsWith, report, target } from './report-builder.ts';

/** How verdicts of a distribution's root are spread, by sixteenths. */
const spread: readonly Outcome[] = [
  ...Array<Outcome>(8).fill('pass'),
  ...Array<Outcome>(4).fill('not-applicable'),
  ...Array<Outcome>(2).fill('fail'),
  ...Array<Outcome>(2).fill('unknown'),
];

/**
 * A root of so many binaries, each judged by all rules, with messages and evidence as varied as real ones: counts,
 * offsets and names that differ from file to file. The same each time.
 */
export function largeReport(binaries: number, rules: readonly Rule[]): Report {
  return report([
    target({
      name: 'large:1.0',
      layers: [0, 1, 2].map((index) => ({
        index,
        digest: `sha256:${String(index).repeat(64)}`,
        diffId: null,
        createdBy: `RUN step ${index}`,
        origin: null,
      })),
      binaries: Array.from({ length: binaries }, (_, index) => largeBinary(index, rules)),
    }),
  ]);
}

function largeBinary(index: number, rules: readonly Rule[]): BinaryReport {
  const folder = ['/usr/bin', '/usr/lib/x86_64-linux-gnu', '/opt/application/lib'][index % 3];
  return binary({
    path: `${folder}/${['tool', 'library', 'module'][index % 3]}-${index}.so.${index % 7}`,
    aliases: index % 4 === 0 ? [`/lib/alias-${index}.so`] : [],
    sha256: index.toString(16).padStart(8, '0').repeat(8),
    size: 10_000 + index * 137,
    layer: index % 3,
    facts: factsWith({
      language: known([
        { name: index % 5 === 0 ? 'rust' : 'c', version: null, hardenedBy: 'flags', evidence: [] },
      ]),
    }),
    verdicts: rules.map((rule, column) => largeVerdict(index, column, rule)),
  });
}

function largeVerdict(index: number, column: number, rule: Rule): JudgedVerdict {
  const mixed = Math.imul(index * 31 + column + 1, 0x9e3779b1) >>> 0;
  const outcome = spread[mixed >>> 28] ?? 'pass';
  const varied = outcome === 'fail' || mixed % 5 === 0;
  const count = varied ? mixed % 997 : mixed % 3;
  return {
    rule: rule.id,
    outcome,
    severity: rule.severity,
    message: `${count} of ${count + (mixed % 3)} places that ${rule.id} looks at are as they should be`,
    evidence: [
      { what: 'places that were looked at', saw: String(count) },
      ...(varied
        ? [{ what: 'the first of them', saw: 'RWE', offset: BigInt(mixed % 65_536) }]
        : []),
    ],
  };
}
