import { wrap } from '../base/wrap.ts';
import { profileOf } from '../policy/config/effective.ts';
import type { Selector } from '../policy/policy.ts';
import type { Expectation, Profile } from '../policy/profile.ts';
import { profiles } from '../policy/profiles/index.ts';
import { hang } from '../reporters/text/text-layout.ts';
import { styleOf } from '../reporters/text/text-style.ts';
import type { Command, Surroundings } from './command.ts';
import { type TerminalLook, terminalLook } from './output/terminal-look.ts';

const command: Command = {
  name: 'profiles',
  usage: 'profiles [name]',
  summary: 'List the profiles, or show one of them',
  topic: 'Policy',
  register: (parser, surroundings, finish) => {
    parser.command(
      command.usage,
      command.summary,
      (options) =>
        options
          .positional('name', { type: 'string', describe: 'Profile to show' })
          .example('$0 profiles debian', 'Show what Debian promises for each release'),
      async ({ name }) => {
        await print(name, surroundings);
        finish(0);
      },
    );
  },
};
export default command;

async function print(name: string | undefined, surroundings: Surroundings): Promise<void> {
  const look = terminalLook(surroundings);
  const pieces = name === undefined ? listing(look) : explanation(profileOf(name), look);
  for (const piece of pieces) await surroundings.stdout.write(piece);
}

function* listing({ width: columns }: TerminalLook): Generator<string> {
  const width = Math.max(...profiles.map(({ name }) => name.length));
  for (const { name, summary } of profiles)
    yield hang(`${name.padEnd(width)}  `, summary, Math.min(columns, 100));
}

function* explanation(
  { name, summary, explanation: text, expectations, gate }: Profile,
  { color, width: columns }: TerminalLook,
): Generator<string> {
  const style = styleOf(color);
  const width = Math.min(columns, 100);
  yield hang(`${name}  `, summary, width).replace(name, () => style.bold(name));
  yield '\n';
  for (const paragraph of text.trim().split(/\n{2,}/))
    yield `${wrap(paragraph.replace(/\s+/g, ' '), width).join('\n')}\n\n`;
  if (expectations.length > 0) yield `${style.bold('Levels (the last match counts)')}\n`;
  for (const expectation of expectations) yield* renderExpectation(expectation, width);
  const conditions = Object.entries(gate).map(([key, value]) => `${key} ${value}`);
  if (conditions.length > 0) yield `\n${style.bold('Gate')}\n  ${conditions.join(', ')}\n`;
}

function* renderExpectation(
  { rules, level, because, where, source }: Expectation,
  width: number,
): Generator<string> {
  const place = describeSelector(where);
  yield hang(
    `  ${level.padEnd(8)}  `,
    `${rules.join(', ')}${place === '' ? '' : ` (${place})`}`,
    width,
  );
  yield hang(' '.repeat(12), because, width);
  yield `${' '.repeat(12)}${source}\n`;
}

function describeSelector({ os, facts = {}, promised, ...lists }: Selector): string {
  const parts = [
    ...(os === undefined ? [] : [describeOs(os)]),
    ...(promised === undefined ? [] : ['files of its packages']),
    ...Object.entries(lists).map(([key, value]) => `${key} ${String(value)}`),
    ...Object.entries(facts).map(([key, values]) => `${key} is ${values.join(' or ')}`),
  ];
  return parts.join('; ');
}

function describeOs({ id, from, before }: NonNullable<Selector['os']>): string {
  const since = from === undefined ? '' : ` from ${from}`;
  return `${id.join(' or ')}${since}${before === undefined ? '' : ` before ${before}`}`;
}
