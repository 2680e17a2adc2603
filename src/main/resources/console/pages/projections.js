// "Which tables are made of chains, and are they right?": projections, their mapping, proof and queries.
import { html, useState, useRead, Head, Card, Part, Facts, Table, State, Field, Act, Danger, Code, Failed, Hash, link, chainPage, go, num, duration, download, csv } from '../ui.js';
import { T } from '../texts.js';
import { call, get, may, needs, path } from '../api.js';

const STATES = { following: 'well', building: 'waits', paused: 'rests', stopped: 'wrong', failing: 'wrong' };
const EXAMPLE = { chain: 'orders', from: 'final', target: { kind: 'embedded' }, tables: [{ table: 'order_line', when: { type: 'order' }, each: '/items', mode: 'append', columns: { order_no: { pointer: '/order', type: 'bigint' }, sku: { each: '/sku', type: 'text' } } }] };

const Shown = ({ state }) => html`<${State} is=${STATES[state] || 'rests'}>${T.projections.states[state] || state}<//>`;

function Editor({ name, mapping, done }) {
  const [wish, setWish] = useState(name || '');
  const [text, setText] = useState(JSON.stringify(mapping || EXAMPLE, null, 2));
  const [failure, setFailure] = useState(null);
  let broken = '';
  try {
    JSON.parse(text);
  } catch (wrong) {
    broken = wrong.message;
  }
  const faults = (failure && failure.problem && failure.problem.pointers) || [];
  return html`<${Card} title=${name ? T.projections.mapping : T.projections.begin} note=${T.projections.mappingNote}>
    ${!name && html`<${Field} label=${T.chain.name} value=${wish} onInput=${setWish} placeholder="orders"/>`}
    <${Field} label=${T.projections.mapping} type="area" rows="16" value=${text} onInput=${setText} fault=${broken || (faults.length ? faults.join(', ') : undefined)}/>
    ${failure && html`<${Failed} failure=${failure}/>`}
    <${Act} kind="main" disabled=${!!broken || !wish} does=${async () => {
      setFailure(null);
      try {
        await call('PUT', path`v1/projections/${wish}`, { body: text });
      } catch (refused) {
        setFailure(refused);
        return false;
      }
      if (done) done(wish);
      return true;
    }} done=${good => (good ? T.done : '')}>${name ? T.projections.change : T.projections.beginButton(wish)}<//><//>`;
}

function Sql({ name, mapping }) {
  const table = (mapping.tables && mapping.tables[0] && mapping.tables[0].table) || 'qbc_transaction';
  const [sql, setSql] = useState(`SELECT * FROM ${table} ORDER BY _leaf DESC`.replace(mapping.tables && mapping.tables.length ? '' : '_leaf', mapping.tables && mapping.tables.length ? '' : 'leaf'));
  const [answer, setAnswer] = useState(null);
  return html`<${Card} title=${T.projections.sql} note=${T.projections.sqlNote}><${Field} label="SQL" type="area" rows="4" value=${sql} onInput=${setSql}/>
    <div class="acts"><${Act} kind="main" does=${async () => setAnswer(await call('POST', path`v1/projections/${name}/query`, { body: { sql, limit: 200 } }))}>${T.projections.run}<//>
    ${answer && html`<button type="button" onClick=${() => download(name + '.csv', 'text/csv', csv(answer.columns, answer.rows))}>CSV</button>`}</div>
    ${answer && html`<p class="faint">${T.projections.rowsFound(num(answer.rows.length))}${answer.more ? ' ' + T.projections.more : ''}</p><${Table} label=${T.projections.sql} rows=${answer.rows} columns=${answer.columns.map((column, i) => [column, row => html`<bdi class="cut">${row[i] === null ? html`<span class="faint">NULL</span>` : typeof row[i] === 'object' ? JSON.stringify(row[i]) : String(row[i])}</bdi>`])}/>`}<//>`;
}

