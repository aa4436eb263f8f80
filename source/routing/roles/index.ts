export { type Panel, panelOf, type PanelTerms } from './panel.ts';
export { medianStrength, type Strength, strengthOf } from './strength.ts';
export { type Supporter, supportersFor, type SupportRequest } from './supporters.ts';
