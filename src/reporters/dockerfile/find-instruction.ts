import { type HistoryLine, historyLine, plainWords } from './history-line.ts';
import {
  assign,
  type Dockerfile,
  expand,
  type Instruction,
  type Stage,
} from './parse-dockerfile.ts';

/** Where a file of an image comes from. */
export interface Brought {
  /** From 1 on. */
  readonly line: number;
  /**
   * `step`: this instruction brought it. `base`: it came with the image of this FROM. `guess`: nothing shows it; it is
   * the last FROM.
   */
  readonly by: 'step' | 'base' | 'guess';
}

/** A layer as its image describes it. */
export interface LayerLine {
  readonly createdBy: string | null;
  readonly isBase: boolean;
}

export interface Finder {
  /** The path of a file in the image, and the layer that has it; null: it is about the image as a whole. */
  find(path: string, layer: number | null): Brought;
  /** How many layers are by instructions of this Dockerfile: with none of them, it may be of another image. */
  readonly matched: number;
}

/** An instruction that makes a layer, as the history shows it. */
interface Step {
  readonly line: number;
  readonly keyword: string;
  /** Variables expanded, without flags. */
  readonly text: string;
  /** Of COPY and ADD: absolute. */
  readonly destination: string | null;
}

const mostStages = 100;
const mostLayers = 1000;

/**
 * The instructions that made the layers of an image: by the lines of its history, from the end on, where they are the same;
 * else by the paths that COPY and ADD write to. null for a text without a stage, which is not a Dockerfile.
 */
export function createFinder(
  { stages }: Dockerfile,
  layers: readonly LayerLine[],
  start: StartLines,
): Finder | null {
  const last = stages.at(-1);
  if (last === undefined) return null;
  const chain = chainOf(stages, last);
  const steps = chain.flatMap(stepsOf);
  // The stage whose FROM is an image.
  const [root = last] = chain;
  const byLayer = matchLayers(steps, layers);
  return {
    matched: byLayer.size,
    find(path, layer) {
      if (layer === null) return startLine(last, start);
      const step = byLayer.get(layer);
      if (step !== undefined) return { line: step.line, by: 'step' };
      if (layers[layer]?.isBase === true) return { line: root.line, by: 'base' };
      const writer = writerOf(steps, path);
      return writer === undefined
        ? { line: last.line, by: 'guess' }
        : { line: writer.line, by: 'step' };
    },
  };
}

/** Which instruction says what the image starts. */
export type StartLines = 'ENTRYPOINT' | 'CMD';

function startLine({ line, instructions }: Stage, start: StartLines): Brought {
  const found =
    instructions.findLast(({ keyword }) => keyword === start) ??
    instructions.findLast(({ keyword }) => keyword === 'ENTRYPOINT' || keyword === 'CMD');
  return found === undefined ? { line, by: 'guess' } : { line: found.line, by: 'step' };
}

/** A stage that is built on another has its instructions too, in front of its own. */
function chainOf(stages: readonly Stage[], last: Stage): readonly Stage[] {
  const chain = [last];
  for (let stage = parentOf(stages, last); stage !== null && chain.length < mostStages; ) {
    chain.unshift(stage);
    stage = parentOf(stages, stage);
  }
  return chain;
}

/** Only earlier ones count, so that no chain leads back. */
function parentOf(stages: readonly Stage[], stage: Stage): Stage | null {
  const before = stages.slice(0, stages.indexOf(stage));
  const name = stage.base.toLowerCase();
  return before.findLast((each) => each.name === name) ?? null;
}

function stepsOf({ instructions }: Stage): readonly Step[] {
  const variables = new Map<string, string>();
  let folder = '/';
  return instructions.flatMap((instruction) => {
    const { keyword, words, line } = instruction;
    if (keyword === 'ARG' || keyword === 'ENV') {
      assign(variables, words);
      const old = /^([A-Za-z_]\w*)\s+([^=]+)$/.exec(words);
      if (keyword === 'ENV' && old !== null) variables.set(old[1] ?? '', old[2] ?? '');
      return [];
    }
    const text = keyword === 'RUN' ? words : expand(words, variables);
    if (keyword === 'WORKDIR') folder = pathFrom(folder, text);
    if (!['RUN', 'COPY', 'ADD', 'WORKDIR'].includes(keyword)) return [];
    const destination = destinationOf(instruction, text, folder);
    return [{ line, keyword, text: plainWords(text), destination }];
  });
}

function destinationOf({ keyword }: Instruction, text: string, folder: string): string | null {
  if (keyword !== 'COPY' && keyword !== 'ADD') return null;
  const words = listOf(text);
  const target = words.at(-1);
  return target === undefined || words.length < 2 ? null : pathFrom(folder, target);
}

/** `["a", "b"]` is a list of words as well. */
function listOf(text: string): readonly string[] {
  return plainWords(text)
    .split(' ')
    .filter((word) => word !== '' && !word.startsWith('<<'));
}

function pathFrom(folder: string, target: string): string {
  const steps = target.startsWith('/') ? [] : folder.split('/');
  for (const step of target.split('/')) {
    if (step === '..') steps.pop();
    else if (step !== '.' && step !== '') steps.push(step);
  }
  return `/${steps.filter((step) => step !== '').join('/')}`;
}

/**
 * The last that writes to the path itself, else the last that writes to a folder above it: what is copied to a name may be a
 * folder. The root is above everything, and says least.
 */
function writerOf(steps: readonly Step[], path: string): Step | undefined {
  return (
    steps.findLast(({ destination }) => destination === path) ??
    steps.findLast(
      ({ destination }) =>
        destination !== null && destination !== '/' && path.startsWith(`${destination}/`),
    ) ??
    steps.findLast(({ destination }) => destination === '/')
  );
}

/** From the last layer on, each of the other instructions in front of it: both are in the same order. */
function matchLayers(
  steps: readonly Step[],
  layers: readonly LayerLine[],
): ReadonlyMap<number, Step> {
  const found = new Map<number, Step>();
  let end = steps.length;
  const first = Math.max(layers.length - mostLayers, 0);
  for (let at = layers.length - 1; at >= first && end > 0; at -= 1) {
    const layer = layers[at];
    if (layer === undefined || layer.isBase || layer.createdBy === null) continue;
    const line = historyLine(layer.createdBy);
    const step = steps.slice(0, end).findLastIndex((each) => isSame(each, line));
    const match = steps[step];
    if (match === undefined) continue;
    found.set(at, match);
    end = step;
  }
  return found;
}

function isSame({ keyword, text, destination }: Step, line: HistoryLine): boolean {
  if (keyword !== line.keyword) return false;
  if (text === line.text) return true;
  // Docker's own builder writes digests in the place of sources.
  const old = /^(?:file|dir|multi):\S+ in (.+)$/.exec(line.text);
  if (old !== null) return destination !== null && pathFrom('/', old[1] ?? '') === destination;
  if (keyword !== 'RUN') return false;
  // A here-document, or a history that is cut: the beginnings are the same, and long enough to mean something.
  const length = Math.min(text.length, line.text.length);
  return length >= shortestPrefix && text.slice(0, length) === line.text.slice(0, length);
}

const shortestPrefix = 24;
