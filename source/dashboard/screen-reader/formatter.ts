import { textStyleFor } from '../theme/text-style.ts';
import { isUtf8Locale } from '../theme/glyphs.ts';

/** Turns sentences into what is written: one line each, with nothing in it that moves a cursor. */
export type Formatter = (sentences: readonly string[]) => string;

/** A formatter for the characters that the terminal knows. */
export function formatterFor({
  ascii,
  environment,
}: {
  ascii?: boolean;
  environment: NodeJS.ProcessEnv;
}): Formatter {
  const { name } = textStyleFor(ascii ?? !isUtf8Locale(environment, process.platform));
  return (sentences) => sentences.map((sentence) => `${name(sentence)}\n`).join('');
}
