/** Light and dark at a screen, black on white on paper. A state has its word, never a colour alone. */
export const style = `
:root { color-scheme: light dark; --line: light-dark(#dce1e8, #2b3645); --ended: light-dark(#fbe3e2, #4a2020); --soon: light-dark(#fbecd9, #46300f); }
body { margin: 0; font: 14px/1.45 system-ui, sans-serif; overflow-wrap: anywhere; }
main { max-width: 1400px; margin: 0 auto; padding: 16px 24px; }
h1 { font-size: 24px; }
h2 { margin: 28px 0 8px; font-size: 18px; }
table { width: 100%; border-collapse: collapse; }
th, td { padding: 4px 8px; border: 1px solid var(--line); text-align: left; vertical-align: top; }
tr { break-inside: avoid; }
tr.ended td:first-child, tr.broken td:nth-child(2) { background: var(--ended); }
tr.soon td:first-child, tr.undecided td:nth-child(2) { background: var(--soon); }
footer { margin: 24px 0; opacity: 0.7; }
@media print { :root { color-scheme: light; } main { max-width: none; padding: 0; } thead { display: table-header-group; } }
`;
