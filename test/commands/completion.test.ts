import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { commands } from '../../src/commands/index.ts';
import { hullcheckIn } from '../support/hullcheck-in.ts';

const folder = mkdtempSync(join(tmpdir(), 'hullcheck-completion-'));
const run = hullcheckIn(folder);
const scripts = Object.fromEntries(
  ['bash', 'zsh', 'fish'].map((shell) => {
    const { status, stdout, stderr } = run(['completion', shell]);
    assert.equal(status, 0, stderr);
    const file = join(folder, shell);
    writeFileSync(file, stdout);
    return [shell, file];
  }),
);

function ask(shell: string, code: string): readonly string[] {
  const words = shell === 'fish' ? ['--no-config', '-c'] : ['-c'];
  const { status, stdout, stderr } = spawnSync(shell, [...words, code], {
    encoding: 'utf8',
    env: { PATH: process.env['PATH'], HOME: folder },
  });
  assert.equal(status, 0, stderr);
  assert.equal(stderr, '');
  return stdout.split('\n').flatMap((line) => line.split('\t')[0] || []);
}

/** What a shell proposes for the last word. */
const proposals: Readonly<Record<string, (words: readonly string[]) => readonly string[]>> = {
  bash: (words) =>
    ask(
      'bash',
      `. ${scripts['bash']}; COMP_WORDS=(${words.map((word) => `'${word}'`).join(' ')}); COMP_CWORD=${words.length - 1}; _hullcheck; printf '%s\\n' "\${COMPREPLY[@]}"`,
    ),
  // Its own functions stand for those of an interactive shell.
  zsh: (words) =>
    ask(
      'zsh',
      `compdef() { :; }; _files() { :; }; compadd() { shift; for each; do [[ $each == $words[CURRENT]* ]] && print -r -- $each; done; true; }; . ${scripts['zsh']}; words=(${words.map((word) => `'${word}'`).join(' ')}); CURRENT=${words.length}; _hullcheck`,
    ),
  fish: (words) => ask('fish', `source ${scripts['fish']}; complete -C '${words.join(' ')}'`),
};

const table: readonly (readonly [words: readonly string[], want: readonly string[]])[] = [
  [['hullcheck', 'verify'], ['verify-report']],
  [
    ['hullcheck', '--fail-o'],
    ['--fail-on', '--fail-on-unknown'],
  ],
  [['hullcheck', 'app.tar', '--plat'], ['--platform']],
  [['hullcheck', '--fail-on', 'hi'], ['high']],
  [['hullcheck', '--rule', 'rel'], ['relro']],
  [['hullcheck', '-o', 'cyc'], ['cyclonedx']],
  [['hullcheck', 'attest', '--type', 'test'], ['test-result']],
  [['hullcheck', 'attest', '--pre'], ['--predicate-only']],
];
for (const [shell, propose] of Object.entries(proposals))
  for (const [words, want] of table)
    test(`${shell} completes "${words.join(' ')}"`, () => {
      assert.deepEqual([...propose(words)].sort(), [...want]);
    });

for (const shell of Object.keys(proposals))
  test(`${shell} knows every command`, () => {
    const found = proposals[shell]?.(['hullcheck', '']) ?? [];
    for (const name of Object.keys(commands)) assert.ok(found.includes(name), name);
  });

test('another shell is a mistake', () => {
  const { status, stderr } = run(['completion', 'tcsh']);
  assert.equal(status, 2);
  assert.match(stderr, /tcsh is not known, expected bash, zsh or fish/);
});
