// The parts that all pages are made of: hashes, times, numbers, tables, fields, states, dangerous acts.
import { html as drawn, useEffect, useRef, useState, useCallback } from './lib/preact.js';
import { T, GLOSSARY } from './texts.js';
import { curl, epoch, Refusal, store } from './api.js';

export { useEffect, useRef, useState, useCallback };

/** Marks that turn the direction of what follows are shown by their number, so that no text reorders a page. */
export const tame = text => text.replace(/[\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g, mark => '\\u' + mark.charCodeAt(0).toString(16).padStart(4, '0'));

const shownText = value => (typeof value === 'string' ? tame(value) : Array.isArray(value) ? value.map(shownText) : value);
/** What stands between tags is text, and tame, alone or in a list; what stands in an attribute stays as it is. */
export const html = (strings, ...values) => drawn(strings, ...values.map((value, i) => (strings[i].endsWith('=') ? value : shownText(value))));

export const ROWS_MAX = 200;
export const utc = store(false);
export const announced = store('');
const clock = store(Date.now());
setInterval(() => clock.set(Date.now()), 1000);

export function useStore(known) {
  const [, redraw] = useState(0);
  const drawn = known.read();
  useEffect(() => {
    // What is followed begins after the drawing, and it may have changed meanwhile.
    if (known.read() !== drawn) redraw(n => n + 1);
    return known.subscribe(() => redraw(n => n + 1));
  }, [known]);
  return drawn;
}

export const useNow = () => useStore(clock);

/** Reads once, again whenever what it depends on changes or the node is found again, and every so many seconds. */
export function useRead(read, depends, seconds) {
  const [state, setState] = useState({ loading: true });
  const found = useStore(epoch);
  const [turn, setTurn] = useState(0);
  useEffect(() => {
    const abort = new AbortController();
    let timer = null;
    let over = false;
    setState(old => ({ ...old, loading: true }));
    const run = async () => {
      try {
        const data = await read(abort.signal);
        if (!abort.signal.aborted) setState({ data, at: Date.now() });
      } catch (failure) {
        if (abort.signal.aborted || failure.name === 'AbortError') return;
        // What the node does not have, or does not let this caller have, is not asked for again and again.
        over = [401, 403, 404, 405].includes(failure.status);
        setState(old => ({ data: failure.status === 0 ? old.data : undefined, failure }));
      }
      if (seconds && !over && !abort.signal.aborted) timer = setTimeout(again, seconds * 1000);
    };
    const again = () => (document.hidden ? (timer = setTimeout(again, 1000)) : run());
    run();
    return () => {
      abort.abort();
      clearTimeout(timer);
    };
  }, [...depends, found, turn]);
  return { ...state, again: useCallback(() => setTurn(n => n + 1), []) };
}

// Addresses of pages

export function link(page, query) {
  const all = Object.entries(query || {}).filter(([, value]) => value !== undefined && value !== null && value !== '' && value !== false);
  const text = new URLSearchParams(all.map(([name, value]) => [name, value === true ? '1' : value])).toString();
  return '#' + page + (text ? '?' + text : '');
}

export const go = (page, query) => { location.hash = link(page, query); };

export function replace(page, query) {
  history.replaceState(null, '', link(page, query));
  dispatchEvent(new HashChangeEvent('hashchange'));
}

export const chainPage = (chain, ...rest) => ['/chains', encodeURIComponent(chain), ...rest].join('/');

// Words, numbers and times

export const Term = ({ of, children }) => GLOSSARY[of]
  ? html`<span class="term" tabindex="0" data-tip=${GLOSSARY[of]} aria-label=${(typeof children === 'string' ? children : of) + ': ' + GLOSSARY[of]}
      role="note">${children || of}</span>`
  : html`<span>${children || of}</span>`;

const numbers = new Intl.NumberFormat(undefined, { maximumFractionDigits: 1 });
const rates = new Intl.NumberFormat(undefined, { maximumSignificantDigits: 3 });
const known = value => value !== undefined && value !== null && !Number.isNaN(value);

export const num = value => (known(value) ? numbers.format(value) : T.unknown);
export const rate = value => (known(value) ? (value >= 1000 ? numbers.format(Math.round(value)) : rates.format(value)) : T.unknown);

export function size(bytes) {
  if (!known(bytes)) return T.unknown;
  let unit = 0;
  while (Math.abs(bytes) >= 1024 && unit < 4) {
    bytes /= 1024;
    unit++;
  }
  return rates.format(bytes) + '\u00a0' + ['B', 'KiB', 'MiB', 'GiB', 'TiB'][unit];
}

export function duration(ms) {
  if (!known(ms)) return T.unknown;
  const abs = Math.abs(ms);
  if (abs < 1) return rates.format(ms) + '\u00a0ms';
  if (abs < 1000) return Math.round(ms) + '\u00a0ms';
  if (abs < 10000) return rates.format(ms / 1000) + '\u00a0s';
  if (abs < 120e3) return Math.round(ms / 1000) + '\u00a0s';
  if (abs < 7200e3) return Math.round(ms / 60e3) + '\u00a0min';
  if (abs < 172800e3) return Math.round(ms / 3600e3) + '\u00a0h';
  return numbers.format(Math.round(ms / 86400e3)) + '\u00a0' + T.days;
}

const local = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium' });
export const exact = ms => new Date(ms).toISOString().replace('T', ' ').replace('Z', ' UTC');
export const readerTime = ms => (utc.read() ? exact(ms).replace(/\.\d+/, '') : local.format(ms));

const two = n => String(n).padStart(2, '0');

/** A time of an address in the form in which a field of the browser has it, which is the reader's own clock. */
export function fieldTime(text) {
  const at = text ? new Date(text) : null;
  return at && !Number.isNaN(at.getTime())
    ? `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}T${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}` : '';
}

/** And back, as the API takes it. */
export const instant = text => (text ? new Date(text).toISOString() : '');

export function Time({ ms, far }) {
  const now = useNow();
  const plain = useStore(utc);
  if (!known(ms)) return html`<span>${T.unknown}</span>`;
  if (ms > 253402300799999) return html`<span>${String(ms)}</span>`;
  const since = now - ms;
  const words = plain || far ? readerTime(ms) : Math.abs(since) < 1000 ? T.now : since < -1500 ? T.inTime(duration(-since)) : T.ago(duration(Math.max(0, Math.round(since / 1000) * 1000)));
  return html`<time datetime=${new Date(ms).toISOString()} title=${exact(ms)}>${words}</time>`;
}

// Hashes: the same one has the same pattern everywhere

function pattern(value) {
  let state = 2166136261;
  for (let i = 0; i < value.length; i++) state = Math.imul(state ^ value.charCodeAt(i), 16777619);
  let path = '';
  let bits = state & 0x7fff;
  let set = 0;
  for (let rest = bits; rest; rest &= rest - 1) set++;
  // With few cells two patterns look alike: then the others are drawn.
  if (set < 5) bits ^= 0x7fff;
  for (let y = 0; y < 5; y++) {
    for (let x = 0; x < 3; x++) {
      if (bits & 1) {
        path += `M${x} ${y}h1v1h-1z`;
        if (x < 2) path += `M${4 - x} ${y}h1v1h-1z`;
      }
      bits >>= 1;
    }
  }
  return { path, hue: (state >>> 15) % 12 };
}

/** The pattern of a value, five by five; `inside` another drawing it is its path alone. */
export function Mark({ of, inside }) {
  const { path, hue } = pattern(of);
  if (inside) return html`<path class=${'hue' + hue} d=${path}/>`;
  return html`<svg class=${'mark hue' + hue} viewBox="0 0 5 5" aria-hidden="true"><path d=${path}/></svg>`;
}

/** A sentence of the node with its hashes and times in the forms of this page. */
export const Said = ({ text }) => html`<span>${text.split(/\b([0-9a-f]{64}|1[0-9]{12})\b/).map((part, i) => (i % 2 === 0 ? part : part.length === 64 ? html`<${Hash} of=${part}/>` : html`<${Time} ms=${Number(part)} far=${true}/>`))}</span>`;

export const shortened = value => (value.length > 16 ? value.slice(0, 8) + '…' + value.slice(-4) : value);

export async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    announced.set(T.copied);
  } catch {
    announced.set(T.notCopied);
  }
  setTimeout(() => announced.set(''), 2500);
}

