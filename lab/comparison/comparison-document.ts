import { type Check, checkers, checks, leftOut, readOn } from './checks.ts';

/** docs/comparison.md. Throws for a rule or fact that there is not. */
export function comparisonDocument(rules: ReadonlySet<string>, facts: ReadonlySet<string>): string {
  demandAll(rules, facts);
  const all = checks.flatMap(([, those]) => those);
  const count = (member: string) => all.filter(({ here }) => member in here).length;
  return [
    '# Compared with other checkers',
    '',
    `What checkers of ELF files check, what each looks at, and what hullcheck looks at. Their sources were read on ${readOn}; none of them`,
    'was run for this table. [Hard files](evidence.md#hard-files-and-what-other-tools-report) shows what some of them report of files whose answer',
    'is known.',
    '',
    `Of ${all.length} checks, hullcheck has rules for ${count('rules')}, facts without a verdict for ${count('facts')}, commands and options for ${count('command')}, and lacks ${count('missing')}.`,
    'Facts are in `hullcheck inspect` and in reports with `--facts`.',
    '',
    ...checks.flatMap(([about, those]) => [
      `## ${about}`,
      '',
      '| check | others, by what | hullcheck | by what |',
      '|---|---|---|---|',
      ...those.map(row),
      '',
    ]),
    '## Rules that are not there, and why',
    '',
    '| check | who has it | why not here |',
    '|---|---|---|',
    ...leftOut.map(([what, who, why]) => `| ${what} | ${who === '' ? 'nobody' : who} | ${why} |`),
    '',
    '## What was read',
    '',
    ...Object.entries(checkers).map(([name, version]) => `- ${name}: ${version}`),
    '',
  ].join('\n');
}

function row({ what, others, here }: Check): string {
  const who = Object.entries(others).map(([name, by]) => `${name} (${by})`);
  const cells = [what, who.length === 0 ? 'nobody' : who.join(', '), ...cellsOf(here)];
  return `| ${cells.join(' | ')} |`;
}

function cellsOf(here: Check['here']): readonly [string, string] {
  if ('rules' in here)
    return [here.rules.map((id) => `[${id}](rules.md#${id})`).join(', '), here.by];
  if ('facts' in here)
    return [`fact ${here.facts.map((name) => `\`${name}\``).join(', ')}`, here.by];
  if ('command' in here) return [`\`hullcheck ${here.command}\``, here.by];
  return ['-', here.missing];
}

function demandAll(rules: ReadonlySet<string>, facts: ReadonlySet<string>): void {
  for (const [, those] of checks)
    for (const { what, here } of those) {
      const named = 'rules' in here ? here.rules : 'facts' in here ? here.facts : [];
      const known = 'rules' in here ? rules : facts;
      const unknown = named.find((name) => !known.has(name));
      if (unknown !== undefined) throw new TypeError(`${what}: there is no ${unknown}`);
    }
}
