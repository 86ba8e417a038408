import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { rules } from '../../rules/index.ts';
import { FailedPart, LimitExceeded } from '../../src/base/errors.ts';
import { defaultLimits } from '../../src/base/limits.ts';
import { extract } from '../../src/extraction/extract-facts.ts';
import { createExtractor } from '../../src/extraction/extractor.ts';
import { wantedFacts } from '../../src/extraction/wanted-facts.ts';
import { contentOf } from '../support/elf/elf-content.ts';
import { moduleUrl } from '../support/program.ts';
import { repositoryRoot } from '../support/repository.ts';

const limits = { ...defaultLimits, maxFileSeconds: 60, maxFileMemory: 64 };
const worker = moduleUrl('test/support/workers/ailing-worker');
const folder = mkdtempSync(join(tmpdir(), 'extractor-test-'));
after(() => rmSync(folder, { recursive: true }));

describe('a file that ends its thread', { timeout: 900_000 }, () => {
  const losses = [
    { word: 'hang', error: LimitExceeded, message: /^its facts take more than 10 seconds$/ },
    {
      word: 'exhaust',
      error: LimitExceeded,
      message: /^its facts take more than 64 MiB of memory$/,
    },
    {
      word: 'bug',
      error: FailedPart,
      message:
        /^it met a bug in hullcheck, please report it: TypeError: x is not a function, at workOn /,
    },
  ];

  for (const { word, error, message } of losses) {
    it(`costs that file and no other: ${word}`, async () => {
      const maxFileSeconds = word === 'hang' ? 10 : limits.maxFileSeconds;
      const own = { ...limits, maxFileSeconds };
      const extractor = createExtractor([], { jobs: 2, limits: own, worker });
      const others = ['a', 'b', 'c', 'd'].map((text) =>
        extractor.extract(contentOf(Buffer.from(text))),
      );
      await assert.rejects(
        () => extractor.extract(contentOf(Buffer.from(word))),
        (thrown: unknown) => thrown instanceof error && message.test(thrown.message),
      );
      const later = ['e', 'f'].map((text) => extractor.extract(contentOf(Buffer.from(text))));
      for (const { size } of await Promise.all([...others, ...later])) assert.equal(size, 1);
      await extractor.close();
    });
  }

  it('has more memory when it is tried once more, alone', async () => {
    const own = { ...limits, maxFileMemory: 256 };
    const extractor = createExtractor([], { jobs: 2, limits: own, worker });
    assert.equal((await extractor.extract(contentOf(Buffer.from('need 180')))).size, 8);
    await assert.rejects(
      () => extractor.extract(contentOf(Buffer.from('need 300'))),
      LimitExceeded,
    );
    await extractor.close();
  });

  it('is tried once more, alone', async () => {
    const extractor = createExtractor([], { jobs: 2, limits, worker });
    const content = `die-once ${join(folder, 'died')}`;
    assert.equal((await extractor.extract(contentOf(Buffer.from(content)))).size, content.length);
    await extractor.close();
  });
});

describe('threads', () => {
  it('have the time in which the machine does not let them work', async () => {
    const own = { ...limits, maxFileSeconds: 3 };
    const extractor = createExtractor([], { jobs: 1, limits: own, worker });
    assert.equal((await extractor.extract(contentOf(Buffer.from('sleep 5000')))).size, 10);
    await extractor.close();
  });

  it('give the facts that the main thread gives', async () => {
    const sample = readFileSync(join(repositoryRoot, 'samples/elf/x86_64-glibc-gcc-pie-debug'));
    const large = Buffer.concat([sample, Buffer.alloc(9 * 1024 * 1024)]);
    const extractor = createExtractor(rules, { jobs: 2, limits: defaultLimits });
    assert.deepEqual(await extractor.extract(contentOf(large)), extract(large, wantedFacts(rules)));
    await extractor.close();
  });
});
