import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { program } from '../support/program.ts';
import { repositoryRoot } from '../support/repository.ts';

const read = (path: string) => readFileSync(join(repositoryRoot, path), 'utf8');
const guide = read('docs/formats.md');
const schema: Schema = JSON.parse(read('schema/report.schema.json'));

interface Schema {
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly anyOf?: readonly Schema[];
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
}

interface Promise {
  readonly path: string;
  readonly type: string;
  readonly present: string;
}

/** Of a version that is out: a line goes away only with another first number of schemaVersion. */
const promisedForOne = 60;

const promises: readonly Promise[] = (
  /<!-- promised members -->\n(?<table>.*)<!-- end of promised members -->/s.exec(guide)?.groups?.[
    'table'
  ] ?? ''
)
  .split('\n')
  .filter((line) => line.startsWith('| `'))
  .flatMap((line) => {
    const [members = '', type = '', present = ''] = line.slice(2, -2).split(' | ');
    return [...members.matchAll(/`([^`]+)`/g)].map(([, path = '']) => ({ path, type, present }));
  });

test('the first number of schemaVersion is the one that is promised, with as many members', () => {
  assert.deepEqual(schema.properties?.['schemaVersion']?.enum, ['1.0.0']);
  assert.equal(promises.length, promisedForOne);
});

for (const promise of promises)
  test(`${promise.path} is there as docs/formats.md promises: ${promise.type}`, () => {
    const steps = promise.path.split('.');
    let [found, isRequired]: readonly [Schema, boolean] = [schema, true];
    for (const step of steps) [found, isRequired] = memberOf(found, step);
    const { type, present } = promise;
    if (present.startsWith('always')) assert.ok(isRequired, 'the schema does not require it');
    if (type.startsWith('`'))
      assert.deepEqual(
        found.enum,
        [...type.matchAll(/`([^`]+)`/g)].map(([, value]) => value),
      );
    else assert.ok(typesOf(found).includes(schemaType(type)), JSON.stringify(found).slice(0, 200));
    if (type.endsWith('or null')) assert.ok(typesOf(found).includes('null'));
  });

function memberOf(node: Schema, step: string): readonly [Schema, boolean] {
  const name = step.replace(/\[\]$/, '');
  const holder = [node, ...(node.anyOf ?? [])].find(({ properties }) => properties?.[name]);
  const member = holder?.properties?.[name];
  assert.ok(holder && member, `the schema has no ${step}`);
  const isRequired = holder.required?.includes(name) ?? false;
  if (!step.endsWith('[]')) return [member, isRequired];
  assert.ok(member.items, `${step} is not a list`);
  return [member.items, isRequired];
}

function typesOf({ type, enum: values, const: only, anyOf = [] }: Schema): readonly string[] {
  const own = [type ?? []].flat();
  const ofValues = [...(values ?? []), ...(only === undefined ? [] : [only])].map((value) =>
    value === null ? 'null' : typeof value,
  );
  return [...own, ...ofValues, ...anyOf.flatMap(typesOf)].map((name) =>
    name === 'integer' ? 'number' : name,
  );
}

function schemaType(type: string): string {
  const [word = ''] = type.split(/[ ,]/);
  return { text: 'string', as: 'object' }[word] ?? word;
}

test('other formats begin as docs/formats.md promises', () => {
  const run = (format: string) =>
    spawnSync(
      process.execPath,
      [program, 'samples/images/alpine-app.docker.tar', '-o', format, '--no-cache'],
      { cwd: repositoryRoot, encoding: 'utf8', env: {} },
    ).stdout;
  const columns = [...(/the columns (.*?) stay/s.exec(guide)?.[1] ?? '').matchAll(/`(\w+)`/g)];
  assert.equal(columns.length, 10);
  const names = columns.map(([, name]) => name).join(',');
  assert.ok(run('csv').startsWith(`${names},`), names);
  const types = new Set(
    run('jsonl')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line).type),
  );
  assert.deepEqual([...types].toSorted(), ['binary', 'gate', 'image', 'target']);
});
