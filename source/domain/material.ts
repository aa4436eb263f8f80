/** The tags that hold the parts of a prompt. */
const tagNames = [
  'project',
  'task',
  'criteria',
  'requirements',
  'prior_work',
  'answer',
  'review',
  'problems',
] as const;

export type SectionName = (typeof tagNames)[number];

/**
 * A text between tags that nothing in it can open or close: whatever reads as one of our tags (in any
 * case, with blanks, attributes or invisible characters, in letters or brackets that look alike) gets
 * a backslash behind its bracket. Everything else stays as it is, as do `List<Task>` and `i < task`.
 */
export function section(name: SectionName, text: string): string {
  return `<${name}>\n${prepared.get(text) ?? escapeTags(text)}\n</${name}>`;
}

/** What was escaped elsewhere: a cache of a pure function, so it changes no prompt. */
const prepared = new Map<string, string>();
const maxPrepared = 8;

/** Keeps what {@link escapeTags} makes of a text, for a while: of a long one it takes a tenth of a second. */
export function keepEscaped(text: string, escaped: string): void {
  const [oldest] = prepared.keys();
  if (prepared.size >= maxPrepared && oldest !== undefined) prepared.delete(oldest);
  prepared.set(text, escaped);
}

/** The text of a section, as it was given to {@link section}; undefined where there is none. */
export function sectionIn(prompt: string, name: string): string | undefined {
  const open = `<${name}>\n`;
  const start = prompt.startsWith(open) ? 0 : prompt.indexOf(`\n${open}`) + 1;
  if (start === 0 && !prompt.startsWith(open)) return undefined;
  const end = prompt.indexOf(`\n</${name}>`, start + open.length - 1);
  return end === -1 ? undefined : unescapeTags(prompt.slice(start + open.length, end));
}

/** Brackets, and what looks like one. */
const brackets =
  '<\u00AB\u02C2\u1438\u2039\u226A\u226E\u227A\u22D6\u276C\u276E\u2770\u27E8\u27EA\u2991\u29FC\u3008\u300A\uFE3F\uFE64\uFF1C';

/**
 * A bracket, what was put behind it, and a look ahead that separates nearly all brackets from tags at
 * once: the first two letters of a name, or something that may be a disguise.
 */
const disguise = String.raw`[\s\0-\x1F\x80-\uFFFF]`;
const begins = ['pr', 'ta', 'cr', 're', 'an'].map(([one, two]) => `${one}(?:${two}|${disguise})`);
const bracket = new RegExp(
  String.raw`[${brackets}](\\*)(?=[\s/\0-\x1F]{0,80}(?:[\x80-\uFFFF]|${begins.join('|')}))`,
  'gi',
);

/** A text with more possible tags is hostile: each is treated as a tag, which bounds the time. */
const maxBrackets = 5000;

export function escapeTags(text: string): string {
  const escaped = rewriteTags(text, (backslashes) => `${backslashes}\\`);
  if (escaped !== undefined) return escaped;
  // Quicker than a pattern, which counts where there is so much to do.
  return Array.from(brackets).reduce((rest, one) => rest.replaceAll(one, `${one}\\`), text);
}

/** The inverse of {@link escapeTags}; also for an answer of a model that kept the backslashes. */
export function unescapeTags(text: string): string {
  if (!text.includes('\\')) return text;
  return rewriteTags(text, (backslashes) => backslashes.slice(1)) ?? text;
}

/** Undefined where there are too many brackets to look at. */
function rewriteTags(text: string, rewrite: (backslashes: string) => string): string | undefined {
  const parts: string[] = [];
  let from = 0;
  let seen = 0;
  for (const match of text.matchAll(bracket)) {
    seen += 1;
    if (seen > maxBrackets) return undefined;
    const [whole, backslashes = ''] = match;
    const end = match.index + whole.length;
    if (!readsAsTag(text, match.index, end)) continue;
    parts.push(text.slice(from, end - backslashes.length), rewrite(backslashes));
    from = end;
  }
  return from === 0 ? text : parts.join('') + text.slice(from);
}

/** What follows a bracket is looked at so far: longer than any tag is with some disguise. */
const maxTagLength = 120;

