// What of a difference is looked at. It lives in the address, so that it can be sent on.

export const nothingSelected = { list: '', q: '', severity: '', rule: '', package: '' };

/** The selection of an address such as `#list=better&q=lib`. What is not ours is left out. */
export function readSelection(hash) {
  const given = new URLSearchParams(hash.replace(/^#/, ''));
  return Object.fromEntries(
    Object.entries(nothingSelected).map(([key, value]) => [key, given.get(key) ?? value]),
  );
}

export function writeSelection(selection) {
  const chosen = Object.entries(selection).filter(([key, value]) => value !== nothingSelected[key]);
  return `#${new URLSearchParams(chosen)}`;
}

/** The items that have every word of the search, and the severity, rule and package. */
export function selectChanges(items, { q, severity, rule, package: owner }) {
  const words = q.toLowerCase().split(/\s+/).filter(Boolean);
  return items.filter(
    (item) =>
      (severity === '' || (item.severity ?? 'unknown') === severity) &&
      (rule === '' || item.rule === rule) &&
      (owner === '' || (item.package ?? 'none') === owner) &&
      words.every((word) => haystackOf(item).includes(word)),
  );
}

function haystackOf({ path, from, package: owner, layer, rule = '', message = '' }) {
  return [path, from, owner, layer, rule, message].join('\n').toLowerCase();
}
