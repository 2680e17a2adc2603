// The shell: which page an address means, the navigation, the search box, the keyboard, and who is calling.
import { html, startTips, useEffect, useState, useStore, announced, utc, go, State, Field, duration, useNow, Head, Card, Failed, Loading } from './ui.js';
import { render, Component } from './lib/preact.js';
import { T } from './texts.js';
import { anywhere, asked, hasCredential, lost, may, self, show, wanted, who } from './api.js';
import { Overview } from './pages/overview.js';
import { Chains } from './pages/chains.js';
import { Chain } from './pages/chain.js';
import { Quant } from './pages/quant.js';
import { Transaction } from './pages/transaction.js';
import { Inject } from './pages/inject.js';
import { NewChain } from './pages/new.js';
import { Search } from './pages/search.js';
import { Peers } from './pages/peers.js';
import { Projections } from './pages/projections.js';
import { Subscriptions } from './pages/subscriptions.js';
import { Access } from './pages/access.js';
import { Analytics } from './pages/analytics.js';

const PAGES = [
  [/^\/?$/, Overview],
  [/^\/chains$/, Chains],
  [/^\/chains\/([^/]+)$/, Chain],
  [/^\/chains\/([^/]+)\/quants\/([^/]+)$/, Quant],
  [/^\/chains\/([^/]+)\/transactions\/([^/]+)$/, Transaction],
  [/^\/inject$/, Inject],
  [/^\/new$/, NewChain],
  [/^\/search$/, Search],
  [/^\/peers$/, Peers],
  [/^\/projections(?:\/([^/]+))?$/, Projections],
  [/^\/subscriptions(?:\/([^/]+)(?:\/([^/]+))?)?$/, Subscriptions],
  [/^\/access$/, Access],
  [/^\/analytics$/, Analytics],
];

const MENU = [
  ['ledger', [['/', 'overview'], ['/chains', 'chains'], ['/search', 'search'], ['/inject', 'inject'], ['/analytics', 'analytics'], ['/new', 'new']]],
  ['node', [['/peers', 'peers'], ['/projections', 'projections'], ['/subscriptions', 'subscriptions'], ['/access', 'access']]],
];

/** What a caller must be for a page to be listed. */
const reads = () => anywhere('reader');
const NEEDS = {
  '/chains': reads, '/search': reads, '/analytics': reads, '/projections': reads, '/subscriptions': reads,
  '/inject': () => anywhere('writer'), '/new': () => may('admin'), '/peers': () => may('reader'), '/access': () => may('admin') || may('auditor'),
};

function address() {
  const [page, query] = (location.hash.slice(1) || '/').split('?');
  return { page: page || '/', query: Object.fromEntries(new URLSearchParams(query || '')) };
}

function decoded(part) {
  try {
    return part === undefined ? undefined : decodeURIComponent(part);
  } catch {
    return part;
  }
}

class Guard extends Component {
  constructor(props) {
    super(props);
    this.state = { failure: null };
  }

  static getDerivedStateFromError(failure) {
    return { failure };
  }

  render() {
    return this.state.failure ? html`<${Failed} failure=${this.state.failure}/>` : this.props.children;
  }
}

function Credential() {
  const [text, setText] = useState('');
  const [refused, setRefused] = useState(false);
  const submit = async event => {
    event.preventDefault();
    await show(text);
    setText('');
    setRefused(wanted.read());
  };
  return html`<${Head} title=${T.credential.title} question=${T.credential.question}/>
    <${Card}><form onSubmit=${submit}>
      <${Field} label=${T.credential.label} type="password" value=${text} onInput=${setText} placeholder="qbc_…" note=${T.credential.note}
        fault=${refused ? T.credential.refused : undefined}/>
      <button class="main" disabled=${!text.trim()}>${T.credential.button}</button></form>
      <p class="faint">${T.credential.how}</p><pre tabindex="0">java -jar qbc.jar access add --name console --role reader</pre><//>`;
}

function Caller() {
  const caller = useStore(self);
  if (!caller) return null;
  return html`<details class="caller"><summary>${caller.name || T.caller.anybody}</summary><div>
    <p>${T.caller.roles}: ${(caller.roles || []).join(', ') || T.caller.none}</p>
    <p class="faint">${T.caller.mode(caller.mode)}</p>
    ${hasCredential() ? html`<button type="button" onClick=${() => { self.set(null); show('').then(() => wanted.set(true)); }}>${T.caller.forget}</button>`
      : caller.mode === 'required' && html`<button type="button" onClick=${() => wanted.set(true)}>${T.caller.other}</button>`}</div></details>`;
}

function Lost() {
  const since = useStore(lost);
  const now = useNow();
  return html`<div class="lost" role="status" aria-live="polite">${since && html`<p><${State} is="wrong">${T.lost.title}<//> ${T.lost.detail(duration(Math.max(0, Math.round((now - since) / 1000)) * 1000))}</p>`}</div>`;
}

