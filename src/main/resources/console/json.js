// A JSON text folded: every value as it is written, shown as text and never as markup.
import { html, useState, num, tame, ROWS_MAX } from './ui.js';
import { members } from './ledger.js';
import { T } from './texts.js';

const TEXT_MAX = 2000;

const kind = json => {
  const c = json[0];
  return c === '"' ? 'text' : c === '{' || c === '[' ? 'nest' : c === 't' || c === 'f' || c === 'n' ? 'word' : 'digits';
};

function Leaf({ json }) {
  let shown = json;
  if (json[0] === '"') {
    try {
      shown = JSON.stringify(JSON.parse(json));
    } catch {
      // Shown as it stands.
    }
  }
  return html`<bdi class=${'json-' + kind(json)}>${shown.length > TEXT_MAX ? tame(shown.slice(0, TEXT_MAX)) + '… ' + T.characters(num(shown.length)) : tame(shown)}</bdi>`;
}

function Node({ name, json, open }) {
  const [isOpen, setOpen] = useState(open);
  if (kind(json) !== 'nest') return html`<li>${name !== null && html`<bdi class="json-name">${tame(name.slice(0, TEXT_MAX))}</bdi>: `}<${Leaf} json=${json}/></li>`;
  const { found, more } = members(json, ROWS_MAX);
  const brackets = json[0] === '{' ? ['{', '}'] : ['[', ']'];
  return html`<li><button type="button" class="fold" aria-expanded=${isOpen} onClick=${() => setOpen(!isOpen)}>
      <span aria-hidden="true">${isOpen ? '▾' : '▸'}</span> ${name !== null && html`<bdi class="json-name">${tame(name.slice(0, TEXT_MAX))}</bdi>: `}${brackets[0]}${isOpen ? '' : ` ${num(found.length)}${more ? '+' : ''} ${brackets[1]}`}</button>
    ${isOpen && html`<ul>${found.map(([member, value]) => html`<${Node} name=${json[0] === '{' ? member : null} json=${value} open=${false}/>`)}
      ${more && html`<li class="faint">${T.membersCut(num(ROWS_MAX))}</li>`}</ul><span>${brackets[1]}</span>`}</li>`;
}

export function Json({ text, deep }) {
  const json = text.trim();
  if (!json) return null;
  try {
    return html`<ul class="json" dir="ltr"><${Node} name=${null} json=${json} open=${deep !== false}/></ul>`;
  } catch {
    return html`<pre class="payload">${json}</pre>`;
  }
}
