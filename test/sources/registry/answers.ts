import type { ServerResponse } from 'node:http';
import type { Asked } from '../../support/scripted-registry.ts';
import type { Hosts } from './scripted-pull.ts';

/** What a server does instead of what a sound one answers. */
export type Answer = (response: ServerResponse, asked: Asked, hosts: Hosts) => unknown;

/** Enough for a machine that is busy to see that nothing comes, and far less than a sound answer may take. */
export const impatient = { document: 700 };
export const impatientLayer = { layer: 700, bytesPerSecond: 1e12 };

export const status =
  (code: number, headers: Record<string, string> = {}): Answer =>
  (response) =>
    response.writeHead(code, headers).end();
export const body =
  (bytes: string | Buffer, headers: Record<string, string> = {}): Answer =>
  (response) =>
    response.writeHead(200, headers).end(bytes);
/** Bytes on the wire as they are, and the connection left open. */
export const raw =
  (text: string, ends = false): Answer =>
  (response) => {
    response.socket?.write(text);
    if (ends) response.socket?.end();
  };
export const to =
  (location: (hosts: Hosts, asked: Asked) => string, code = 307): Answer =>
  (response, asked, hosts) =>
    response.writeHead(code, { location: location(hosts, asked) }).end();
/** A piece now and then, without end. */
export const drip =
  (piece: string, begin: (response: ServerResponse) => void): Answer =>
  (response) => {
    begin(response);
    const timer = setInterval(() => response.socket?.write(piece), 20);
    response.on('close', () => clearInterval(timer));
  };
export const flood =
  (piece: Buffer): Answer =>
  (response) => {
    response.writeHead(200);
    const more = () => {
      while (!response.destroyed && response.write(piece));
    };
    response.on('drain', more);
    more();
  };

export const head = 'HTTP/1.1 200 OK\r\n';
export const drops = drip(' ', (response) =>
  response.socket?.write(`${head}content-length: 9999999\r\n\r\n`),
);
export const noEnd = /is given up after \d+ s of waiting: the server is too slow$/;
