import { type BranchTargets, branchTargets } from '../code/branch-targets.ts';
import { type ControlFlowCode, controlFlowCode } from '../code/landing-pads.ts';
import { EM } from '../elf/constants.ts';
import type { Elf } from '../elf/model.ts';
import { factExtractor } from './fact-extractor.ts';
import { type PropertyBits, propertyBits } from './file/gnu-properties.ts';
import kind from './kind.ts';
import { isOtherRuntime } from './language/other-runtime.ts';
import { thresholds } from './weighing/thresholds.ts';

/** Protection of control flow by the processor: what the file asks to be enforced, and what its code is ready for. */
export interface ControlFlow {
  readonly state: ControlFlowState;
  /** Protections of the machine; [] where it has none. */
  readonly marks: readonly ControlFlowMark[];
  /** The property in the file, null where there is none. */
  readonly property: { readonly bits: number; readonly offset: bigint } | null;
  /** null if functions cannot be found. */
  readonly code: ControlFlowCode | null;
  /** Of a file whose property restricts branch targets; else null, and where no landing pad of the machine is known. */
  readonly targets: BranchTargets | null;
}

export interface ControlFlowMark {
  /** As readelf prints it: `IBT`. */
  readonly name: string;
  /** What it restricts. */
  readonly guards: 'branch targets' | 'return addresses';
  /** The file's property requests it, so a loader may enforce it. */
  readonly marked: boolean;
}

/**
 * - `enforceable`: the property requests one protection or more
 * - `marked-only`: the property requests that branches are restricted, and some surely lead to places without a landing pad
 * - `instrumented`: the code is ready, but one object file without the property made the linker drop it
 * - `absent`: neither
 * - `not-offered`: the machine has no such protection
 * - `other-runtime`: the code is made by a compiler that does not offer it
 */
export type ControlFlowState =
  | 'enforceable'
  | 'marked-only'
  | 'instrumented'
  | 'absent'
  | 'not-offered'
  | 'other-runtime';

interface Offer {
  readonly property: number;
  readonly marks: readonly (Omit<ControlFlowMark, 'marked'> & { readonly bit: number })[];
}

const x86: Offer = {
  property: 0xc0000002,
  marks: [
    { name: 'IBT', guards: 'branch targets', bit: 1 },
    { name: 'SHSTK', guards: 'return addresses', bit: 2 },
  ],
};

/** GNU_PROPERTY_*_FEATURE_1_AND of each psABI. */
const offers: ReadonlyMap<number, Offer> = new Map([
  [EM.X86_64, x86],
  [EM.I386, x86],
  [
    EM.AARCH64,
    {
      property: 0xc0000000,
      marks: [
        { name: 'BTI', guards: 'branch targets', bit: 1 },
        { name: 'PAC', guards: 'return addresses', bit: 2 },
        { name: 'GCS', guards: 'return addresses', bit: 4 },
      ],
    },
  ],
  [
    EM.RISCV,
    {
      property: 0xc0000000,
      marks: [
        { name: 'CFI_LP_UNLABELED', guards: 'branch targets', bit: 1 },
        { name: 'CFI_SS', guards: 'return addresses', bit: 2 },
        { name: 'CFI_LP_FUNC_SIG', guards: 'branch targets', bit: 4 },
      ],
    },
  ],
]);

export default factExtractor('code', (elf): ControlFlow => {
  const offer = offers.get(elf.header.machine);
  if (offer === undefined)
    return { state: 'not-offered', marks: [], property: null, code: null, targets: null };
  const property = propertyBits(elf, offer.property);
  const marks = offer.marks.map(({ name, guards, bit }) => ({
    name,
    guards,
    marked: property !== null && (property.bits & bit) !== 0,
  }));
  const code = controlFlowCode(elf);
  const restricts = marks.some(({ marked, guards }) => marked && guards === 'branch targets');
  const targets = restricts ? branchTargets(elf, isStarted(elf)) : null;
  const state = stateOf(elf, marks, code, targets);
  return { state, marks, property: placed(property), code, targets };
});

/** Its entry point is gone to: old linkers give libraries one too. */
function isStarted(elf: Elf): boolean {
  return !['shared-library', 'object'].includes(kind(elf).kind);
}

function placed(property: PropertyBits | null): ControlFlow['property'] {
  return property === null ? null : { bits: property.bits, offset: BigInt(property.offset) };
}

function stateOf(
  elf: Elf,
  marks: readonly ControlFlowMark[],
  code: ControlFlowCode | null,
  targets: BranchTargets | null,
): ControlFlowState {
  if (targets !== null && !isReady(targets)) return 'marked-only';
  if (marks.some(({ marked }) => marked)) return 'enforceable';
  if (isOtherRuntime(elf)) return 'other-runtime';
  return code !== null && isInstrumented(code) ? 'instrumented' : 'absent';
}

/** Some exported functions may be assembly that nothing calls by a pointer. */
function isReady({ start, functions, landing }: BranchTargets): boolean {
  return start.length === 0 && landing >= thresholds.functions.readyTargets * functions;
}

function isInstrumented({ functions, landingPads, signedReturns }: ControlFlowCode): boolean {
  const { withLandingPad, withSignedReturn } = thresholds.functions;
  if (functions === 0) return false;
  return landingPads / functions >= withLandingPad || signedReturns / functions >= withSignedReturn;
}
