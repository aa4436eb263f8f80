export {
  renderPlainDashboard,
  type PlainOptions,
  type PlainView,
} from './render-plain-dashboard.ts';
export { insightJson } from './insight-json.ts';
