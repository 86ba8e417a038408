import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { DamagedInput, UsageError } from '../../src/base/errors.ts';
import { defaultLimits } from '../../src/base/limits.ts';
import { openTarget } from '../../src/sources/input/find-source.ts';
import { noRemoteOptions } from '../../src/sources/remote/remote-options.ts';
import { layerOf, layoutBuilder, sha256 } from '../sources/image-builder.ts';
import { freePort, type RegistryServer, run, startRegistry } from './registry-server.ts';

/**
 * What podman and skopeo take by a registries.conf, from registries on loopback: hullcheck must take the same image, or fail where they
 * do. Each registry has its own `team/app:v1`, so that its digest shows where it came from.
 */
const folder = mkdtempSync(join(tmpdir(), 'conf-'));
const servers: RegistryServer[] = [];
/** Names of the registries in the table, and what each is in it. */
const hosts: Record<string, string> = {};
const digests: Record<string, string> = {};

before(async () => {
  for (const name of ['main', 'other']) {
    mkdirSync(join(folder, name));
    await serve(name, join(folder, name));
    await push(name, ['team/app', 'nested/team/app', 'library/app'], name);
    await push(name, ['same/app'], 'same');
  }
  await push('other', ['team/only-here'], 'only-here');
  const subject = ['-subj', '/CN=test', '-addext', 'subjectAltName=IP:127.0.0.1'];
  const files = ['-keyout', 'key.pem', '-out', 'cert.pem', '-days', '2'];
  run('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', ...files, ...subject], folder);
  const tls = `, tls: {certificate: ${join(folder, 'cert.pem')}, key: ${join(folder, 'key.pem')}}`;
  await serve('secure', join(folder, 'main'), tls);
  hosts['nobody'] = `127.0.0.1:${await freePort()}`;
});

