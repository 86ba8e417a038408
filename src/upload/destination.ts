import { UsageError } from '../base/errors.ts';

/** Where alerts go, and of which commit they are. */
export interface Destination {
  /** Without a slash at the end: `https://api.github.com`. */
  readonly apiUrl: string;
  /** `OWNER/REPO` */
  readonly repository: string;
  /** `refs/heads/main` */
  readonly ref: string;
  /** 40 hexadecimal digits. */
  readonly sha: string;
  readonly token: string;
}

export interface DestinationOptions {
  readonly repo: string | undefined;
  readonly ref: string | undefined;
  readonly sha: string | undefined;
  readonly apiUrl: string | undefined;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** What the options leave out comes from the variables of GitHub Actions. Throws UsageError; none of its messages has the token. */
export function readDestination(options: DestinationOptions, env: Environment): Destination {
  return {
    repository: checked('--repo', options.repo ?? env['GITHUB_REPOSITORY'], {
      pattern: /^[\w.-]+\/[\w.-]+$/,
      expected: 'OWNER/REPO',
      variable: 'GITHUB_REPOSITORY',
    }),
    ref: checked('--ref', options.ref ?? env['GITHUB_REF'], {
      pattern: /^refs\/(?:heads|tags)\/[^\s~^:?*[\\]+$|^refs\/pull\/\d+\/(?:head|merge)$/,
      expected: 'a full name such as refs/heads/main or refs/pull/7/merge',
      variable: 'GITHUB_REF',
    }),
    sha: checked('--sha', options.sha ?? env['GITHUB_SHA'], {
      pattern: /^[0-9a-fA-F]{40}$/,
      expected: 'a commit of 40 hexadecimal digits',
      variable: 'GITHUB_SHA',
    }),
    apiUrl: readApiUrl(options.apiUrl ?? (env['GITHUB_API_URL'] || 'https://api.github.com')),
    token: readToken(env),
  };
}

interface Expectation {
  readonly pattern: RegExp;
  readonly expected: string;
  readonly variable: string;
}

function checked(
  option: string,
  value: string | undefined,
  { pattern, expected, variable }: Expectation,
): string {
  if (value === undefined || value === '')
    throw new UsageError(`${option} is missing, and ${variable} is not set: give ${expected}`);
  if (!pattern.test(value)) throw new UsageError(`${option} is ${value}, expected ${expected}`);
  return value;
}

/** The token goes to this address: never in the clear but to the machine itself. */
function readApiUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : null;
  const here = url !== null && ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname);
  if (url === null || !(url.protocol === 'https:' || (url.protocol === 'http:' && here)))
    throw new UsageError(`--api-url is ${text}, expected https://HOST/api/v3`);
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '')
    throw new UsageError('--api-url has more than scheme, host and path');
  return url.href.replace(/\/+$/, '');
}

function readToken(env: Environment): string {
  const token = env['GITHUB_TOKEN'] || env['GH_TOKEN'] || '';
  if (token === '')
    throw new UsageError(
      'there is no token: set GITHUB_TOKEN or GH_TOKEN to one that may write security events',
    );
  // fetch would name the value in its error.
  if (!/^[\x21-\x7e]+$/.test(token))
    throw new UsageError('the token in GITHUB_TOKEN or GH_TOKEN has characters that no token has');
  return token;
}
