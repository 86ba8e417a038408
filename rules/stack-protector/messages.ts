import { count, type Evidence, type KnownFacts } from '../../src/judge/rule.ts';

/** What the rule says of a verdict, and what it shows for it. */
export type Languages = KnownFacts<'language'>['language'];
export type StackProtector = KnownFacts<'stackProtector'>['stackProtector'];

export function unprotectedCMessage(coverage: StackProtector['coverage']): string {
  const needing = coverage?.needing ?? 0;
  return needing > 1
    ? `none of ${count(needing, 'function')} of C next to code of another language that should check a stack canary does`
    : 'no function of C checks a stack canary, though one fills an array in its frame, next to code of another language';
}

export function evidenceOf(stackProtector: StackProtector): Evidence[] {
  const { imports, code, coverage } = stackProtector;
  const evidence: Evidence[] = imports.map((saw) => ({ what: 'undefined symbol', saw }));
  const { onSecondStack } = stackProtector;
  if (onSecondStack !== undefined) {
    const { count: functions, first: offset } = onSecondStack;
    const what = 'functions that move __safestack_unsafe_stack_ptr';
    return [...evidence, { what, saw: String(functions), offset }];
  }
  if (code === null) return evidence;
  const { instructions, firstAt } = code.whole;
  const canaries = { what: 'canary instructions', saw: String(instructions) };
  const at = firstAt ?? code.codeAt;
  evidence.push(at === null ? canaries : { ...canaries, offset: BigInt(at) });
  const { looseAddresses } = code.whole;
  if (looseAddresses > 0 && !stackProtector.ofC) {
    const saw = String(looseAddresses);
    evidence.push({ what: 'stack addresses that no unwind entry describes', saw });
  }
  if (coverage === null) return evidence;
  if (coverage.needingProtected === 0 && coverage.protected > 0) {
    const saw = `${coverage.protected} of ${coverage.functions}`;
    return [...evidence, { what: 'functions with a canary', saw }];
  }
  const saw = `${coverage.needingProtected} of ${coverage.needing}`;
  const what = stackProtector.ofC
    ? 'functions of C that take a stack address, with a canary'
    : 'functions that take a stack address, with a canary';
  return [...evidence, { what, saw }];
}

const likeness = {
  all: ', as with -fstack-protector-all',
  strong: ', as with -fstack-protector-strong',
  plain: ', as with plain -fstack-protector',
  little: '',
};

export function protectedMessage(stackProtector: StackProtector): string {
  const { coverage, level } = stackProtector;
  if (coverage === null || coverage.protected === 0) {
    return usesMessage(stackProtector);
  }
  if (level === 'little' || coverage.needingProtected === 0) {
    return `${usesMessage(stackProtector)}, in ${coverage.protected} of ${count(coverage.functions, 'function')}`;
  }
  return `${shareOf(coverage)}${level === null ? '' : likeness[level]}`;
}

function usesMessage({ imports, code }: StackProtector): string {
  const [name = count(code?.whole.instructions ?? 0, 'canary instruction')] = imports;
  return `the code uses ${name}`;
}

/** `132 of 141 functions that should check a stack canary do` */
function shareOf({ needing, needingProtected }: NonNullable<StackProtector['coverage']>): string {
  const verb = needing === 1 ? 'does' : 'do';
  return `${needingProtected} of ${count(needing, 'function')} that should check a stack canary ${verb}`;
}

export function partialMessage({ coverage, code, imports, ofC }: StackProtector): string {
  const although = imports.length > 0 ? `although the file imports ${imports[0]}, ` : '';
  const loose = ofC ? 0 : (code?.whole.looseAddresses ?? 0);
  if (loose > 3 * (coverage?.needing ?? 0)) {
    return `${although}only ${count(code?.whole.instructions ?? 0, 'canary instruction')} stand next to ${count(loose, 'instruction')} that take the address of something on the stack`;
  }
  if (coverage !== null && coverage.needing > 0) return `${although}only ${shareOf(coverage)}`;
  return `${although}its ${(code?.size ?? 0) >> 10} KiB of code hold only ${count(code?.whole.instructions ?? 0, 'canary instruction')}`;
}

export function onlyLibcMessage(coverage: StackProtector['coverage']): string {
  const needing = coverage?.needing ?? 0;
  // Without unwind information they are not counted.
  const own =
    needing > 0
      ? `none of the ${count(needing, 'function')} of the program that should check a canary does`
      : 'no function of the program checks a canary, and some take the address of a buffer on the stack';
  return `${own}; the canaries in the file are those of its C library`;
}

export function mixedMessage({ coverage, code }: StackProtector, language: Languages): string {
  const seen =
    coverage !== null && coverage.needing > 0
      ? `only ${shareOf(coverage)}`
      : `${(code?.size ?? 0) >> 10} KiB of code hold only ${count(code?.whole.instructions ?? 0, 'canary instruction')}`;
  return `${seen}, and how much of the rest is ${runtimesOf(language)} code, which needs none, is not known`;
}

export function runtimeMessage(language: Languages): string {
  return `${runtimesOf(language)} code keeps buffers in bounds by its own checks, so its compiler adds no canaries, and no C code that needs one was found next to it`;
}

/** What shows that the code is that of another language. */
export function evidenceOfRuntime(language: Languages): Evidence[] {
  return language
    .filter(({ hardenedBy }) => hardenedBy === 'runtime')
    .flatMap(({ evidence }) => evidence);
}

export function runtimesOf(language: Languages): string {
  return language
    .filter(({ hardenedBy }) => hardenedBy !== 'flags')
    .map(({ name }) => name)
    .join(' and ');
}
