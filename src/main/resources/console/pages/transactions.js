// "Which transactions are there of this kind?": those of a chain by type, author, key and time, newest or oldest first.
import { html, useRef, useState, useRead, Card, Part, Table, Time, Hash, Field, fieldTime, instant, link, chainPage, go, num, size, tame } from '../ui.js';
import { T } from '../texts.js';
import { BASE } from '../api.js';
import { PAGE, transactionList } from '../ledger.js';
import { TxState } from './transaction.js';

/** What is asked for of the list, all of it in the address. */
const criteria = ({ type, author, key, from, to }) => ({ type, author, key, from, to });

function Filter({ name, types, query }) {
  const [wish, setWish] = useState({ ...criteria(query), from: fieldTime(query.from), to: fieldTime(query.to) });
  const set = more => setWish({ ...wish, ...more });
  const wrong = wish.author && !/^[0-9a-fA-F]{64}$/.test(wish.author.trim()) ? T.operation.key : undefined;
  const submit = event => {
    event.preventDefault();
    go(chainPage(name), { tab: 'transactions', type: (wish.type || '').trim(), author: (wish.author || '').trim().toLowerCase(), key: wish.key, from: instant(wish.from), to: instant(wish.to), order: query.order });
  };
  return html`<form class="inline tops filter" onSubmit=${submit}>
    <${Field} label=${T.tx.type} value=${wish.type || ''} onInput=${type => set({ type })} placeholder="order.placed" list="types"/><datalist id="types">${types.map(one => html`<option value=${one}/>`)}</datalist>
    <${Field} label=${T.tx.author} value=${wish.author || ''} onInput=${author => set({ author })} placeholder=${T.operation.key} fault=${wrong}/>
    <${Field} label=${T.tx.key} value=${wish.key || ''} onInput=${key => set({ key })} placeholder="order-4711"/>
    <${Field} label=${T.list.from} type="datetime-local" step="1" value=${wish.from} onInput=${from => set({ from })}/>
    <${Field} label=${T.list.to} type="datetime-local" step="1" value=${wish.to} onInput=${to => set({ to })}/>
    <div class="acts send"><button disabled=${!!wrong}>${T.list.filter}</button>${Object.values(criteria(query)).some(Boolean) && html`<a class="button" href=${link(chainPage(name), { tab: 'transactions', order: query.order })}>${T.list.all}</a>`}</div></form>`;
}

export function Transactions({ chain, query }) {
  const name = chain.name;
  const newest = query.order !== 'oldest';
  const asked = criteria(query);
  const filtered = Object.values(asked).some(Boolean);
  const seen = useRef(0);
  const list = useRead(async signal => {
    const found = await transactionList(name, { ...asked, order: newest ? 'newest' : 'oldest', after: query.after, limit: PAGE }, signal);
    seen.current = filtered || !found.transactions.length ? 0 : found.transactions[0].index + 1;
    return found;
  }, [name, query.type, query.author, query.key, query.from, query.to, query.order, query.after]);
  const to = more => link(chainPage(name), { ...query, after: '', ...more });
  const came = newest && !query.after && seen.current ? Math.max(0, chain.head.treeSize - seen.current) : 0;
  const rules = chain.spec.rules || {};
  return html`<${Card} title=${T.tx.many} note=${filtered ? T.list.some : T.list.note} acts=${html`
      <div class="choices" role="group" aria-label=${T.list.order}><a href=${to({ order: '' })} aria-current=${newest ? 'true' : null}>${T.list.newest}</a><a href=${to({ order: 'oldest' })} aria-current=${newest ? null : 'true'}>${T.list.oldest}</a></div>`}>
    <${Filter} key=${JSON.stringify(asked)} name=${name} types=${Object.keys(rules.types || {})} query=${query}/>
    ${came > 0 && html`<p class="news" role="status"><button type="button" onClick=${list.again}>${T.list.came(num(came))}</button></p>`}
    <${Part} of=${list}>${({ transactions, next }) => html`<${Table} label=${T.tx.many} rows=${transactions} keyOf=${row => row.id} to=${row => link(chainPage(name, 'transactions', row.id))}
      empty=${filtered || next ? (next ? T.list.furtherOn : T.list.noneSuch) : T.list.none} command=${filtered || next ? undefined : `curl -H 'Content-Type: application/json' -d '{"data":{"hello":"world"}}' ${BASE}v1/chains/${name}/transactions`} columns=${[
      [T.tx.index, row => (row.state === 'committed' ? num(row.index) : html`<${TxState} tx=${row}/>`), { number: true, term: 'leaf index', sorted: newest ? 'descending' : 'ascending' }],
      [T.tx.id, row => html`<${Hash} of=${row.id} to=${link(chainPage(name, 'transactions', row.id))}/>`, { term: 'transaction id' }],
      [T.tx.type, row => (row.type ? html`<a href=${to({ type: row.type })}><bdi>${tame(row.type)}</bdi></a>` : T.unknown), { term: 'type' }],
      [T.tx.author, row => html`<${Hash} of=${row.author} none=${T.tx.unsigned} to=${row.author && to({ author: row.author })}/>`, { term: 'author' }],
      [T.time, row => html`<${Time} ms=${row.timestamp}/>`],
      [T.quant.one, row => (row.height === undefined ? T.unknown : html`<a href=${link(chainPage(name, 'quants', row.height))}>${num(row.height)}</a>`), { number: true, term: 'quant' }],
      [T.tx.payload, row => html`<bdi class="glimpse">${tame(row.payload.slice(0, 120))}${row.payload.length > 120 ? '…' : ''}</bdi>`, { term: 'payload' }],
      [T.tx.size, row => size(row.length), { number: true }],
    ]}/>
    <p class="acts pager">${query.after && html`<a class="button" href=${to({})}>${T.page.first}</a>`}${next && html`<a class="button" href=${to({ after: next })}>${T.page.next}</a>`}
      ${(query.after || next) && html`<a class="button" href=${to({ order: newest ? 'oldest' : '' })}>${T.page.last}</a>`}</p>`}<//><//>`;
}
