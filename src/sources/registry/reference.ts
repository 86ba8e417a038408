import { UsageError } from '../../base/errors.ts';
import { digestPattern } from '../bytes/digest.ts';

/** An image in a registry, with Docker's defaults filled in. */
export interface Reference {
  /** Host and port to ask: `registry-1.docker.io`. */
  readonly host: string;
  /** The name that credentials are kept under: `docker.io`. */
  readonly registry: string;
  /** `library/alpine`. */
  readonly repository: string;
  /** The digest when there is one, since it says more; else the tag. */
  readonly version: string;
}

const component = '[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*';
const grammar = new RegExp(
  `^(?<name>${component}(?:/${component})*)(?::(?<tag>\\w[\\w.-]{0,127}))?(?:@(?<digest>${digestPattern}))?$`,
);
const hostGrammar = /^(?:localhost|[a-z0-9-]+(?:\.[a-z0-9-]+)*|\[[0-9a-f:]+\])(?::\d{1,5})?$/i;
const longestName = 255;

/** As distribution's reference grammar has it; null when the text is none. */
export function parseReference(text: string): Reference | null {
  const first = firstPart(text);
  const isHost = isHostName(first);
  // A name that ends in a number is an address of IPv4 to a URL: a folder `svc-1.0` is not a host.
  if (isHost && !(hostGrammar.test(first) && URL.canParse(`https://${first}/`))) return null;
  const parts = grammar.exec(isHost ? text.slice(first.length + 1) : text)?.groups;
  const name = parts?.['name'];
  if (name === undefined || name.length > longestName) return null;
  const registry = isHost ? familiarHost(first.toLowerCase()) : dockerHub;
  const official = registry === dockerHub && !name.includes('/');
  return {
    host: registry === dockerHub ? 'registry-1.docker.io' : registry,
    registry,
    repository: official ? `library/${name}` : name,
    version: parts?.['digest'] ?? parts?.['tag'] ?? 'latest',
  };
}

/** Whether a name states no registry. */
export function isShortName(text: string): boolean {
  return !isHostName(firstPart(text));
}

function isHostName(first: string): boolean {
  return /[.:]/.test(first) || first === 'localhost';
}

function firstPart(text: string): string {
  return text.slice(0, Math.max(0, text.indexOf('/')));
}

/** Throws UsageError. */
export function demandReference(text: string): Reference {
  const reference = parseReference(text);
  if (reference !== null) return reference;
  throw new UsageError(
    `${text} is not a reference of an image, expected [HOST[:PORT]/]NAME[:TAG][@DIGEST] in lower case`,
  );
}

const dockerHub = 'docker.io';
const hubHosts: ReadonlySet<string> = new Set([
  'index.docker.io',
  'registry-1.docker.io',
  'registry.hub.docker.com',
]);

function familiarHost(host: string): string {
  // The port of HTTPS says nothing.
  const named = host.replace(/:0*443$/, '');
  return hubHosts.has(named) ? dockerHub : named;
}
