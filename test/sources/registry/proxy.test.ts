import assert from 'node:assert/strict';
import { test } from 'node:test';
import { UsageError } from '../../../src/base/errors.ts';
import { proxyAuthorization, proxyFor } from '../../../src/sources/registry/proxy.ts';

/** null: no proxy. As Go's net/http asks them. */
const table: readonly [url: string, env: Record<string, string>, want: string | null][] = [
  ['https://a.org/x', {}, null],
  ['https://a.org/x', { HTTPS_PROXY: 'http://p:3128' }, 'http://p:3128/'],
  ['https://a.org/x', { https_proxy: 'p:3128' }, 'http://p:3128/'],
  ['https://a.org/x', { HTTPS_PROXY: 'http://p:1', https_proxy: 'http://p:2' }, 'http://p:1/'],
  ['https://a.org/x', { HTTP_PROXY: 'http://p:1' }, null],
  ['http://a.org/x', { HTTP_PROXY: 'http://p:1' }, 'http://p:1/'],
  ['https://a.org/x', { HTTPS_PROXY: 'https://p' }, 'https://p/'],
  ['https://a.org/x', { HTTPS_PROXY: '' }, null],
  ['https://localhost:5000/x', { HTTPS_PROXY: 'http://p' }, null],
  ['https://127.9.0.1/x', { HTTPS_PROXY: 'http://p' }, null],
  ['https://[::1]:5000/x', { HTTPS_PROXY: 'http://p' }, null],
];

const excluded: readonly [host: string, list: string, isExcluded: boolean][] = [
  ['a.org', '*', true],
  ['a.org', 'a.org', true],
  ['A.ORG', 'a.org', true],
  ['b.a.org', 'a.org', true],
  ['ba.org', 'a.org', false],
  ['a.org', '.a.org', false],
  ['b.a.org', '.a.org', true],
  ['b.a.org', '*.a.org', true],
  ['a.org', 'x.org, a.org', true],
  ['a.org:5000', 'a.org', true],
  ['a.org:5000', 'a.org:5000', true],
  ['a.org', 'a.org:443', true],
  ['a.org', 'a.org:5000', false],
  ['a.org', '', false],
  ['a.org', ',', false],
  ['10.1.2.3', '10.0.0.0/8', true],
  ['10.1.2.3', '10.1.2.3', true],
  ['10.1.2.3:5000', '10.1.2.3:5000', true],
  ['10.1.2.3', '1.2.3', false],
  ['11.1.2.3', '10.0.0.0/8', false],
  ['10.1.2.3', '10.0.0.0/99', false],
  ['10.1.2.3', 'fc00::/7', false],
  ['a.org', '10.0.0.0/8', false],
  ['[fc00::1]', 'fc00::/7', true],
  ['[fc00::1]', 'fc00::1', true],
  ['[fc00::1]:5000', '[fc00::1]:5000', true],
  ['[fc00::1]:5000', '[fc00::1]:5001', false],
];

test('the proxy is that of the URL’s scheme, and this machine has none', () => {
  for (const [url, env, want] of table)
    assert.equal(proxyFor(new URL(url), env)?.href ?? null, want, `${url} ${JSON.stringify(env)}`);
});

test('hosts of NO_PROXY are asked without it', () => {
  for (const [host, list, isExcluded] of excluded)
    for (const name of ['NO_PROXY', 'no_proxy']) {
      const env = { HTTPS_PROXY: 'http://p', [name]: list };
      assert.equal(
        proxyFor(new URL(`https://${host}/`), env) === null,
        isExcluded,
        `${host} ${list}`,
      );
    }
});

test('a proxy that cannot be is one sentence, without what may be a password in it', () => {
  for (const text of ['socks5://user:sesame@p:1', 'http://user:sesame@:x']) {
    assert.throws(
      () => proxyFor(new URL('https://a.org/'), { HTTPS_PROXY: text }),
      (error) => error instanceof UsageError && !error.message.includes('sesame'),
    );
  }
});

test('user and password of a proxy become its header', () => {
  assert.deepEqual(proxyAuthorization(new URL('http://p')), {});
  const want = `Basic ${Buffer.from('us@er:pass').toString('base64')}`;
  assert.deepEqual(proxyAuthorization(new URL('http://us%40er:pass@p')), {
    'proxy-authorization': want,
  });
});