const TIP_GAP = 4;
const tip = document.createElement('div');
let tipped = null;

function hideTip() {
  tip.hidden = true;
  tipped = null;
}

/** Shows what an element has to say beside it, always inside the window. */
function showTip(target) {
  tipped = target;
  tip.textContent = target.dataset.tip;
  tip.className = target.dataset.hash ? 'tip mono' : 'tip';
  tip.hidden = false;
  const at = target.getBoundingClientRect();
  const { width, height } = tip.getBoundingClientRect();
  const below = at.bottom + TIP_GAP;
  tip.style.left = Math.max(TIP_GAP, Math.min(at.left, document.documentElement.clientWidth - width - TIP_GAP)) + 'px';
  tip.style.top = (below + height > innerHeight ? Math.max(TIP_GAP, at.top - height - TIP_GAP) : below) + 'px';
}

/** One tip for the whole page, on hover and on focus; Escape takes it away, and `c` copies the hash that is pointed at. */
export function startTips() {
  tip.hidden = true;
  tip.setAttribute('aria-hidden', 'true');
  document.body.append(tip);
  const over = event => {
    const target = event.target.closest && event.target.closest('[data-tip]');
    if (target === tipped) return;
    if (target && (event.type === 'mouseover' || target.matches(':focus-visible'))) showTip(target);
    else hideTip();
  };
  document.addEventListener('mouseover', over);
  document.addEventListener('focusin', over);
  document.addEventListener('focusout', hideTip);
  document.addEventListener('scroll', hideTip, true);
  addEventListener('hashchange', hideTip);
  clock.subscribe(() => tipped && !tipped.isConnected && hideTip());
  addEventListener('keydown', event => {
    if (event.key === 'Escape') hideTip();
    if (event.key !== 'c' || event.ctrlKey || event.metaKey || event.altKey || event.target.closest('input,textarea,select')) return;
    const hash = document.activeElement.closest('.hash') || document.querySelector('.hash:hover');
    if (hash) copy(hash.dataset.hash);
  });
}

