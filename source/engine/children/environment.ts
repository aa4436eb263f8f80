import process from 'node:process';

/** What a program needs to find others, and to speak the user's language; nothing that could be a key. */
const handedOn = new Set(['PATH', 'LANG', 'TZ', 'TERM', 'USER', 'LOGNAME']);
/** Without these Windows starts nothing; it takes them in any case of letters. */
const handedOnByWindows = new Set(['PATH', 'PATHEXT', 'SYSTEMROOT', 'WINDIR']);

/**
 * The environment that our children see: by a list of what is handed on, since no name shows
 * what is a key.
 */
export function cleanEnvironment(
  environment: NodeJS.ProcessEnv,
  platform: NodeJS.Platform = process.platform,
): Record<string, string> {
  const clean: Record<string, string> = { LANG: 'C.UTF-8' };
  for (const [name, value] of Object.entries(environment)) {
    if (value === undefined) continue;
    const isNeeded = platform === 'win32' && handedOnByWindows.has(name.toUpperCase());
    if (isNeeded || handedOn.has(name) || /^LC_[A-Z]+$/.test(name)) clean[name] = value;
  }
  return clean;
}
