import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  type FileMap,
  type LayoutBuilder,
  layoutBuilder,
  named,
  onPlatform,
} from './image-builder.ts';
import { app, base, index } from './oci-samples.ts';
import { openAll, summary, writeFolder, writeTar } from './workbench.ts';

const unknown = { platform: { os: 'unknown', architecture: 'unknown' } };
const attested = { 'vnd.docker.reference.type': 'attestation-manifest' };

/** Podman and skopeo take the first image of a name, containerd the last: in each case that is `app`. */
const cases: readonly {
  readonly name: string;
  readonly build: (b: LayoutBuilder) => FileMap;
  readonly notices: number;
}[] = [
  {
    name: 'an image whose entry states another platform than it has',
    build: (b) =>
      b.index(
        b.image({ layers: [app] }, { ...named('x'), ...onPlatform('arm64') }),
        b.image({ layers: [base] }, { ...named('x'), ...onPlatform('amd64') }),
      ),
    notices: 1,
  },
  {
    name: 'an image whose entry states an unknown platform',
    build: (b) =>
      b.index(
        b.image({ layers: [app] }, { ...named('x'), ...unknown }),
        b.image({ layers: [base] }, named('x')),
      ),
    notices: 1,
  },
  {
    name: 'the last image of a name, which states another platform',
    build: (b) =>
      b.index(
        b.image({ layers: [base] }, named('x')),
        b.image({ architecture: 's390x', layers: [app] }, named('x')),
      ),
    notices: 1,
  },
  {
    name: 'an image that is called an attestation',
    build: (b) =>
      b.index(
        index(b, [
          b.image({ layers: [base] }, onPlatform('arm64')),
          b.image({ layers: [app] }, { ...onPlatform('amd64'), annotations: attested }),
        ]),
      ),
    notices: 0,
  },
];

for (const { name, build, notices } of cases) {
  for (const [form, write] of [
    ['directory', writeFolder],
    ['tar', writeTar],
  ] as const) {
    test(`${form}: ${name} is judged`, async (t) => {
      const path = await write(t, build(layoutBuilder()));
      const opened = await openAll(path, { platform: 'amd64' });
      assert.ok(
        summary(opened).some((line) => line.endsWith(': app')),
        summary(opened).join(),
      );
      const problems = opened.targets.flatMap((each) => each.problems);
      assert.deepEqual(
        problems.map(({ kind }) => kind),
        Array.from({ length: notices }, () => 'notice'),
      );
    });
  }
}

test('an image stated for an unknown platform counts as one that was not judged', async (t) => {
  const builder = layoutBuilder();
  const other = builder.image({ architecture: 's390x', layers: [app] }, unknown);
  const files = builder.index(
    index(builder, [builder.image({ layers: [base] }, onPlatform('amd64')), other]),
  );
  const { targets } = await openAll(writeFolder(t, files), { platform: 'linux/amd64' });
  assert.deepEqual(
    targets.map(({ otherPlatforms }) => otherPlatforms),
    [['linux/s390x']],
  );
});

for (const name of ['acme/shop:1.0', 'docker.io/acme/shop:1.0', 'index.docker.io/acme/shop:1.0'])
  test(`a layout gives docker.io/acme/shop:1.0 for ${name}, which the user said`, async (t) => {
    const builder = layoutBuilder();
    const files = builder.index(
      builder.image({ layers: [app] }, named('docker.io/acme/shop:1.0')),
      builder.image({ layers: [base] }, named('docker.io/acme/pay:1.0')),
    );
    const { targets } = await openAll(`${writeFolder(t, files)}:${name}`, {});
    assert.deepEqual(
      targets.map((target) => [target.name, target.namedBy]),
      [['docker.io/acme/shop:1.0', 'user']],
    );
  });

const given: readonly (readonly [
  claim: string,
  names: readonly (string | null)[],
  selector: string,
  want: readonly string[] | RegExp,
])[] = [
  ['a tag alone', ['1.0'], 'docker.io/acme/app:1.0', ['docker.io/acme/app:1.0 user']],
  ['a tag alone, and a short name', ['1.0'], 'acme/app:1.0', ['acme/app:1.0 user']],
  ['one of two tags', ['1.0', '2.0'], 'acme/app:2.0', ['acme/app:2.0 user']],
  ['the tag latest', ['latest'], 'acme/app', ['acme/app user']],
  ['no name', [null], 'acme/app:1.0', ['acme/app:1.0 user']],
  ['another tag', ['1.0'], 'acme/app:2.0', /holds no image acme\/app:2\.0: it holds 1\.0/],
  ['a name', ['acme/shop:1.0'], 'acme/app:1.0', /it holds acme\/shop:1\.0/],
  ['no name next to a name', [null, 'acme/shop:1.0'], 'acme/app:1.0', /it holds @.*acme\/shop/],
];

for (const [claim, names, selector, want] of given)
  test(`a whole name behind a layout with ${claim}: the user says what the layout does not`, async (t) => {
    const builder = layoutBuilder();
    const images = names.map((name, at) =>
      builder.image({ layers: [at === 0 ? app : base] }, name === null ? {} : named(name)),
    );
    const path = writeFolder(t, builder.index(...images));
    const opened = openAll(`${path}:${selector}`);
    if (want instanceof RegExp) return assert.rejects(opened, want);
    const found = (await opened).targets.map((each) => `${each.name} ${each.namedBy}`);
    assert.deepEqual(found, want);
  });