after(() => {
  for (const server of servers) server.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function serve(name: string, storage: string, tls = ''): Promise<void> {
  const server = await startRegistry(storage, name, undefined, tls);
  servers.push(server);
  hosts[name] = server.host;
}

async function push(name: string, repositories: readonly string[], content: string): Promise<void> {
  const layout = layoutBuilder();
  const image = layout.image(
    { layers: [await layerOf(content)] },
    { annotations: { 'org.opencontainers.image.ref.name': 'v1' } },
  );
  const place = join(folder, `layout-${content}`);
  for (const [file, bytes] of layout.index(image)) {
    mkdirSync(dirname(join(place, file)), { recursive: true });
    writeFileSync(join(place, file), bytes);
  }
  for (const repository of repositories) {
    const to = `docker://${hosts[name]}/${repository}:v1`;
    run('skopeo', ['copy', '-q', '--dest-tls-verify=false', `oci:${place}:v1`, to], folder);
  }
  digests[content] = image.digest;
}

/** `@main` is the address of that registry. */
const filled = (text: string) => text.replace(/@([a-z]+)/g, (all, name) => hosts[name] ?? all);

const insecure = (...names: readonly string[]) =>
  names.map((name) => `[[registry]]\nlocation = "@${name}"\ninsecure = true\n`).join('');

interface Case {
  readonly name: string;
  /** podman where short names are resolved, since skopeo takes them for names of the hub. */
  readonly tool: 'skopeo' | 'podman';
  readonly conf: string;
  readonly dropIn?: string;
  readonly reference: string;
  /** Whose image it is; null: none. */
  readonly want: string | null;
  /** What hullcheck says: a notice, or the error. */
  readonly says?: RegExp;
}

const cases: readonly Case[] = [
  {
    name: 'a registry without TLS',
    tool: 'skopeo',
    conf: insecure('main'),
    reference: '@main/team/app:v1',
    want: 'main',
    says: /^fetched from \S+\/team\/app without TLS, as registries\.conf says$/,
  },
  {
    name: 'which nothing allows',
    tool: 'skopeo',
    conf: insecure('other'),
    reference: '@main/team/app:v1',
    want: null,
    says: /does not speak TLS/,
  },
  {
    name: 'a certificate of nobody',
    tool: 'skopeo',
    conf: insecure('secure'),
    reference: '@secure/team/app:v1',
    want: 'main',
    says: /^fetched from \S+ without a check of its certificate, as registries\.conf says$/,
  },
  {
    name: 'a certificate of nobody that nothing allows',
    tool: 'skopeo',
    conf: insecure('main'),
    reference: '@secure/team/app:v1',
    want: null,
    says: /signed by itself/,
  },
  {
    name: 'a mirror before the registry',
    tool: 'skopeo',
    conf: `${insecure('main')}[[registry.mirror]]\nlocation = "@other"\ninsecure = true`,
    reference: '@main/team/app:v1',
    want: 'other',
    says: /^fetched from the mirror \S+\/team\/app without TLS, as registries\.conf says$/,
  },
  {
    name: 'a mirror that has no such image',
    tool: 'skopeo',
    conf: `${insecure('other')}[[registry.mirror]]\nlocation = "@main"\ninsecure = true`,
    reference: '@other/team/only-here:v1',
    want: 'only-here',
    says: /^the mirror \S+\/team\/only-here was passed over: .*there is no such image \(404\)$/,
  },
  {
    name: 'a mirror that is not there',
    tool: 'skopeo',
    conf: `${insecure('main')}[[registry.mirror]]\nlocation = "@nobody"\ninsecure = true`,
    reference: '@main/team/app:v1',
    want: 'main',
    says: /^the mirror \S+ was passed over: .*connection refused$/,
  },
  {
    name: 'a mirror without TLS that may not be so',
    tool: 'skopeo',
    conf: `${insecure('main')}[[registry.mirror]]\nlocation = "@other"`,
    reference: '@main/team/app:v1',
    want: 'main',
    says: /was passed over: .*does not speak TLS/,
  },
  {
    name: 'mirrors for digests alone, with a tag',
    tool: 'skopeo',
    conf: `${insecure('main')}mirror-by-digest-only = true\n[[registry.mirror]]\nlocation = "@other"\ninsecure = true`,
    reference: '@main/team/app:v1',
    want: 'main',
  },
  {
    name: 'and with a digest',
    tool: 'skopeo',
    conf: `${insecure('nobody')}mirror-by-digest-only = true\n[[registry.mirror]]\nlocation = "@other"\ninsecure = true`,
    reference: '@nobody/same/app@SAME',
    want: 'same',
    says: /^fetched from the mirror/,
  },
  {
    name: 'a namespace that lies elsewhere',
    tool: 'skopeo',
    conf: '[[registry]]\nprefix = "r.example/x"\nlocation = "@other/nested"\ninsecure = true',
    reference: 'r.example/x/team/app:v1',
    want: 'other',
    says: /^fetched from 127\.0\.0\.1:\d+\/nested\/team\/app without TLS, as registries\.conf says$/,
  },
  {
    name: 'the longest prefix',
    tool: 'skopeo',
    conf: `${insecure('main')}[[registry]]\nprefix = "@main/team"\nlocation = "@other/team"\ninsecure = true`,
    reference: '@main/team/app:v1',
    want: 'other',
  },
  {
    name: 'a wildcard with a mirror',
    tool: 'skopeo',
    conf: '[[registry]]\nprefix = "*.invalid"\n[[registry.mirror]]\nlocation = "@other"\ninsecure = true',
    reference: 'a.b.invalid/team/app:v1',
    want: 'other',
  },
  {
    name: 'the official images of the hub',
    tool: 'skopeo',
    conf: '[[registry]]\nprefix = "docker.io"\nlocation = "@other"\ninsecure = true',
    reference: 'app:v1',
    want: 'other',
  },
  {
    name: 'a registry that is blocked',
    tool: 'skopeo',
    conf: '[[registry]]\nlocation = "@main"\ninsecure = true\nblocked = true',
    reference: '@main/team/app:v1',
    want: null,
    says: /^UnreadablePart: .*\/team\/app is blocked in registries\.conf$/,
  },
  {
    name: 'one that is blocked, by its mirror',
    tool: 'skopeo',
    conf: '[[registry]]\nlocation = "@main"\nblocked = true\n[[registry.mirror]]\nlocation = "@other"\ninsecure = true',
    reference: '@main/team/app:v1',
    want: 'other',
  },
  {
    name: 'another file that replaces a table',
    tool: 'skopeo',
    conf: '[[registry]]\nlocation = "@main"\nblocked = true',
    dropIn: insecure('main'),
    reference: '@main/team/app:v1',
    want: 'main',
  },
  {
    name: 'a file that is not TOML',
    tool: 'skopeo',
    conf: '[[registry',
    reference: '@main/team/app:v1',
    want: null,
    says: /^UsageError: .*registries\.conf:1: it is not TOML/,
  },
  {
    name: 'an alias',
    tool: 'podman',
    conf: `${insecure('other')}[aliases]\n"some/app" = "@other/team/app"`,
    reference: 'some/app:v1',
    want: 'other',
    says: /^some\/app is an alias in registries\.conf: 127\.0\.0\.1:\d+\/team\/app:v1$/,
  },
  {
    name: 'the registries of a list, of which the first has no such image',
    tool: 'podman',
    conf: `unqualified-search-registries = ["@main", "@other"]\n${insecure('main', 'other')}`,
    reference: 'team/only-here:v1',
    want: 'only-here',
    says: /^team\/only-here is a short name, and registries\.conf says in which registries it is looked for: 127/,
  },
  {
    name: 'the first of a list that has it',
    tool: 'podman',
    conf: `unqualified-search-registries = ["@main", "@other"]\n${insecure('main', 'other')}`,
    reference: 'team/app:v1',
    want: 'main',
  },
  {
    name: 'a list where someone must choose',
    tool: 'podman',
    conf: `unqualified-search-registries = ["@main", "@other"]\nshort-name-mode = "enforcing"\n${insecure('main', 'other')}`,
    reference: 'team/app:v1',
    want: null,
    says: /^UsageError: team\/app:v1 is a short name, and short-name-mode in .* is enforcing: choose registry:127/,
  },
];

function home(number: number, { conf, dropIn }: Case): string {
  const path = join(folder, `home-${number}`);
  const containers = join(path, '.config/containers');
  mkdirSync(join(containers, 'registries.conf.d'), { recursive: true });
  writeFileSync(join(containers, 'registries.conf'), filled(conf));
  writeFileSync(join(containers, 'policy.json'), '{"default":[{"type":"insecureAcceptAnything"}]}');
  if (dropIn !== undefined)
    writeFileSync(join(containers, 'registries.conf.d/10.conf'), filled(dropIn));
  return path;
}

/** The digest of the image that the tool takes; null: it takes none. */
function taken({ tool }: Case, reference: string, HOME: string): string | null {
  const env = [`HOME=${HOME}`, `XDG_RUNTIME_DIR=${HOME}`];
  const storage = ['--root', join(folder, 'root'), '--runroot', join(folder, 'r')];
  const podman = ['podman', ...storage, '--storage-driver', 'vfs'];
  // Without --raw it also asks the registry itself for its tags.
  const inspect = ['skopeo', 'inspect', '--raw', `docker://${reference}`];
  const attempt = (command: readonly string[]) => {
    try {
      return run('env', [...env, ...command], folder);
    } catch (error) {
      assert.doesNotMatch(String(error), /No such file or directory|cannot be run/);
      return null;
    }
  };
  if (tool === 'skopeo') {
    const manifest = attempt(inspect);
    return manifest === null ? null : sha256(manifest);
  }
  const id = attempt([...podman, 'pull', '-q', reference])?.trim();
  if (id === undefined) return null;
  const digest = attempt([...podman, 'image', 'inspect', '--format', '{{.Digest}}', id])?.trim();
  attempt([...podman, 'rmi', '-af']);
  return digest ?? null;
}

async function looked(reference: string, HOME: string) {
  const remote = { ...noRemoteOptions, env: { HOME, PATH: process.env['PATH'] } };
  try {
    const options = { platform: null, limits: defaultLimits, remote };
    const { targets, close } = await openTarget(`registry:${reference}`, options);
    await close();
    const [target] = targets;
    return {
      digest: target?.digest ?? null,
      said: target?.problems.map(({ message }) => message) ?? [],
    };
  } catch (error) {
    assert.ok(error instanceof DamagedInput || error instanceof UsageError, String(error));
    assert.doesNotMatch(error.message, /[\r\n]/, 'one sentence');
    return { digest: null, said: [`${error.name}: ${error.message}`] };
  }
}

for (const [number, each] of cases.entries())
  test(`${each.name}: as ${each.tool} takes it`, async () => {
    const HOME = home(number, each);
    const reference = filled(each.reference).replace('SAME', digests['same'] ?? '');
    const want = each.want === null ? null : digests[each.want];
    assert.notEqual(want, undefined);
    assert.equal(taken(each, reference, HOME), want, `${each.tool} takes another one`);
    const { digest, said } = await looked(reference, HOME);
    assert.equal(digest, want, said.join('\n'));
    if (each.says !== undefined)
      assert.ok(
        said.some((text) => each.says?.test(text)),
        said.join('\n'),
      );
    else if (want !== null)
      assert.ok(said.every((text) => /fetched|is an alias|short name/.test(text)));
  });

test('a registry of the list that does not answer is not passed over, though podman does: the next may have another image', async () => {
  const conf = `unqualified-search-registries = ["@nobody", "@other"]\n${insecure('nobody', 'other')}`;
  const each: Case = { name: '', tool: 'podman', conf, reference: '', want: null };
  const HOME = home(cases.length, each);
  assert.equal(taken(each, 'team/app:v1', HOME), digests['other']);
  const { digest, said } = await looked('team/app:v1', HOME);
  assert.equal(digest, null);
  assert.match(
    said.join(),
    /^UnreadablePart: 127\.0\.0\.1:\d+ cannot be reached: connection refused$/,
  );
});

test('a short name gets the name of what was taken: settings for images look at it', async () => {
  const each: Case = {
    ...{ name: '', tool: 'podman', reference: '', want: null },
    conf: `${insecure('other')}[aliases]\n"some/app" = "@other/team/app"`,
  };
  const remote = { ...noRemoteOptions, env: { HOME: home(cases.length + 1, each) } };
  const options = { platform: null, limits: defaultLimits, remote };
  const { targets } = await openTarget('registry:some/app:v1', options);
  assert.deepEqual(
    targets.map(({ name }) => name),
    [`${hosts['other']}/team/app:v1`],
  );
});
