/** The content of a terminal as an SVG, from text with the SGR sequences that the text report uses. */
export function terminalPicture(command: string, output: string): string {
  const lines = [`\x1b[2m$\x1b[22m ${command}`, ...output.trimEnd().split('\n')];
  const columns = Math.max(...lines.map((line) => line.replace(/\x1b\[[\d;]+m/g, '').length));
  const width = columns * columnWidth + 2 * margin;
  const height = lines.length * lineHeight + 2 * margin;
  const rows = lines.map((line, index) => row(line, margin + (index + 1) * lineHeight - 4));
  return `${[
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img">`,
    `<title>${escapeXml(command)}</title>`,
    `<rect width="${width}" height="${height}" rx="8" fill="#0d1117"/>`,
    `<g font-family="ui-monospace,SFMono-Regular,Menlo,Consolas,monospace" font-size="13" fill="#c9d1d9" xml:space="preserve">`,
    ...rows.filter((text) => text !== ''),
    '</g>',
    '</svg>',
  ].join('\n')}\n`;
}

const margin = 16;
const lineHeight = 18;
/** Of a monospace font of 13 pixels, rounded up. */
const columnWidth = 8;

interface Look {
  readonly bold: boolean;
  readonly dim: boolean;
  readonly color: string | null;
}

const plain: Look = { bold: false, dim: false, color: null };

const colors: Readonly<Record<string, string>> = {
  31: '#ff7b72',
  32: '#7ee787',
  33: '#e3b341',
  34: '#79c0ff',
  35: '#d2a8ff',
  36: '#76e3ea',
};

/** One `text` element; the spaces of an empty line take no element. */
function row(line: string, y: number): string {
  const spans: string[] = [];
  let look = plain;
  for (const [index, part] of line.split(/\x1b\[([\d;]+)m/).entries()) {
    if (index % 2 === 1) look = part.split(';').reduce(changed, look);
    else if (part !== '') spans.push(span(part, look));
  }
  return spans.length === 0 ? '' : `<text x="${margin}" y="${y}">${spans.join('')}</text>`;
}

function changed(look: Look, code: string): Look {
  if (code === '0') return plain;
  if (code === '1') return { ...look, bold: true };
  if (code === '2') return { ...look, dim: true };
  if (code === '22') return { ...look, bold: false, dim: false };
  if (code === '39') return { ...look, color: null };
  const color = colors[code];
  if (color === undefined) throw new Error(`no colour for SGR ${code}`);
  return { ...look, color };
}

function span(text: string, { bold, dim, color }: Look): string {
  const attributes = [
    ...(color === null ? [] : [` fill="${color}"`]),
    ...(bold ? [' font-weight="bold"'] : []),
    ...(dim ? [' opacity="0.6"'] : []),
  ];
  const content = escapeXml(text);
  return attributes.length === 0 ? content : `<tspan${attributes.join('')}>${content}</tspan>`;
}

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
