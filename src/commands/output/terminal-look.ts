import type { Surroundings } from '../command.ts';

export interface TerminalLook {
  readonly color: boolean;
  readonly width: number;
}

/** Follows https://no-color.org, and FORCE_COLOR as chalk and Node do. */
export function terminalLook({ stdout, env }: Pick<Surroundings, 'stdout' | 'env'>): TerminalLook {
  return { color: allowsColor(stdout.isTty, env), width: stdout.isTty ? stdout.columns : 80 };
}

/** Of an output to a file; null: to standard output. */
export function lookAt(path: string | null, surroundings: Surroundings): TerminalLook {
  return path === null ? terminalLook(surroundings) : { color: false, width: 80 };
}

function allowsColor(isTty: boolean, env: Surroundings['env']): boolean {
  const forced = env['FORCE_COLOR'];
  if (forced !== undefined) return forced !== '0' && forced !== 'false';
  if (env['NO_COLOR']) return false;
  return isTty && env['TERM'] !== 'dumb';
}
