import { html, Head } from '../ui.js'; import { T } from '../texts.js'; export const NewChain = () => html`<${Head} title=${T.menu.new}/>`;
