// "What is this, and can I trust it?": a transaction's fields and payload, and its id calculated in this browser.
import { html, useState, useRead, Head, Card, Part, Facts, Time, Hash, State, Long, CopyButton, link, chainPage, num, size, download, tame } from '../ui.js';
import { T } from '../texts.js';
import { get, path } from '../api.js';
import { hex, payloadBytes, proveQuant, proveTransaction, quant as readQuant, transaction } from '../ledger.js';
import { Json } from '../json.js';
import { Fields, Proof, Verdict } from './quant.js';

export const TxState = ({ tx }) => html`<${State} is=${{ committed: 'well', pending: 'waits', superseded: 'waits', conflict: 'wrong' }[tx.state] || 'rests'}>${T.tx.states[tx.state] || tx.state}<//>`;

/** What a key says: the text that a client chose, its scope before it, or that a node made it up. */
export function keyWords(tx) {
  if (tx.clientKey) return tx.clientKey;
  if (tx.key.startsWith('ff')) return T.tx.madeUp;
  const bytes = new Uint8Array((tx.key.match(/../g) || []).map(pair => parseInt(pair, 16)));
  if (bytes[0] === 0xfe && bytes[1] <= 64) return new TextDecoder().decode(bytes.slice(2, 2 + bytes[1])) + ' · ' + new TextDecoder().decode(bytes.slice(2 + bytes[1]));
  if (bytes[0] === 0xfe) return new TextDecoder().decode(bytes.slice(34));
  return new TextDecoder().decode(bytes);
}

function Payload({ tx, name }) {
  const [raw, setRaw] = useState(false);
  return html`<${Card} title=${T.tx.payload} note=${size(tx.length)} acts=${html`<div class="choices" role="group" aria-label=${T.tx.shownAs}><button type="button" aria-pressed=${!raw} onClick=${() => setRaw(false)}>${T.tx.folded}</button>
      <button type="button" aria-pressed=${raw} onClick=${() => setRaw(true)}>${T.raw}</button></div>
      <${CopyButton} text=${tx.payload}/><button type="button" class="quiet" onClick=${() => download(tx.id.slice(0, 16) + '.json', 'application/json', new Blob([payloadBytes(tx)]))}>${T.download}</button>`}>
    ${raw ? html`<${Long} text=${tx.payload} label=${T.tx.payload}/>` : html`<${Json} text=${tx.payload}/>`}<//>`;
}

export function Transaction({ names: [name, id] }) {
  const tx = useRead(signal => transaction(name, id, signal), [name, id], 0);
  const waits = tx.data && tx.data.state === 'pending';
  useRead(async () => { if (waits) { await new Promise(done => setTimeout(done, 1500)); tx.again(); } }, [waits, tx.at]);
  const chain = useRead(signal => get(path`v1/chains/${name}`, null, signal), [name]);
  const height = tx.data && tx.data.height;
  const quant = useRead(async signal => (height === undefined || height === null ? null : readQuant(name, height, 200, signal)), [name, height]);
  const near = quant.data ? quant.data.transactions : [];
  const at = near.findIndex(one => one.id === id);
  const to = other => link(chainPage(name, 'transactions', other));
  return html`<${Head} title=${T.tx.title} question=${T.tx.question}>
      <a class="button" href=${link(chainPage(name))}>${chain.data ? chain.data.name : name}</a>
      ${at > 0 && html`<a class="button" rel="prev" href=${to(near[at - 1].id)}>${T.quant.before}</a>`}${at >= 0 && at + 1 < near.length && html`<a class="button" rel="next" href=${to(near[at + 1].id)}>${T.quant.after}</a>`}<//>
    <${Part} of=${tx}>${found => html`<div class="two"><div><${Card} title=${T.tx.what} class="lines"><${Facts} of=${[
        [T.tx.id, html`<${Hash} of=${found.id} whole=${true}/>`, 'transaction id'],
        [T.tx.state, html`<${TxState} tx=${found}/>`, found.state],
        found.standing && [T.tx.standing, html`<${Hash} of=${found.standing} to=${to(found.standing)}/>`],
        [T.quant.one, height === undefined ? T.tx.notYet : html`<a href=${link(chainPage(name, 'quants', height))}>${num(height)}</a> ${found.quant && html`<${Hash} of=${found.quant}/>`}`, 'quant'],
        [T.tx.index, num(found.index), 'leaf index'],
        [T.quant.timestamp, html`<${Time} ms=${found.timestamp}/> · <${Time} ms=${found.timestamp} far=${true}/>`, 'timestamp'],
        [T.tx.type, found.type ? html`<a href=${link(chainPage(name), { tab: 'transactions', type: found.type })}><bdi>${tame(found.type)}</bdi></a>` : T.unknown, 'type'],
        [T.tx.schema, found.schema, 'schema'],
        [T.tx.author, html`<${Hash} of=${found.author} none=${T.tx.unsigned} to=${found.author && link(chainPage(name), { tab: 'transactions', author: found.author })}/>`, 'author'],
        [T.tx.key, html`<bdi>${tame(keyWords(found).slice(0, 300))}</bdi>`, 'key'],
        [T.tx.commitment, html`<${Hash} of=${found.commitment}/>`, 'commitment'],
        [T.tx.salt, html`<${Hash} of=${found.salt}/>`, 'salt'],
        [T.tx.signature, html`<${Hash} of=${found.signature} none=${T.tx.unsigned}/>`, 'signature'],
      ]}/><//></div><${Payload} tx=${found} name=${name}/></div>
      ${chain.data && html`<${Proof} title=${T.prove.transaction} note=${T.prove.note} depends=${[found.id, chain.data.id, quant.data && quant.data.hash]}
        run=${async () => ({ ...(await proveTransaction(found, chain.data.id)), quant: quant.data && (await proveQuant(quant.data, chain.data.spec.consensus.engine)) })}>${proof => html`<ol class="steps">
        <li><h3>${T.prove.payload(num(proof.bytes.length))}</h3><p>${T.prove.payloadSays}</p><div class="bytes"><bdi>${hex(proof.bytes.slice(0, 256))}${proof.bytes.length > 256 ? '…' : ''}</bdi></div></li>
        <li><h3>${T.prove.commitment}</h3><p><code>H("qbc/payload/1" ‖ salt ‖ payload)</code></p><p><${Hash} of=${proof.commitment} whole=${true}/></p><p><${Verdict} good=${proof.commitment === found.commitment}/></p></li>
        <li><h3>${T.prove.body(num(proof.body.length))}</h3><p>${T.prove.bodySays}</p><${Fields} fields=${proof.fields} label=${T.prove.transaction}/></li>
        <li><h3>${T.prove.id}</h3><p><code>H(0x00 ‖ body)</code></p><p><${Hash} of=${proof.id} whole=${true}/></p><p><${Verdict} good=${proof.id === found.id}/></p></li>
        ${proof.signature !== undefined && html`<li><h3>${T.prove.signature}</h3><p><code>Ed25519(author, "qbc/tx/1" ‖ id)</code></p><p><${Verdict} good=${proof.signature} yes=${T.prove.signed} no=${T.prove.notSigned}/></p></li>`}
        ${proof.quant && html`<li><h3>${T.prove.inQuant(num(height))}</h3><p>${T.prove.inQuantSays}</p><p><${Hash} of=${proof.quant.hash} whole=${true}/></p><p><${Verdict} good=${proof.quant.hash === found.quant}/>
          ${at >= 0 ? html` <${State} is="well">${T.prove.listed}<//>` : html` <span class="faint">${T.prove.beyond}</span>`}</p></li>`}</ol>`}<//>`}`}<//>`;
}
