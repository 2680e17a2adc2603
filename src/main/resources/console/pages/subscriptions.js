import { html, Head } from '../ui.js'; import { T } from '../texts.js'; export const Subscriptions = () => html`<${Head} title=${T.menu.subscriptions}/>`;
