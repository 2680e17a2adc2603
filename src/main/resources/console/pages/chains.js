// "Which chains are here?": all of them, page by page, and those of peers that are not followed.
import { html, useRead, Head, Card, Part, Table, Time, Hash, Term, link, chainPage, num, Act } from '../ui.js';
import { T } from '../texts.js';
import { BASE, call, get, may, path } from '../api.js';
import { ChainState } from './overview.js';

export function Chains({ query }) {
  const chains = useRead(signal => get('v1/chains', { limit: 50, after: query.after }, signal), [query.after], 5);
  const known = useRead(signal => (may('reader') ? get('v1/following', null, signal) : Promise.resolve({ followed: [], known: [] })), [], 10);
  return html`<${Head} title=${T.chains.title} question=${T.chains.question}>${may('admin') && html`<a class="button" href=${link('/new')}>${T.menu.new}</a>`}<//>
    <${Card}><${Part} of=${chains}>${data => html`<${Table} label=${T.chains.title} rows=${data.chains} keyOf=${row => row.id} to=${row => link(chainPage(row.name))} empty=${T.chains.empty}
      command=${`curl -H 'Content-Type: application/json' -d '{"name":"orders","consensus":{"engine":"dbc"}}' ${BASE}v1/chains`} columns=${[
      [T.chain.name, row => html`<a href=${link(chainPage(row.name))}>${row.name}</a>`],
      [T.chain.id, row => html`<${Hash} of=${row.id}/>`, { term: 'chain id' }],
      [T.chain.engine, row => html`<${Term} of=${row.spec.consensus.engine}>${row.spec.consensus.engine}<//>`],
      [T.quant.height, row => num(row.head.height), { number: true }],
      [T.tx.many, row => num(row.head.treeSize), { number: true }],
      [T.chain.pool, row => num(row.pool.transactions), { number: true, term: 'pool' }],
      [T.chain.last, row => html`<${Time} ms=${row.head.timestamp}/>`],
      [T.chain.state, row => html`<${ChainState} chain=${row}/>`],
    ]}/>
    ${data.damaged.length > 0 && html`<h2>${T.chains.damaged}</h2><ul>${data.damaged.slice(0, 50).map(chain => html`<li>${chain.name}: ${chain.detail} <code>${chain.code}</code></li>`)}</ul>`}`}<//>
    <p class="acts">${query.after && html`<a class="button" href=${link('/chains')}>${T.page.first}</a>`}
      ${chains.data && chains.data.next && html`<a class="button" href=${link('/chains', { after: chains.data.next })}>${T.page.next}</a>`}</p><//>
    ${known.data && known.data.known.some(chain => !chain.here) && html`<${Card} title=${T.chains.known} note=${T.chains.knownNote}>
      <${Table} label=${T.chains.known} rows=${known.data.known.filter(chain => !chain.here)} keyOf=${row => row.id} columns=${[
        [T.chain.name, row => row.name], [T.chain.id, row => html`<${Hash} of=${row.id}/>`],
        ['', row => may('admin') && html`<${Act} does=${() => call('PUT', path`v1/chains/${row.id}/following`).then(() => known.again())}>${T.chain.follow}<//>`],
      ]}/><//>`}`;
}