export function Hash({ of, to, whole, none }) {
  if (!of) return html`<span class="faint">${none || T.unknown}</span>`;
  const shown = html`<${Mark} of=${of}/><span class="digits">${whole ? of : shortened(of)}</span>`;
  return to
    ? html`<a class="hash" href=${to} data-tip=${whole ? null : of} data-hash=${of}>${shown}</a>`
    : html`<span class=${whole ? 'hash whole' : 'hash'} tabindex="0" role="note" aria-label=${of} data-tip=${whole ? null : of} data-hash=${of}>${shown}</span>`;
}

export const CopyButton = ({ text, children }) => html`<button type="button" class="quiet" onClick=${() => copy(typeof text === 'function' ? text() : text)}>${children || T.copy}</button>`;

export const Code = ({ text, label }) => html`<div class="code"><pre tabindex="0" aria-label=${label || T.code}>${text}</pre><${CopyButton} text=${text}/></div>`;

/** A long text, of which the beginning is shown first. */
export function Long({ text, label, most = 20000 }) {
  const [all, setAll] = useState(false);
  const cut = !all && text.length > most;
  return html`<div class="code"><pre class="payload" dir="ltr" tabindex="0" aria-label=${label}>${tame(cut ? text.slice(0, most) : text)}</pre>
    <${CopyButton} text=${text}/>
    ${cut && html`<p class="faint">${T.cut(num(most), num(text.length))} <button type="button" class="quiet" onClick=${() => setAll(true)}>${T.showRest}</button></p>`}</div>`;
}

const STATE_SIGNS = { well: '✓', waits: '◔', wrong: '✕', rests: '○' };

export const State = ({ is, children }) => html`<span class=${'state ' + is}><span aria-hidden="true">${STATE_SIGNS[is]}</span> ${children}</span>`;

// Empty, loading and failed

export const Loading = ({ of }) => html`<p class="loading" role="status">${of || T.loading}</p>`;

export const Empty = ({ children, command }) => html`<div class="empty"><p>${children}</p>${command && html`<${Code} text=${command}/>`}</div>`;