function Keys({ close }) {
  useEffect(() => {
    const box = document.querySelector('dialog');
    if (!box.open) box.showModal();
  }, []);
  return html`<dialog aria-labelledby="keys" onClose=${close}><h2 id="keys">${T.keys.title}</h2><dl class="keys">
    ${T.keys.list.map(([keys, what]) => html`<div><dt>${keys.split(' ').map(k => html`<kbd>${k}</kbd> `)}</dt><dd>${what}</dd></div>`)}</dl>
    <form method="dialog"><button>${T.close}</button></form></dialog>`;
}

const JUMPS = { o: '/', c: '/chains', s: '/search', i: '/inject', a: '/analytics', n: '/new', p: '/peers', j: '/projections', u: '/subscriptions', k: '/access' };

function App() {
  const [at, setAt] = useState(address);
  const [keys, setKeys] = useState(false);
  const [menu, setMenu] = useState(false);
  const said = useStore(announced);
  const plain = useStore(utc);
  const needs = useStore(wanted);
  const known = useStore(asked);
  useStore(self);
  useEffect(() => {
    const moved = () => {
      setAt(old => {
        const next = address();
        if (next.page !== old.page) {
          scrollTo(0, 0);
          setTimeout(() => { const head = document.querySelector('main h1'); if (head && !document.activeElement.closest('input,textarea,select')) head.focus({ preventScroll: true }); }, 0);
        }
        return next;
      });
      setMenu(false);
    };
    let led = 0;
    const typed = event => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.target.closest('input,textarea,select,dialog') && event.key !== 'Escape') return;
      if (led && Date.now() - led < 1500 && JUMPS[event.key]) {
        go(JUMPS[event.key]);
        event.preventDefault();
        led = 0;
        return;
      }
      led = event.key === 'g' ? Date.now() : 0;
      if (event.key === '/') {
        document.getElementById('search').focus();
        event.preventDefault();
      } else if (event.key === '?') setKeys(true);
      else if (event.key === 'Escape') event.target.blur();
    };
    addEventListener('hashchange', moved);
    addEventListener('keydown', typed);
    return () => {
      removeEventListener('hashchange', moved);
      removeEventListener('keydown', typed);
    };
  }, []);
  const search = event => {
    event.preventDefault();
    const box = document.getElementById('search');
    const text = box.value.trim();
    if (text) go('/search', { q: text });
    box.blur();
  };
  let page = null;
  for (const [shape, of] of PAGES) {
    const found = shape.exec(at.page);
    if (found) page = html`<div><${of} query=${at.query} names=${found.slice(1).map(decoded)}/></div>`;
  }
  const current = to => (to === '/' ? at.page === '/' : at.page === to || at.page.startsWith(to + '/'));
  return html`<a class="skip" href="#main" onClick=${event => { event.preventDefault(); document.querySelector('main h1, main').focus(); }}>${T.skip}</a>
    <header class="top">
      <button type="button" class="menu" aria-expanded=${menu} aria-controls="pages" onClick=${() => setMenu(!menu)}>${T.menu.button}</button>
      <a class="brand" href="#/"><img src="icon.svg" alt="" width="18" height="18"/> ${T.product}</a>
      <form role="search" onSubmit=${search}><label class="unseen" for="search">${T.search.label}</label>
        <input id="search" type="search" placeholder=${T.search.placeholder} autocomplete="off" spellcheck="false"/><kbd aria-hidden="true">/</kbd></form>
      <div class="tools"><button type="button" class="quiet" aria-pressed=${plain} onClick=${() => utc.set(!plain)} title=${T.utcHint}>UTC</button>
        <button type="button" class="quiet" onClick=${() => setKeys(true)} aria-label=${T.keys.title}>?</button><${Caller}/></div>
    </header>
    <${Lost}/>
    <div class="body"><nav id="pages" class=${menu ? 'open' : ''} aria-label=${T.menu.label}>
      ${MENU.map(([group, entries]) => html`<h2>${T.menu[group]}</h2><ul>${entries.filter(([to]) => !NEEDS[to] || NEEDS[to]()).map(([to, name]) =>
        html`<li><a href=${'#' + to} aria-current=${current(to) ? 'page' : null}>${T.menu[name]}</a></li>`)}
        ${group === 'node' && html`<li><a href="../docs/">${T.menu.api} <span aria-hidden="true">↗</span></a></li>`}</ul>`)}</nav>
    <main id="main" tabindex="-1"><${Guard} key=${at.page}>${needs ? html`<${Credential}/>`
      : !known ? html`<${Loading}/>` : page || html`<${Head} title=${T.error.noPage} question=${T.error.noPageDetail}/>`}<//></main></div>
    <div class="said" role="status" aria-live="polite">${said}</div>
    ${keys && html`<${Keys} close=${() => setKeys(false)}/>`}`;
}

who().catch(() => {});
startTips();
render(html`<${App}/>`, document.getElementById('app'));