function One({ name }) {
  const one = useRead(async signal => (await needs('/v1/projections'), get(path`v1/projections/${name}`, null, signal)), [name], 2);
  const [report, setReport] = useState(null);
  const admin = may('admin');
  const post = act => async () => { await call('POST', path`v1/projections/${name}/${act}`); one.again(); };
  return html`<${Head} title=${name} question=${T.projections.question}><a class="button" href=${link('/projections')}>${T.projections.all}</a>
      ${admin && one.data && html`${one.data.state === 'following' || one.data.state === 'building' ? html`<${Act} does=${post('pause')}>${T.pause}<//>` : html`<${Act} does=${post('resume')}>${T.resume}<//>`}<${Act} does=${post('rebuild')}>${T.projections.rebuild}<//>
        <${Act} does=${async () => setReport(await call('POST', path`v1/projections/${name}/verify`))}>${T.projections.verify}<//>`}<//>
    <${Part} of=${one} absent=${T.projections.absent}>${data => html`<${Card}><${Facts} of=${[
        [T.chain.state, html`<${Shown} state=${data.state}/>`], [T.chain.one, html`<a href=${link(chainPage(data.chain))}>${data.chain.length === 64 ? data.chain.slice(0, 8) + '…' : data.chain}</a>`], [T.projections.lag, T.projections.behind(num(data.lag), duration(data.lagMillis))], [T.projections.rows, num(data.rows)],
        [T.tx.index, num(data.leaf), 'leaf index'], [T.quant.height, num(data.height)], [T.projections.dead, data.dead ? html`<${State} is="wrong">${num(data.dead)}<//>` : '0'], data.building !== null && [T.projections.building, num(data.building)]]}/>
      ${data.error && html`<p class="gap"><${State} is="wrong">${T.wrong}<//> <bdi>${data.error}</bdi></p>`}<//>
      ${report && html`<${Card} title=${T.projections.report}><p>${report.wrong ? html`<${State} is="wrong">${T.projections.found(num(report.wrong), num(report.rows))}<//>` : html`<${State} is="well">${T.projections.right(num(report.rows))}<//>`}</p>
        ${report.findings.length > 0 && html`<${Table} label=${T.projections.report} rows=${report.findings} columns=${[[T.projections.fault, row => row.fault], [T.projections.table, row => row.table], [T.projections.row, row => html`<bdi>${row.row}</bdi>`], [T.projections.detail, row => html`<bdi class="cut">${row.detail}</bdi>`]]}/>`}<//>`}
      <${Sql} name=${name} mapping=${data.mapping}/>
      ${admin && !data.configured ? html`<${Editor} name=${name} mapping=${data.mapping} done=${one.again}/>` : html`<${Card} title=${T.projections.mapping} note=${data.configured ? T.projections.configured : ''}><${Code} text=${JSON.stringify(data.mapping, null, 2)}/><//>`}
      ${admin && !data.configured && html`<${Danger} title=${T.projections.remove} says=${T.projections.removeSays} name=${name} button=${T.projections.removeButton(name)} does=${async () => { await call('DELETE', path`v1/projections/${name}`); go('/projections'); }}/>`}`}<//>`;
}

export function Projections({ names: [name] }) {
  const all = useRead(async signal => (name ? null : (await needs('/v1/projections'), get('v1/projections', null, signal))), [name], 3);
  if (name) return html`<${One} name=${name}/>`;
  return html`<${Head} title=${T.menu.projections} question=${T.projections.question}/>
    <${Part} of=${all} absent=${T.projections.absent}>${data => data && html`<${Card}><${Table} label=${T.menu.projections} rows=${data.projections} keyOf=${row => row.name} to=${row => link('/projections/' + encodeURIComponent(row.name))} empty=${T.projections.none} columns=${[
      [T.chain.name, row => html`<a href=${link('/projections/' + encodeURIComponent(row.name))}>${row.name}</a>`], [T.chain.one, row => (row.chain.length === 64 ? html`<${Hash} of=${row.chain}/>` : row.chain)], [T.chain.state, row => html`<${Shown} state=${row.state}/>`],
      [T.projections.lag, row => T.projections.behind(num(row.lag), duration(row.lagMillis)), { number: true }], [T.projections.rows, row => num(row.rows), { number: true }], [T.projections.dead, row => num(row.dead), { number: true }], [T.projections.error, row => html`<bdi class="glimpse">${row.error || ''}</bdi>`]]}/><//>
      ${may('admin') && html`<${Editor} done=${made => go('/projections/' + encodeURIComponent(made))}/>`}`}<//>`;
}
