// What is chosen: filters, order, and the binary that is looked at. It lives in the address, so that it can be sent on.
/** @import { Choice } from '../page-types.ts' */

/** @type {Choice} */
export const nothingChosen = {
  /** Words that a binary's names must have. */
  q: '',
  state: '',
  severity: '',
  rule: '',
  /** Index of a target. */
  image: '',
  /** Index of a layer. */
  layer: '',
  package: '',
  /** `yours`, `dependency` or `distribution`. */
  whose: '',
  /** `worst`, `path`, `size`, or the id of a rule after `rule:`; with `-` in front the other way round. */
  sort: 'worst',
  /** Path of the binary in the panel, and the rule that is open there. */
  binary: '',
  in: '',
  open: '',
};

/** @type {readonly (keyof Choice)[]} */
const choiceKeys = [
  'q',
  'state',
  'severity',
  'rule',
  'image',
  'layer',
  'package',
  'whose',
  'sort',
  'binary',
  'in',
  'open',
];

/** The choice of an address such as `#q=lib&state=fail`. What is not ours is left out. */
/** @type {(hash: string) => Choice} */
export function readChoice(hash) {
  const given = new URLSearchParams(hash.replace(/^#/, ''));
  const choice = { ...nothingChosen };
  for (const key of choiceKeys) choice[key] = given.get(key) ?? nothingChosen[key];
  return choice;
}

/** Whether anything of the table is chosen; a binary alone is looked at in front of the first screen. */
/** @type {(choice: Choice) => boolean} */
export function isChosen(choice) {
  return choiceKeys.some(
    (key) => choice[key] !== nothingChosen[key] && !['binary', 'in', 'open'].includes(key),
  );
}

/** The address of a choice: only what differs from nothing chosen. */
/** @type {(choice: Choice) => string} */
export function writeChoice(choice) {
  const chosen = choiceKeys.filter((key) => choice[key] !== nothingChosen[key]);
  return `#${new URLSearchParams(chosen.map((key) => [key, choice[key]]))}`;
}
