// What is chosen: filters, order, and the binary that is looked at. It lives in the address, so that it can be sent on.

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

/** The choice of an address such as `#q=lib&state=fail`. What is not ours is left out. */
export function readChoice(hash) {
  const given = new URLSearchParams(hash.replace(/^#/, ''));
  return Object.fromEntries(
    Object.entries(nothingChosen).map(([key, value]) => [key, given.get(key) ?? value]),
  );
}

/** Whether anything of the table is chosen; a binary alone is looked at in front of the first screen. */
export function isChosen(choice) {
  return Object.entries(choice).some(
    ([key, value]) => value !== nothingChosen[key] && !['binary', 'in', 'open'].includes(key),
  );
}

/** The address of a choice: only what differs from nothing chosen. */
export function writeChoice(choice) {
  const chosen = Object.entries(choice).filter(([key, value]) => value !== nothingChosen[key]);
  return `#${new URLSearchParams(chosen)}`;
}
