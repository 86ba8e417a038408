import { ET, PT } from '../../src/elf/constants.ts';
import { buildElf } from '../../test/support/elf/elf-builder.ts';
import { testRule } from '../../test/support/verdicts/rule-cases.ts';
import wellFormed from './rule.ts';

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
    name: 'gives a broken note its low weight although something else is damaged too',
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
