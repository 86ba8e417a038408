import type { Argv } from 'yargs';
import { UsageError } from '../../base/errors.ts';
import { defaultPatience, type RemoteOptions } from '../../sources/remote/remote-options.ts';
import type { Surroundings } from '../command.ts';
import type { HelpGroup } from '../help-pages/help-groups.ts';

export function withRemoteOptions<T>(parser: Argv<T>) {
  return parser
    .option('registry-ca', {
      group: 'Registry:' satisfies HelpGroup,
      string: true,
      requiresArg: true,
      describe: 'PEM file with a certificate authority to trust for registries',
    })
    .option('registry-cert', {
      group: 'Registry:' satisfies HelpGroup,
      string: true,
      requiresArg: true,
      describe: 'PEM file with the client certificate',
    })
    .option('registry-key', {
      group: 'Registry:' satisfies HelpGroup,
      string: true,
      requiresArg: true,
      describe: 'PEM file with the client key, if it is not in the certificate file',
    })
    .option('insecure-http', {
      group: 'Registry:' satisfies HelpGroup,
      string: true,
      array: true,
      requiresArg: true,
      describe: 'HOST[:PORT] of a registry to reach over plain HTTP (repeatable)',
    })
    .option('trust-host', {
      group: 'Registry:' satisfies HelpGroup,
      string: true,
      array: true,
      requiresArg: true,
      describe: 'HOST[:PORT] in your network that a registry may lead to (repeatable)',
    });
}

export interface RemoteArguments {
  readonly registryCa: string | undefined;
  readonly registryCert: string | undefined;
  readonly registryKey: string | undefined;
  readonly insecureHttp: readonly string[] | undefined;
  readonly trustHost: readonly string[] | undefined;
}

/** Throws UsageError. */
export function readRemoteOptions(
  { registryCa, registryCert, registryKey, insecureHttp, trustHost }: RemoteArguments,
  { env }: Surroundings,
): RemoteOptions {
  const once = { registryCa, registryCert, registryKey };
  for (const [name, value] of Object.entries(once)) {
    const option = name.replace(/[A-Z]/, (letter) => `-${letter.toLowerCase()}`);
    if (Array.isArray(value)) throw new UsageError(`--${option} was given more than once`);
  }
  if (registryKey !== undefined && registryCert === undefined)
    throw new UsageError('--registry-key requires --registry-cert');
  return {
    env,
    registryCa: registryCa ?? null,
    registryCert: registryCert ?? null,
    registryKey: registryKey ?? null,
    insecureHosts: hostsOf('--insecure-http', insecureHttp),
    trustedHosts: hostsOf('--trust-host', trustHost),
    patience: defaultPatience,
  };
}

function hostsOf(option: string, hosts: readonly string[] = []): readonly string[] {
  for (const host of hosts)
    if (!/^[\w.[\]:-]+$/.test(host))
      throw new UsageError(`${option} is ${host}, expected HOST or HOST:PORT`);
  return hosts.map((host) => host.toLowerCase());
}
