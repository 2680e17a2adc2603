import { html, Head } from '../ui.js'; import { T } from '../texts.js'; export const Peers = () => html`<${Head} title=${T.menu.peers}/>`;
