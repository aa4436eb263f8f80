/** What a program needs to find others, and to speak the user's language; nothing that could be a key. */
const handedOn = new Set(['PATH', 'LANG', 'TZ', 'TERM', 'USER', 'LOGNAME']);

/**
 * The environment that our children see: by a list of what is handed on, since nobody can tell by its name
 * what is a key.
 */
export function cleanEnvironment(environment: NodeJS.ProcessEnv): Record<string, string> {
  const clean: Record<string, string> = { LANG: 'C.UTF-8' };
  for (const [name, value] of Object.entries(environment)) {
    if (value === undefined) continue;
    if (handedOn.has(name) || /^LC_[A-Z]+$/.test(name)) clean[name] = value;
  }
  return clean;
}
