import {
  type Evidence,
  isOlder,
  type KnownFacts,
  pageSizes as pageNames,
  processorLevels,
  type RequiredSystem,
} from '../../src/judge/rule.ts';

type Asked = KnownFacts<
  'requiredSystem' | 'systemNeeds' | 'pageSizes' | 'libc' | 'machine' | 'kind'
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
  return ofVersion('glibc', systemNeeds.glibc, system.glibc);
}

function ofVersion(
  of: 'glibc' | 'libstdc++' | 'Linux',
  need: Need | null,
  has: string | undefined,
): Answer | null {
  if (has === undefined) return null;
  if (need === null)
    return { outcome: 'pass', says: `nothing in it requires a version of ${of}`, evidence: [] };
  const evidence = [{ what: `${of} ${need.version}`, saw: need.by }];
  return isOlder(has, need.version)
    ? { outcome: 'fail', says: `it needs ${of} ${need.version}, newer than ${has}`, evidence }
    : { outcome: 'pass', says: `${of} ${need.version} is enough`, evidence };
}

function ofMusl(need: Need | null, has: string): Answer {
  if (need !== null && isOlder(has, need.version)) {
    const evidence = [{ what: `musl ${need.version}`, saw: need.by }];
    return { outcome: 'fail', says: `it needs musl ${need.version}, newer than ${has}`, evidence };
  }
  const says = 'symbols of musl have no versions, which would show the oldest that has all of them';
  return { outcome: 'unknown', says, evidence: [] };
}

function ofKernel({ systemNeeds, kind }: Asked, { kernel }: RequiredSystem): Answer | null {
  const isStatic = kind.kind === 'static-executable' || kind.kind === 'static-pie';
  if (kernel !== undefined && isStatic && systemNeeds.kernel === null)
    return { outcome: 'unknown', says: 'no note says which kernels it runs on', evidence: [] };
  return ofVersion('Linux', systemNeeds.kernel, kernel);
}

function ofProcessor({ systemNeeds, machine }: Asked, { cpu }: RequiredSystem): Answer | null {
  if (cpu === undefined || (machine.name !== 'x86-64' && machine.name !== 'x32')) return null;
  const { processor } = systemNeeds;
  const levels: readonly string[] = processorLevels;
  const rank = (level: string) => levels.indexOf(level);
  const evidence =
    processor === null ? [] : [{ what: 'processor', saw: `${processor.version}, ${processor.by}` }];
  if (processor !== null && rank(processor.version) > rank(cpu))
    return { outcome: 'fail', says: `it needs ${processor.version}, more than ${cpu}`, evidence };
  const noted =
    processor === null
      ? 'no note says which processor it needs'
      : `its note says ${processor.version}`;
  return { outcome: 'unknown', says: `${noted}, and its code is not looked at`, evidence };
}

/** On kernels with pages up to that size, where those of the machine have several. */
function ofPage({ pageSizes }: Asked, { page }: RequiredSystem): Answer | null {
  if (page === undefined || pageSizes.sizes.length < 2) return null;
  const { sizes, allocator, evidence } = pageSizes;
  const named = 4096 * 4 ** pageNames.indexOf(page);
  const bad = sizes.find(
    ({ size, segments, isUnprotectable }) =>
      size <= named && (segments !== 'fits' || isUnprotectable),
  );
  if (bad !== undefined)
    return { outcome: 'fail', says: `pages of ${bad.size / 1024} KiB cannot map it`, evidence };
  if (allocator !== null && (allocator.largest ?? 0) < named) {
    const { name, largest } = allocator;
    return largest === null
      ? { outcome: 'unknown', says: `the largest pages of its ${name} are not known`, evidence }
      : { outcome: 'fail', says: `its ${name} is for pages up to ${largest / 1024} KiB`, evidence };
  }
  return { outcome: 'pass', says: `pages of ${named / 1024} KiB can map it`, evidence };
}
