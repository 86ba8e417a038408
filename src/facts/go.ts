import type { Evidence } from '../base/verdict.ts';
import { DT, NT } from '../elf/constants.ts';
import type { Elf } from '../elf/model.ts';
import { firstOf, optional } from '../elf/reading/witness.ts';
import { factExtractor } from './fact-extractor.ts';
import { isMappedSection } from './file/mapped-section.ts';
import { type BuildInfo, readBuildInfo } from './go/go-build-info.ts';
import { type GoFunctions, goFunctions } from './go/go-functions.ts';
import { unwindEntries } from './language/unwind-entries.ts';
import { findData, goMagic } from './search/byte-marks.ts';
import { findText, writableRanges } from './search/byte-search.ts';
import { dynamicNames } from './search/dynamic-names.ts';
import { staticNames } from './search/static-names.ts';
import { undefinedNames } from './search/symbol-names.ts';

/** A program or library of the Go toolchain (not gccgo). */
export interface Go extends BuildInfo {
  /** C code is linked in, as C's hardening flags show in it. `CGO_ENABLED=1` among the settings does not prove it. */
  readonly cgo: boolean;
  /** Go's own table of functions describes code of the file. Without it nothing of Go runs. */
  readonly table: boolean;
  readonly evidence: readonly Evidence[];
}

/** null when the file is not made by the Go toolchain. */
export default factExtractor('tables', (elf): Go | null => {
  const info = buildInfo(elf);
  const mark = info?.evidence ?? otherEvidence(elf);
  if (mark === null) return null;
  const { version = null, main = null, settings = {} } = info ?? {};
  const c = linkedC(elf);
  const table = goFunctions(elf);
  return {
    version,
    main,
    settings,
    cgo: c !== null,
    table: table !== null,
    evidence: [mark, ...(table === null ? [] : [tableEvidence(table)]), ...(c === null ? [] : [c])],
  };
});

function tableEvidence({ offset, count }: GoFunctions): Evidence {
  return { what: "functions in Go's table", saw: String(count), offset: BigInt(offset) };
}

const magic = Buffer.from('\xff Go buildinf:', 'latin1');

/**
 * The linker puts it at the start of the data, aligned to 16 bytes. Programs that read it from others (and gccgo's
 * library) hold the magic too: it counts only with a version behind it.
 */
function buildInfo(elf: Elf): (BuildInfo & { readonly evidence: Evidence }) | null {
  if (findData(elf, goMagic) === null) return null;
  for (const { start, end } of writableRanges(elf)) {
    let at = findText(elf.bytes, magic, start, end);
    for (let tries = 0; at !== null && tries < 16; tries += 1) {
      const place = at;
      // One that ends the file early is the magic alone.
      const info = place % 16 === 0 ? optional(() => readBuildInfo(elf, place)) : null;
      if (info?.version) {
        const evidence = { what: 'Go build information', saw: info.version, offset: BigInt(at) };
        return { ...info, evidence };
      }
      at = findText(elf.bytes, magic, at + 1, end);
    }
  }
  return null;
}

/** Toolchains before 1.13 wrote no build information. */
function otherEvidence(elf: Elf): Evidence | null {
  const note = elf.notes.find(({ owner, type }) => owner === 'Go' && type === NT.GO_BUILD_ID);
  if (note !== undefined) return { what: 'note', saw: 'Go build id', offset: BigInt(note.offset) };
  const table = elf.sections.find(
    (section) =>
      /^(\.data\.rel\.ro)?\.gopclntab$/.test(section.name) && isMappedSection(elf, section),
  );
  return table === undefined ? null : { what: 'section', saw: table.name, offset: table.offset };
}

/** Names that only runtime/cgo defines or imports. */
const cgoNames = ['x_cgo_init', '_cgo_topofstack', 'crosscall2'];
const cgoDynamic = dynamicNames(cgoNames);
const cgoStatic = staticNames(cgoNames);

/** Start files alone bring this many unwind entries to an externally linked program without any C of its own. */
const startFileFunctions = 5;

function linkedC(elf: Elf): Evidence | null {
  return firstOf<Evidence>(
    () => {
      const [saw] = cgoDynamic.allIn(elf);
      return saw === undefined ? null : { what: 'dynamic symbol', saw };
    },
    () => {
      const saw = cgoStatic.firstIn(elf);
      return saw === null ? null : { what: '.symtab', saw };
    },
    () => {
      // The Go runtime makes its threads by system calls; runtime/cgo makes them by pthread_create.
      const asks = elf.dynamicValue(DT.NEEDED) !== null;
      const saw = 'pthread_create';
      return asks && undefinedNames(elf).has(saw) ? { what: 'undefined symbol', saw } : null;
    },
    () => {
      const saw = unwindEntries(elf);
      return saw > startFileFunctions
        ? { what: 'functions in .eh_frame_hdr', saw: String(saw) }
        : null;
    },
  );
}
