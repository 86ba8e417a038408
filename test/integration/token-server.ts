import { createSign } from 'node:crypto';
import { createServer, type IncomingMessage, type Server } from 'node:http';

export interface TokenRequest {
  readonly method: string;
  readonly authorization: string;
  readonly body: string;
}

/** Gives out tokens that docker-registry takes (distribution's token specification), to one user. */
export function tokenServer(
  key: string,
  certificate: string,
  allowed: (request: TokenRequest) => boolean,
): Server & { readonly seen: TokenRequest[] } {
  const seen: TokenRequest[] = [];
  const server = createServer(async (request, response) => {
    const asked = {
      method: request.method ?? '',
      authorization: request.headers.authorization ?? '',
      body: await textOf(request),
    };
    seen.push(asked);
    if (!allowed(asked)) response.writeHead(401).end('{}');
    else response.end(JSON.stringify({ token: sign(key, certificate) }));
  });
  return Object.assign(server, { seen });
}

function sign(key: string, certificate: string): string {
  const der = certificate.replace(/-----[A-Z ]+-----|\s/g, '');
  const now = Math.floor(Date.now() / 1000);
  const access = [{ type: 'repository', name: 'team/app', actions: ['pull'] }];
  const claims = {
    iss: 'test',
    sub: 'user',
    aud: 'test',
    exp: now + 300,
    nbf: now - 60,
    iat: now - 60,
    jti: '1',
    access,
  };
  const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const text = `${encode({ typ: 'JWT', alg: 'RS256', x5c: [der] })}.${encode(claims)}`;
  return `${text}.${createSign('RSA-SHA256').update(text).sign(key, 'base64url')}`;
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const part of request) text += part;
  return text;
}
