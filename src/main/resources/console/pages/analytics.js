import { html, Head } from '../ui.js'; import { T } from '../texts.js'; export const Analytics = () => html`<${Head} title=${T.menu.analytics}/>`;
