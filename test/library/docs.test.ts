import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { repositoryRoot } from '../support/repository.ts';

const page = readFileSync(join(repositoryRoot, 'docs/library.md'), 'utf8');
const examples = [...page.matchAll(/^```js example=(\S+)\n(.*?)^```$/gms)].map(
  ([, name = '', code = '']) => ({ name, code }),
);

const folder = mkdtempSync(join(tmpdir(), 'library-docs-'));
after(() => rmSync(folder, { recursive: true }));
mkdirSync(join(folder, 'node_modules'));
symlinkSync(repositoryRoot, join(folder, 'node_modules/hullcheck'));
mkdirSync(join(folder, 'node_modules/@types'));
symlinkSync(
  join(repositoryRoot, 'node_modules/@types/node'),
  join(folder, 'node_modules/@types/node'),
);
const samples = join(repositoryRoot, 'samples');
copyFileSync(join(samples, 'images/alpine-app.docker.tar'), join(folder, 'app.tar'));
copyFileSync(join(samples, 'elf/x86_64-glibc-gcc-pie-hardened'), join(folder, 'program'));

/** The last line of what each prints. */
const want: Readonly<Record<string, RegExp>> = {
  'scan.mjs': /./,
  'inputs.mjs': /^3$/,
  'options.mjs': /./,
  'targets.mjs': /\b(holds|broken)$/,
  'reports.mjs': /sarif.* (holds|broken)$/,
  'diff.mjs': /^NOTHING WORSE/,
  'config.mjs': /^critical auto$/,
  'baseline.mjs': /^holds$/,
  'elf.mjs': /^true$/,
};

test('every example of the page is run', () => {
  assert.deepEqual(
    examples.map(({ name }) => name),
    Object.keys(want),
  );
});

for (const { name, code } of examples)
  test(`docs/library.md: ${name} runs`, () => {
    writeFileSync(join(folder, name), code);
    const { status, stdout, stderr } = spawnSync(process.execPath, [name], {
      cwd: folder,
      encoding: 'utf8',
    });
    assert.equal(status, 0, stderr);
    assert.match(stdout.trim().split('\n').at(-1) ?? '', want[name] ?? /^$/);
  });

/** What a plug-in may write, and what it must not. */
const typed = `import { defineRule, fail, pass, type KnownFacts } from 'hullcheck/rule';
const named = ({ needed }: KnownFacts<'needed'>): readonly string[] => needed;
export default [
  defineRule({
    id: 'acme/no-foo', title: 'Nothing needs foo', severity: 'low', remediation: { gcc: 'r' },
    needs: ['needed', 'relro'], kinds: ['executable'],
    check: ({ needed, relro }) =>
      needed.includes('foo') ? fail(relro.state, [], { severity: 'note' }) : pass(named({ needed }).join()),
  }),
  // @ts-expect-error: a fact that the rule does not need
  defineRule({ id: 'acme/x', title: 't', severity: 'low', remediation: 'r', needs: ['needed'], check: ({ relro }) => pass(relro.state) }),
  // @ts-expect-error: a fact that is not one
  defineRule({ id: 'acme/y', title: 't', severity: 'low', remediation: 'r', needs: ['neded'], check: () => pass('x') }),
];
`;

for (const [module, moduleResolution] of [
  ['node16', 'node16'],
  ['nodenext', 'nodenext'],
  ['esnext', 'bundler'],
])
  test(`docs/library.md: the examples and rules of plug-ins compile with ${moduleResolution}`, () => {
    for (const { name, code } of examples)
      writeFileSync(join(folder, name.replace(/\.mjs$/, '.mts')), code);
    writeFileSync(join(folder, 'plugin.mts'), typed);
    const options = { module, moduleResolution, target: 'es2023', noEmit: true, strict: true };
    const files = ['plugin.mts', ...examples.map(({ name }) => name.replace(/\.mjs$/, '.mts'))];
    const compilerOptions = {
      ...options,
      skipLibCheck: false,
      exactOptionalPropertyTypes: true,
      types: ['node'],
    };
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files }));
    const compiler = join(repositoryRoot, 'node_modules/typescript/bin/tsc');
    const { status, stdout } = spawnSync(process.execPath, [compiler, '-p', '.'], {
      cwd: folder,
      encoding: 'utf8',
    });
    assert.equal(status, 0, stdout);
  });
