import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { program } from '../support/program.ts';
import { repositoryRoot } from '../support/repository.ts';
import { ownForms, pushOwnForms } from './registry-forms.ts';
import { type RegistryServer, run, startRegistry } from './registry-server.ts';
import { tokenServer } from './token-server.ts';

/**
 * One image in every form in which skopeo and podman push it, and in those that Debian's versions of them cannot make, in Debian's
 * registry. What is found in each, over each road, is what is found in the local archive.
 */
const folder = mkdtempSync(join(tmpdir(), 'forms-'));
const archive = join(repositoryRoot, 'samples/images/alpine-app.docker.tar');
const repository = 'team/app';
const secret = 'pa:ss-word';
const servers: RegistryServer[] = [];
const helpers: Server[] = [];
let plain = '';
let want = '';

/** Tags; what runtimes take of each is the image. */
const skopeoForms: Readonly<Record<string, readonly string[]>> = {
  'schema-2': ['--format', 'v2s2'],
  'schema-2-level-9': ['--format', 'v2s2', '--dest-compress-level', '9'],
  oci: ['--format', 'oci'],
  'oci-zstd': ['--format', 'oci', '--dest-compress-format', 'zstd'],
  'oci-zstd-level-19': [
    '--format',
    'oci',
    '--dest-compress-format',
    'zstd',
    '--dest-compress-level',
    '19',
  ],
  'oci-chunked': ['--format', 'oci', '--dest-compress-format', 'zstd:chunked'],
};
const podmanForms: Readonly<Record<string, readonly string[]>> = {
  'podman-schema-2': ['--format', 'v2s2'],
  'podman-oci': ['--format', 'oci'],
  'podman-zstd': ['--format', 'oci', '--compression-format', 'zstd'],
  'podman-chunked': ['--format', 'oci', '--compression-format', 'zstd:chunked'],
};
const forms = [
  ...Object.keys(skopeoForms),
  ...Object.keys(podmanForms),
  ...['podman-list', 'skopeo-list'],
  ...ownForms,
];

before(async () => {
  const subject = ['-subj', '/CN=server', '-addext', 'subjectAltName=IP:127.0.0.1'];
  const files = ['-keyout', 'key.pem', '-out', 'cert.pem', '-days', '2'];
  run('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', ...files, ...subject], folder);
  run('openssl', ['rsa', '-in', 'key.pem', '-pubout', '-out', 'public.pem'], folder);
  writeFileSync(join(folder, 'htpasswd'), run('htpasswd', ['-niB', 'user'], folder, secret));
  plain = await start('plain');
  for (const [form, words] of Object.entries(skopeoForms)) skopeo(words, form);
  skopeo(['--format', 'oci', '--encryption-key', 'jwe:public.pem'], 'encrypted');
  pushByPodman();
  await pushOwnForms(`http://${plain}/v2/${repository}`);
  const source = [
    `docker://${plain}/${repository}:podman-list`,
    `docker://${plain}/${repository}:skopeo-list`,
  ];
  run('skopeo', ['copy', '-q', '--all', ...insecure, ...source], folder);
  const alone = await hullcheck([archive]);
  want = findings(alone.targets[0]);
  assert.ok(want.length > 10_000);
});

after(() => {
  for (const server of servers) server.stop();
  for (const server of helpers) server.close().closeAllConnections();
  rmSync(folder, { recursive: true, force: true });
});

async function start(name: string, extra = '', tls = ''): Promise<string> {
  const server = await startRegistry(folder, name, () => extra, tls);
  servers.push(server);
  return server.host;
}

const insecure = ['--src-tls-verify=false', '--dest-tls-verify=false'];

function skopeo(words: readonly string[], tag: string): void {
  const to = `docker://${plain}/${repository}:${tag}`;
  run(
    'skopeo',
    ['copy', '-q', '--dest-tls-verify=false', ...words, `docker-archive:${archive}`, to],
    folder,
  );
}

function pushByPodman(): void {
  const storage = ['--root', join(folder, 'root'), '--runroot', join(folder, 'r')];
  const podman = (...words: readonly string[]) =>
    run('podman', [...storage, '--storage-driver', 'vfs', ...words], folder);
  podman('load', '-q', '-i', archive);
  const image = podman('images', '-q').trim();
  const to = (tag: string) => `docker://${plain}/${repository}:${tag}`;
  for (const [form, words] of Object.entries(podmanForms))
    podman('push', '-q', '--tls-verify=false', ...words, image, to(form));
  podman('manifest', 'create', 'several', `containers-storage:${image}`);
  podman('manifest', 'push', '--all', '--tls-verify=false', 'several', to('podman-list'));
}

interface Binary {
  readonly same?: readonly [target: number, binary: number];
}

interface ScannedTarget {
  readonly name: string;
  readonly platform: unknown;
  readonly config: { readonly labels: Readonly<Record<string, string>> };
  readonly os: unknown;
  readonly binaries: readonly Binary[];
  readonly problems: readonly { readonly kind: string; readonly message: string }[];
}

