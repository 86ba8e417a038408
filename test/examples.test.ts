import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { parse } from 'yaml';
import { ruleIds } from '../rules/ids.ts';
import { configShape } from '../src/policy/config/config-shape.ts';
import { readConfig } from '../src/policy/config/document.ts';
import { profiles } from '../src/policy/profiles/index.ts';
import { documentDay } from './support/documents/check-console.ts';
import { repositoryRoot } from './support/repository.ts';

const examples = join(repositoryRoot, 'examples');
const read = (path: string) => readFileSync(join(examples, path), 'utf8');

const shape = configShape(
  ruleIds,
  profiles.map(({ name }) => name),
);
const files = readdirSync(examples, { recursive: true })
  .map(String)
  .filter((name) => name.endsWith('.yaml'));
const workflows = files.filter((name) => name.includes('.github'));

for (const name of files.filter((each) => !workflows.includes(each)))
  test(`examples/${name} is a configuration, and the README has it`, () => {
    readConfig(Buffer.from(read(name)), name, shape);
    assert.ok(read('README.md').includes(name.slice(name.lastIndexOf('/') + 1)));
  });

test('the README of the examples names the day of what it shows', () => {
  assert.ok(read('README.md').includes(documentDay));
});

test('the workflow selects policies that are there, and pins what it takes them from', () => {
  assert.equal(workflows.length, 1);
  const [name = ''] = workflows;
  const { on, jobs } = parse(read(name));
  const { occasion } = on['workflow_call'].inputs;
  for (const each of occasion.description.split(/, | or /))
    assert.ok(existsSync(join(examples, 'policy', `${each}.yaml`)), each);
  const { steps } = jobs.hullcheck;
  const policy = steps.find(({ with: given }: Step) => given?.['repository'] === 'acme/policy');
  assert.match(policy.with.ref, /^[0-9a-f]{40}$/);
  const scan = steps.find(({ id }: Step) => id === 'hullcheck');
  const { inputs } = parse(readFileSync(join(repositoryRoot, 'action.yml'), 'utf8'));
  for (const input of Object.keys(scan.with)) assert.ok(inputs[input], input);
  assert.ok(steps.indexOf(policy) < steps.indexOf(scan));
  assert.equal(scan.env['HULLCHECK_EXTENDS'].split('/')[0], policy.with.path);
});

test('nothing that a repository says to the workflow, or gives it, takes the place of a policy', () => {
  const { on, jobs } = parse(read(workflows[0] ?? ''));
  const { occasion } = on['workflow_call'].inputs;
  const steps: readonly (Step & { readonly uses?: string; readonly env?: object })[] =
    jobs.hullcheck.steps;
  const { HULLCHECK_EXTENDS: policy } = Object.assign({}, ...steps.map(({ env }) => env));
  const [, names = '[]', strictest] =
    /^acme-policy\/\$\{\{ contains\(fromJSON\('(.*)'\), inputs\.occasion\) && inputs\.occasion \|\| '(.*)' \}\}\.yaml$/.exec(
      policy,
    ) ?? [];
  assert.deepEqual(JSON.parse(names), occasion.description.split(/, | or /));
  assert.equal(strictest, 'release');
  const artifact = steps.find(({ uses }) => uses?.startsWith('actions/download-artifact@'));
  const { path } = artifact?.with ?? {};
  assert.match(String(path), /^\$\{\{ runner\.temp \}\}\//);
  const scan = steps.find(({ id }) => id === 'hullcheck');
  assert.ok(String(scan?.with?.['image']).startsWith(`${path}/app.tar:`));
});

interface Step {
  readonly id?: string;
  readonly with?: Readonly<Record<string, unknown>>;
}
