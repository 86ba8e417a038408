import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { UsageError } from '../../src/base/errors.ts';
import { readDockerfile } from '../../src/commands/options/dockerfile-option.ts';
import type { LayerReport } from '../../src/report/report.ts';
import { mostBytes } from '../../src/reporters/dockerfile/parse-dockerfile.ts';
import { render } from '../support/reports/render.ts';
import { binary, report, target, verdict } from '../support/reports/report-builder.ts';

const text = 'FROM alpine\nRUN apk add x\nCOPY app /app\n';

const layer = (
  index: number,
  createdBy: string | null,
  origin: LayerReport['origin'],
): LayerReport => ({ index, digest: null, diffId: null, createdBy, origin });

const layers = [
  layer(0, 'ADD rootfs / # buildkit', 'base'),
  layer(1, 'RUN /bin/sh -c apk add x # buildkit', 'own'),
  layer(2, 'COPY app /app # buildkit', 'own'),
  layer(3, 'RUN /bin/sh -c another', 'own'),
];

const bad = (path: string, layerOf: number) =>
  binary({ path, layer: layerOf, verdicts: [verdict({ rule: 'pie' })] });
const built = report([
  target({
    layers,
    binaries: [bad('/app', 2), bad('/bin/base', 0), bad('/opt/x', 3), bad('/usr/bin/x', 1)],
  }),
]);
const others = report([
  target({ layers: [layer(0, 'RUN make', null)], binaries: [bad('/app', 0)] }),
]);

interface Issue {
  readonly description: string;
  readonly location: { readonly path: string; readonly lines: { readonly begin: number } };
}

/** By path: line and the sentence that may stand behind it. */
const seen: Readonly<Record<string, readonly [line: number, note: RegExp | null]>> = {
  '/app': [3, null],
  '/bin/base': [1, /It came with the image of this FROM/],
  '/opt/x': [1, /does not show what brought it, so this is its last FROM/],
  '/usr/bin/x': [2, null],
};

describe('alerts stand at the instruction that brought the file', () => {
  const dockerfile = { file: 'docker/Dockerfile', text, isNamed: true };
  for (const [path, [line, note]] of Object.entries(seen)) {
    const isNoted = (message: string) =>
      note === null ? !/FROM/.test(message) : note.test(message);
    it(`GitLab: ${path}`, async () => {
      const issues: Issue[] = JSON.parse(await render('gitlab', built, { dockerfile, all: true }));
      const issue = issues.find(({ description }) => description.startsWith(`${path} `));
      assert.deepEqual(issue?.location, { path: 'docker/Dockerfile', lines: { begin: line } });
      assert.ok(isNoted(issue?.description ?? ''), issue?.description);
    });
    it(`GitHub: ${path}`, async () => {
      const lines = (await render('github', built, { dockerfile, all: true })).split('\n');
      const annotation = lines.find((each) => each.includes(`::${path}:`));
      assert.match(annotation ?? '', new RegExp(`^::\\w+ file=docker/Dockerfile,line=${line},`));
      assert.ok(isNoted(annotation ?? ''), annotation);
    });
    it(`SARIF: ${path}`, async () => {
      const { runs } = JSON.parse(await render('sarif', built, { dockerfile, all: true }));
      const results: readonly {
        readonly message: { readonly text: string };
        readonly locations: readonly {
          readonly physicalLocation: {
            readonly artifactLocation: { readonly uri: string };
            readonly region: { readonly startLine: number };
          };
        }[];
      }[] = runs[0].results;
      const result = results.find(({ message }) => message.text.startsWith(`${path} `));
      const place = result?.locations[0]?.physicalLocation;
      assert.equal(place?.artifactLocation.uri, 'docker/Dockerfile');
      assert.equal(place?.region.startLine, line);
      assert.ok(isNoted(result?.message.text ?? ''), result?.message.text);
    });
  }
  it('--sarif-location outweighs it', async () => {
    const alertLocation = { file: 'x', line: 9 };
    const issues: Issue[] = JSON.parse(
      await render('gitlab', built, { dockerfile, alertLocation, all: true }),
    );
    assert.ok(issues.every(({ location }) => location.path === 'x'));
  });
  it('one that was only found is not used where it belongs to another image', async () => {
    for (const isNamed of [true, false]) {
      const issues: Issue[] = JSON.parse(
        await render('gitlab', others, { dockerfile: { ...dockerfile, isNamed }, all: true }),
      );
      assert.equal(issues[0]?.location.path === 'docker/Dockerfile', isNamed);
    }
  });
});

describe('the option', () => {
  const folder = mkdtempSync(join(tmpdir(), 'dockerfile-places-test-'));
  after(() => rmSync(folder, { recursive: true }));
  mkdirSync(join(folder, '.git'));
  mkdirSync(join(folder, 'service/empty'), { recursive: true });
  writeFileSync(join(folder, 'service/Dockerfile'), text);
  writeFileSync(join(folder, 'long'), Buffer.alloc(mostBytes + 1));

  it('names a file from the folder of the repository on', () => {
    const service = join(folder, 'service');
    assert.deepEqual(readDockerfile('Dockerfile', service, null), {
      file: 'service/Dockerfile',
      text,
      isNamed: true,
    });
  });
  it('finds the one next to the configuration', () => {
    const found = readDockerfile(undefined, folder, join(folder, 'service'));
    assert.deepEqual(found, { file: 'service/Dockerfile', text, isNamed: false });
    assert.equal(readDockerfile(undefined, folder, join(folder, 'service/empty')), null);
    assert.equal(readDockerfile(undefined, folder, null), null);
  });
  for (const [name, path] of [
    ['what is not there', 'nothing'],
    ['a folder', 'service'],
    ['a file that nobody wrote', 'long'],
  ] as const)
    it(`${name} is refused`, () => {
      assert.throws(() => readDockerfile(path, folder, null), UsageError);
    });
});