function hullcheck(argv: readonly string[], env: Readonly<Record<string, string>> = {}) {
  return new Promise<{ status: number | null; targets: readonly ScannedTarget[]; stderr: string }>(
    (resolve) => {
      const home = {
        PATH: process.env['PATH'],
        HOME: join(folder, 'nobody'),
        TMPDIR: '/nonexistent',
      };
      const words = [program, '-o', 'json', '-q', '--no-cache', ...argv];
      const child = spawn(process.execPath, words, { cwd: folder, env: { ...home, ...env } });
      const parts: Buffer[] = [];
      let stderr = '';
      child.stdout.on('data', (part) => parts.push(part));
      child.stderr.on('data', (part) => {
        stderr += part;
      });
      child.on('close', (status) => {
        const text = Buffer.concat(parts).toString();
        assert.notEqual(text, '', stderr);
        resolve({ status, targets: unfolded(JSON.parse(text).targets), stderr });
      });
    },
  );
}

/** A binary that an earlier target has as well is named by its place there. */
function unfolded(targets: readonly ScannedTarget[]): readonly ScannedTarget[] {
  const whole = ({ same, ...binary }: Binary): object =>
    same === undefined ? binary : { ...targets[same[0]]?.binaries[same[1]], ...binary };
  return targets.map((target) => ({ ...target, binaries: target.binaries.map(whole) }));
}

/** Notices name what was left out, which differs by the form, and Go writes labels in the order of their names. */
function findings(target: ScannedTarget | undefined): string {
  assert.ok(target);
  const { platform, config, os, binaries, problems } = target;
  const labels = Object.entries(config.labels).sort(([a], [b]) => (a < b ? -1 : 1));
  const incomplete = problems.filter(({ kind }) => kind !== 'notice');
  return JSON.stringify([platform, { ...config, labels }, os, binaries, incomplete]);
}

/** With what is around it. */
function firstDifference(seen: string, wanted: string): string {
  let at = 0;
  while (at < seen.length && seen[at] === wanted[at]) at += 1;
  return [seen, wanted]
    .map((text) => text.slice(Math.max(0, at - 200), at + 200))
    .join(' instead of ');
}

/** All forms in one run. */
async function sameEverywhere(
  host: string,
  words: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<void> {
  const names = forms.map((form) => `${host}/${repository}:${form}`);
  const { targets } = await hullcheck([...names, ...words], env);
  for (const [at, name] of names.entries()) {
    const found = targets.filter((target) => target.name === name);
    assert.ok(found.length > 0, name);
    for (const target of found)
      assert.ok(
        findings(target) === want,
        `${forms[at]}: ${firstDifference(findings(target), want)}`,
      );
  }
}

function login(host: string): Readonly<Record<string, string>> {
  const path = join(folder, `auth-${host.replace(':', '-')}.json`);
  const auth = Buffer.from(`user:${secret}`).toString('base64');
  writeFileSync(path, JSON.stringify({ auths: { [host]: { auth } } }));
  return { REGISTRY_AUTH_FILE: path };
}

test(`${forms.length} forms of an image are the archive, without TLS`, async () => {
  await sameEverywhere(plain, ['--insecure-http', plain]);
});

test('and over TLS', async () => {
  const tls = `, tls: {certificate: ${join(folder, 'cert.pem')}, key: ${join(folder, 'key.pem')}}`;
  await sameEverywhere(await start('tls', '', tls), ['--registry-ca', 'cert.pem']);
});

test('and with a password', async () => {
  const htpasswd = `auth: {htpasswd: {realm: test, path: ${join(folder, 'htpasswd')}}}`;
  const host = await start('htpasswd', htpasswd);
  await sameEverywhere(host, ['--insecure-http', host], login(host));
});

test('and with a token', async () => {
  const [key, certificate] = ['key.pem', 'cert.pem'].map((name) =>
    readFileSync(join(folder, name), 'utf8'),
  );
  const tokens = tokenServer(key ?? '', certificate ?? '', ({ authorization }) =>
    authorization.startsWith('Basic '),
  );
  helpers.push(tokens);
  await new Promise<void>((resolve) => tokens.listen(0, '127.0.0.1', resolve));
  // A TCP server's address is an object.
  const realm = `127.0.0.1:${(tokens.address() as AddressInfo).port}`;
  const host = await start(
    'token',
    `auth: {token: {realm: "http://${realm}/token", service: test, issuer: test, rootcertbundle: ${join(folder, 'cert.pem')}}}`,
  );
  await sameEverywhere(host, ['--insecure-http', host, '--insecure-http', realm], login(host));
});

test('what is left out of an index is named, and what is not an image is called what it is', async () => {
  const words = ['inspect', '--tls-verify=false', '--format', '{{.Digest}}'];
  const digest = run('skopeo', [...words, `docker://${plain}/${repository}:oci`], folder).trim();
  const signature = `${digest.replace(':', '-')}.sig`;
  const said = async (tag: string) => {
    const { status, targets } = await hullcheck([
      ...[`${plain}/${repository}:${tag}`, '--insecure-http', plain],
    ]);
    const messages = targets.flatMap(({ problems }) => problems.map(({ message }) => message));
    return `${status} ${messages.join('\n')}`;
  };
  assert.match(await said('encrypted'), /^3 [\s\S]*the layer sha256:\w+ is encrypted/);
  assert.match(
    await said(signature),
    /^3 .* is not an image: its layers are of type application\/vnd\.dev\.cosign\./,
  );
  assert.match(await said('referred'), /not an image, and left out: sha256:\w+ \(an SBOM\)/);
});
