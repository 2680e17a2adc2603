// "Which tables are made of chains, and are they right?": projections, their mapping, proof, rows and queries.
import { html, useEffect, useState, useRead, Head, Card, Part, Facts, Table, State, Field, Act, Danger, Code, Failed, Hash, Time, link, chainPage, go, replace, num, duration, download, csv, valueText } from '../ui.js';
import { T } from '../texts.js';
import { call, curl, get, may, needs, path } from '../api.js';

const P = T.projections;
const ROUTE = '/v1/projections';
const STATES = { following: 'well', starting: 'waits', waiting: 'waits', retrying: 'waits', without_chain: 'waits', paused: 'rests', stopped: 'wrong' };
const EXAMPLE = { chain: 'main', from: 'final', target: { kind: 'embedded' }, tables: [{ table: 'order_line', when: { type: 'order' }, each: '/items', mode: 'append', columns: { order_no: { pointer: '/order', type: 'bigint' }, sku: { each: '/sku', type: 'text' } } }] };
/** States in which nobody has opened the tables yet. */
const SHUT = ['starting', 'without_chain', 'waiting'];
const WHOLE = ['qbc_transaction', 'qbc_quant'];
const QUERY_ROWS = 1000;

const at = (name, query) => link('/projections/' + encodeURIComponent(name), query);
const Shown = ({ state }) => html`<${State} is=${STATES[state] || 'rests'}>${P.states[state] || state}<//>`;
const Count = ({ of }) => (of ? html`<${State} is="wrong">${num(of)}<//>` : '0');
const lag = one => (one.lagTransactions ? P.behind(num(one.lagTransactions), duration(one.lagMillis)) : '0');
const rowsOf = one => Object.values(one.rows).reduce((all, n) => all + n, 0);
/** A column of numbers in the rows that are shown stands to the right. */
const numeric = (rows, of) => rows.some(row => typeof of(row) === 'number') && rows.every(row => ['number', 'object'].includes(typeof of(row)));
const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/;
const Cell = ({ of }) => (typeof of === 'string' && INSTANT.test(of) ? html`<${Time} ms=${Date.parse(of)} far=${true}/>` : of === null || of === undefined ? html`<span class="faint">NULL</span>` : html`<bdi class="cut">${valueText(of)}</bdi>`);

function Editor({ name, mapping, chains, done }) {
  const [wish, setWish] = useState(name || '');
  const [text, setText] = useState(JSON.stringify(mapping || EXAMPLE, null, 2));
  const [failure, setFailure] = useState(null);
  let broken = '';
  let read = {};
  try {
    read = JSON.parse(text);
  } catch (wrong) {
    broken = wrong.message;
  }
  const faults = (failure && failure.problem && failure.problem.pointers) || [];
  const put = async () => {
    setFailure(null);
    try {
      await call('PUT', path`v1/projections/${wish}`, { body: text });
    } catch (refused) {
      setFailure(refused);
      return false;
    }
    if (done) done(wish);
    return true;
  };
  return html`<${Card} title=${name ? P.mapping : P.begin} note=${P.mappingNote}>
    ${!name && html`<div class="inline"><${Field} label=${T.chain.name} value=${wish} onInput=${setWish} placeholder="orders"/>
      ${chains && html`<${Field} label=${T.chain.one} type="choice" options=${[...new Set([...chains, read.chain].filter(Boolean))]} value=${read.chain} disabled=${!!broken} onInput=${chain => setText(JSON.stringify({ ...read, chain }, null, 2))}/>`}</div>`}
    <${Field} label=${P.mapping} type="area" rows="18" value=${text} onInput=${setText} fault=${broken || (faults.length ? faults.join(', ') : undefined)} term="mapping"/>
    ${failure && html`<${Failed} failure=${failure}/>`}
    <${Act} kind="main" disabled=${!!broken || !wish} does=${put} done=${good => (good ? T.done : '')}>${name ? P.change : P.beginButton(wish)}<//><//>`;
}

