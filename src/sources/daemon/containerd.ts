import { existsSync } from 'node:fs';
import { UnreadablePart, UsageError } from '../../base/errors.ts';
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
      const { digest } = await findImage(store, name, namespace);
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

async function findImage(
  store: ContainerdStore,
  name: string,
  namespace: string,
): Promise<ImageRecord> {
  for (const each of namesOf(name)) {
    const image = await store.image(each);
    if (image !== null) return image;
  }
  const [images, namespaces] = [await store.imageNames(), await store.namespaces()];
  throw new UnreadablePart(
    `containerd has no image ${name} in the namespace ${namespace}, but ${listed(images)}; its namespaces (CONTAINERD_NAMESPACE) are ${listed(namespaces)}`,
  );
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
