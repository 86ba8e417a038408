import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { findImageFacts } from '../../../src/root/start/image-facts.ts';
import type { Things } from '../../support/roots/root-builder.ts';
import { library, muslLoader, muslPath, program } from '../loader/processes.ts';
import { type GivenImage, seeImage } from './follow-image.ts';

const lacking: Things = {
  [muslPath]: muslLoader(),
  '/app': program('musl', { entry: 0x80, needed: ['libx.so'] }),
};
const whole: Things = { ...lacking, '/lib/libx.so': library('libx.so') };
const config = { entrypoint: ['/app'] };

const cases: readonly (GivenImage & { readonly name: string; readonly endsAt: string | null })[] = [
  { name: 'a start that fails ends at its program', things: lacking, config, endsAt: '/app' },
  { name: 'a start that goes well ends at none', things: whole, config, endsAt: null },
  {
    name: 'a start that fails on each kernel that starts the program ends at it',
    things: lacking,
    config,
    platform: 'linux/386',
    endsAt: '/app',
  },
  {
    name: 'a start that only some kernels make leaves the program its own verdict',
    things: whole,
    config,
    platform: 'linux/386',
    endsAt: null,
  },
];

describe('the program at which a start ends', () => {
  for (const { name, endsAt, ...given } of cases) {
    it(name, () => assert.equal(findImageFacts(seeImage(given)).endsAt, endsAt));
  }
});
