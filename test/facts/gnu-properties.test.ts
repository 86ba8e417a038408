import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { PF, PT } from '../../src/elf/constants.ts';
import { propertyBits, propertyDamage } from '../../src/facts/file/gnu-properties.ts';
import { buildElf } from '../support/elf/elf-builder.ts';
import type { SegmentDescription } from '../support/elf/elf-description.ts';

const x86Feature = 0xc0000002;
/** GNU_PROPERTY_X86_FEATURE_1_AND: IBT and SHSTK. */
const sound = Buffer.from('020000c00400000003000000' + '00000000', 'hex');
const tooLong = Buffer.from('020000c0ff000000' + '0300000000000000', 'hex');

function bitsOf(description: Buffer, ...segments: SegmentDescription[]): number | null {
  const notes = [{ owner: 'GNU', type: 5, description, alignment: 8 } as const];
  const sections = [{ name: '.left', content: Buffer.alloc(32, 'X') }];
  return propertyBits(buildElf({ notes, sections, segments }).elf, x86Feature)?.bits ?? null;
}

const own = { type: PT.GNU_PROPERTY, flags: PF.R, region: 'notes8', alignment: 8 };
const left = { type: PT.GNU_PROPERTY, flags: PF.R, region: 'section:.left', alignment: 8 };

describe('a property is what the loader takes', () => {
  it('from PT_NOTE where there is no PT_GNU_PROPERTY', () => assert.equal(bitsOf(sound), 3));
  it('from PT_GNU_PROPERTY', () => assert.equal(bitsOf(sound, own), 3));
  it('not where PT_GNU_PROPERTY was left behind', () => assert.equal(bitsOf(sound, left), null));
  it('from the last PT_GNU_PROPERTY', () => {
    assert.equal(bitsOf(sound, own, left), null);
    assert.equal(bitsOf(sound, left, own), 3);
  });
  it('not from a note that is broken', () => assert.equal(bitsOf(tooLong), null));
});

it('a broken property says where it is', () => {
  const notes = [{ owner: 'GNU', type: 5, description: tooLong, alignment: 8 } as const];
  const built = buildElf({ notes });
  assert.deepEqual(propertyDamage(built.elf), [
    { offset: built.region('notes8').offset + 16, saw: 'a property of 255 bytes, 8 are left' },
  ]);
});
