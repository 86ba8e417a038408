import noTextRelocations from '../../rules/no-text-relocations.ts';
import noWritableCode from '../../rules/no-writable-code.ts';
import separateCode from '../../rules/separate-code.ts';
import wellFormed from '../../rules/well-formed.ts';
import { DF, DT, ET, PF, PT } from '../../src/elf/constants.ts';
import { buildElf } from '../support/elf-builder.ts';
import { testRule } from '../support/rule-cases.ts';

const inHeaders = { type: 8, at: 0x10 };
const glibc = { soname: 'libx.so.1', needed: ['libc.so.6'] };
const musl = { soname: 'libx.so.1', needed: ['libc.musl-x86_64.so.1'] };

testRule('no-writable-code', noWritableCode, [
  { name: 'passes R E and RW', input: buildElf({}), outcome: 'pass', says: /^none of 2 PT_LOAD/ },
  {
    name: 'fails RWE',
    input: buildElf({ loadFlags: [PF.R | PF.X, 7] }),
    outcome: 'fail',
    severity: 'high',
    says: /^a PT_LOAD segment is writable and executable$/,
  },
  {
    name: 'fails WE without R',
    input: buildElf({ loadFlags: [PF.W | PF.X, 3] }),
    outcome: 'fail',
    says: /^2 of 2 PT_LOAD segments/,
  },
  {
    name: 'fails executable thread-local data with low weight',
    input: buildElf({ segments: [{ type: PT.TLS, flags: PF.R | PF.X }] }),
    outcome: 'fail',
    severity: 'low',
    says: /thread-local/,
  },
]);

testRule('no-text-relocations', noTextRelocations, [
  {
    name: 'passes a library without',
    input: buildElf(glibc),
    outcome: 'pass',
    says: /^no relocation/,
  },
  {
    name: 'fails with the count',
    input: buildElf({ ...glibc, relocations: [inHeaders, inHeaders], dynamic: [[DT.TEXTREL, 0]] }),
    outcome: 'fail',
    severity: 'high',
    says: /^2 relocations are in memory that is not writable: the loader makes code writable/,
  },
  {
    name: 'tells what musl makes of it',
    input: buildElf({ ...musl, relocations: [inHeaders], dynamic: [[DT.TEXTREL, 0]] }),
    outcome: 'fail',
    severity: 'high',
    says: /under musl the whole library stays writable and executable$/,
  },
  {
    name: 'tells that nothing announces them',
    input: buildElf({ ...glibc, relocations: [inHeaders] }),
    outcome: 'fail',
    says: /crashes at start$/,
  },
  {
    name: 'fails a stale flag with low weight',
    input: buildElf({ ...glibc, dynamic: [[DT.FLAGS, DF.TEXTREL]] }),
    outcome: 'fail',
    severity: 'low',
    says: /stale flag/,
  },
  {
    name: 'fails a stale DT_TEXTREL under musl, which acts on it',
    input: buildElf({ ...musl, dynamic: [[DT.TEXTREL, 0]] }),
    outcome: 'fail',
    severity: 'high',
    says: /stale, and musl/,
  },
]);

testRule('separate-code', separateCode, [
  {
    name: 'notes headers among code',
    input: buildElf({}),
    outcome: 'fail',
    severity: 'note',
    says: /share a segment with code/,
  },
  {
    name: 'does not apply without code',
    input: buildElf({ loadFlags: [PF.R, 6] }),
    outcome: 'not-applicable',
    says: /no executable segment/,
  },
  {
    name: 'passes when code is in the other segment',
    input: buildElf({ loadFlags: [PF.R, 5] }),
    outcome: 'pass',
    says: /segments of its own/,
  },
]);

testRule('well-formed', wellFormed, [
  { name: 'passes a plain file', input: buildElf({}), outcome: 'pass', says: /agree/ },
  {
    name: 'fails two PT_DYNAMIC',
    input: buildElf({ segments: [{ type: PT.DYNAMIC, flags: 4, region: 'dynamic' }] }),
    outcome: 'fail',
    severity: 'medium',
    says: /^there are 2 PT_DYNAMIC segments, where one is allowed$/,
  },
  {
    name: 'counts what it does not name',
    input: buildElf({
      sections: [],
      loadFlags: [4, 6],
      segments: [{ type: PT.DYNAMIC, flags: 4, region: 'dynamic' }],
    }),
    outcome: 'fail',
    says: /, and 1 more contradiction$/,
  },
  {
    name: 'fails a broken note with low weight',
    input: buildElf({
      sections: [{ name: '.note', content: Buffer.alloc(16, 0x7f) }],
      segments: [{ type: PT.NOTE, flags: 4, region: 'section:.note' }],
    }),
    outcome: 'fail',
    severity: 'low',
    says: /^PT_NOTE segment \d holds a filler/,
  },
  {
    name: 'notes text in a section of notes',
    input: buildElf({
      sections: [{ name: '.note', content: Buffer.from('See the file LICENSE for its terms') }],
      segments: [{ type: PT.NOTE, flags: 4, region: 'section:.note' }],
    }),
    outcome: 'fail',
    severity: 'note',
    says: /^PT_NOTE segment \d holds text, not notes$/,
  },
  {
    name: 'weighs a broken note as little as it is beside something else',
    input: buildElf({
      sections: [{ name: '.note', content: Buffer.alloc(16, 0x7f) }],
      segments: [
        { type: PT.NOTE, flags: 4, region: 'section:.note' },
        { type: PT.DYNAMIC, flags: 4, region: 'dynamic' },
      ],
    }),
    outcome: 'fail',
    severity: 'medium',
    says: /^there are 2 PT_DYNAMIC segments/,
  },
  {
    name: 'fails a GNU property that reaches beyond its note',
    input: buildElf({
      notes: [
        {
          owner: 'GNU',
          type: 5,
          description: Buffer.from('020000c0ff000000', 'hex'),
          alignment: 8,
        },
      ],
    }),
    outcome: 'fail',
    severity: 'low',
    says: /^a GNU property reaches beyond its note$/,
  },
  {
    name: 'does not apply to object files',
    input: buildElf({ type: ET.REL }),
    outcome: 'not-applicable',
    says: /no segments/,
  },
]);