function Sql({ name, mapping, query }) {
  const table = ((mapping.tables || [])[0] || {}).table;
  const [sql, setSql] = useState(query.sql || `SELECT * FROM ${table || 'qbc_transaction'} ORDER BY ${table ? '_leaf' : 'leaf'} DESC LIMIT 20`);
  const [answer, setAnswer] = useState(null);
  const to = path`v1/projections/${name}/query`;
  const body = { sql, limit: QUERY_ROWS };
  const [failure, setFailure] = useState(null);
  const read = async () => {
    setAnswer(null);
    setFailure(null);
    setAnswer(await call('POST', to, { body, exact: true }));
  };
  // An address that somebody sent shows what it asks for.
  useEffect(() => { if (query.sql) read().catch(setFailure); }, []);
  // Before the answer: whoever has gone elsewhere by then is not called back.
  const ask = () => {
    replace('/projections/' + encodeURIComponent(name), { ...query, sql });
    return read();
  };
  return html`<${Card} title=${P.sql} note=${P.sqlNote}><form onSubmit=${event => event.preventDefault()}><${Field} label="SQL" type="area" rows="4" value=${sql} onInput=${setSql}/></form>
    <div class="acts"><${Act} kind="main" disabled=${!sql.trim()} does=${ask} done=${() => ''}>${P.run}<//>
    ${answer && html`<button type="button" onClick=${() => download(name + '.csv', 'text/csv', csv(answer.columns, answer.rows))}>CSV</button>`}</div>
    ${failure && html`<${Failed} failure=${failure}/>`}
    ${answer && html`<p class="faint gap" role="status">${P.rowsFound(num(answer.rows.length), num(answer.leaf))}${answer.more ? ' ' + P.more : ''}</p>
      <${Table} label=${P.answer} rows=${answer.rows} empty=${P.noRows} columns=${answer.columns.map((column, i) => [column, row => html`<${Cell} of=${row[i]}/>`, { number: numeric(answer.rows, row => row[i]) }])}/>`}
    <details><summary>${T.inject.same}</summary><${Code} text=${curl({ method: 'POST', path: to, type: 'application/json', body: JSON.stringify(body) })} label=${T.inject.same}/></details><//>`;
}

/** The key by which a row is replaced; a row that was added is what its one transaction made. */
const keyOf = row => (row._key === undefined ? null : String(row._key));

function toOf(one, row) {
  const id = row._tx || row.id;
  return id ? link(chainPage(one.chainName, 'transactions', id)) : link(chainPage(one.chainName, 'quants', valueText(row.height)));
}

function Rows({ one, query }) {
  const table = query.table;
  const open = !SHUT.includes(one.state);
  const to = more => at(one.name, { ...query, row: '', after: '', ...more });
  const [column, setColumn] = useState(query.column || '');
  const [equal, setEqual] = useState(query.equal || '');
  const page = useRead(signal => (table && open ? call('GET', path`v1/projections/${one.name}/tables/${table}/rows`, { query: { ...(query.column ? { [query.column]: query.equal || '' } : {}), order: query.order, after: query.after, limit: 50 }, signal, exact: true }) : Promise.resolve(null)),
    [one.name, table, open, query.column, query.equal, query.order, query.after]);
  const tables = [...(one.mapping.tables || []).map(each => each.table), ...WHOLE];
  const sorted = name => (query.order === name ? '-' + name : name);
  const sortSign = name => (query.order === name ? ' ↑' : query.order === '-' + name ? ' ↓' : '');
  return html`<${Card} title=${P.rows} note=${P.rowsNote}>
    <div class="choices" role="group" aria-label=${P.table}>${tables.map(name => html`<button type="button" aria-pressed=${table === name} onClick=${() => go('/projections/' + encodeURIComponent(one.name), { table: name })}>${name} <span class="faint">${num(one.rows[name])}</span></button>`)}</div>
    ${table && html`<form class="inline gap" onSubmit=${event => { event.preventDefault(); location.hash = to({ column, equal }); }}><${Field} label=${P.column} value=${column} onInput=${setColumn} placeholder="sku"/><${Field} label=${P.equal} value=${equal} onInput=${setEqual} placeholder="A-17"/><button>${T.audit.filter}</button></form>
    <${Part} of=${page}>${data => data && html`<${Table} label=${table} rows=${data.rows} empty=${P.noRows} to=${row => (keyOf(row) === null ? toOf(one, row) : to({ row: keyOf(row), after: query.after }))}
      columns=${Object.keys(data.rows[0] || {}).map(name => [html`<a href=${to({ order: sorted(name) })}>${name}${sortSign(name)}</a>`, row => (typeof row[name] === 'string' && /^[0-9a-f]{64}$/.test(row[name])
        ? html`<${Hash} of=${row[name]} to=${name === '_tx' || name === 'id' ? link(chainPage(one.chainName, 'transactions', row[name])) : undefined}/>`
        : name === '_key' ? html`<a href=${to({ row: keyOf(row), after: query.after })}><bdi class="cut">${valueText(row[name])}</bdi></a>` : html`<${Cell} of=${row[name]}/>`), { number: numeric(data.rows, row => row[name]), sorted: query.order === name ? 'ascending' : query.order === '-' + name ? 'descending' : undefined }])}/>
      <p class="acts pager">${query.after && html`<a class="button" href=${to({})}>${T.page.first}</a>`}${data.next && html`<a class="button" href=${to({ after: data.next })}>${T.page.next}</a>`}</p>`}<//>`}
    ${table && !open && html`<p class="faint">${P.shut}</p>`}
    ${table && open && query.row && html`<${History} one=${one} table=${table} row=${query.row} query=${query}/>`}<//>`;
}

