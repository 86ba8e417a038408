/** One instruction of a Dockerfile, as far as it takes to find what brought a file. */
export interface Instruction {
  /** In upper case: `COPY`. */
  readonly keyword: string;
  /** Everything behind the keyword and its flags, on one line, as it stands: variables are not expanded. */
  readonly words: string;
  /** From 1 on: where the instruction begins. */
  readonly line: number;
}

export interface Stage {
  /** Of its FROM. */
  readonly line: number;
  /** An image, or the name of another stage, with variables expanded as far as ARG and ENV define them. */
  readonly base: string;
  /** In lower case; null without AS. */
  readonly name: string | null;
  /** Without FROM. */
  readonly instructions: readonly Instruction[];
}

export interface Dockerfile {
  /** In order; the last one is the image, unless the build names a target. */
  readonly stages: readonly Stage[];
}

/** A Dockerfile beyond this is not one that a person wrote. */
export const mostBytes = 1024 * 1024;
const mostInstructions = 10_000;
const longestLine = 64 * 1024;

/** Reads what BuildKit and buildah read. A text that is not a Dockerfile has no stage; nothing is thrown. */
export function parseDockerfile(text: string): Dockerfile {
  const stages: Stage[] = [];
  const global = new Map<string, string>();
  let instructions: Instruction[] = [];
  let count = 0;
  for (const instruction of instructionsOf(text)) {
    count += 1;
    if (count > mostInstructions) break;
    const { keyword, words, line } = instruction;
    if (keyword === 'FROM') {
      const [image = '', as = '', name = ''] = words.split(/\s+/);
      instructions = [];
      const base = expand(image, global);
      const named = /^as$/i.test(as) && name !== '' ? name.toLowerCase() : null;
      stages.push({ line, base, name: named, instructions });
    } else if (stages.length === 0) {
      if (keyword === 'ARG') assign(global, words);
    } else instructions.push(instruction);
  }
  return { stages };
}

/** Takes up continued lines and passes over comments and the text of here-documents. */
function* instructionsOf(text: string): Generator<Instruction> {
  const lines = text.replace(/^\ufeff/, '').split(/\r?\n/);
  const continuation = escapeOf(lines);
  let at = 0;
  while (at < lines.length) {
    const begin = at;
    const taken = logicalLine(lines, at, continuation);
    at = taken.next;
    const match = /^\s*([A-Za-z]+)(?:\s+(.*))?$/s.exec(taken.text);
    if (match === null) continue;
    const keyword = (match[1] ?? '').toUpperCase();
    const rest = withoutFlags(match[2] ?? '');
    if (keyword === 'RUN' || keyword === 'COPY' || keyword === 'ADD')
      at = behindHereDocuments(lines, at, rest);
    yield { keyword, words: rest.trim(), line: begin + 1 };
  }
}

/** Comments at the top set the character that continues lines: `# escape=\`` is for Windows. */
function escapeOf(lines: readonly string[]): string {
  for (const line of lines) {
    const directive = /^\s*#\s*([a-zA-Z]+)\s*=\s*(\S+)\s*$/.exec(line.slice(0, 200));
    if (directive === null) return '\\';
    if (directive[1]?.toLowerCase() === 'escape' && (directive[2] === '`' || directive[2] === '\\'))
      return directive[2];
  }
  return '\\';
}

/** Comments and empty lines between continued lines are left out, as builders do. */
function logicalLine(
  lines: readonly string[],
  from: number,
  continuation: string,
): { readonly text: string; readonly next: number } {
  const parts: string[] = [];
  let size = 0;
  let at = from;
  for (; at < lines.length; at += 1) {
    const line = lines[at] ?? '';
    const isBetween = parts.length > 0;
    if (/^\s*#/.test(line)) {
      if (isBetween) continue;
      return { text: '', next: at + 1 };
    }
    if (isBetween && line.trim() === '') continue;
    const trimmed = line.trimEnd();
    const continues = trimmed.endsWith(continuation);
    const part = continues ? trimmed.slice(0, -1) : line;
    size += part.length;
    if (size <= longestLine) parts.push(part);
    if (!continues) return { text: parts.join(' '), next: at + 1 };
  }
  return { text: parts.join(' '), next: at };
}

/** `--from=build --chown=1:1 /a /b` */
function withoutFlags(words: string): string {
  return words.trimStart().replace(/^(?:--[a-z-]+(?:=\S*)?(?:\s+|$))+/, '');
}

/** `RUN <<EOF`: each ends at a line that is its word. One without an end takes the rest, as for the builder. */
function behindHereDocuments(lines: readonly string[], from: number, words: string): number {
  let at = from;
  for (const [, , word] of words.matchAll(/<<-?(["']?)([A-Za-z_][\w.-]*)\1/g)) {
    while (at < lines.length && (lines[at] ?? '').trim() !== word) at += 1;
    at += 1;
  }
  return Math.min(at, lines.length);
}

/** `NAME=value` of ARG and ENV; without a value it is for the builder to give. */
export function assign(variables: Map<string, string>, words: string): void {
  for (const [, name = '', double, single, plain] of words.matchAll(
    /(?<!\w)([A-Za-z_]\w*)=(?:"([^"]*)"|'([^']*)'|(\S*))/g,
  ))
    variables.set(name, expand(double ?? single ?? plain ?? '', variables));
}

const longestValue = 4096;

/** `$NAME`, `${NAME}` and `${NAME:-default}`; what is not known stays as it stands. */
export function expand(text: string, variables: ReadonlyMap<string, string>): string {
  return text
    .slice(0, longestValue)
    .replace(
      /\$(?:\{([A-Za-z_]\w*)(?::?-([^}]*))?\}|([A-Za-z_]\w*))/g,
      (whole, braced, otherwise, plain) => variables.get(braced ?? plain) ?? otherwise ?? whole,
    )
    .slice(0, longestValue);
}
