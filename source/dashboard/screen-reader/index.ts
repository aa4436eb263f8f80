export { speakDashboard, wantsScreenReader } from './speak.ts';
