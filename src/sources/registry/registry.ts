import type { Limits } from '../../base/limits.ts';
import type { Problem } from '../../base/problem.ts';
import { openLayout } from '../image/oci-layout.ts';
import { noRemoteOptions, type RemoteOptions } from '../remote/remote-options.ts';
import type { RemoteSource } from '../remote/remote-source.ts';
import { registryClient } from './client.ts';
import { findConf } from './conf/find-conf.ts';
import { findImage, type Scheme } from './conf/find-image.ts';
import { candidatesFor, type Way } from './conf/ways.ts';
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
  async open(asked, options) {
    // A wrong name is the user's, whatever the configuration says.
    demandReference(asked);
    const remote = options.remote ?? noRemoteOptions;
    const { limits } = options;
    const { image, candidate, notices } = await findImage(
      candidatesFor(asked, await findConf(remote.env)),
      (way) => schemesFor(way, remote),
      (way, protocol, { reference }) => fetchTop(way, protocol, reference, remote, limits),
    );
    const { client, top } = image;
    const files = remoteLayout(client, top, limits);
    const { name } = candidate;
    const opened = await openLayout({ files, input: { name, selector: null }, scheme, options });
    const said = [...notices, ...client.notices].map(
      (message): Problem => ({ kind: 'notice', where: candidate.reference.registry, message }),
    );
    const targets = opened.map((target) => ({
      ...target,
      problems: [...target.problems, ...said],
    }));
    return { targets, close: async () => {} };
  },
} satisfies RemoteSource;

function schemesFor({ reference, insecure }: Way, remote: RemoteOptions): readonly Scheme[] {
  if (remote.insecureHosts.includes(reference.host)) return ['http'];
  return insecure ? ['https', 'http'] : ['https'];
}

async function fetchTop(
  { reference, insecure }: Way,
  protocol: Scheme,
  asked: Reference,
  remote: RemoteOptions,
  limits: Limits,
) {
  const { host } = reference;
  const http = createHttp({
    security: securityFor(remote, asked.host, insecure ? host : null),
    proxy: (url) => proxyFor(url, remote.env),
    isInsecure: (each) =>
      remote.insecureHosts.includes(each) || (protocol === 'http' && each === host),
    trustedHosts: remote.trustedHosts ?? [],
    patience: remote.patience,
  });
  const client = registryClient(reference, http, protocol, remote);
  const top = await client.manifest(reference.version, limits.maxDocumentSize);
  verifyTop(top, reference.version);
  return { client, top };
}
