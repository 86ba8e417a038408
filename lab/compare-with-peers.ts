import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { program } from '../test/support/program.ts';
import { repositoryRoot } from '../test/support/repository.ts';
import { hardFiles } from './peers/hard-files.ts';

// node dist/lab/compare-with-peers.js: the table of docs/evidence.md. Needs Debian's packages checksec and
// devscripts (hardening-check). Files of the machine that are not there are left out and named.

interface Row {
  readonly file: string;
  readonly property: string;
  readonly truth: string;
  readonly hullcheck: string;
  readonly checksec: string;
  readonly hardeningCheck: string;
}

/** The column of checksec that speaks of the same thing. */
const checksecKeys: Readonly<Record<string, string>> = {
  pie: 'pie',
  relro: 'relro',
  'stack-protector': 'canary',
  'fortify-source': 'fortify_source',
  'non-executable-stack': 'nx',
};

/** The line of hardening-check that speaks of the same thing. */
const hardeningCheckLines: Readonly<Record<string, string>> = {
  pie: 'Position Independent Executable',
  relro: 'Read-only relocations',
  'stack-protector': 'Stack protected',
  'fortify-source': 'Fortify Source functions',
};

const rows: Row[] = [];
const absent: string[] = [];
for (const { file, rule, want, truth } of hardFiles) {
  const path = file.startsWith('/') ? file : join(repositoryRoot, 'samples', 'elf', file);
  if (!existsSync(path)) {
    absent.push(file);
    continue;
  }
  const outcome = hullcheckSays(path, rule);
  rows.push({
    file: file.replace(/^.*\//, ''),
    property: rule,
    truth: `${want}: ${truth}`,
    hullcheck: outcome === want ? outcome : `**${outcome}**`,
    checksec: checksecSays(path, rule),
    hardeningCheck: hardeningCheckSays(path, rule),
  });
}
console.log(
  '| file | rule | truth, and how it is known | hullcheck | checksec | hardening-check |',
);
console.log('|---|---|---|---|---|---|');
for (const row of rows) console.log(`| ${Object.values(row).join(' | ')} |`);
const wrong = rows.filter((row) => row.hullcheck.startsWith('**')).length;
console.log(`\n${rows.length} files, hullcheck differs from the truth on ${wrong}.`);
if (absent.length > 0) console.log(`Not on this machine: ${absent.join(', ')}`);
process.exitCode = wrong === 0 ? 0 : 1;

function hullcheckSays(path: string, rule: string): string {
  const words = [program, 'scan', '--rule', rule, '-o', 'json', `file:${path}`];
  const { stdout } = spawnSync(process.execPath, words, { encoding: 'utf8' });
  return (
    new RegExp(`"rule": *"${rule}",\\s*"outcome": *"([^"]*)"`).exec(stdout)?.[1] ?? 'no verdict'
  );
}

function printed(command: string, words: readonly string[]): string {
  const { stdout, error } = spawnSync(command, words, { encoding: 'utf8' });
  if (error !== undefined)
    throw new Error(`${command} does not run (${error.message}): install checksec and devscripts`);
  return stdout;
}

function checksecSays(path: string, rule: string): string {
  const key = checksecKeys[rule];
  if (key === undefined) return 'not checked';
  const stdout = printed('checksec', ['--format=json', `--file=${path}`]);
  return new RegExp(`"${key}":"([^"]*)"`).exec(stdout)?.[1] ?? 'no answer';
}

function hardeningCheckSays(path: string, rule: string): string {
  const line = hardeningCheckLines[rule];
  if (line === undefined) return 'not checked';
  const stdout = printed('hardening-check', ['--nocolor', path]);
  const answer = stdout
    .split('\n')
    .find((text) => text.includes(`${line}:`))
    ?.split(`${line}:`)[1];
  return answer?.trim().replace(/^([a-z]+).*/, '$1') ?? 'no answer';
}
