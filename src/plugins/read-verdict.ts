import {
  type Evidence,
  isSeverity,
  notApplicable,
  outcomes,
  type Severity,
  unknown,
  type Verdict,
} from '../base/verdict.ts';
import { oneLine } from './plugin-host.ts';

/** What a rule may give besides its own severity. */
export interface Allowed {
  readonly severity: Severity;
  readonly otherSeverities?: readonly Severity[];
}

/** More is cut: a verdict is in every report. */
const mostEvidence = 50;

/** The verdict that a thread gave, of any shape. What is not one is `unknown` by damage: the rule decided nothing. */
export function readVerdict(given: unknown, { severity, otherSeverities = [] }: Allowed): Verdict {
  if (typeof given !== 'object' || given === null)
    return wrong(given === undefined || given === null ? 'nothing' : `a ${typeof given}`);
  const member = (name: string): unknown =>
    Object.hasOwn(given, name) ? Reflect.get(given, name) : undefined;
  const outcome = outcomes.find((each) => each === member('outcome'));
  const message = member('message');
  if (outcome === undefined || typeof message !== 'string' || message.trim() === '')
    return wrong('no outcome with a message');
  const evidence = evidenceOf(member('evidence'));
  if (evidence === null) return wrong('evidence that is not a list of { what, saw }');
  const text = oneLine(message);
  if (outcome === 'unknown') return unknown(text, evidence);
  if (outcome === 'not-applicable') return notApplicable(text, evidence);
  const weight = member('severity');
  if (outcome === 'pass' || weight === undefined) return { outcome, message: text, evidence };
  const allowed = [severity, ...otherSeverities];
  if (typeof weight !== 'string' || !isSeverity(weight) || !allowed.includes(weight))
    return wrong('a severity that it does not declare in otherSeverities');
  return { outcome, message: text, evidence, severity: weight };
}

function wrong(what: string): Verdict {
  return unknown(`it answered with ${what}, expected a verdict`, [], { undecidedBy: 'damage' });
}

function evidenceOf(given: unknown = []): readonly Evidence[] | null {
  if (!Array.isArray(given)) return null;
  const read = given.slice(0, mostEvidence).map(oneOf);
  const more = given.length - mostEvidence;
  if (!read.every((each) => each !== null)) return null;
  return more <= 0 ? read : [...read, { what: 'evidence left out', saw: String(more) }];
}

function oneOf(given: unknown): Evidence | null {
  if (typeof given !== 'object' || given === null) return null;
  const { what, saw, offset } = { what: null, saw: null, offset: null, ...given };
  if (typeof what !== 'string' || typeof saw !== 'string') return null;
  const place = typeof offset === 'bigint' && offset >= 0n ? { offset } : {};
  return { what: oneLine(what), saw: oneLine(saw), ...place };
}
