// "What is this?": one box for ids, hashes, heights, keys, authors, leaf indices, chains and texts of projections.
import { html, useEffect, useState, Head, Card, Table, Hash, Field, link, chainPage, go, num, tame } from '../ui.js';
import { T } from '../texts.js';
import { call, get, has, path } from '../api.js';
import { firstQuant, quant as readQuant, transaction, quantList } from '../ledger.js';

const CHAINS_MAX = 50;
const none = () => null;

/** Each way in which a text may be meant, asked one after the other; `found` is told at once. */
async function seek(text, only, found, said, signal) {
  const { chains } = await get('v1/chains', { limit: CHAINS_MAX }, signal);
  const places = only ? chains.filter(chain => chain.name === only) : chains;
  const add = (as, what, to, detail) => !signal.aborted && found({ as, what, to, detail });
  for (const chain of chains) {
    if (chain.name === text || chain.id === text) add('chain', chain.name, link(chainPage(chain.name)), chain.spec.description || '');
    else if (text.length > 1 && chain.name.includes(text)) add('chainLike', chain.name, link(chainPage(chain.name)), '');
  }
  const digits = /^[\d.,\s']+$/.test(text) ? Number(text.replace(/[^\d]/g, '')) : NaN;
  if (Number.isSafeInteger(digits)) {
    for (const chain of places) {
      said(chain.name);
      if (digits <= chain.head.height) add('height', chain.name + ' · ' + num(digits), link(chainPage(chain.name, 'quants', digits)), '');
      if (digits < chain.head.treeSize) {
        const height = await firstQuant(chain.name, chain.head.height, quant => quant.treeSize > digits, signal).catch(none);
        if (height !== null) {
          const [before] = (await quantList(chain.name, Math.max(0, height - 1), 1, signal)).quants;
          const quant = await readQuant(chain.name, height, Math.min(200, digits - (before ? before.treeSize : 0) + 1), signal).catch(none);
          const tx = quant && quant.transactions.find(one => one.index === digits);
          add('index', chain.name + ' · ' + num(digits), tx ? link(chainPage(chain.name, 'transactions', tx.id)) : link(chainPage(chain.name, 'quants', height)), T.search.inQuant(num(height)));
        }
      }
    }
  }
  const hash = text.toLowerCase();
  if (/^[0-9a-f]{64}$/.test(hash)) {
    for (const chain of places) {
      said(chain.name);
      const [tx, quant] = await Promise.all([transaction(chain.name, hash, signal).catch(none), readQuant(chain.name, hash, 0, signal).catch(none)]);
      if (tx) add('transaction', hash, link(chainPage(chain.name, 'transactions', hash)), chain.name + ' · ' + (T.tx.states[tx.state] || tx.state));
      if (quant && quant.hash) add('quant', hash, link(chainPage(chain.name, 'quants', quant.height)), chain.name + ' · ' + num(quant.height));
      if (chain.head.root === hash) add('root', hash, link(chainPage(chain.name, 'quants', chain.head.height)), chain.name);
      const consensus = await get(path`v1/chains/${chain.name}/consensus`, null, signal).catch(none);
      if (consensus && consensus.participants.some(one => one.key === hash)) add('participant', hash, link(chainPage(chain.name), { tab: 'consensus' }), chain.name);
      const made = consensus && consensus.rounds.find(round => round.producer === hash);
      if (made) add('producer', hash, link(chainPage(chain.name, 'quants', made.height)), chain.name + ' · ' + num(made.height));
    }
    const peers = await get('v1/peers', null, signal).catch(none);
    for (const peer of (peers && peers.peers) || []) if (peer.key === hash) add('peer', peer.address, link('/peers'), peer.live ? T.peers.live : T.peers.away);
    const node = await get('v1/node', null, signal).catch(none);
    if (node && node.key === hash) add('self', hash, link('/'), node.address);
  }
  const lists = await has('/v1/chains/{chain}/transactions');
  for (const chain of lists ? places : []) {
    said(chain.name);
    for (const [as, query] of [['key', { key: text }], ...(/^[0-9a-f]{64}$/.test(hash) ? [['author', { author: hash }]] : []), ...(/^[\w.*-]+$/.test(text) ? [['type', { type: text }]] : [])]) {
      const list = await get(path`v1/chains/${chain.name}/transactions`, { ...query, limit: 10 }, signal).catch(none);
      for (const tx of (list && list.transactions) || []) add(as, tx.id, link(chainPage(chain.name, 'transactions', tx.id)), chain.name + (tx.type ? ' · ' + tx.type : ''));
    }
  }
  const projections = (await has('/v1/projections')) ? await get('v1/projections', null, signal).catch(none) : null;
  const open = ((projections && projections.projections) || []).filter(one => !['starting', 'without_chain', 'waiting'].includes(one.state));
  for (const one of open.slice(0, 10)) {
    said(one.name);
    for (const table of (one.mapping.tables || []).slice(0, 10)) {
      for (const [column] of Object.entries(table.columns || {}).filter(([, how]) => how.type === 'text').slice(0, 5)) {
        // A sign that stands for others in LIKE is looked for as the whole text.
        const whole = /[%_\\]/.test(text);
        const sql = `SELECT _tx, ${column} FROM ${table.table} WHERE ${column} ${whole ? '=' : 'LIKE'} ?`;
        const rows = await call('POST', path`v1/projections/${one.name}/query`, { body: { sql, parameters: [whole ? text : `%${text}%`], limit: 5 }, signal }).catch(none);
        for (const [tx, value] of (rows && rows.rows) || []) {
          add('row', value.slice(0, 120), tx ? link(chainPage(one.chainName, 'transactions', tx)) : link('/projections/' + encodeURIComponent(one.name)), `${one.name} · ${table.table}.${column}`);
        }
      }
    }
  }
}

export function Search({ query }) {
  const [text, setText] = useState(query.q || '');
  const [found, setFound] = useState([]);
  const [state, setState] = useState('');
  useEffect(() => {
    setText(query.q || '');
    setFound([]);
    if (!query.q) return undefined;
    const abort = new AbortController();
    setState(T.search.underWay(''));
    const all = [];
    seek(query.q.trim(), query.chain, one => { if (all.length < 200 && !all.some(old => old.to === one.to && old.as === one.as)) { all.push(one); setFound(all.slice()); } }, name => setState(T.search.underWay(name)), abort.signal)
      .then(() => {
        if (abort.signal.aborted) return;
        setState(all.length ? T.search.done(num(all.length)) : T.search.nothing);
        if (all.length === 1 && query.go) location.replace(all[0].to);
      }, failure => !abort.signal.aborted && setState(failure.message));
    return () => abort.abort();
  }, [query.q, query.chain]);
  return html`<${Head} title=${T.search.title} question=${T.search.question}/>
    <${Card}><form class="inline wide" onSubmit=${event => { event.preventDefault(); go('/search', { q: text.trim(), chain: query.chain }); }}>
      <${Field} label=${T.search.label} value=${text} onInput=${setText} placeholder=${T.search.placeholder}/><button class="main" disabled=${!text.trim()}>${T.search.button}</button></form>
      <p role="status" class="faint">${query.q ? state : T.search.takes}</p>
      ${query.q && (found.length > 0 || state === T.search.nothing) && html`<${Table} label=${T.search.title} rows=${found} to=${row => row.to} empty=${T.search.hint} columns=${[
        [T.search.as, row => html`<span class="tag">${T.search.kinds[row.as]}</span>`],
        [T.search.what, row => (/^[0-9a-f]{64}$/.test(row.what) ? html`<${Hash} of=${row.what} to=${row.to}/>` : html`<a class="cut" href=${row.to}><bdi>${tame(row.what)}</bdi></a>`)],
        [T.search.where, row => row.detail],
      ]}/>`}<//>`;
}
