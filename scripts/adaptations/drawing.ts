import { fileURLToPath } from 'node:url';
import { plainCharacters } from '../../source/dashboard/text/plain-characters.ts';
import { replaceEach, replaceOnce } from './replace.ts';
import { buildLater } from './starting.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/**
 * Ink makes every frame a grid of cells, with styles of their own, out of texts that it takes apart first;
 * the screens' texts lie side by side, and then the rows are the texts. Where one lies over another,
 * Ink's way is gone, and what its lines consist of is kept between frames.
 */
export function putTextsSideBySide(code: string): string {
  const direct = `
import { createDirectFrames } from ${JSON.stringify(`${root}source/dashboard/terminal/direct-frame.ts`)};
const directFrame = createDirectFrames((line) => {
  const characters = cachesOfFrame().getStyledChars(line);
  return {
    text: styledCharsToString(characters),
    width: characters.reduce((sum, { value }) => sum + Math.max(1, stringWidth(value)), 0),
  };
});
let keptCaches = new OutputCaches();
function cachesOfFrame() {
  if (keptCaches.styledChars.size + keptCaches.widths.size > 4096) keptCaches = new OutputCaches();
  return keptCaches;
}
`;
  const attempt = `get() {
        const frame = directFrame(this.operations, this);
        if (frame !== undefined) return { output: frame, height: this.height };
`;
  return (
    replaceOnce(
      replaceOnce(code, 'caches = new OutputCaches();', 'caches = cachesOfFrame();'),
      'get() {',
      attempt,
    ) + direct
  );
}

/** Ink takes every text apart, several times a frame, to leave out what the screens' texts do not have. */
export function passPlainText(code: string): string {
  const isPlain = String.raw`/^[${plainCharacters}\n]*(?:\u001B\[[\d;]*m[${plainCharacters}\n]*)*$/`;
  return replaceOnce(
    code,
    'const sanitizeAnsi = (text) => {',
    `const isPlain = ${isPlain};
const sanitizeAnsi = (text) => {
    if (isPlain.test(text)) return text;`,
  );
}

/** Ink segments whatever of a changed line is not ASCII, frames and bars among it. */
export function compareLinesPlainly(code: string): string {
  return replaceOnce(code, '/^[ -~]*$/u', `/^[${plainCharacters}]*$/`);
}

/**
 * string-width segments every text that is not ASCII, though frames repeat their lines, and builds its
 * patterns of all emoji at every start, though most screens show none.
 */
export function rememberWidths(code: string): string {
  const remembering = `
const plain = /^[${plainCharacters}]*$/;
const colours = /\\u001B\\[[\\d;]*m/g;
const knownWidths = new Map();
export default function stringWidth(input, options) {
  if (options !== undefined || typeof input !== 'string') return measureWidth(input, options);
  let width = knownWidths.get(input);
  if (width === undefined) {
    const text = input.includes('\\u001B') ? input.replace(colours, '') : input;
    width = plain.test(text) ? text.length : measureWidth(input);
    if (knownWidths.size >= 4096) knownWidths.clear();
    knownWidths.set(input, width);
  }
  return width;
}
`;
  const changes: [from: string, to: string][] = [
    ['export default function stringWidth(', 'function measureWidth('],
    buildLater('rgiEmojiRegex', '/^\\p{RGI_Emoji}$/v'),
    buildLater('spacingMarkRegex', '/\\p{Spacing_Mark}/v'),
    buildLater(
      'visibleCharacterRegex',
      '/[^\\p{Default_Ignorable_Code_Point}\\p{Control}\\p{Format}\\p{Nonspacing_Mark}\\p{Enclosing_Mark}\\p{Surrogate}]/v',
    ),
  ];
  return replaceEach(code, changes) + remembering;
}
