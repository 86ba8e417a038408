import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mayLeadTo, wayTo } from '../../../src/sources/registry/safe-address.ts';

const outer = 'registry.example.org:5000';

const addresses = [
  { url: 'https://auth.example.org/token', from: outer, want: true },
  { url: 'https://registry.example.org/token', from: outer, want: true },
  { url: 'https://8.8.8.8/', from: outer, want: true },
  { url: 'https://127.0.0.1/', from: outer, want: false },
  { url: 'https://2130706433/', from: outer, want: false },
  { url: 'https://0x7f.1/', from: outer, want: false },
  { url: 'https://10.1.2.3/', from: outer, want: false },
  { url: 'https://169.254.169.254/', from: outer, want: false },
  { url: 'https://172.31.0.1/', from: outer, want: false },
  { url: 'https://192.168.0.1/', from: outer, want: false },
  { url: 'https://localhost/', from: outer, want: false },
  { url: 'https://a.localhost/', from: outer, want: false },
  { url: 'https://[::1]/', from: outer, want: false },
  { url: 'https://[::ffff:127.0.0.1]/', from: outer, want: false },
  { url: 'https://[fd00::1]/', from: outer, want: false },
  { url: 'https://[2606:4700::1]/', from: outer, want: true },
  { url: 'http://127.0.0.1:6000/', from: '127.0.0.1:5000', want: true },
  { url: 'http://127.0.0.2/', from: '127.0.0.1:5000', want: false },
  { url: 'http://[::1]:6000/', from: '[::1]:5000', want: true },
];

for (const { url, from, want } of addresses) {
  test(`${from} may ${want ? '' : 'not '}lead to ${url}`, () => {
    assert.equal(mayLeadTo(new URL(url), from), want);
  });
}

const trusted = ['10.1.2.3', 'minio.localhost:9000', 'fd00::1'];

for (const [url, want] of [
  ['https://10.1.2.3/', true],
  ['https://10.1.2.3:9000/', true],
  ['http://minio.localhost:9000/', true],
  ['http://minio.localhost/', false],
  ['https://[fd00::1]:9000/', true],
  ['https://10.1.2.4/', false],
  ['https://169.254.169.254/', false],
] as const) {
  test(`a user who trusts ${trusted.join(' and ')} may ${want ? '' : 'not '}be led to ${url}`, () => {
    assert.equal(mayLeadTo(new URL(url), outer, trusted), want);
  });
}

test('a way to trust an address is shown, but not for the metadata of a cloud', () => {
  assert.equal(
    wayTo(new URL('https://10.0.0.1:8443/x')),
    ' (--trust-host 10.0.0.1:8443 allows it)',
  );
  assert.equal(wayTo(new URL('https://169.254.169.254/')), '');
  assert.equal(wayTo(new URL('https://[fe80::1]/')), '');
});
