/** How registries and daemons are reached. Without any: as a user without an account, over TLS that the system trusts. */
export interface RemoteOptions {
  /** Where credentials and sockets are looked for: DOCKER_CONFIG, REGISTRY_AUTH_FILE, DOCKER_HOST ... */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** PEM file of certificates that are trusted besides the system's; null: none. */
  readonly registryCa: string | null;
  /** PEM file of the certificate that hullcheck shows to the registry; null: none but those of `certs.d`. */
  readonly registryCert: string | null;
  /** PEM file of its key; null: it is in the file of the certificate. */
  readonly registryKey: string | null;
  /** `HOST[:PORT]` of registries that are asked without TLS. */
  readonly insecureHosts: readonly string[];
  /** `HOST[:PORT]` inside a network that registries may lead to. */
  readonly trustedHosts?: readonly string[];
  /** How long registries may take. */
  readonly patience: Patience;
}

/** Times in milliseconds. */
export interface Patience {
  /** Between two signs of life. */
  readonly idle: number;
  /** Waiting for one document, over all tries, redirects and tokens. */
  readonly document: number;
  /** Waiting for a layer of which nothing comes. */
  readonly layer: number;
  /** Bytes of a layer that buy another second of waiting for it. */
  readonly bytesPerSecond: number;
  /** The first of the pauses before another try. */
  readonly pause: number;
}

export const defaultPatience: Patience = {
  idle: 60_000,
  document: 120_000,
  layer: 120_000,
  bytesPerSecond: 32 * 1024,
  pause: 1000,
};

export const noRemoteOptions: RemoteOptions = {
  env: {},
  registryCa: null,
  registryCert: null,
  registryKey: null,
  insecureHosts: [],
  patience: defaultPatience,
};
