import { pageWidth } from '../theme/text-style.ts';
import { wrapText } from '../text/index.ts';

/** A paragraph whose first line starts with `head` and whose others line up behind it. */
export function hanging(head: string, text: string): string[] {
  return text
    .split('\n')
    .flatMap((part) => wrapText(part, pageWidth - head.length))
    .map((line, index) => (index === 0 ? head : ' '.repeat(head.length)) + line);
}