/** Every beginning of a name without its strokes, and whether it is a whole one. */
const beginnings = new Map<string, boolean>();
for (const name of tagNames) {
  const letters = name.replaceAll('_', '');
  for (let end = 0; end <= letters.length; end += 1) {
    const beginning = letters.slice(0, end);
    beginnings.set(beginning, end === letters.length || beginnings.get(beginning) === true);
  }
}

/**
 * Whether a tag of ours stands at a bracket, character by character and only as long as one may: blanks
 * and characters that nobody sees may stand anywhere; the name ends where no letter follows.
 */
function readsAsTag(text: string, bracketAt: number, start: number): boolean {
  let letters = '';
  let closes = false;
  let apart = false;
  const end = Math.min(text.length, start + maxTagLength);
  for (let at = start; at < end;) {
    const character = String.fromCodePoint(text.codePointAt(at) ?? 0);
    at += character.length;
    const folded = foldedOf(character);
    if (folded === '') continue;
    if (beginnings.get(letters) === true && !/^[a-z\d_-]/.test(folded)) {
      return closes || opensHere(text, bracketAt, apart);
    }
    if (folded === '/') closes = true;
    else if (folded === ' ') apart ||= letters === '';
    else if (folded !== '_' && folded !== '-') {
      letters += folded;
      if (!beginnings.has(letters)) return false;
    }
  }
  return beginnings.get(letters) === true && (closes || opensHere(text, bracketAt, apart));
}

/** An opening tag begins its line, or at least is no type in a program and no comparison. */
function opensHere(text: string, bracketAt: number, apart: boolean): boolean {
  for (let at = bracketAt - 1; at >= Math.max(0, bracketAt - maxTagLength); at -= 1) {
    const character = text.charAt(at);
    if (/[\n\r\v\f\u2028\u2029]/.test(character) || separators.includes(character)) return true;
    const folded = foldedOf(character);
    if (folded === '' || folded === ' ') continue;
    return !apart && (at < bracketAt - 1 || !/[\w$)\]]/.test(character));
  }
  return true;
}

const known = new Map<string, string>();

/** The plain letters that a character looks like; a blank for one, '' for what nobody sees. */
function foldedOf(character: string): string {
  let folded = known.get(character);
  if (folded === undefined) {
    folded = fold(character);
    if (known.size < 10_000) known.set(character, folded);
  }
  return folded;
}

/** Control characters that some programs end lines at. */
const separators = '\u0085\u001C\u001D\u001E\u001F';

function fold(character: string): string {
  if (/^[\s\p{Z}\u2800]$/u.test(character) || separators.includes(character)) return ' ';
  const alike = lookAlikes.get(character) ?? lookAlikes.get(character.toLowerCase());
  if (alike !== undefined) return alike;
  return character
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/[\p{Cc}\p{Cf}\p{M}\p{Default_Ignorable_Code_Point}]+/gu, '');
}

/** Letters and strokes of other scripts that look like those of our tags. */
const lookAlikes: ReadonlyMap<string, string> = new Map(
  Object.entries({
    a: 'аɑαǝᴀⲁ',
    b: 'ЬвɓᖯƄ',
    c: 'сϲⅽᴄⲥ',
    d: 'ԁɗᑯⅾ',
    e: 'еҽɛεℯᴇⲉє',
    i: 'іıɩιӏӀ|ⅰｌ',
    j: 'јϳʝ',
    k: 'кκᴋⲕ',
    l: 'ⅼӏ|ꓲ',
    m: 'мⅿᴍμ',
    n: 'ոпηɴⲛո',
    o: 'оοօᴏⲟ0',
    p: 'рρϱᴘⲣ',
    q: 'ԛգɋ',
    r: 'гʀꭇⲅᴦ',
    s: 'ѕꜱƽ',
    t: 'тτᴛⲧ',
    u: 'υսᴜцʋ',
    v: 'ѵνᴠⅴ',
    w: 'ԝшωᴡѡա',
    _: 'ˍ‿⁔',
    '/': '∕⁄⧸／╱',
  }).flatMap(([letter, others]) => Array.from(others, (other) => [other, letter] as const)),
);
