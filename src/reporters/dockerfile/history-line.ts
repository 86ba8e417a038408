/** An instruction as the history of an image has it. */
export interface HistoryLine {
  readonly keyword: string;
  readonly text: string;
}

/** BuildKit: `RUN /bin/sh -c make # buildkit`, `COPY a /b # buildkit`. Docker: `/bin/sh -c #(nop) COPY file:… in /b`. */
export function historyLine(createdBy: string): HistoryLine {
  const bare = createdBy
    .slice(0, longestLine)
    .replace(/\s+/g, ' ')
    .trim()
    .replace(/ # buildkit$/, '')
    .replace(/^\/bin\/sh -c #\(nop\)\s+/, '')
    .trim();
  const known = /^(COPY|ADD|WORKDIR|RUN)\s+(.*)$/s.exec(bare);
  if (known !== null) return { keyword: known[1] ?? '', text: commandOf(known[2] ?? '') };
  return { keyword: 'RUN', text: commandOf(bare) };
}

const longestLine = 64 * 1024;

/** Without arguments of the build, flags and the shell around a command. */
function commandOf(text: string): string {
  return plainWords(
    text
      .replace(/^\|\d+ (?:[A-Za-z_]\w*=\S* )*/, '')
      .replace(/^(?:--[a-z-]+(?:=\S*)?\s+)+/, '')
      .replace(/^\/bin\/(?:ba)?sh\s+(?:-o pipefail\s+)?-[a-z]*c\s+/, ''),
  );
}

/** A list in JSON is words with blanks between them. */
export function plainWords(text: string): string {
  const one = text.replace(/\s+/g, ' ').trim();
  const inner = /^\[(.*)\]$/.exec(one)?.[1];
  if (inner === undefined) return one;
  return inner
    .trim()
    .replace(/" ?, ?"/g, ' ')
    .replace(/^"|"$/g, '');
}
