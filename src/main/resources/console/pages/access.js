import { html, Head } from '../ui.js'; import { T } from '../texts.js'; export const Access = () => html`<${Head} title=${T.menu.access}/>`;
