// "What does this quant say, and does its hash fit?": its fields, its transactions, its hash calculated in this browser.
import { html, useState, useRead, Head, Card, Part, Facts, Table, Time, Hash, State, Term, link, chainPage, num, size, duration, tame } from '../ui.js';
import { T } from '../texts.js';
import { get, path } from '../api.js';
import { canHash, hex, proveQuant, quant as readQuant } from '../ledger.js';

const SHOWN = 200;

/** Bytes of a structure, field by field. */
export function Fields({ fields, label }) {
  return html`<${Table} label=${label} rows=${fields} keyOf=${row => row[0]} columns=${[
    [T.prove.field, ([name]) => html`<${Term} of=${name}>${name}<//>`],
    [T.prove.form, ([, form]) => html`<code>${form}</code>`],
    [T.prove.value, ([name, form, value]) => (!value ? html`<span class="faint">${T.prove.empty}</span>` : value.length === 64 && form !== 'u64' ? html`<${Hash} of=${value}/>`
      : name === 'timestamp' ? html`${value} (<${Time} ms=${Number(value)} far=${true}/>)` : html`<bdi class="cut">${value.length > 120 ? tame(value.slice(0, 120)) + '…' : tame(value)}</bdi>`)],
    [T.prove.bytes, ([, , , bytes]) => html`<code class="hexes">${hex(bytes.slice(0, 40))}${bytes.length > 40 ? '…' : ''}</code>`],
  ]}/>`;
}

export const Verdict = ({ good, yes, no }) => (good === null ? html`<${State} is="waits">${T.prove.unable}<//>` : good ? html`<${State} is="well">${yes || T.prove.fits}<//>` : html`<${State} is="wrong">${no || T.prove.differs}<//>`);

export const Unable = () => html`<p><${State} is="waits">${T.prove.noCrypto}<//></p><p class="faint">${T.prove.noCryptoDetail}</p>`;

export function Proof({ title, note, run, depends, children }) {
  const [on, setOn] = useState(false);
  const proof = useRead(() => (on && canHash() ? run() : Promise.resolve(null)), [on, ...depends]);
  return html`<${Card} title=${title} note=${note}>${!on ? html`<button type="button" onClick=${() => setOn(true)}>${T.prove.button}</button>`
    : !canHash() ? html`<${Unable}/>` : html`<${Part} of=${proof} loading=${T.prove.underWay}>${found => found && children(found)}<//>`}<//>`;
}

