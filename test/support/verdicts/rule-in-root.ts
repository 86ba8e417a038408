import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { ImageConfig } from '../../../src/base/image-config.ts';
import { DT, ET } from '../../../src/elf/constants.ts';
import type { JudgedVerdict } from '../../../src/report/report.ts';
import {
  glibcLoader,
  glibcPath,
  library,
  muslLoader,
  muslPath,
} from '../../root/loader/processes.ts';
import { elf, type Things } from '../roots/root-builder.ts';
import { verdictIn } from './verdict-in-root.ts';

/** A verdict that needs a root filesystem around the file. */
export interface RootCase {
  readonly name: string;
  readonly things: Things;
  readonly path?: string;
  readonly config?: ImageConfig;
  readonly outcome: JudgedVerdict['outcome'];
  readonly severity?: JudgedVerdict['severity'];
  readonly says: RegExp;
}

/** The path that is judged where a case names none. */
export const app = '/bin/app';
export const musl = { [muslPath]: muslLoader(['write']) };
export const glibc = { [glibcPath]: glibcLoader(['/lib', '/usr/lib']) };
export const muslLibc = 'libc.musl-x86_64.so.1';
export const glibcLibc = library('libc.so.6', { exports: ['write@GLIBC_2.2.5'] });
export const gcompat = {
  ...musl,
  [glibcPath]: elf({ type: ET.EXEC, isDynamic: false }),
  '/lib/libgcompat.so.0': library('libgcompat.so.0', { exports: ['__printf_chk'] }),
};
export const constructors = [DT.INIT_ARRAY, 0x1000] as const;

/** One test for each case; a fail must bring evidence. */
export function testInRoot(rule: string, cases: readonly RootCase[]): void {
  describe(`${rule} in a root`, () => {
    for (const { name, things, path = app, config = null, ...want } of cases) {
      it(name, () => {
        const { outcome, message, severity, evidence } = verdictIn(things, path, config, rule);
        assert.equal(outcome, want.outcome, message);
        assert.match(message, want.says);
        if (want.severity !== undefined) assert.equal(severity, want.severity);
        if (outcome === 'fail') assert.notDeepEqual(evidence, []);
      });
    }
  });
}