function History({ one, table, row, query }) {
  const address = path`v1/projections/${one.name}/tables/${table}/rows/${row}`;
  const page = useRead(signal => call('GET', address + '/history', { query: { limit: 50, after: query.since }, signal, exact: true }), [address, query.since]);
  return html`<section class="gap" id="history"><h3>${P.history} <code><bdi>${row}</bdi></code> ${html`<a class="button" href=${at(one.name, { ...query, row: '', since: '' })}>${T.close}</a>`}</h3><p class="faint">${P.historyNote}</p>
    <${Part} of=${page}>${data => html`<${Table} label=${P.history} rows=${data.rows} empty=${data.next ? P.furtherBack : P.noRows} columns=${[
      [T.tx.index, change => valueText(change.leaf), { number: true, term: 'leaf index' }], [T.tx.title, change => html`<${Hash} of=${change.id} to=${link(chainPage(one.chainName, 'transactions', change.id))}/>`], [T.time, change => html`<${Time} ms=${Date.parse(change.time)} far=${true}/>`], [T.tx.type, change => html`<bdi>${change.type}</bdi>`],
      [T.chain.state, change => (change.deleted ? html`<${State} is="rests">${P.deleted}<//>` : P.written)], [T.tx.payload, change => html`<bdi class="cut">${valueText(change.payload)}</bdi>`]]}/>
      ${data.next && html`<p class="acts pager"><a class="button" href=${at(one.name, { ...query, since: data.next })}>${T.page.next}</a></p>`}`}<//></section>`;
}

function Verification({ of, one, again }) {
  const { name } = one;
  const latest = new Set((one.mapping.tables || []).filter(table => table.mode === 'latest').map(table => table.table));
  const wrong = of.changed + of.added + of.removed;
  const running = of.state === 'running';
  return html`<${Card} title=${P.report} note=${of.finishedAt ? html`<${Time} ms=${of.finishedAt}/>` : ''} acts=${running && html`<${Act} does=${() => call('POST', path`v1/projections/${name}/verify/cancel`).then(again)}>${P.cancel}<//>`}>
    ${running ? html`<p role="status"><${State} is="waits">${P.verifying(num(of.leaf), num(of.leaves))}<//></p>`
      : of.state === 'done' ? html`<p role="status">${wrong ? html`<${State} is="wrong">${P.found(num(of.changed), num(of.added), num(of.removed))}<//>` : html`<${State} is="well">${P.right(num(of.leaves))}<//>`}</p>`
        : html`<p><${State} is=${of.state === 'failed' ? 'wrong' : 'rests'}>${P.verifyStates[of.state] || of.state}<//> ${of.problem && html`<bdi>${of.problem.detail}</bdi> <code>${of.problem.code}</code>`}</p>`}
    ${of.found.length > 0 && html`<${Table} label=${P.report} rows=${of.found} columns=${[
      [P.fault, row => P.faults[row.kind] || row.kind], [P.table, row => html`<code>${row.table}</code>`], [P.row, row => html`<a href=${at(name, { table: row.table, row: latest.has(row.table) ? row.key : '' })}><bdi class="cut">${row.key}</bdi></a>`], [P.columns, row => row.columns.join(', ')]]}/><p class="faint">${wrong ? P.mend : ''}</p>`}<//>`;
}