export function Failed({ failure, again }) {
  if (!(failure instanceof Refusal)) {
    return html`<div class="failed" role="alert"><h3>${T.error.here}</h3><p>${String(failure && failure.message)}</p></div>`;
  }
  const { problem, request, status, code } = failure;
  const todo = T.error.todo[code] || (problem.retryable ? T.error.todo.retryable : T.error.todo.other);
  return html`<div class="failed" role="alert">
    <h3>${problem.title || T.error.refused}</h3>
    ${problem.detail && html`<p>${problem.detail}</p>`}
    ${problem.pointers && html`<ul>${problem.pointers.map(p => html`<li><code>${p || T.error.whole}</code></li>`)}</ul>`}
    <p class="faint">${todo}</p>
    <p class="faint">${status ? html`<code>${status}</code> ` : ''}<code>${code}</code>
      ${request && html` <${CopyButton} text=${() => curl(request)}>${T.copyCurl}<//>`}
      ${again && html` <button type="button" class="quiet" onClick=${again}>${T.again}</button>`}</p>
  </div>`;
}

/** What stands in the place of a route that this node does not have. */
export const Absent = ({ children }) => html`<div class="empty"><p>${State({ is: 'rests', children: T.absent })}</p><p>${children}</p></div>`;

export const isAbsent = failure => failure && (failure.code === 'route_unknown' || failure.status === 405);

/** A part of a page that is read: loading, failed, absent and there. */
export function Part({ of, absent, loading, children }) {
  if (of.data !== undefined && of.data !== null) return html`<div class="part">${children(of.data)}</div>`;
  if (of.failure) return absent && isAbsent(of.failure) ? html`<${Absent}>${absent}<//>` : html`<${Failed} failure=${of.failure} again=${of.again}/>`;
  return html`<${Loading} of=${loading}/>`;
}

// Pages

export function Head({ title, question, children }) {
  useEffect(() => { document.title = tame(title) + ' · ' + T.product; }, [title]);
  return html`<header class="page"><div><h1 tabindex="-1">${title}</h1>${question && html`<p class="question">${question}</p>`}</div>
    <div class="acts">${children}</div></header>`;
}

export const Card = ({ title, note, acts, children, class: name, id }) => html`<section class=${'card ' + (name || '')} id=${id}>
  ${title && html`<header><h2>${title}</h2>${note && html`<p class="faint">${note}</p>`}${acts && html`<div class="acts">${acts}</div>`}</header>`}${children}</section>`;

/** Facts, one a line: [term, value] or [term, value, name in the glossary]. */
export const Facts = ({ of }) => html`<dl class="facts">${of.filter(Boolean).map(([name, value, term]) => html`<div>
  <dt>${term ? html`<${Term} of=${term}>${name}<//>` : name}</dt><dd>${value}</dd></div>`)}</dl>`;

/** A table whose head stays; a column is [name, cell of a row, {number, term, sorted}]. */
export function Table({ label, columns, rows, to, empty, command, keyOf, fresh }) {
  if (!rows.length) return html`<${Empty} command=${command}>${empty || T.nothing}<//>`;
  const click = (event, row) => {
    if (event.target.closest('a,button,input,span.hash,.term') || getSelection().toString()) return;
    const address = to(row);
    if (!address) return;
    if (event.ctrlKey || event.metaKey || event.button === 1) window.open(address);
    else location.hash = address;
  };
  return html`<div class="scroll" tabindex="0" role="region" aria-label=${label}><table><thead><tr>
    ${columns.map(([name, , how]) => html`<th scope="col" class=${how && how.number ? 'number' : ''} aria-sort=${(how && how.sorted) || null}>${how && how.term ? html`<${Term} of=${how.term}>${name}<//>` : name}</th>`)}
    </tr></thead><tbody>${rows.slice(0, ROWS_MAX).map((row, i) => html`<tr key=${keyOf ? keyOf(row) : i} class=${(to ? 'leads ' : '') + (fresh && fresh(row) ? 'fresh' : '')}
      onClick=${to ? event => click(event, row) : null} onAuxClick=${to ? event => event.button === 1 && click(event, row) : null}>${columns.map(([, cell, how]) => html`<td class=${how && how.number ? 'number' : ''}>${cell(row)}</td>`)}</tr>`)}
    </tbody></table>${rows.length > ROWS_MAX && html`<p class="faint cutrows">${T.rowsCut(num(ROWS_MAX), num(rows.length))}</p>`}</div>`;
}

