/** Terminals ignore longer ones (xterm's limit of the encoded text is about 100,000). */
const mostBytes = 74_994;

const bell = '\u0007';
const escape = '\u001B';

/**
 * The sequence that puts a text on the clipboard of the terminal (OSC 52): works where the screen
 * is, over SSH too. tmux takes the plain form with `set-clipboard on` and hands the wrapped one
 * through with `allow-passthrough on`; the one that it does not take, it swallows. Nothing for a
 * text too long for terminals.
 */
export function clipboardSequence(
  text: string,
  environment: NodeJS.ProcessEnv,
): string | undefined {
  const bytes = Buffer.from(text, 'utf8');
  if (bytes.length > mostBytes) return undefined;
  const plain = `${escape}]52;c;${bytes.toString('base64')}${bell}`;
  if ((environment['TMUX'] ?? '') !== '') {
    return `${plain}${escape}Ptmux;${plain.replaceAll(escape, escape + escape)}${escape}\\`;
  }
  if (environment['TERM']?.startsWith('screen')) return `${escape}P${plain}${escape}\\`;
  return plain;
}
