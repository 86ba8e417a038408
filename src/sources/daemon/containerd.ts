import { existsSync } from 'node:fs';
import { UnreadablePart, UsageError } from '../../base/errors.ts';
import type { Limits } from '../../base/limits.ts';
import { digestPattern } from '../bytes/digest.ts';
import { openLayout } from '../image/oci-layout.ts';
import { parseReference } from '../registry/reference.ts';
import { remoteLayout, verifyTop } from '../registry/remote-layout.ts';
import { noRemoteOptions, type RemoteOptions } from '../remote/remote-options.ts';
import type { RemoteSource } from '../remote/remote-source.ts';
import { type ContainerdStore, containerdStore, type ImageRecord } from './containerd-store.ts';
import { grpcOver } from './grpc.ts';

const scheme = 'containerd';

/** Blobs are read where they lie, one layer as well as another: nothing is exported, and nothing kept on the disk. */
export default {
  scheme,
  summary: 'an image in containerd, by name',
  recognised: null,
  opens: 'images',
  async open(name, options) {
    const { env } = options.remote ?? noRemoteOptions;
    const namespace = env['CONTAINERD_NAMESPACE'] || 'default';
    const grpc = grpcOver(findSocket(env), { 'containerd-namespace': namespace });
    try {
      const store = containerdStore(grpc);
      const digest = await findDigest(store, name, namespace, options.limits);
      const top = await store.manifest(digest, options.limits.maxDocumentSize);
      verifyTop(top, digest);
      const files = remoteLayout(store, top, options.limits);
      const targets = await openLayout({ files, input: { name, selector: null }, scheme, options });
      return { targets, close: async () => grpc.close() };
    } catch (error) {
      grpc.close();
      throw error;
    }
  },
} satisfies RemoteSource;

const usualSockets = ['/run/containerd/containerd.sock', '/run/k3s/containerd/containerd.sock'];

function findSocket(env: RemoteOptions['env']): string {
  const named = env['CONTAINERD_ADDRESS'];
  if (named) return named.replace(/^unix:\/\//, '');
  const found = usualSockets.find((path) => existsSync(path));
  if (found !== undefined) return found;
  throw new UsageError(
    `there is no containerd here: CONTAINERD_ADDRESS is not set, and none of these sockets exists: ${usualSockets.join(', ')}`,
  );
}

/** Of a name of containerd's; else of `NAME@DIGEST` what an image of that name, whatever its tag, is or lists. */
async function findDigest(
  store: ContainerdStore,
  name: string,
  namespace: string,
  limits: Limits,
): Promise<string> {
  const image = await findImage(store, name);
  if (image !== null) return image.digest;
  const [, plain = '', digest = ''] = byDigest.exec(name) ?? [];
  const images = await store.images();
  if (digest !== '')
    for (const each of called(plain, images, await findImage(store, plain)))
      if (each.digest === digest || (await lists(store, each, digest, limits))) return digest;
  const names = listed(images.map((each) => each.name));
  throw new UnreadablePart(
    `containerd has no image ${name} in the namespace ${namespace}, but ${names}; its namespaces (CONTAINERD_NAMESPACE) are ${listed(await store.namespaces())}`,
  );
}

const byDigest = new RegExp(`^(.*?)@?(${digestPattern})$`);

async function findImage(store: ContainerdStore, name: string): Promise<ImageRecord | null> {
  for (const each of name === '' ? [] : namesOf(name)) {
    const image = await store.image(each);
    if (image !== null) return image;
  }
  return null;
}

/** Of a bare digest all images; of a name without a tag those with any. */
function called(
  name: string,
  images: readonly ImageRecord[],
  exact: ImageRecord | null,
): readonly ImageRecord[] {
  if (exact !== null) return [exact];
  const reference = parseReference(name);
  const start = reference === null ? name : `${reference.registry}/${reference.repository}`;
  if (name === '') return images;
  return images.filter(
    (each) => /^[:@]/.test(each.name.slice(start.length)) && each.name.startsWith(start),
  );
}

/** Whether its index has a manifest of this digest. */
async function lists(
  store: ContainerdStore,
  { digest: top }: ImageRecord,
  digest: string,
  { maxDocumentSize }: Limits,
): Promise<boolean> {
  const { bytes } = await store.manifest(top, maxDocumentSize);
  return bytes.includes(`"${digest}"`);
}

/** As given, and with the parts that Docker leaves out: containerd keeps names whole. */
function namesOf(name: string): readonly string[] {
  const reference = parseReference(name);
  if (reference === null) return [name];
  const { registry, repository, version } = reference;
  return [name, `${registry}/${repository}${version.includes(':') ? '@' : ':'}${version}`];
}

const mostListed = 20;

function listed(names: readonly string[]): string {
  if (names.length === 0) return 'none';
  const more = names.length > mostListed ? ` and ${names.length - mostListed} more` : '';
  return [...names].sort().slice(0, mostListed).join(', ') + more;
}
