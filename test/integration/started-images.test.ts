import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { tableOf } from '../../lab/starting/images/all-cases.ts';
import {
  agreementOf,
  type Bench,
  compareImage,
  createBench,
} from '../../lab/starting/images/compare-image.ts';

/** Images that are really started, each in a root of its own, end as the rule `entrypoint-starts` predicts. */
const obstacle =
  process.platform === 'linux' && process.arch === 'x64' && process.getuid?.() === 0
    ? null
    : 'images are started with chroot on x86-64, which needs root';

/** What Debian's gcc and musl-gcc alone do not build; lab/starting.sh has these too. */
const beyond = /lld|mold|DT_RELR|for another machine|aarch64|riscv64|labelled|static PIE/;

/** What an unknown loader, and runtimes that differ, leave undecided. */
const mayStayOpen = /interpreter is (a static program|the program itself)|word behind/;

/** One of so many: the whole tables are in lab/starting.sh. */
const every = 7;

describe('an image starts as its verdict says', { skip: obstacle ?? false }, () => {
  let scratch: string;
  let bench: Bench;
  before(() => {
    scratch = mkdtempSync(join(tmpdir(), 'started-images-'));
    bench = createBench(scratch, null);
  });
  after(() => rmSync(scratch, { recursive: true, force: true }));
  for (const [offset, base] of ['musl', 'glibc'].entries()) {
    const cases = tableOf(base)
      .filter(({ name }) => !beyond.test(name))
      .filter((_, index) => index % every === offset);
    for (const each of cases) {
      test(`${base} root: ${each.name}`, async () => {
        const { real, start } = await compareImage(bench, each);
        if (start === null) return assert.equal(real.how, 'there is no command');
        const agreement = agreementOf(start, real);
        const texts = `${start.message}; really ${real.fate}: ${real.how}`;
        const isOpen = agreement === 'unknown' && mayStayOpen.test(each.name);
        assert.ok(isOpen || /^(agrees|not called)$/.test(agreement), texts);
      });
    }
  }
});
