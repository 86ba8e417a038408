import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { alpineApp } from '../../scripts/sample-images/alpine-app.ts';
import type { LayerEntry, SampleImage } from '../../scripts/sample-images/image.ts';
import { dockerArchive } from '../../scripts/sample-images/layouts.ts';
import { hullcheckIn } from '../support/hullcheck-in.ts';
import { repositoryRoot } from '../support/repository.ts';

const samples = join(repositoryRoot, 'samples/elf');
const folder = mkdtempSync(join(tmpdir(), 'hullcheck-rebuild-'));
const run = hullcheckIn(folder);
const original = alpineApp(samples);

/** What counts is every finding, whatever its severity. */
const gate = ['--baseline', 'baseline.json', '--fail-on', 'note'];

function rebuilt(name: string, change: (image: SampleImage) => SampleImage): Promise<string> {
  return dockerArchive(change(original)).then((bytes) => {
    writeFileSync(join(folder, name), bytes);
    return name;
  });
}

const mapEntries = (
  image: SampleImage,
  change: (entry: LayerEntry) => LayerEntry,
): SampleImage => ({
  ...image,
  layers: image.layers.map((layer) => ({ ...layer, entries: layer.entries.map(change) })),
});

/** By path: another file in its place. */
const replace =
  (files: Readonly<Record<string, (body: Buffer) => Buffer>>) =>
  (entry: LayerEntry): LayerEntry => {
    const change = entry.type === 'file' ? files[entry.path] : undefined;
    return entry.type === 'file' && change !== undefined
      ? { ...entry, body: change(entry.body) }
      : entry;
  };
const sample = (name: string) => () => readFileSync(join(samples, name));

/** Another compiler of the same quality, in place of gcc. */
const otherCompiler = replace({
  'usr/local/bin/server': sample('x86_64-musl-clang-pie-hardened'),
  'usr/local/bin/migrate': sample('x86_64-musl-clang-staticpie-strong-stripped'),
});

/** The last two layers in the other order: each is its own, so that the image stays what it was but for `upload`. */
const otherOrder = (image: SampleImage): SampleImage => {
  const [base, ...rest] = image.layers;
  return base === undefined ? image : { ...image, layers: [base, ...rest.toReversed()] };
};

/** The same program, whose PT_GNU_STACK requests an executable stack. */
const withExecutableStack = (body: Buffer): Buffer => {
  const changed = Buffer.from(body);
  const table = Number(changed.readBigUInt64LE(32));
  for (let index = 0; index < changed.readUInt16LE(56); index += 1) {
    const at = table + index * 56;
    if (changed.readUInt32LE(at) === 0x6474e551) changed.writeUInt32LE(7, at + 4);
  }
  return changed;
};

test('a rebuild against its baseline', async (t) => {
  await rebuilt('first.tar', (image) => image);
  const made = run(['first.tar', ...gate, '--update-baseline']);
  assert.equal(made.status, 0, made.stderr);

  await t.test('the same image has no new finding', () => {
    assert.equal(run(['first.tar', ...gate]).status, 0);
  });
  await t.test('another compiler, tag and date give none', async () => {
    const name = await rebuilt('second.tar', (image) => ({
      ...mapEntries(image, otherCompiler),
      tag: '1.1',
      created: '2025-01-01T00:00:00Z',
    }));
    const { status, stdout } = run([name, ...gate]);
    assert.equal(status, 0, stdout);
  });
  await t.test('another order of layers gives none', async () => {
    const name = await rebuilt('third.tar', (image) => ({
      ...otherOrder({ ...image, layers: image.layers.slice(0, 2) }),
      tag: '1.2',
    }));
    const both = await rebuilt('turned.tar', (image) => {
      const [base, application] = image.layers;
      if (base === undefined || application === undefined) return image;
      const half = Math.ceil(application.entries.length / 2);
      const first = { ...application, entries: application.entries.slice(0, half) };
      const second = { ...application, entries: application.entries.slice(half) };
      return { ...image, tag: '1.3', layers: [base, second, first] };
    });
    run([name, '--baseline', 'two-layers.json', '--update-baseline']);
    const { status, stdout } = run([both, '--baseline', 'two-layers.json', '--fail-on', 'note']);
    assert.equal(status, 0, stdout);
  });
  await t.test('one binary with an executable stack gives exactly one', async () => {
    const hardened = sample('x86_64-musl-gcc-pie-hardened');
    const client = (change: () => Buffer) => (image: SampleImage) =>
      mapEntries(image, replace({ 'usr/local/bin/client': change }));
    const before = await rebuilt('fourth.tar', client(hardened));
    run([before, '--baseline', 'fourth.json', '--update-baseline']);
    const after = await rebuilt(
      'fifth.tar',
      client(() => withExecutableStack(hardened())),
    );
    const { status } = run([
      after,
      '--baseline',
      'fourth.json',
      '--fail-on',
      'note',
      '--gate-of',
      'all',
      '-o',
      'json=fifth.json',
    ]);
    assert.equal(status, 1);
    const report = JSON.parse(readFileSync(join(folder, 'fifth.json'), 'utf8'));
    assert.equal(report.counts.outcomes.fail, 1, JSON.stringify(report.gate));
    assert.deepEqual(report.gate.failed, [
      { condition: 'fail-on note', because: '1 finding of severity note or above', of: 'verdicts' },
    ]);
  });
  await t.test('a fixed one is reported', async () => {
    const name = await rebuilt('sixth.tar', (image) =>
      mapEntries(
        image,
        replace({ 'usr/local/bin/import': sample('x86_64-musl-gcc-pie-hardened') }),
      ),
    );
    const { status, stdout } = run([name, ...gate, '--all']);
    assert.equal(status, 0, stdout);
    assert.match(stdout, /pie at \/usr\/local\/bin\/import is in the baseline, and fixed/);
  });
});
