// supporting: options of every command that may ask a registry
import type { Argv } from 'yargs';
import { UsageError } from '../errors.ts';
import type { RemoteOptions } from '../sources/remote-options.ts';
import type { Surroundings } from './command.ts';

export function withRemoteOptions<T>(parser: Argv<T>) {
  return parser
    .option('registry-ca', {
      string: true,
      requiresArg: true,
      describe: 'PEM file of a certificate authority that registries may use',
    })
    .option('insecure-http', {
      string: true,
      array: true,
      requiresArg: true,
      describe: 'HOST[:PORT] of a registry that is asked without TLS (repeatable)',
    });
}

export interface RemoteArguments {
  readonly registryCa: string | undefined;
  readonly insecureHttp: readonly string[] | undefined;
}

/** Throws UsageError. */
export function readRemoteOptions(
  { registryCa, insecureHttp }: RemoteArguments,
  { env }: Surroundings,
): RemoteOptions {
  if (Array.isArray(registryCa)) throw new UsageError('--registry-ca was given more than once');
  for (const host of insecureHttp ?? []) {
    if (!/^[\w.[\]:-]+$/.test(host))
      throw new UsageError(`--insecure-http is ${host}, expected HOST or HOST:PORT`);
  }
  return {
    env,
    registryCa: registryCa ?? null,
    insecureHosts: (insecureHttp ?? []).map((host) => host.toLowerCase()),
  };
}
