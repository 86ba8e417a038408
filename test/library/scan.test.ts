import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import {
  defaultLimits,
  diff,
  formats,
  type Input,
  plainInput,
  plainPolicy,
  readReport,
  render,
  rules,
  scan,
  scanTargets,
  toJSON,
  UsageError,
} from '../../src/index.ts';
import { repositoryRoot } from '../support/repository.ts';

const sample = join(repositoryRoot, 'samples/elf/x86_64-glibc-gcc-pie-hardened');
const image = join(repositoryRoot, 'samples/images/alpine-app.docker.tar');
const bytes = readFileSync(sample);

test('a path alone is enough, and gives what all options at their defaults give', async () => {
  const whole = {
    input: plainInput,
    judging: { rules, policy: plainPolicy() },
    running: { jobs: 1, onProgress: () => {} },
  };
  const { tool, ...plain } = await scan(sample);
  const { tool: _, ...asked } = await scan([sample], whole);
  assert.deepEqual(plain, asked);
  assert.equal(tool.rules?.count, rules.length);
});

const inputs: readonly { readonly name: string; readonly input: Input }[] = [
  { name: 'a Buffer', input: { name: sample, content: bytes } },
  { name: 'a Uint8Array that is a part of its memory', input: { name: sample, content: padded() } },
  { name: 'a stream', input: { name: sample, content: Readable.from(pieces()) } },
  {
    name: 'an async iterable',
    input: { name: sample, content: { [Symbol.asyncIterator]: pieces } },
  },
  { name: 'a file: URL', input: pathToFileURL(sample) },
];

for (const { name, input } of inputs)
  test(`${name} gives the report of the path`, async () => {
    const [found, want] = [await scan(input), await scan(sample)];
    const shown = ({ targets }: typeof found) =>
      targets.map(({ binaries }) => binaries.map(({ sha256, verdicts }) => ({ sha256, verdicts })));
    assert.deepEqual(shown(found), shown(want));
    assert.equal(found.targets[0]?.name, sample);
  });

test('an image in memory is read as the file is', async () => {
  const found = await scan({ name: image, content: readFileSync(image) });
  assert.deepEqual(toJSON(found), toJSON(await scan(image)));
});

test('content without a name is called by its place', async () => {
  const { targets } = await scan([bytes, bytes]);
  assert.deepEqual(
    targets.map(({ name }) => name),
    ['input-1', 'input-2'],
  );
});

test('a name opens nothing: one that looks like a reference is that of its content', async () => {
  const { targets } = await scan({ name: 'registry:alpine:3.20', content: bytes });
  assert.deepEqual(
    targets.map(({ name, kind }) => [name, kind]),
    [['registry:alpine:3.20', 'file']],
  );
});

const wrong: readonly { readonly input: unknown; readonly message: RegExp }[] = [
  { input: 7, message: /^input 1 is a number, expected a path/ },
  { input: null, message: /^input 1 is null, expected a path/ },
  { input: { content: bytes }, message: /^input 1 is an object of another kind/ },
  { input: Readable.from(['text']), message: /^a stream gave a string, expected bytes/ },
  { input: new URL('https://example.org/app.tar'), message: /is not a file: URL/ },
  { input: '/nothing/here', message: /\/nothing\/here/ },
];

for (const { input, message } of wrong)
  test(`what cannot be an input is a mistake: ${message.source}`, async () => {
    await assert.rejects(scan(input as Input), (error) => {
      assert.ok(error instanceof UsageError, String(error));
      assert.match(error.message, message);
      return true;
    });
  });

test('a stream that fails throws its own error', async () => {
  async function* failing() {
    yield bytes.subarray(0, 64);
    throw new RangeError('the source is gone');
  }
  await assert.rejects(scan(failing()), { name: 'RangeError', message: 'the source is gone' });
});

test('an aborted scan throws the reason: before, between and while it waits for a stream', async () => {
  const reason = new Error('enough');
  await assert.rejects(scan(image, { running: { signal: AbortSignal.abort(reason) } }), reason);
  const between = new AbortController();
  const running = { signal: between.signal, onProgress: () => between.abort(reason) };
  await assert.rejects(scan([image, image], { running }), reason);
  const waiting = new AbortController();
  const never = new Readable({ read() {} });
  const scanning = scan(never, { running: { signal: waiting.signal } });
  setImmediate(() => waiting.abort(reason));
  await assert.rejects(scanning, reason);
  never.destroy();
});

test('each target has a report and a gate of its own, in order', async () => {
  const failing = join(repositoryRoot, 'samples/elf/x86_64-glibc-gcc-pie-needed-relative');
  const policy = plainPolicy({ failOn: 'high' });
  const judging = { policy, rules: rules.filter(({ id }) => id === 'safe-needed') };
  const seen: (string | undefined)[][] = [];
  for await (const { targets, gate } of scanTargets([failing, sample, '/nothing/here'], {
    judging,
  }))
    seen.push([targets[0]?.name, gate.state]);
  assert.deepEqual(seen, [
    [failing, 'broken'],
    [sample, 'holds'],
    ['/nothing/here', 'undecided'],
  ]);
});

test('leaving the loop ends the scan, and what comes after is not read', async () => {
  const read: string[] = [];
  const onProgress = ({ name }: { readonly name: string }) => void read.push(name);
  for await (const _ of scanTargets([sample, image], { running: { onProgress } })) break;
  assert.deepEqual([...new Set(read)], [sample]);
});

test('an aborted iteration throws the reason', async () => {
  const reason = new Error('enough');
  const stop = new AbortController();
  await assert.rejects(async () => {
    for await (const _ of scanTargets([sample, sample], { running: { signal: stop.signal } }))
      stop.abort(reason);
  }, reason);
});

test('a report is serialised, read back, rendered in every format and compared', async () => {
  const report = await scan(image);
  const again = readReport(JSON.stringify(toJSON(report)));
  assert.deepEqual(again, readReport(toJSON(report)));
  assert.deepEqual(toJSON(again), toJSON(report));
  for (const format of formats) assert.ok((await render(report, format)).length > 0, format);
  const compared = diff(again, report);
  assert.equal(compared.gate.state, 'holds');
  assert.match(await render(compared, 'markdown'), /Nothing worse/);
  await assert.rejects(
    render(report, 'xml'),
    /^UsageError: xml is not a format of a report: expected csv, /,
  );
});

test('undefined is as absent, and a part of the limits is not', async () => {
  const options = { input: { platform: null }, judging: { policy: undefined }, running: {} };
  const report = await scan(sample, options as object);
  assert.equal(report.policy.profile, 'default');
  const limits = { ...defaultLimits, maxFileSize: 10 };
  const small = await scan(sample, { input: { limits } });
  assert.equal(small.gate.state, 'undecided');
});

function padded(): Uint8Array {
  const wide = new Uint8Array(bytes.length + 9);
  wide.set(bytes, 4);
  return wide.subarray(4, 4 + bytes.length);
}

async function* pieces() {
  for (let at = 0; at < bytes.length; at += 1000) yield bytes.subarray(at, at + 1000);
}
