export { renderPlainDashboard, type PlainView } from './render-plain-dashboard.ts';
export { insightJson } from './insight-json.ts';
