import assert from 'node:assert/strict';
import { test } from 'node:test';
import { UsageError } from '../../src/base/errors.ts';
import {
  fitting,
  normalise,
  parsePlatform,
  platformText,
} from '../../src/sources/image/platform.ts';

const host = normalise('linux', 'amd64', '');

const understood = [
  { given: 'linux/amd64', want: 'linux/amd64' },
  { given: 'linux/x86_64', want: 'linux/amd64' },
  { given: 'LINUX/AMD64', want: 'linux/amd64' },
  { given: 'linux/amd64/v1', want: 'linux/amd64' },
  { given: 'linux/amd64/v3', want: 'linux/amd64/v3' },
  { given: 'arm64', want: 'linux/arm64' },
  { given: 'aarch64', want: 'linux/arm64' },
  { given: 'arm64/v8', want: 'linux/arm64' },
  { given: 'linux/arm64/v8', want: 'linux/arm64' },
  { given: 'linux/arm64/8', want: 'linux/arm64' },
  { given: 'arm', want: 'linux/arm/v7' },
  { given: 'armhf', want: 'linux/arm/v7' },
  { given: 'armel', want: 'linux/arm/v6' },
  { given: 'arm/v6', want: 'linux/arm/v6' },
  { given: 'i386', want: 'linux/386' },
  { given: 'linux', want: 'linux/amd64' },
  { given: 'windows', want: 'windows/amd64' },
  { given: 'linux/riscv64', want: 'linux/riscv64' },
  { given: 'linux/some-new-cpu', want: 'linux/some-new-cpu' },
];

for (const { given, want } of understood) {
  test(`--platform ${given} means ${want}`, () => {
    assert.equal(platformText(parsePlatform(given, host)), want);
  });
}

for (const given of [
  '',
  '/',
  'linux/',
  '/amd64',
  'linux/arm/v7/x',
  'toaster',
  'amd64/linux/v1',
  'linux/a b',
  'constructor',
]) {
  test(`--platform "${given}" is refused`, () => {
    assert.throws(() => parsePlatform(given, host), UsageError);
  });
}

const choices = [
  { there: ['amd64', 'arm64'], wanted: 'linux/amd64', want: ['linux/amd64'] },
  { there: ['arm/v6', 'arm/v7'], wanted: 'linux/arm', want: ['linux/arm/v7'] },
  { there: ['arm/v6', 'arm/v7'], wanted: 'linux/arm/v5', want: [] },
  { there: ['amd64', 'amd64/v3'], wanted: 'linux/amd64', want: ['linux/amd64'] },
  { there: ['amd64/v2'], wanted: 'linux/amd64', want: ['linux/amd64/v2'] },
  { there: ['amd64'], wanted: 'linux/amd64/v3', want: ['linux/amd64'] },
  { there: ['amd64', 'amd64/v2'], wanted: 'linux/amd64/v4', want: ['linux/amd64/v2'] },
  { there: ['amd64/v3'], wanted: 'linux/amd64/v2', want: [] },
  { there: ['386', 'amd64/v2'], wanted: 'linux/amd64', want: ['linux/amd64/v2'] },
  { there: ['386', 's390x'], wanted: 'linux/amd64', want: ['linux/386'] },
  { there: ['amd64'], wanted: 'linux/386', want: [] },
  { there: ['arm/v5', 'arm/v6'], wanted: 'linux/arm', want: ['linux/arm/v6'] },
  { there: ['arm/v5', 'arm/v6', 'arm64'], wanted: 'linux/arm64', want: ['linux/arm64'] },
  { there: ['arm/v5', 'arm/v7'], wanted: 'linux/arm64', want: ['linux/arm/v7'] },
  { there: ['arm64'], wanted: 'linux/arm/v7', want: [] },
  { there: ['arm64', 'arm64/v8.2'], wanted: 'linux/arm64/v9', want: ['linux/arm64/v8.2'] },
  { there: ['arm64/v8.6', 'arm64'], wanted: 'linux/arm64/v9', want: ['linux/arm64'] },
  { there: ['arm64/v8.6', 'arm64'], wanted: 'linux/arm64/v9.1', want: ['linux/arm64/v8.6'] },
  { there: ['arm64/v9'], wanted: 'linux/arm64/v8.9', want: [] },
  { there: ['amd64', 'amd64'], wanted: 'linux/amd64', want: ['linux/amd64', 'linux/amd64'] },
  { there: ['arm64/v8'], wanted: 'linux/arm64', want: ['linux/arm64'] },
  { there: ['amd64'], wanted: 'windows/amd64', want: [] },
];

for (const { there, wanted, want } of choices) {
  test(`of ${there.join(', ')}, ${wanted} takes ${want.join(', ') || 'none'}`, () => {
    const candidates = there.map((each) => ({ platform: parsePlatform(`linux/${each}`, host) }));
    const fit = fitting(candidates, parsePlatform(wanted, host));
    assert.deepEqual(
      fit.map(({ platform }) => platformText(platform)),
      want,
    );
  });
}
