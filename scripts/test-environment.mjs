// What every run of tests sets before it begins; importing it does that.
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

// Some tests make roots that other users must be able to enter.
process.umask(0o022);

// One folder for what all tests leave behind, open to all users as /tmp is.
const scratch = mkdtempSync(join(tmpdir(), 'hullcheck-tests-'));
chmodSync(scratch, 0o1777);
process.env.TMPDIR = scratch;

// Programs that tests compare with read names by it.
process.env.LC_ALL = 'C.UTF-8';

export function removeScratch() {
  rmSync(scratch, { recursive: true, force: true, maxRetries: 3 });
}
