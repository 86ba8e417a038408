import assert from 'node:assert/strict';
import { test } from 'node:test';
import { known } from '../../src/base/fact.ts';
import { areAlike } from '../../src/identity/alike.ts';
import { identified } from '../../src/identity/identified.ts';
import { binary, factsWith } from '../support/reports/report-builder.ts';

const calling = (fortified: readonly string[], fortifiable: readonly string[]) =>
  identified(
    binary({
      path: '/svc',
      facts: factsWith({ fortify: known({ fortified, fortifiable } as never) }),
    }),
  );

test('a release that lost FORTIFY calls the same functions', () => {
  const hardened = calling(['__printf_chk', '__strcpy_chk', '__open64_2', '__read_chk'], ['read']);
  const plain = calling([], ['printf', 'strcpy', 'open64', 'read']);
  assert.deepEqual(hardened.traits.imports.toSorted(), plain.traits.imports.toSorted());
  assert.ok(areAlike(hardened, plain));
});