function Aside({ one, query, admin, again }) {
  const dead = useRead(signal => (one.dead ? get(path`v1/projections/${one.name}/dead`, { limit: 50, after: query.dead }, signal) : Promise.resolve({ dead: [], next: null })), [one.name, query.dead, one.dead], 10);
  return html`<${Card} title=${P.dead} note=${P.deadNote} acts=${admin && one.dead > 0 && html`<${Act} does=${() => call('POST', path`v1/projections/${one.name}/dead/retry`).then(() => { again(); dead.again(); })}>${P.retry}<//>`}>
    <${Part} of=${dead}>${data => html`<${Table} label=${P.dead} rows=${data.dead} empty=${P.noDead} columns=${[
      [T.tx.index, row => num(row.leaf), { number: true, term: 'leaf index' }], [T.tx.title, row => html`<${Hash} of=${row.transaction} to=${link(chainPage(one.chainName, 'transactions', row.transaction))}/>`], [P.table, row => html`<code>${row.table}</code>`], [P.pointer, row => html`<code>${row.pointer}</code>`], [P.reason, row => html`<bdi class="cut">${row.reason}</bdi>`]]}/>
      <p class="acts pager">${query.dead && html`<a class="button" href=${at(one.name, { ...query, dead: '' })}>${T.page.first}</a>`}${data.next !== null && html`<a class="button" href=${at(one.name, { ...query, dead: data.next })}>${T.page.next}</a>`}</p>`}<//><//>`;
}

function Trouble({ of, chain }) {
  return html`<div class="failed gap"><h3>${of.title}</h3><p><bdi>${of.detail}</bdi></p>${of.pointers && html`<ul>${of.pointers.map(each => html`<li><code>${each}</code></li>`)}</ul>`}
    <p class="faint">${of.transaction && html`<${Hash} of=${of.transaction} to=${link(chainPage(chain, 'transactions', of.transaction))}/> `}${of.leaf !== null && of.leaf !== undefined && html`${T.tx.index} ${num(of.leaf)} `}<${Time} ms=${of.at}/> <code>${of.code}</code></p></div>`;
}

function Standing({ data }) {
  return html`<${Card}><${Facts} of=${[
      [T.chain.state, html`<${Shown} state=${data.state}/>`], [T.chain.one, data.chain ? html`<a href=${link(chainPage(data.chainName))}>${data.chainName}</a>` : data.chainName], [P.from, data.from, data.from === 'final' ? 'finality' : undefined], [P.lag, lag(data), 'lag'],
      [P.tables, html`${Object.entries(data.rows).map(([table, n]) => html`<span class="tag">${table} ${num(n)}</span> `)}`], [P.leaf, num(data.leaf), 'tree size'], [T.quant.height, num(data.height), 'height'], [P.dead, html`<${Count} of=${data.dead}/>`], [P.errors, num(data.errors)],
      [P.target, data.target], [P.schema, html`<code>${data.schema}</code>`]]}/>
    ${data.rebuild && html`<p class="gap" role="status"><${State} is="waits">${P.rebuilding(num(data.rebuild.percent), num(data.rebuild.leaf))}<//> <bdi>${data.rebuild.reason}</bdi></p><div class="meter"><i style=${{ width: data.rebuild.percent + '%' }}/></div>`}
    ${data.lastError && html`<${Trouble} of=${data.lastError} chain=${data.chainName}/>`}
    ${P.todo[data.state] && html`<p class="faint gap">${P.todo[data.state]}</p>`}<//>`;
}