// Forms

let fields = 0;

/** A field with its label above, an example inside and its fault below. */
export function Field({ label, note, fault, pointer, value, onInput, type = 'text', options, rows, term, ...rest }) {
  const [id] = useState(() => 'field' + ++fields);
  const noteId = note || fault ? id + '-note' : undefined;
  const common = { id, 'aria-describedby': noteId, 'aria-invalid': fault ? 'true' : undefined, ...rest };
  const control = type === 'choice'
    ? html`<select ...${common} value=${value} onChange=${event => onInput(event.target.value)}>${options.map(option => {
      const [key, name] = Array.isArray(option) ? option : [option, option];
      return html`<option value=${key} selected=${String(key) === String(value)}>${name}</option>`;
    })}</select>`
    : type === 'area'
      ? html`<textarea ...${common} rows=${rows || 8} spellcheck="false" value=${value} onInput=${event => onInput(event.target.value)}/>`
      : html`<input ...${common} type=${type} value=${value} autocomplete="off" spellcheck="false" onInput=${event => onInput(event.target.value)}/>`;
  if (type === 'check') {
    return html`<div class="field check"><label><input ...${common} type="checkbox" value=${undefined} checked=${!!value} onChange=${event => onInput(event.target.checked)}/> ${label}</label>
      ${(note || fault) && html`<p id=${noteId} class=${fault ? 'fault' : 'faint'}>${fault || note}</p>`}</div>`;
  }
  return html`<div class="field"><label for=${id}>${term ? html`${label} <${Term} of=${term}>?<//>` : label}</label>${control}
    ${(note || fault) && html`<p id=${noteId} class=${fault ? 'fault' : 'faint'}>${fault ? html`${pointer && html`<code>${pointer}</code> `}${fault}` : note}</p>`}</div>`;
}

/** A button that does something at the node and says what became of it. */
export function Act({ children, does, done, kind, disabled }) {
  const [state, setState] = useState({});
  const run = async () => {
    setState({ busy: true });
    try {
      const answer = await does();
      setState({ said: typeof done === 'function' ? done(answer) : done || T.done });
    } catch (failure) {
      setState({ failure });
    }
  };
  return html`<span class="act"><button type="button" class=${kind || ''} disabled=${disabled || state.busy} onClick=${run}>${children}</button>
    <span role="status" class="faint">${state.busy ? T.underWay : state.said || ''}</span>
    ${state.failure && html`<${Failed} failure=${state.failure}/>`}</span>`;
}

/** A secret that the node shows this once. */
export const Once = ({ title, note, secret, over, children }) => html`<section class="made" role="status"><h3>${title}</h3><p>${note}</p><${Code} text=${secret} label=${T.access.secret}/>
  <button type="button" onClick=${over}>${T.access.kept}</button>${children}</section>`;

/** A dangerous act: what is lost in words, and a name to type. */
export function Danger({ title, says, name, button, does, done }) {
  const [typed, setTyped] = useState('');
  return html`<div class="danger"><h3>${title}</h3><p>${says}</p>
    <${Field} label=${T.typeName(name)} value=${typed} onInput=${setTyped} placeholder=${name}/>
    <${Act} kind="wrong" disabled=${typed !== name} does=${does} done=${done}>${button}<//></div>`;
}

export function download(name, type, content) {
  const anchor = document.createElement('a');
  anchor.href = URL.createObjectURL(content instanceof Blob ? content : new Blob([content], { type }));
  anchor.download = name;
  anchor.click();
  setTimeout(() => URL.revokeObjectURL(anchor.href), 10000);
}

/** A value of JSON as a text: strings as they are, all else as it is spelled. */
export const valueText = value => (typeof value === 'object' ? JSON.stringify(value) : String(value));

const cell = value => {
  const text = value === null || value === undefined ? '' : valueText(value);
  const tame = /^[=+@\t\r-]/.test(text) && Number.isNaN(Number(text)) ? "'" + text : text;
  return /[",\n\r]/.test(tame) ? '"' + tame.replaceAll('"', '""') + '"' : tame;
};

export const csv = (columns, rows) => [columns, ...rows].map(row => row.map(cell).join(',')).join('\r\n') + '\r\n';
