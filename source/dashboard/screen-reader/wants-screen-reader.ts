/** Whether the user's environment asks for text that a screen reader can read (Ink's own variable). */
export const wantsScreenReader = (environment: NodeJS.ProcessEnv): boolean =>
  environment['INK_SCREEN_READER'] === 'true';
