import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { configOf, json, layerOf, mediaTypes, sha256 } from '../sources/image-builder.ts';

/** One request as a host saw it, with its body read. */
export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
  /** How often this path was requested before. */
  readonly attempt: number;
}

/** Answers, or returns false: the answer of a sound registry is given. */
export type Script = (asked: Asked, response: ServerResponse) => boolean | undefined;

export interface ScriptedHost {
  /** `127.0.0.1:PORT`. */
  readonly address: string;
  /** Everything that was sent to it, request by request. */
  readonly log: string[];
  script: Script;
  close(): void;
}

export interface ScriptedImage {
  readonly manifest: Buffer;
  readonly config: Buffer;
  readonly layer: Buffer;
  readonly digests: { readonly manifest: string; readonly config: string; readonly layer: string };
}

/** An image of one layer that no compression makes small, so that it comes in more than one piece. */
export async function scriptedImage(): Promise<ScriptedImage> {
  const tar = await layerOf(
    ...Array.from({ length: 60 }, (_, at) => `file-${at}-${sha256(`${at}`)}`),
  );
  const layer = gzipSync(tar);
  const config = configOf({ layers: [tar] });
  const manifest = json({
    schemaVersion: 2,
    mediaType: mediaTypes.manifest,
    config: { mediaType: mediaTypes.config, digest: sha256(config), size: config.length },
    layers: [{ mediaType: mediaTypes.layer, digest: sha256(layer), size: layer.length }],
  });
  const digests = { manifest: sha256(manifest), config: sha256(config), layer: sha256(layer) };
  return { manifest, config, layer, digests };
}

/** A host on loopback that answers by its script; the others of a test are other origins by their ports. */
export async function scriptedHost(image: ScriptedImage): Promise<ScriptedHost> {
  const attempts = new Map<string, number>();
  const log: string[] = [];
  const server: Server = createServer(async (request, response) => {
    let body = '';
    request.setEncoding('utf8');
    for await (const part of request) body += part;
    const path = request.url ?? '';
    const attempt = attempts.get(path) ?? 0;
    attempts.set(path, attempt + 1);
    const method = request.method ?? '';
    log.push([method, path, ...request.rawHeaders, body].join('\n'));
    const asked: Asked = { method, path, headers: request.headers, body, attempt };
    if (host.script(asked, response) !== true) sound(image, asked, response);
  });
  server.on('clientError', (_, socket) => socket.destroy());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  // A TCP server's address is an object.
  const address = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const host: ScriptedHost = {
    address,
    log,
    script: () => false,
    close: () => server.close().closeAllConnections(),
  };
  return host;
}

/** What a registry that keeps to the specification answers. */
export function sound(
  image: ScriptedImage,
  { path, headers }: Asked,
  response: ServerResponse,
): void {
  const { manifest, config, layer, digests } = image;
  if (/\/manifests\/(?:v1|sha256:.*)$/.test(path)) {
    response.writeHead(200, { 'content-type': mediaTypes.manifest }).end(manifest);
    return;
  }
  const blob = path.endsWith(digests.config) ? config : path.endsWith(digests.layer) ? layer : null;
  if (blob === null) {
    response.writeHead(404).end();
    return;
  }
  const from = Number(/^bytes=(\d+)-$/.exec(headers.range ?? '')?.[1] ?? 0);
  response.writeHead(from > 0 ? 206 : 200, { 'content-length': blob.length - from });
  response.end(blob.subarray(from));
}
