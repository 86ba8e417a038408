import {
  type Evidence,
  isOlder,
  type KnownFacts,
  listed,
  type ProcessorLevel,
  pageAnswer,
  pageSizes as pageNames,
  processorLevels,
  type RequiredSystem,
  sizesText,
} from '../../src/judge/rule.ts';

type Asked = KnownFacts<
  | 'requiredSystem'
  | 'systemNeeds'
  | 'processorCode'
  | 'pageSizes'
  | 'libc'
  | 'machine'
  | 'kind'
  | 'placement'
>;
type Need = NonNullable<Asked['systemNeeds']['glibc']>;

/** Of one part of the system. */
export interface Answer {
  readonly outcome: 'pass' | 'fail' | 'unknown';
  readonly says: string;
  readonly evidence: readonly Evidence[];
}

/** One for each part that the policy names and that concerns the file. */
export function answersOf(facts: Asked): readonly Answer[] {
  const system = facts.requiredSystem ?? {};
  return [
    ofLibc(facts, system),
    ofVersion('libstdc++', facts.systemNeeds.libstdcxx, system.libstdcxx),
    ofKernel(facts, system),
    ofProcessor(facts, system),
    ofPage(facts, system),
  ].filter((answer) => answer !== null);
}

function ofLibc({ libc, systemNeeds }: Asked, system: RequiredSystem): Answer | null {
  if (system.glibc === undefined && system.musl === undefined) return null;
  const { name, how, evidence } = libc;
  const isLinked = how === 'asked' && name !== 'none';
  if (isLinked && name === 'unknown')
    return { outcome: 'unknown', says: 'it is not known which C library it needs', evidence };
  if (isLinked && (name === 'glibc' || name === 'musl') && system[name] !== undefined)
    return name === 'glibc'
      ? ofVersion('glibc', systemNeeds.glibc, system.glibc)
      : ofMusl(systemNeeds.musl, system.musl ?? '');
  if (isLinked) {
    const has = system.glibc === undefined ? 'musl' : 'glibc';
    const says = `it is linked with ${name}, and the system that is named has ${has}`;
    return { outcome: 'fail', says, evidence };
  }
  const { opens } = systemNeeds;
  if (opens !== null && system.glibc !== undefined) {
    const says = `it brings its own glibc, which opens libraries of the same release where it looks for users or hosts (${opens})`;
    return { outcome: 'unknown', says, evidence: [{ what: 'constant', saw: opens }] };
  }
  return ofEither(
    ofVersion('glibc', systemNeeds.glibc, system.glibc),
    ofVersion('musl', systemNeeds.musl, system.musl),
  );
}

/** A file that names no C library is loaded by either. */
function ofEither(one: Answer | null, other: Answer | null): Answer | null {
  if (one === null || other === null) return one ?? other;
  if (one.outcome === other.outcome) return one;
  const says = 'it names no C library, and one of the two that are named can load it';
  return { outcome: 'unknown', says, evidence: [...one.evidence, ...other.evidence] };
}

function ofVersion(
  of: 'glibc' | 'musl' | 'libstdc++' | 'Linux',
  need: Need | null,
  has: string | undefined,
): Answer | null {
  if (has === undefined) return null;
  if (need === null)
    return { outcome: 'pass', says: `nothing in it requires a version of ${of}`, evidence: [] };
  const evidence = [{ what: `${of} ${need.version}`, saw: need.by }];
  const { updatedSince, refused } = need;
  if (refused !== undefined)
    return { outcome: 'fail', says: `no release of ${of} starts it: ${refused}`, evidence };
  if (updatedSince !== undefined && isOlder(has, need.version) && !isOlder(has, updatedSince)) {
    const says = `it needs ${of} ${need.version}, or a later update of ${has} than its release (${need.by})`;
    return { outcome: 'unknown', says, evidence };
  }
  return isOlder(has, need.version)
    ? { outcome: 'fail', says: `it needs ${of} ${need.version}, newer than ${has}`, evidence }
    : { outcome: 'pass', says: `${of} ${need.version} is enough`, evidence };
}

function ofMusl(need: Need | null, has: string): Answer {
  const evidence = need === null ? [] : [{ what: `musl ${need.version}`, saw: need.by }];
  if (need !== null && isOlder(has, need.version)) {
    const says = `it needs musl ${need.version}, newer than ${has}`;
    return need.orByOther === undefined
      ? { outcome: 'fail', says, evidence }
      : { outcome: 'unknown', says: `${says}, unless ${need.orByOther} has ${need.by}`, evidence };
  }
  const says = 'symbols of musl have no versions, which would show the oldest that has all of them';
  return { outcome: 'unknown', says, evidence };
}

