import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createNpm } from '../../../src/root/ownership/components/npm.ts';
import { buildRoot, elf, type Things, text } from '../../support/roots/root-builder.ts';

const folder = '/app/node_modules/fast';
const prebuilt = `${folder}/prebuilds/linux-x64/fast.node`;
const built = `${folder}/build/Release/fast.node`;
const manifest = (scripts: unknown) =>
  text(JSON.stringify({ name: 'fast', version: '1.0.0', scripts }));

interface Case {
  readonly name: string;
  readonly things: Things;
  /** In the order in which they are requested. */
  readonly paths: readonly string[];
  readonly isPrebuilt: boolean;
}

const cases: readonly Case[] = [
  {
    name: 'a module with binaries, and neither sources nor a script, has nothing to build',
    things: { [`${folder}/package.json`]: manifest({}) },
    paths: [prebuilt, built],
    isPrebuilt: true,
  },
  {
    name: 'nor has one whose first binary lies outside of prebuilds',
    things: { [`${folder}/package.json`]: manifest({}) },
    paths: [built, prebuilt],
    isPrebuilt: true,
  },
  {
    name: 'scripts that npm runs at no installation build nothing',
    things: { [`${folder}/package.json`]: manifest({ build: 'make', prepare: 'make', test: 'x' }) },
    paths: [built],
    isPrebuilt: true,
  },
  {
    name: 'a description without scripts builds nothing',
    things: { [`${folder}/package.json`]: manifest('make') },
    paths: [built],
    isPrebuilt: true,
  },
  {
    name: 'binding.gyp is built, wherever the binary lies',
    things: { [`${folder}/package.json`]: manifest({}), [`${folder}/binding.gyp`]: text('{}') },
    paths: [prebuilt, built],
    isPrebuilt: false,
  },
  ...['preinstall', 'install', 'postinstall'].map((script) => ({
    name: `a script of ${script} builds`,
    things: { [`${folder}/package.json`]: manifest({ [script]: 'node-gyp-build' }) },
    paths: [prebuilt],
    isPrebuilt: false,
  })),
];

describe('what can be built of a module of npm', () => {
  for (const { name, things, paths, isPrebuilt } of cases)
    it(name, () => {
      const find = createNpm(
        buildRoot({ ...things, ...Object.fromEntries(paths.map((path) => [path, elf({})])) }),
      );
      const found = paths.map((path) => find({ path, sha256: null })?.ownership.component);
      assert.deepEqual(
        found.map((component) => component?.isPrebuilt ?? false),
        paths.map(() => isPrebuilt),
      );
    });
});
