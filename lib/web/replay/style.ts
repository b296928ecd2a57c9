/**
 * Looks of the replay. Colours follow the page where it sets its own (`--text`, `--line`, …) and the reader's scheme
 * elsewhere; the letters on epoch colours are dark in both, because the colours are light in both.
 */
export const replayStyle = `
:host { display: block; color-scheme: light dark; --ink: var(--text, light-dark(#1c1f23, #e3e6e8)); --soft: var(--muted, light-dark(#5a6169, #9ba5ae));
  --rule: var(--line, light-dark(#e4e4de, #2b3137)); --strong: var(--line-strong, light-dark(#8a9097, #6b747d)); --key: var(--accent, light-dark(#0b5394, #7fb7ef));
  --ground: var(--raised, light-dark(#fff, #1d2125)); --alarm: var(--bad, light-dark(#b3261e, #f28b82)); --fine: var(--good, light-dark(#1b6e37, #6cc58a)); --look: var(--warn, light-dark(#8a5a00, #e0b050)); }
.replay { color: var(--ink); font: 14px/1.5 var(--sans, system-ui, sans-serif); border-radius: 8px; }
.replay:focus-visible, button:focus-visible, .grid:focus-visible, .panel:focus-visible { outline: 2px solid var(--key); outline-offset: 2px; }
.controls { display: flex; flex-wrap: wrap; align-items: center; gap: 6px 8px; padding-block: 4px; }
.time, .count { font-variant-numeric: tabular-nums; min-inline-size: 7.5em; color: var(--ink); }
.count { color: var(--soft); }
.jumps, .others { display: inline-flex; flex-wrap: wrap; gap: 4px; align-items: center; } 
.sentence { margin: 0 0 4px; font-size: 15px; font-weight: 600; }
.said-once { margin: 0; min-block-size: 1.5em; color: var(--soft); font-size: 12.5px; overflow-wrap: anywhere; }
select, .fork input { font: inherit; color: var(--ink); background: var(--ground); border: 1px solid var(--strong); border-radius: 5px; min-block-size: 28px; padding: 1px 6px; max-inline-size: 12em; }
select:focus-visible, input:focus-visible { outline: 2px solid var(--key); outline-offset: 2px; }
.fork { display: flex; flex-wrap: wrap; gap: 8px; align-items: center; padding: 8px 10px; margin-block: 4px; border-inline-start: 3px solid var(--key); }
.fork label { display: inline-flex; flex-wrap: wrap; gap: 8px; align-items: center; } .fork input { font-family: var(--mono, monospace); inline-size: 16em; max-inline-size: 100%; }
.main { border-color: var(--key); color: var(--key); font-weight: 600; } .forked { overflow-x: auto; font: 12px/1.5 var(--mono, monospace); }
.lanes { display: grid; grid-template-columns: minmax(0, 1fr); gap: 14px; }
.many td:not(.ends) { min-inline-size: 25px; padding: 0; } .many .value { font-size: 12.5px; }
.differs .lane { border-inline-start: 3px solid var(--look); padding-inline-start: 10px; }
.name { font-weight: 600; color: var(--ink); margin: 0; }
.value-why { border: 0; padding: 0 1px; min-block-size: 24px; min-inline-size: 24px; color: inherit; text-decoration: underline dotted 1px; text-underline-offset: 3px; white-space: nowrap; }
.asked { border-block-start: 1px dotted var(--rule); margin-block-start: 4px; padding-block-start: 2px; }
.mark-differs { color: var(--look); font-weight: 700; font-size: 15px; line-height: 1; inset-block-start: 40px; } .timeline:has(.mark-differs) { padding-block-end: 16px; }
tr[aria-current] td { background-color: color-mix(in srgb, var(--key) 12%, transparent); }
.ladder .rail { min-inline-size: 84px; } .ladder th.rail { text-align: center; }
.ladder td.rail { background-image: linear-gradient(var(--rule), var(--rule)); background-position: center; background-size: 1px 100%; background-repeat: no-repeat; }
.ladder { inline-size: max-content; min-inline-size: 100%; } .ladder td.said { white-space: nowrap; }
.ladder td.arrow { padding: 2px 0; position: relative; } .shaft { display: block; position: relative; text-align: center; font-family: var(--sans, system-ui, sans-serif); font-size: 12px; line-height: 1.3; margin-inline: calc(50% / var(--lanes)); padding-block-end: 3px; border-block-end: 1.5px solid var(--strong); white-space: nowrap; overflow: visible; }
.shaft::after { content: ""; position: absolute; inset-block-end: -4.5px; inset-inline-end: -1px; border: 4px solid transparent; border-inline-start: 7px solid var(--strong); border-inline-end: 0; }
.back .shaft::after { inset-inline-end: auto; inset-inline-start: -1px; border: 4px solid transparent; border-inline-end: 7px solid var(--strong); border-inline-start: 0; }
.said { color: var(--soft); } .hidden { position: absolute; inline-size: 1px; block-size: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.part + .part { margin-block-start: 10px; }
button { font: inherit; color: var(--ink); background: transparent; border: 1px solid var(--strong); border-radius: 5px; padding: 1px 9px; min-block-size: 28px; min-inline-size: 32px; cursor: pointer; }
button:hover { border-color: var(--key); color: var(--key); }
.soft { color: var(--soft); margin: 0; }
.grid { overflow-x: auto; padding-block: 6px; }
.grid table { border-collapse: separate; border-spacing: 2px 5px; font-family: var(--mono, ui-monospace, monospace); font-variant-numeric: tabular-nums; }
.grid caption { text-align: start; color: var(--soft); font-family: var(--sans, system-ui, sans-serif); padding-block-end: 2px; white-space: pre-wrap; }
.grid th { font-weight: 400; text-align: start; }
.grid thead td { block-size: auto; }
.grid thead th { color: var(--soft); font-size: 11px; line-height: 1; }
.grid thead th:first-child { visibility: hidden; }
.grid th.offset { text-align: center; }
.grid tbody th { padding-inline-end: 12px; white-space: nowrap; min-inline-size: 11.5em; }
.broker { display: inline-block; min-inline-size: 5.2em; }
.status { font-size: 12px; }
.status-leader { color: var(--key); font-weight: 600; } .status-in-sync { color: var(--fine); } .status-lagging { color: var(--look); } .status-fenced, .status-down { color: var(--alarm); }
.grid td { min-inline-size: 34px; block-size: 38px; padding: 0 3px; text-align: center; vertical-align: middle; border-radius: 4px; position: relative; }
td.record { background: var(--epoch); color: #111; }
tr.down td.record { opacity: .55; }
td.cut { border: 1px dashed var(--alarm); background: repeating-linear-gradient(135deg, transparent 0 5px, color-mix(in srgb, var(--alarm) 25%, transparent) 5px 7px); text-decoration: line-through; }
td.hw::before { content: ""; position: absolute; inset-block: -4px; inset-inline-start: -3px; inline-size: 4px; border-radius: 2px; background: var(--ink); }
.value { display: block; line-height: 1.1; font-size: 15px; max-inline-size: 5em; overflow: hidden; text-overflow: ellipsis; margin-inline: auto; }
.epoch { display: block; line-height: 1.1; font-size: 10px; }
td.ends { white-space: pre; color: var(--soft); font-size: 12px; text-align: start; padding-inline: 12px; }
.timeline { position: relative; padding-block-start: 16px; }
.marks { position: absolute; inset-inline: 8px; inset-block-start: 0; block-size: 16px; }
.mark { position: absolute; transform: translateX(-50%); font-size: 12px; color: var(--soft); }
.mark-fault, .mark-loss, .mark-failure { color: var(--alarm); font-weight: 700; } .mark-leader { color: var(--key); } .mark-repair { color: var(--fine); }
input[type=range] { inline-size: 100%; accent-color: var(--key); margin: 0; min-block-size: 24px; }
.happening { min-block-size: 5.5em; border-block-start: 1px solid var(--rule); padding-block-start: 6px; }
.happening p { margin: 0; font-family: var(--mono, monospace); font-size: 13px; overflow-wrap: anywhere; }
.happening ul { margin: 4px 0 0; padding-inline-start: 18px; }
.change { font-family: var(--mono, monospace); font-size: 13px; overflow-wrap: anywhere; }
.why { border: 0; color: var(--key); padding: 0 8px; min-block-size: 24px; text-decoration: underline; }
.because { border-inline-start: 3px solid var(--key); padding-inline-start: 10px; margin-block: 4px 8px; max-inline-size: 70ch; }
.because p { font-family: inherit; } .because small { color: var(--soft); overflow-wrap: anywhere; }
.cause { border: 0; padding: 0; min-inline-size: 24px; min-block-size: 24px; color: var(--key); text-decoration: underline; font: inherit; text-align: start; }
.tabs { display: flex; flex-wrap: wrap; gap: 2px; border-block-end: 1px solid var(--rule); margin-block-start: 8px; }
.tabs button { border: 0; border-radius: 0; border-block-end: 2px solid transparent; color: var(--soft); }
.tabs button[aria-selected=true] { color: var(--ink); border-block-end-color: var(--key); }
.panel { block-size: 15em; overflow: auto; position: relative; padding-block: 6px; }
.panel pre { font: 12px/1.5 var(--mono, monospace); margin: 0 0 8px; white-space: pre; tab-size: 4; inline-size: max-content; }
.rows td:first-child { white-space: nowrap; padding-inline-end: 14px; }
.rows { border-collapse: collapse; font-size: 12.5px; inline-size: 100%; }
.rows th { text-align: start; color: var(--soft); font-weight: 400; } .rows td { border-block-start: 1px solid var(--rule); padding: 2px 8px 2px 0; vertical-align: top; font-family: var(--mono, monospace); overflow-wrap: anywhere; }
@media (prefers-reduced-motion: no-preference) { td.new { animation: arrive 180ms ease-out; } @keyframes arrive { from { opacity: .2; } } }
@media print { .controls > :not(.time), .timeline, .tabs, .why, .said-once { display: none; } .panel { block-size: auto; overflow: visible; } .happening { min-block-size: 0; } .value-why { text-decoration: none; } td.record { print-color-adjust: exact; } }
`;
