import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createGithubClient, NoAnswer } from '../../src/upload/github-client.ts';
import { retryDelay } from '../../src/upload/retry-delay.ts';
import { startGithub, token } from '../support/github-server.ts';

const answered = (status: number, more: { retryAfter?: string; exhausted?: boolean } = {}) => ({
  status,
  body: null,
  retryAfter: more.retryAfter ?? null,
  exhausted: more.exhausted ?? false,
});

test('another attempt is made when it can help, and no earlier than asked', () => {
  const table = [
    { attempt: answered(202), want: null },
    { attempt: answered(400), want: null },
    { attempt: answered(403), want: null },
    { attempt: answered(404), want: null },
    { attempt: answered(500), want: 1000 },
    { attempt: answered(500), count: 4, want: 8000 },
    { attempt: answered(503, { retryAfter: '7' }), want: 7000 },
    { attempt: answered(503, { retryAfter: '301' }), want: null },
    { attempt: answered(503, { retryAfter: 'soon' }), want: 1000 },
    { attempt: answered(429), want: 60_000 },
    { attempt: answered(429, { retryAfter: '2' }), want: 2000 },
    { attempt: answered(403, { retryAfter: '3' }), want: 3000 },
    { attempt: answered(403, { exhausted: true }), want: 60_000 },
    { attempt: { error: 'ECONNREFUSED' }, count: 3, want: 4000 },
  ];
  for (const { attempt, count = 1, want } of table)
    assert.equal(retryDelay(attempt, count), want, JSON.stringify(attempt));
});

test('a server that cannot be reached is asked six times, in longer and longer pauses', async () => {
  const pauses: number[] = [];
  await using server = await startGithub({
    replies: Array.from({ length: 6 }, () => ({ status: 0, dropped: true as const })),
  });
  const client = createGithubClient({
    apiUrl: server.url,
    token,
    version: '0',
    wait: async (milliseconds) => void pauses.push(milliseconds),
  });
  await assert.rejects(client.send('GET', '/x'), (error: unknown) => {
    assert.ok(error instanceof NoAnswer);
    assert.match(error.message, /^127\.0\.0\.1:\d+ cannot be reached \(\w+\), tried 6 times$/);
    return true;
  });
  assert.deepEqual(pauses, [1000, 2000, 4000, 8000, 16_000]);
});
