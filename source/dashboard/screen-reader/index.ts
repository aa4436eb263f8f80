export { speakDashboard } from './speak.ts';
