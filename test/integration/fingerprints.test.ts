import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Log } from 'sarif';
import { rules } from '../../rules/index.ts';
import { alpineApp } from '../../scripts/sample-images/alpine-app.ts';
import type { LayerEntry, SampleImage } from '../../scripts/sample-images/image.ts';
import { dockerArchive } from '../../scripts/sample-images/layouts.ts';
import { plainPolicy } from '../../src/policy/policy.ts';
import { scan } from '../../src/scan/scan.ts';
import { plainInput } from '../../src/scan/scan-options.ts';
import { render } from '../support/reports/render.ts';
import { repositoryRoot } from '../support/repository.ts';

const folder = mkdtempSync(join(tmpdir(), 'hullcheck-fingerprints-'));
const elf = join(repositoryRoot, 'samples/elf');
const image = alpineApp(elf);

interface Alerts {
  readonly fingerprints: readonly string[];
  readonly digests: readonly string[];
}

/** The fingerprints of the SARIF that a build of this image gives, sorted, and the layers it was built of. */
async function alertsOf(build: SampleImage, name: string): Promise<Alerts> {
  const path = join(folder, name);
  writeFileSync(path, await dockerArchive(build));
  const report = await scan([path], {
    input: plainInput,
    judging: { rules, policy: plainPolicy() },
    running: { jobs: 1 },
  });
  const { runs }: Log = JSON.parse(await render('sarif', report, { rules }));
  return {
    fingerprints: (runs[0]?.results ?? [])
      .map((result) => String(result.partialFingerprints?.['primaryLocationLineHash']))
      .sort(),
    digests: report.targets.flatMap(({ digest, layers }) => [
      String(digest),
      ...layers.map((layer) => String(layer.diffId)),
    ]),
  };
}

const first = await alertsOf(image, 'first.tar');

/** The application's files before those of the base, in more layers, at another time and under another tag. */
function rebuilt(): SampleImage {
  const [base, application, update] = image.layers;
  assert.ok(base && application && update);
  const half = Math.ceil(application.entries.length / 2);
  const folders = base.entries.filter(({ type }) => type === 'directory');
  return {
    ...image,
    tag: '2.0-rc.1',
    created: '2025-01-31T00:00:00Z',
    layers: [
      { createdBy: 'RUN mkdir', entries: folders },
      { createdBy: 'COPY one', entries: application.entries.slice(half) },
      { createdBy: 'COPY two', entries: application.entries.slice(0, half) },
      { createdBy: 'COPY base', entries: base.entries.filter((entry) => !folders.includes(entry)) },
      update,
    ],
  };
}

test('a rebuild with another tag, other digests and another order of layers opens no new alert', async () => {
  const second = await alertsOf(rebuilt(), 'second.tar');
  assert.deepEqual(
    second.digests.filter((digest) => first.digests.includes(digest)),
    first.digests.slice(-1),
    'only the last layer is the same',
  );
  assert.ok(first.fingerprints.length > 10);
  assert.deepEqual(second.fingerprints, first.fingerprints);
  assert.equal(new Set(first.fingerprints).size, first.fingerprints.length);
});

test('a binary that is fixed closes its own alerts, and no other', async () => {
  const good = readFileSync(join(elf, 'x86_64-musl-gcc-pie-hardened'));
  const fix = (entry: LayerEntry): LayerEntry =>
    entry.path === 'usr/local/bin/import' && entry.type === 'file'
      ? { ...entry, body: good }
      : entry;
  const fixed = {
    ...image,
    layers: image.layers.map((layer) => ({ ...layer, entries: layer.entries.map(fix) })),
  };
  const { fingerprints } = await alertsOf(fixed, 'fixed.tar');
  const closed = first.fingerprints.filter((one) => !fingerprints.includes(one));
  assert.deepEqual(
    fingerprints,
    first.fingerprints.filter((one) => !closed.includes(one)),
  );
  assert.ok(closed.length >= 4, 'that binary failed several rules');
});
