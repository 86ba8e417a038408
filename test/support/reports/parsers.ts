/** Small strict parsers, so that an output is read by other code than what wrote it. */

export interface XmlElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly parent: XmlElement | null;
  /** Without that of its children. */
  readonly text: string;
}

/** The elements in order. Throws on anything that XML 1.0 does not allow of what we write: tags, text and five entities. */
export function parseXml(xml: string): readonly XmlElement[] {
  const elements: OpenElement[] = [];
  const open: OpenElement[] = [];
  const token = /<\?xml [^?]*\?>|<\/([\w:-]+)>|<([\w:-]+)((?: [\w:]+="[^"<]*")*)(\/?)>|([^<]+)/y;
  while (token.lastIndex < xml.length) {
    const at = token.lastIndex;
    const match = token.exec(xml);
    if (match === null) throw new Error(`no XML at ${at}: ${xml.slice(at, at + 60)}`);
    const [, closed, name, attributes = '', empty, text] = match;
    if (text !== undefined) {
      const decoded = decodeXml(text);
      const around = open.at(-1);
      if (around !== undefined) around.text += decoded;
    }
    if (closed !== undefined && open.pop()?.name !== closed)
      throw new Error(`</${closed}> closes nothing`);
    if (name === undefined) continue;
    const pairs = [...attributes.matchAll(/([\w:]+)="([^"]*)"/g)].map(
      ([, key = '', value = '']) => [key, decodeXml(value)],
    );
    const parent = open.at(-1) ?? null;
    const element = { name, attributes: Object.fromEntries(pairs), parent, text: '' };
    elements.push(element);
    if (empty === '') open.push(element);
  }
  if (open.length > 0) throw new Error(`never closed: ${open.map(({ name }) => name).join(', ')}`);
  return elements;
}

interface OpenElement extends XmlElement {
  text: string;
}

const entities: Readonly<Record<string, string>> = {
  '&amp;': '&',
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&#39;': "'",
};

function decodeXml(text: string): string {
  if (/[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]|]]>/.test(text))
    throw new Error(`XML 1.0 has no such character: ${JSON.stringify(text)}`);
  return text.replace(/&[^;]*;?/g, (entity) => {
    const character = entities[entity];
    if (character === undefined) throw new Error(`no entity ${entity}`);
    return character;
  });
}

/** Rows of cells by RFC 4180. */
export function parseCsv(csv: string): readonly (readonly string[])[] {
  const rows: string[][] = [];
  let row: string[] = [];
  for (const [, quoted, bare, end] of csv.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/g)) {
    row.push(quoted?.replaceAll('""', '"') ?? bare ?? '');
    if (end !== '\r\n') continue;
    rows.push(row);
    row = [];
  }
  return rows;
}
