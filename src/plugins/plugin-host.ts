import { extname } from 'node:path';
import {
  MessageChannel,
  type MessagePort,
  receiveMessageOnPort,
  Worker,
} from 'node:worker_threads';
import { amount } from '../base/amount.ts';
import { printableName } from '../base/text.ts';
import type { Answer, Loaded, Question, ThreadData } from './plugin-thread.ts';

export interface PluginSource {
  /** For messages and stacks: of the file. */
  readonly url: string;
  /** Of the module. */
  readonly text: string;
}

/** How long a plug-in may take, in seconds. */
export interface Patience {
  readonly load: number;
  readonly answer: number;
}

export const patience: Patience = { load: 30, answer: 10 };

/** Answers that a rule may owe before it is not asked any more. */
const mostOwed = 3;

/** Why there is no verdict. `limit`: it took too long. */
export interface NoAnswer {
  readonly because: string;
  readonly by: 'damage' | 'limit';
}

/**
 * Asks the rules of one plug-in, in a thread of its own: what it does to its own objects, its memory and its process reaches nothing here. It is waited for,
 * as for a function, so that rules of plug-ins are judged as all others are. A thread that does not answer is ended, and a new one is started.
 */
export class PluginHost {
  readonly #source: PluginSource;
  readonly #patience: Patience;
  #thread: Thread | null = null;
  readonly #owed = new Map<number, number>();

  constructor(source: PluginSource, times: Patience = patience) {
    this.#source = source;
    this.#patience = times;
  }

  /** The rules as data, in the order in which they are asked. */
  load(): Promise<Loaded> {
    const { worker } = this.#started();
    return new Promise((resolve) => {
      const settle = (loaded: Loaded) => {
        clearTimeout(timer);
        resolve(loaded);
      };
      const { load } = this.#patience;
      const timer = setTimeout(() => {
        this.close();
        settle({ because: `it does not load within ${amount(load, 'second')}` });
      }, load * 1000);
      worker.once('message', settle);
      worker.once('error', (error) => settle({ because: oneLine(error.message) }));
      worker.once('exit', () => settle({ because: 'its thread ended while it was loaded' }));
    });
  }

  /** What `check` returned, whatever that is. */
  ask(rule: number, facts: Question['facts']): { readonly verdict: unknown } | NoAnswer {
    const owed = this.#owed.get(rule) ?? 0;
    if (owed >= mostOwed)
      return {
        because: `it did not answer ${amount(mostOwed, 'time')}, and is not asked any more`,
        by: 'limit',
      };
    const isNew = this.#thread === null;
    const { port, answered } = this.#started();
    Atomics.store(answered, 0, 0);
    port.postMessage({ rule, facts });
    const { load, answer } = this.#patience;
    const seconds = isNew ? load + answer : answer;
    if (Atomics.wait(answered, 0, 0, seconds * 1000) === 'timed-out') {
      this.close();
      this.#owed.set(rule, owed + 1);
      return {
        because: `it does not answer within ${amount(answer, 'second')}, or ran out of memory`,
        by: 'limit',
      };
    }
    const given: Answer | undefined = receiveMessageOnPort(port)?.message;
    if (given === undefined) return { because: 'its answer is lost', by: 'damage' };
    if ('verdict' in given) return given;
    const because = 'threw' in given ? `it threw ${oneLine(given.threw)}` : given.because;
    return { because, by: 'damage' };
  }

  /** Ends the thread; another question starts a new one. */
  close(): void {
    this.#thread?.port.close();
    void this.#thread?.worker.terminate();
    this.#thread = null;
  }

  #started(): Thread {
    this.#thread ??= startThread(this.#source);
    return this.#thread;
  }
}

interface Thread extends Pick<ThreadData, 'port' | 'answered'> {
  readonly worker: Worker;
}

/** MiB of heap. */
const heap = 256;

function startThread({ url, text }: PluginSource): Thread {
  const { port1: port, port2: theirs } = new MessageChannel();
  const answered = new Int32Array(new SharedArrayBuffer(4));
  const workerData: ThreadData = { url, source: text, port: theirs, answered };
  const worker = new Worker(threadUrl, {
    workerData,
    transferList: [theirs as MessagePort],
    resourceLimits: { maxOldGenerationSizeMb: heap, maxYoungGenerationSizeMb: 32 },
    // What it prints would lie between the lines of a report.
    stdout: true,
    stderr: true,
    execArgv: [],
    env: {},
  });
  // Its death shows where it does not answer.
  worker.on('error', () => {});
  worker.unref();
  port.unref();
  return { worker, port, answered };
}

const threadUrl = new URL(`./plugin-thread${extname(import.meta.url)}`, import.meta.url);

/** Of what a plug-in says: without control characters, and not longer than a line of a report should be. */
export function oneLine(text: string): string {
  return shortened(printableName(text.slice(0, 2 * mostText)));
}

const mostText = 400;

function shortened(text: string): string {
  return text.length <= mostText ? text : `${text.slice(0, mostText)}…`;
}
