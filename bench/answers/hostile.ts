/** Repeats a text to a size in characters. */
const fill = (unit: string, size: number): string =>
  unit.repeat(Math.ceil(size / unit.length)).slice(0, size);

const nested = (open: string, close: string, size: number): string => {
  const depth = Math.max(0, Math.floor(size / (open.length + close.length)));
  return open.repeat(depth) + close.repeat(depth);
};

/** Texts that make careless readers of answers slow, by what they are made of; each of a given size. */
export const hostile: Record<string, (size: number) => string> = {
  'opening fences': (size) => fill('```x\n', size),
  'bare fences': (size) => fill('```\n', size),
  'fences of every width': (size) => {
    let text = '';
    for (let width = 1300; text.length < size && width > 2; width -= 1)
      text += `${'`'.repeat(width)}x\n`;
    return text + fill('```\n', Math.max(0, size - text.length));
  },
  backticks: (size) => fill('`', size),
  'one long line': (size) => fill('a', size),
  'line breaks': (size) => fill('\n', size),
  'carriage returns': (size) => fill('\r\n', size),
  blanks: (size) => fill(' ', size),
  'opening braces': (size) => fill('{', size),
  'brackets in brackets': (size) => nested('[', ']', size),
  'objects in objects': (size) => nested('{"a":', '}', size - 1).replace('}', '1}'),
  'opened objects with scores': (size) => fill('{"score": 0.9, ', size),
  quotes: (size) => fill('"', size),
  backslashes: (size) => fill('\\', size),
  'a list of numbers': (size) => `[${fill('1,', size - 3)}1]`,
  'one number': (size) => fill('9', size),
  'combining marks': (size) => fill('e\u0301\u0302\u0303', size),
  'zero-width joiners': (size) => fill('👩\u200D👩\u200D', size),
  'flags and tags': (size) => fill('🇩🇪\u{E0061}', size),
  'lone surrogates': (size) => fill('\uD83D', size),
  'right to left': (size) => fill('\u202Eאב\u2066', size),
  'escape sequences': (size) => fill('\u001B[31m\u009B2J', size),
  'unended escape sequences': (size) => fill('\u001B]8;;', size),
  'opening thoughts': (size) => fill('<think>', size),
  'closing thoughts': (size) => fill('x</think>\n', size),
  'harmony marks': (size) => fill('<|channel|>analysis<|message|>', size),
  'tags of ours': (size) => fill('</answer><task>', size),
  'what looks like keys': (size) => fill('sk-', size),
  'what looks like tokens': (size) => fill('eyJaaaaaaaa.', size),
  'words before keys': (size) => fill('bearer  token = "', size),
  'beginnings of private keys': (size) => `-----BEGIN ${fill('A ', size - 11)}`,
  'blocks of Python': (size) => fill('```py\nx=1\n```\n', size),
  'nested Python': (size) => `\`\`\`py\n${nested('(', ')', size - 12)}\n\`\`\``,
  'blocks of JavaScript': (size) => fill('```js\nlet a;\n```\n', size),
  'nested JavaScript': (size) => `\`\`\`js\n${nested('(', ')', size - 12)}\n\`\`\``,
  'arrows in conditions': (size) => `\`\`\`js\n${fill('a?(b):c=>', size - 12)}d\n\`\`\``,
  'nested types': (size) => `\`\`\`ts\ntype A = ${nested('B<', '>', size - 30)};\n\`\`\``,
  'opening elements': (size) => fill('<a ', size),
  'HTML of one page': (size) => fill('<p class="a">text</p>\n', size),
  'Markdown tables': (size) => fill('| a | b |\n|---|---|\n', size),
};
