export { type Panel, panelOf, type PanelTerms } from './panel.ts';
export { medianStrength, strengthOf } from './strength.ts';
export { type Supporter, supportersFor, type SupportRequest } from './supporters.ts';
