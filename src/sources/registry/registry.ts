import type { Problem } from '../../base/problem.ts';
import { openLayout } from '../image/oci-layout.ts';
import { noRemoteOptions, type RemoteOptions } from '../remote/remote-options.ts';
import type { RemoteSource } from '../remote/remote-source.ts';
import { registryClient } from './client.ts';
import { createHttp } from './http.ts';
import { proxyFor } from './proxy.ts';
import { demandReference, type Reference } from './reference.ts';
import { remoteLayout, verifyTop } from './remote-layout.ts';
import { securityFor } from './transport-security.ts';

const scheme = 'registry';

/** OCI distribution specification 1.1, section "pull". Nothing is written to the disk. */
export default {
  scheme,
  summary: 'an image in a registry: `[HOST[:PORT]/]NAME[:TAG][@DIGEST]`',
  recognised: 'nothing of this name is here, and it states a host, a tag or a digest',
  opens: 'images',
  async open(name, options) {
    const reference = demandReference(name);
    const remote = options.remote ?? noRemoteOptions;
    const { limits } = options;
    const client = connect(reference, remote);
    const top = await client.manifest(reference.version, limits.maxDocumentSize);
    verifyTop(top, reference.version);
    const files = remoteLayout(client, top, limits);
    const opened = await openLayout({ files, input: { name, selector: null }, scheme, options });
    const notices = client.notices.map(
      (message): Problem => ({ kind: 'notice', where: reference.registry, message }),
    );
    const targets = opened.map((target) => ({
      ...target,
      problems: [...target.problems, ...notices],
    }));
    return { targets, close: async () => {} };
  },
} satisfies RemoteSource;

function connect(reference: Reference, remote: RemoteOptions) {
  const isInsecure = (host: string) => remote.insecureHosts.includes(host);
  const http = createHttp({
    security: securityFor(remote, reference.host),
    proxy: (url) => proxyFor(url, remote.env),
    isInsecure,
    trustedHosts: remote.trustedHosts ?? [],
    patience: remote.patience,
  });
  return registryClient(reference, http, isInsecure(reference.host) ? 'http' : 'https', remote);
}
