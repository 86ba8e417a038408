/**
 * The thread of one plug-in: its code runs here and nowhere else. It is given the text of the plug-in, so that what runs is what was
 * hashed, and answers one question at a time.
 */
import * as modules from 'node:module';
import { type MessagePort, parentPort, workerData } from 'node:worker_threads';

/** What the thread is started with. */
export interface ThreadData {
  readonly url: string;
  readonly source: string;
  readonly port: MessagePort;
  /** 1: the answer is there. */
  readonly answered: Int32Array;
}

export interface Question {
  /** Position in the list of rules. */
  readonly rule: number;
  readonly facts: Readonly<Record<string, unknown>>;
}

/** `threw`: what was thrown. `because`: why there is no verdict otherwise. */
export type Answer =
  | { readonly verdict: unknown }
  | { readonly threw: string }
  | { readonly because: string };

/** Rules without their functions, or why there are none. */
export type Loaded = { readonly rules: readonly unknown[] } | { readonly because: string };

const { url, source, port, answered }: ThreadData = workerData;
const contract = new URL(
  `./rule${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`,
  import.meta.url,
);
let checks: ((facts: unknown) => unknown)[] = [];

/** Nothing that a plug-in leaves behind ends the thread before it has answered. */
const refuseExit = () => {
  throw new Error('process.exit was called');
};
Object.assign(process, { exit: refuseExit, reallyExit: refuseExit });
process.on('uncaughtException', () => {});
process.on('unhandledRejection', () => {});

const loading = load();
port.on('message', async (question: Question) => {
  await loading;
  const answer = answerTo(question);
  try {
    port.postMessage(answer);
  } catch {
    port.postMessage({ because: 'its answer is not plain data' });
  }
  Atomics.store(answered, 0, 1);
  Atomics.notify(answered, 0);
});
loading.then((loaded) => parentPort?.postMessage(loaded));

async function load(): Promise<Loaded> {
  try {
    hook();
    const plugin: { readonly default?: unknown } = await import(url);
    if (plugin.default === undefined) return { because: 'it has no default export' };
    const rules = Array.isArray(plugin.default) ? [...plugin.default] : [plugin.default];
    const functions = rules.map((rule) => checkOf(rule));
    const data = structuredClone(rules.map(withoutFunctions));
    checks = functions;
    return { rules: data };
  } catch (error) {
    return { because: textOf(error) };
  }
}

function checkOf(rule: unknown): (facts: unknown) => unknown {
  if (typeof rule !== 'object' || rule === null) throw new TypeError('a rule is not an object');
  const check: unknown = Reflect.get(rule, 'check');
  if (typeof check !== 'function') throw new TypeError('a rule has no function check');
  return (facts) => Reflect.apply(check, rule, [facts]);
}

function withoutFunctions(rule: object): object {
  return Object.fromEntries(
    Object.entries(rule).filter(([, value]) => typeof value !== 'function'),
  );
}

function answerTo({ rule, facts }: Question): Answer {
  try {
    const check = checks[rule];
    if (check === undefined) return { because: 'the plug-in did not load again' };
    const verdict = check(facts);
    return verdict instanceof Promise
      ? { because: 'it answered with a promise, expected a verdict' }
      : { verdict };
  } catch (error) {
    return { threw: textOf(error) };
  }
}

function textOf(error: unknown): string {
  try {
    return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  } catch {
    return 'something that has no text';
  }
}

/** A plug-in is one file: it imports the contract of rules and modules of Node. */
function hook(): void {
  const data = { contract: contract.href, url, source };
  const registerHooks: unknown = Reflect.get(modules, 'registerHooks');
  if (typeof registerHooks === 'function') {
    const { resolve, load: loadSource } = hooksOf(data);
    Reflect.apply(registerHooks, modules, [{ resolve, load: loadSource }]);
    return;
  }
  // Older versions of Node have hooks in a thread of their own, which is given their text.
  const text = `${hooksOf}
let hooks;
export function initialize(data) { hooks = hooksOf(data); }
export const resolve = (...given) => hooks.resolve(...given);
export const load = (...given) => hooks.load(...given);`;
  modules.register(`data:text/javascript,${encodeURIComponent(text)}`, { data });
}

type Next = (name: string, context: object) => unknown;

function hooksOf(data: { contract: string; url: string; source: string }) {
  return {
    resolve(name: string, context: { parentURL?: string }, next: Next) {
      if (name === data.url) return { url: data.url, format: 'module', shortCircuit: true };
      if (context.parentURL !== data.url) return next(name, context);
      if (name === 'hullcheck/rule') return { url: data.contract, shortCircuit: true };
      if (name.startsWith('node:')) return next(name, context);
      throw new Error(
        `it imports ${name}: a plug-in is one file, which imports hullcheck/rule and node: modules; join it with what else it needs`,
      );
    },
    load(name: string, context: object, next: Next) {
      return name === data.url
        ? { format: 'module', source: data.source, shortCircuit: true }
        : next(name, context);
    },
  };
}
