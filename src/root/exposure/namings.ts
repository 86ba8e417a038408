import type { FoldersRun } from './folders-run.ts';
import { everything, howNamed, type Naming } from './read-by-shell.ts';

/** Characters among which is looked how texts name files. */
const mostLooked = 1 << 28;

/** How the texts of one image name files, as long as its budget lasts; then in every way. */
export class Namings {
  #looked = 0;

  of(text: string, word: string, runs: FoldersRun): Naming {
    if (/[*?]/.test(word)) return ofPattern(runs);
    this.#looked += text.length;
    return this.#looked > mostLooked ? everything : howNamed(text, word);
  }
}

/** What matches is what the text does with a variable: it lists it, runs it or reads it. */
function ofPattern({ runsVariables, readsVariables }: FoldersRun): Naming {
  return { isRead: readsVariables, isStarted: runsVariables, isArchive: false };
}

/** Of what lies in a folder of which the files are run. */
export const inFolder: Naming = { isRead: false, isStarted: true, isArchive: false };
