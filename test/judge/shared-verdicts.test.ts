import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SharedVerdicts } from '../../src/judge/shared-verdicts.ts';
import type { JudgedVerdict } from '../../src/report/report.ts';

const plain: JudgedVerdict = {
  rule: 'pie',
  outcome: 'pass',
  severity: 'high',
  message: 'can be loaded anywhere',
  evidence: [{ what: 'e_type', saw: 'ET_DYN', offset: 16n }],
};

describe('one of equal verdicts is kept', () => {
  const others: Readonly<Record<string, Partial<JudgedVerdict>>> = {
    'another rule': { rule: 'relro' },
    'another outcome': { outcome: 'unknown' },
    'another severity': { severity: 'low' },
    'another message': { message: 'can be loaded' },
    'no evidence': { evidence: [] },
    'evidence elsewhere': { evidence: [{ what: 'e_type', saw: 'ET_DYN', offset: 17n }] },
    'evidence nowhere': { evidence: [{ what: 'e_type', saw: 'ET_DYN' }] },
    'the same text, divided otherwise': {
      evidence: [{ what: 'e_typeE', saw: 'T_DYN', offset: 16n }],
    },
  };

  it('whatever object it is', () => {
    const same = new SharedVerdicts();
    assert.equal(same.of(plain), plain);
    assert.equal(same.of(structuredClone(plain)), plain);
  });

  for (const [name, change] of Object.entries(others)) {
    it(`and it is not that of ${name}`, () => {
      const same = new SharedVerdicts();
      same.of(plain);
      const other = { ...plain, ...change };
      assert.equal(same.of(other), other);
    });
  }

  it('but each failure is marked by itself', () => {
    const same = new SharedVerdicts();
    const first: JudgedVerdict = { ...plain, outcome: 'fail' };
    const second: JudgedVerdict = { ...plain, outcome: 'fail' };
    assert.equal(same.of(first), first);
    assert.equal(same.of(second), second);
  });
});
