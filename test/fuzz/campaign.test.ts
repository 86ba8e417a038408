import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { describe, it } from 'node:test';
import { startCampaign, type Violated } from '../../fuzz/campaign.ts';
import { campaignTable } from '../../fuzz/campaign-table.ts';
import { subjects } from '../../fuzz/subjects.ts';
import { modulePath, moduleUrl } from '../support/program.ts';

const fuzzer = modulePath('fuzz/fuzz');

/** `interrupts`: as soon as it says that it has begun, which on a busy machine may be late. */
async function outcomeOf(args: readonly string[], interrupts = false) {
  const child = spawn(process.execPath, [fuzzer, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  let text = '';
  let isInterrupted = !interrupts;
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (piece: string) => {
      text += piece;
      if (isInterrupted || !/^runs from seed /m.test(text)) return;
      isInterrupted = true;
      child.kill('SIGINT');
    });
  const status = await new Promise((resolve) => child.on('close', resolve));
  return { status, text };
}

describe('a campaign of the fuzzer', { timeout: 600_000 }, () => {
  for (const jobs of [1, 2]) {
    it(`goes on after violations and deaths, with ${jobs} threads`, async () => {
      const found: Violated[] = [];
      const campaign = startCampaign({
        names: ['tar'],
        firstSeed: 100,
        runs: 50,
        jobs,
        script: moduleUrl('test/support/failing-fuzz-worker'),
        whenFound: (violation) => found.push(violation),
      });
      await campaign.done;
      const messages = found.map(({ seed, message }) => `${seed} ${message}`).sort();
      assert.deepEqual(messages, [
        '100 a broken promise',
        '110 a broken promise',
        '115 the thread died: Error: killed by its input',
        '120 a broken promise',
        '130 a broken promise',
        '135 the thread died: Error: killed by its input',
        '140 a broken promise',
      ]);
      const [tar] = campaign.results();
      assert.deepEqual(
        { ...tar, seconds: 0 },
        { name: 'tar', runs: 50, violations: 7, seconds: 0 },
      );
    });
  }

  it('runs every subject, and ends with a table', async () => {
    const { status, text } = await outcomeOf(['--runs', '320', '--seed', '9000']);
    assert.equal(status, 0, text);
    for (const { name } of subjects)
      assert.match(
        text,
        new RegExp(`^\\| ${name} \\| 9000 to \\d+ \\| \\d+ \\| 0 \\| [\\d.]+ \\|$`, 'm'),
      );
    assert.match(text, /^320 runs in \d+ s with \d+ MiB at most: 0 violations$/m);
  });

  it('prints the table so far when it is interrupted', async () => {
    const { status, text } = await outcomeOf(['--forever', '--only', 'tar'], true);
    assert.equal(status, 0, text);
    assert.match(text, /^\| tar \| (?:1 to \d+|-) \| \d+ \| 0 \|/m);
    assert.match(text, /^stopped after \d+ runs in /m);
  });

  it('refuses a subject that there is not', async () => {
    const { status, text } = await outcomeOf(['--only', 'nobody']);
    assert.equal(status, 1);
    assert.match(text, /nobody is not a subject, expected one of elf, /);
  });
});

describe('the table of a campaign', () => {
  it('names the seeds of each subject', () => {
    const results = [
      { name: 'elf', runs: 20, violations: 1, seconds: 1.26 },
      { name: 'tar', runs: 0, violations: 0, seconds: 0 },
    ];
    assert.equal(
      campaignTable(results, 11),
      `| subject | seeds | runs | violations | seconds |
|---|---|---|---|---|
| elf | 11 to 30 | 20 | 1 | 1.3 |
| tar | - | 0 | 0 | 0.0 |`,
    );
  });
});
