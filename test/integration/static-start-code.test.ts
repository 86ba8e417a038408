import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { Programs } from '../../lab/entrypoints/programs.ts';
import { verdictsOf } from '../support/verdicts/verdicts-of.ts';

const folder = mkdtempSync(join(tmpdir(), 'static-start-code-'));
after(() => rmSync(folder, { recursive: true, force: true }));
const programs = new Programs(folder);

const code = '#include <stdio.h>\nint main(void) { puts("hi"); return 0; }';

describe('a static program of musl without an array needs no canary: its start code is not its own', () => {
  for (const level of ['-O0', '-O2', '-Os']) {
    for (const protector of ['-fno-stack-protector', '-fstack-protector-strong']) {
      it(`${level} ${protector}`, () => {
        const program = programs.static({ code, flags: [level, protector] });
        assert.equal(verdictsOf(program).get('stack-protector'), 'not-applicable');
      });
    }
  }
});