function Remove({ data }) {
  const [tables, setTables] = useState(false);
  const outside = data.target !== 'embedded';
  return html`${outside && html`<${Field} label=${P.dropTables} type="check" value=${tables} onInput=${setTables}/>`}
    <${Danger} title=${P.remove} says=${outside && !tables ? P.removeKeeps : P.removeSays} name=${data.name} button=${P.removeButton(data.name)} does=${async () => {
      await call('DELETE', path`v1/projections/${data.name}`, { query: tables ? { tables: true } : {} });
      go('/projections');
    }}/>`;
}

function One({ name, query }) {
  const one = useRead(async signal => (await needs(ROUTE), get(path`v1/projections/${name}`, null, signal)), [name], 2);
  const admin = may('admin');
  const audits = one.data && may('auditor', [one.data.chainName, one.data.chain]);
  const post = act => () => call('POST', path`v1/projections/${name}/${act}`).then(one.again);
  const verifying = one.data && one.data.verification && one.data.verification.state === 'running';
  return html`<${Head} title=${name} question=${P.question}><a class="button" href=${link('/projections')}>${P.all}</a>
      ${admin && one.data && html`${one.data.state === 'paused' ? html`<${Act} key="resume" does=${post('resume')}>${T.resume}<//>` : one.data.state !== 'stopped' && html`<${Act} key="pause" does=${post('pause')}>${T.pause}<//>`}<${Act} does=${post('rebuild')}>${P.rebuild}<//>`}
      ${audits && html`<${Act} disabled=${verifying} does=${post('verify')} done=${() => ''}>${P.verify}<//>`}<//>
    <${Part} of=${one} absent=${P.absent}>${data => html`<${Standing} data=${data}/>
      ${data.verification && html`<${Verification} of=${data.verification} one=${data} again=${one.again}/>`}
      <${Sql} key=${name} name=${name} mapping=${data.mapping} query=${query}/>
      <${Rows} one=${data} query=${query}/>
      <${Aside} one=${data} query=${query} admin=${admin} again=${one.again}/>
      ${admin ? html`<${Editor} name=${name} mapping=${data.mapping} done=${one.again}/>` : html`<${Card} title=${P.mapping}><${Code} text=${JSON.stringify(data.mapping, null, 2)} label=${P.mapping}/><//>`}
      ${admin && html`<${Remove} data=${data}/>`}`}<//>`;
}

export function Projections({ query, names: [name] }) {
  const all = useRead(async signal => (name ? null : (await needs(ROUTE), get('v1/projections', null, signal))), [name], 3);
  const chains = useRead(signal => (name || !may('admin') ? Promise.resolve({ chains: [] }) : get('v1/chains', { limit: 1000 }, signal)), [name]);
  if (name) return html`<${One} key=${name} name=${name} query=${query}/>`;
  return html`<${Head} title=${T.menu.projections} question=${P.question}/>
    <${Part} of=${all} absent=${P.absent}>${data => data && html`<${Card}><${Table} label=${T.menu.projections} rows=${data.projections} keyOf=${row => row.name} to=${row => at(row.name)} empty=${P.none} command="java -jar qbc.jar projection put orders --file orders.json" columns=${[
      [T.chain.name, row => html`<a href=${at(row.name)}>${row.name}</a>`], [T.chain.one, row => row.chainName], [T.chain.state, row => html`<${Shown} state=${row.state}/>`], [P.lag, row => lag(row), { number: true, term: 'lag' }],
      [P.rows, row => num(rowsOf(row)), { number: true }], [P.dead, row => html`<${Count} of=${row.dead}/>`, { number: true }], [P.building, row => (row.rebuild ? num(row.rebuild.percent) + '\u00a0%' : T.unknown), { number: true }], [P.error, row => html`<bdi class="glimpse">${row.lastError ? row.lastError.detail : ''}</bdi>`]]}/><//>
      ${may('admin') && html`<${Editor} chains=${((chains.data || {}).chains || []).map(chain => chain.name)} done=${made => go('/projections/' + encodeURIComponent(made))}/>`}`}<//>`;
}
