import { html, Head } from '../ui.js'; import { T } from '../texts.js'; export const Projections = () => html`<${Head} title=${T.menu.projections}/>`;