export function Quant({ names: [name, which] }) {
  const chain = useRead(signal => get(path`v1/chains/${name}`, null, signal), [name], 5);
  const quant = useRead(signal => readQuant(name, which, SHOWN, signal), [name, which]);
  const data = quant.data;
  const parent = useRead(async signal => (data && data.height > 0 ? readQuant(name, data.height - 1, 0, signal) : null), [name, data && data.height]);
  const head = chain.data ? chain.data.head.height : undefined;
  const at = height => link(chainPage(name, 'quants', height));
  const engine = chain.data && chain.data.spec.consensus.engine;
  return html`<${Head} title=${T.quant.title(data ? num(data.height) : which)} question=${T.quant.question}>
      <a class="button" href=${link(chainPage(name))}>${chain.data ? chain.data.name : name}</a>
      ${data && data.height > 0 && html`<a class="button" rel="prev" href=${at(data.height - 1)}>${T.quant.before}</a>`}
      ${data && head !== undefined && data.height < head && html`<a class="button" rel="next" href=${at(data.height + 1)}>${T.quant.after}</a>`}<//>
    <${Part} of=${quant}>${found => html`<div class="two"><${Card} title=${T.quant.fields} class="lines"><${Facts} of=${[
        [T.quant.hash, html`<${Hash} of=${found.hash} whole=${true}/>`, 'quant hash'],
        [T.quant.height, num(found.height), 'height'],
        [T.quant.timestamp, html`<${Time} ms=${found.timestamp}/> · <${Time} ms=${found.timestamp} far=${true}/>`, 'timestamp'],
        [T.quant.previous, found.height > 0 ? html`<${Hash} of=${found.previous} to=${at(found.height - 1)}/>` : T.quant.none, 'previous'],
        [T.tx.many, num(found.count), 'count'],
        [T.quant.treeSize, num(found.treeSize), 'tree size'],
        [T.quant.root, html`<${Hash} of=${found.root}/>`, 'root'],
        [T.quant.producer, html`<${Hash} of=${found.producer} none=${T.quant.nobody} to=${found.producer && link('/search', { q: found.producer })}/>`, 'producer'],
        [T.quant.consensus, found.consensus ? html`<code class="hexes">${found.consensus.slice(0, 128)}</code>${engine === 'pow' && found.consensus.length === 16 ? ` (${T.quant.difficulty(BigInt('0x' + found.consensus).toLocaleString())})` : ''}` : T.prove.empty, 'consensus'],
        [T.quant.proof, found.proof ? html`<code class="hexes">${found.proof.slice(0, 128)}${found.proof.length > 128 ? '…' : ''}</code>` : T.prove.empty, 'proof'],
        [T.quant.version, found.version, 'version'],
      ]}/><//>
      <${Card} title=${T.quant.seals} note=${T.quant.sealsNote}>${found.seals.length ? html`<${Table} label=${T.quant.seals} rows=${found.seals} columns=${[
          [T.key, row => html`<${Hash} of=${row.key} to=${link('/search', { q: row.key })}/>`], [T.tx.signature, row => html`<${Hash} of=${row.signature}/>`]]}/>` : html`<p>${T.quant.noSeals}</p>`}
        <h3 class="gap">${T.quant.neighbours}</h3><${Facts} of=${[
          [T.quant.before, found.height > 0 ? html`<a href=${at(found.height - 1)}>${num(found.height - 1)}</a>${parent.data ? ' · ' + duration(found.timestamp - parent.data.timestamp) : ''}` : T.quant.none],
          [T.quant.after, head === undefined ? T.unknown : found.height < head ? html`<a href=${at(found.height + 1)}>${num(found.height + 1)}</a>` : T.quant.isHead],
          [T.quant.above, head === undefined ? T.unknown : num(head - found.height)],
        ]}/><//></div>
      <${Card} title=${T.tx.many} note=${found.count > found.transactions.length ? T.quant.cut(num(found.transactions.length), num(found.count)) : ''}><${Table} label=${T.tx.many} rows=${found.transactions} keyOf=${row => row.id}
        to=${row => link(chainPage(name, 'transactions', row.id))} empty=${found.height ? T.quant.noTransactions : T.quant.genesis} columns=${[
        [T.tx.index, row => num(row.index), { number: true, term: 'leaf index' }],
        [T.tx.id, row => html`<${Hash} of=${row.id} to=${link(chainPage(name, 'transactions', row.id))}/>`, { term: 'transaction id' }],
        [T.tx.type, row => (row.type ? html`<a href=${link(chainPage(name), { tab: 'transactions', type: row.type })}><bdi>${tame(row.type)}</bdi></a>` : T.unknown), { term: 'type' }],
        [T.tx.author, row => html`<${Hash} of=${row.author} none=${T.tx.unsigned} to=${row.author && link(chainPage(name), { tab: 'transactions', author: row.author })}/>`, { term: 'author' }],
        [T.time, row => html`<${Time} ms=${row.timestamp}/>`],
        [T.tx.payload, row => html`<bdi class="glimpse">${tame(row.payload.slice(0, 80))}${row.payload.length > 80 ? '…' : ''}</bdi>`, { term: 'payload' }],
        [T.tx.size, row => size(row.length), { number: true }],
      ]}/><//>
      <${Proof} title=${T.prove.quant} note=${T.prove.note} depends=${[found.hash, engine, !!parent.data]} run=${() => proveQuant(found, engine)}>${proof => html`<ol class="steps">
        <li><h3>${T.prove.header(num(proof.header.length))}</h3><p>${T.prove.headerSays}</p><${Fields} fields=${proof.fields} label=${T.prove.quant}/></li>
        <li><h3>${T.prove.hashQuant}</h3><p><code>H("qbc/quant/1" ‖ header)</code></p><p><${Hash} of=${proof.hash} whole=${true}/></p><p><${Verdict} good=${proof.hash === found.hash}/></p></li>
        ${found.height > 0 && html`<li><h3>${T.prove.links}</h3><p>${T.prove.linksSay}</p>${parent.data ? html`<p><${Hash} of=${parent.data.hash} whole=${true}/></p><p><${Verdict} good=${parent.data.hash === found.previous}/></p>` : html`<p>${T.loading}</p>`}</li>`}
        ${proof.work && html`<li><h3>${T.prove.work}</h3><p>${T.prove.workSays(proof.work.difficulty.toLocaleString())}</p><p><${Verdict} good=${proof.work.good}/></p></li>`}
        ${proof.seals.map(([key, good]) => html`<li><h3>${T.prove.seal}</h3><p><code>Ed25519(key, "qbc/seal/1" ‖ hash)</code> <${Hash} of=${key}/></p><p><${Verdict} good=${good} yes=${T.prove.signed} no=${T.prove.notSigned}/></p></li>`)}</ol>`}<//>`}<//>`;
}
