import { isDeepStrictEqual } from 'node:util';
import { crc32 } from 'node:zlib';
import { rules } from '../../rules/index.ts';
import type { Elf } from '../../src/elf/model.ts';
import { readElf } from '../../src/elf/read-elf.ts';
import { type Bytes, bytesFrom, bytesOf } from '../../src/elf/reading/bytes.ts';
import { extract, extractFrom } from '../../src/extraction/extract-facts.ts';
import type { Extraction } from '../../src/extraction/extraction.ts';
import { judge } from '../../src/judge/judge.ts';
import { type FactName, judgesBinaries } from '../../src/judge/rule.ts';
import type { JudgedVerdict } from '../../src/report/report.ts';
import { bareFileFacts, type Facts } from '../../src/root/root-facts.ts';
import { damageBytes, mutateBytes, type Part } from '../mutate-bytes.ts';
import { elfSampleNames, largeElfSampleNames, lazily, readElfSample } from '../samples.ts';
import { holds, type Subject } from '../subject.ts';

const names = lazily(elfSampleNames);
const largeNames = lazily(largeElfSampleNames);
const wanted = new Set<FactName>(rules.filter(judgesBinaries).flatMap((rule) => rule.needs));

/** Facts and verdicts of files with changed headers, tables, notes, unwind information and code. */
export default {
  name: 'elf',
  make(random) {
    // One large file costs as much as thirty small ones.
    const origin = random.any(random.oneIn(50) ? largeNames() : names()) ?? '';
    const sample = sampleOf(origin);
    const { bytes } = sample;
    // Half of the runs are about the tables that most of the reader is for.
    const parts = random.oneIn(2) && sample.tables.length > 0 ? sample.tables : sample.parts;
    const isDamaged = random.oneIn(3);
    const mutate = isDamaged ? damageBytes : mutateBytes;
    return { bytes: mutate(bytes, parts, random), origin, isDamaged };
  },
  check({ bytes, origin, isDamaged }) {
    const extraction = extract(Buffer.from(bytes), wanted);
    const verdicts = verdictsOf(extraction);
    // A second extraction costs as much again: one in four inputs is enough.
    if (crc32(bytes) % 4 === 0) {
      const again = extractFrom(readInPieces(bytes), wanted);
      holds(isDeepStrictEqual({ ...extraction, ...again }, extraction), () => {
        return 'the same bytes gave two extractions, of memory and of ranges';
      });
    }
    if (isDamaged && origin !== '') expectNotCleared(verdicts, origin);
  },
} satisfies Subject;

/** As an open file gives them: each read is a copy. */
function readInPieces(bytes: Buffer): Bytes {
  return bytesFrom(bytes.length, (offset, length) =>
    Buffer.from(bytes.subarray(offset, offset + length)),
  );
}

/** Throws Violation. */
export function expectNothingCleared(damaged: Buffer, origin: string): void {
  expectNotCleared(verdictsOf(extract(damaged, wanted)), origin);
}

function expectNotCleared(verdicts: readonly JudgedVerdict[], origin: string): void {
  for (const [index, before] of sampleOf(origin).verdicts().entries()) {
    const after = verdicts[index];
    if (restsOnText(before)) continue;
    holds(!(before.outcome === 'fail' && after?.outcome === 'pass'), () => {
      return `damage turned ${before.rule} of ${origin} from fail to pass`;
    });
  }
}

/** A text is all that shows an allocator: a file that lost it has none to be judged by. */
function restsOnText({ rule, message }: JudgedVerdict): boolean {
  return rule === 'page-size' && message.includes('jemalloc');
}

/** The sample as often as it has parts, each time with another one zeroed. */
export function* withoutEachPart(name: string): Generator<Buffer> {
  const { bytes, parts } = sampleOf(name);
  for (const { offset, size } of new Set(parts)) {
    const damaged = Buffer.from(bytes);
    yield damaged.fill(0, offset, offset + size);
  }
}

interface Sample {
  readonly bytes: Buffer;
  readonly parts: readonly Part[];
  /** Those of symbols, names, hashes, versions, relocations, notes and the dynamic section. */
  readonly tables: readonly Part[];
  readonly verdicts: () => readonly JudgedVerdict[];
}

const samples = new Map<string, Sample>();

function sampleOf(name: string): Sample {
  const found = samples.get(name);
  if (found) return found;
  const bytes = readElfSample(name);
  const parts = partsOf(readElf(bytesOf(bytes)));
  const sample = {
    bytes,
    parts,
    tables: parts.filter((part) => tableName.test(part.name)),
    verdicts: lazily(() => verdictsOf(extract(bytes, wanted))),
  };
  samples.set(name, sample);
  return sample;
}

const tableName =
  /^(?:\.(?:dyn|sym|str|hash|gnu\.hash|gnu\.version|rela?\b|relr|note)|segment type (?:2|4)$)/;

/** As of a bare file: what a root filesystem adds is another subject's. */
export function verdictsOf(extraction: Extraction): readonly JudgedVerdict[] {
  const facts: Facts = {
    ...extraction.facts,
    ...bareFileFacts(extraction.linking),
  };
  return judge(rules, facts);
}

/** Header, header tables, segments and sections that have bytes in the file. The headers come twice: they do most. */
function partsOf(elf: Elf): readonly Part[] {
  const { header, segments, sections } = elf;
  const headers = [
    { name: 'header', offset: 0, size: header.bits === 64 ? 64 : 52 },
    {
      name: 'segments',
      offset: Number(header.programHeaderOffset),
      size: header.programHeaderCount * header.programHeaderSize,
    },
    {
      name: 'sections',
      offset: Number(header.sectionHeaderOffset),
      size: header.sectionHeaderCount * header.sectionHeaderSize,
    },
  ];
  const noBits = 8;
  const load = 1;
  const contents = [
    ...segments
      .filter(({ type }) => type !== load)
      .map(({ type, offset, fileSize: size }) => ({ name: `segment type ${type}`, offset, size })),
    ...sections.filter(({ type }) => type !== noBits),
  ].map(({ name, offset, size }) => ({ name, offset: Number(offset), size: Number(size) }));
  return [...headers, ...headers, ...contents].filter(
    ({ offset, size }) => size > 0 && offset + size <= elf.bytes.size,
  );
}
