import type { Surroundings } from '../command.ts';
import { commands } from '../index.ts';
import { declaredCommands } from './declared-commands.ts';
import { shells } from './shells.ts';

/** null for a shell that is not known. */
export async function completionScript(
  shell: string,
  surroundings: Surroundings,
): Promise<string | null> {
  const scriptOf = Object.hasOwn(shells, shell) ? shells[shell] : undefined;
  if (scriptOf === undefined) return null;
  const all = await Promise.all(Object.values(commands).map((load) => load()));
  return scriptOf(await declaredCommands(all, surroundings));
}