function ofKernel({ systemNeeds, kind }: Asked, { kernel }: RequiredSystem): Answer | null {
  const isStatic = kind.kind === 'static-executable' || kind.kind === 'static-pie';
  if (kernel !== undefined && isStatic && systemNeeds.kernel === null)
    return { outcome: 'unknown', says: 'no note says which kernels it runs on', evidence: [] };
  return ofVersion('Linux', systemNeeds.kernel, kernel);
}

function ofProcessor(facts: Asked, { cpu }: RequiredSystem): Answer | null {
  const { machine, systemNeeds, processorCode: code } = facts;
  if (cpu === undefined || (machine.name !== 'x86-64' && machine.name !== 'x32')) return null;
  const { processor: note } = systemNeeds;
  const folder = folderLevel(facts);
  const isAbove = folder !== null && rankOf(folder) > rankOf(cpu);
  const level = isAbove ? folder : cpu;
  const where = isAbove ? [{ what: 'folder', saw: `glibc-hwcaps/${folder}` }] : [];
  const noted = note === null ? [] : [{ what: 'processor', saw: `${note.version}, ${note.by}` }];
  const evidence = [...where, ...noted];
  if (note !== null && rankOf(note.version) > rankOf(level))
    return { outcome: 'fail', says: `it needs ${note.version}, more than ${level}`, evidence };
  if (code === null) return { outcome: 'unknown', says: 'its code is not looked at', evidence };
  const answer = ofCode(code, level);
  const says = isAbove ? `${answer.says}, and glibc takes it on no less` : answer.says;
  return { ...answer, says, evidence: [...evidence, ...answer.evidence] };
}

/** glibc takes a library from a folder for a level where the processor has that level, and otherwise another one of its name. */
function folderLevel({ placement, kind }: Asked): ProcessorLevel | null {
  if (placement.where !== 'root' || kind.kind !== 'shared-library') return null;
  return placement.forProcessors ?? null;
}

type Code = NonNullable<Asked['processorCode']>;
const levels: readonly string[] = processorLevels;

/** What no level has is beyond all of them. */
function rankOf(level: string): number {
  const rank = levels.indexOf(level);
  return rank === -1 ? levels.length : rank;
}

function ofCode(
  { instructions, certain, vectors, choosesBy, evidence }: Code,
  cpu: string,
): Answer {
  const more = (level: string) => rankOf(level) > rankOf(cpu);
  const needs = (level: string) => `it needs ${level === 'none' ? 'more than any level' : level}`;
  if (certain !== null && more(certain.level)) {
    const saw = { what: 'certain', saw: certain.because };
    const says = `${needs(certain.level)}, more than ${cpu}: ${certain.because}`;
    return { outcome: 'fail', says, evidence: [saw, ...evidence] };
  }
  const beyond = instructions.filter(({ level }) => more(level));
  const [first] = beyond;
  if (first === undefined) {
    const says = `none of its instructions needs more than ${cpu}`;
    return { outcome: 'pass', says, evidence: [] };
  }
  const seen = `it has instructions of ${listed(beyond.map(nameOf))}`;
  if (choosesBy !== null) {
    const says = `${seen}, and may choose at run time whether they are executed (${choosesBy})`;
    return { outcome: 'unknown', says, evidence };
  }
  if (vectors === 'AVX throughout' && more('x86-64-v3')) {
    const says = `it needs x86-64-v3, more than ${cpu}: all of its code for vectors is for AVX, and nothing in it asks the processor`;
    return { outcome: 'fail', says, evidence };
  }
  return {
    outcome: 'unknown',
    says: `${seen}, and whether they are executed is not seen`,
    evidence,
  };
}

function nameOf({ level, feature }: Code['instructions'][number]): string {
  return level === 'none' ? `no level (${feature})` : `${level} (${feature})`;
}

/** On kernels with pages up to that size, where those of the machine have several. */
function ofPage({ pageSizes }: Asked, { page }: RequiredSystem): Answer | null {
  if (page === undefined || pageSizes.sizes.length < 2) return null;
  const named = 4096 * 4 ** pageNames.indexOf(page);
  const answer = pageAnswer(
    pageSizes,
    pageSizes.sizes.filter(({ size }) => size <= named),
  );
  if (answer.outcome === 'pass')
    return { outcome: 'pass', says: `pages of ${named / 1024} KiB can map it`, evidence: [] };
  const { evidence } = pageSizes;
  if (answer.outcome === 'unknown') return { ...answer, evidence };
  const says = `pages of ${sizesText(answer.refused)} cannot map it: ${answer.why}`;
  return { outcome: 'fail', says, evidence };
}
