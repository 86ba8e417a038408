import { ArgumentError, mistakesOf, TimedOut, UsageError } from '../base/errors.ts';
import { escapeText } from '../base/escape.ts';
import { version } from '../base/version.ts';
import { wrap } from '../base/wrap.ts';
import type { Output, Surroundings } from '../commands/command.ts';
import { exitCodes } from '../policy/exit-code.ts';

/** One run of hullcheck, from arguments to exit code. Never throws: a bug is printed with its stack. */
export async function main(argv: readonly string[], surroundings: Surroundings): Promise<number> {
  try {
    if (argv.length === 1 && argv[0] === '--version') {
      await surroundings.stdout.write(`hullcheck ${version}\n`);
      return exitCodes.holds;
    }
    const { runCommandLine } = await import('./command-line.ts');
    return await runCommandLine(argv, surroundings);
  } catch (error) {
    if (error instanceof UsageError) {
      for (const mistake of mistakesOf(error))
        await surroundings.stderr.write(complaint(mistake, surroundings.stderr));
      if (error instanceof ArgumentError) await surroundings.stderr.write(`${error.usage}\n`);
      return exitCodes.usage;
    }
    if (error instanceof TimedOut) {
      await surroundings.stderr.write(`hullcheck: ${escapeText(error.message)}\n`);
      return exitCodes.undecided;
    }
    await surroundings.stderr.write(
      `hullcheck: this is a bug in hullcheck ${version}, please report it\n${stackOf(error)}\n`,
    );
    return exitCodes.bug;
  }
}

/** Wrapped at a terminal; one line elsewhere, so that tools can search it. */
function complaint(message: string, { isTty, columns }: Output): string {
  const text = `hullcheck: ${escapeText(message)}`;
  return `${isTty ? wrap(text, columns).join('\n') : text}\n`;
}

/** Escaped, because the message may quote an input. */
function stackOf(error: unknown): string {
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return stack.split('\n').map(escapeText).join('\n');
}
