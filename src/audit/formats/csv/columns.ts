/** In their order; a new one comes last. */
export const columns = [
  'report',
  'report-sha256',
  'image',
  'digest',
  'platform',
  'rule',
  'outcome',
  'severity',
  'path',
  'sha256',
  'accepted-by',
  'reason',
  'owner',
  'approved-by',
  'ticket',
  'created',
  'expires',
  'ends',
  'source',
  'source-sha256',
  'state',
  'because',
  'count',
  'selects',
] as const;

/** Of a row, by column; what is absent or null is empty. */
export type Cells = Readonly<Partial<Record<(typeof columns)[number], string | number | null>>>;
