import { parseJson } from '../../domain/parse-json.ts';
export type CodeBlock = { language: string; code: string };

type FencedBlock = CodeBlock & {
  /** Where its first fence begins and its last one ends. */
  start: number;
  end: number;
};

/** A line that opens or closes a block: up to three blanks, then three or more of one mark. */
const fenceLines = /^( {0,3})(`{3,}|~{3,})(.*)$/gm;

type FenceLine = {
  start: number;
  end: number;
  indent: number;
  mark: string;
  width: number;
  /** What follows the marks; a line that closes a block has nothing there. */
  info: string;
};

/** The fenced blocks of a text, in order; one that nothing closes is none. In linear time. */
export function codeBlocksIn(text: string): CodeBlock[] {
  return fencedBlocks(text).map(({ language, code }) => ({ language, code }));
}

/** The text itself, or what is in its fence where it is one fenced block and nothing else. */
export function withoutFence(text: string): CodeBlock {
  const trimmed = text.trim();
  if (/^[`~]{3}/.test(trimmed) && /^[`~]{3}$/.test(trimmed.slice(-3))) {
    const [block] = fencedBlocks(trimmed);
    if (block?.start === 0 && block.end === trimmed.length) {
      return { language: block.language, code: block.code };
    }
  }
  return { language: '', code: trimmed };
}

/** Whether a text is JSON, alone or in one fence. */
export const isJson = (text: string): boolean => parseJson(withoutFence(text).code) !== undefined;

function fencedBlocks(text: string): FencedBlock[] {
  const lines = [...text.matchAll(fenceLines)].map((match): FenceLine => {
    const [all, indent = '', marks = '', info = ''] = match;
    const start = match.index;
    const width = marks.length;
    return {
      start,
      end: start + all.length,
      indent: indent.length,
      mark: marks.charAt(0),
      width,
      info,
    };
  });
  const closers = closersOf(lines);
  const blocks: FencedBlock[] = [];
  for (let index = 0; index < lines.length; index += 1) {
    const opener = lines[index];
    const closerIndex = closers[index];
    const closer = closerIndex === undefined ? undefined : lines[closerIndex];
    if (opener === undefined || closer === undefined || closerIndex === undefined) continue;
    blocks.push({
      language: languageOf(opener.info),
      code: withoutIndent(text.slice(opener.end, closer.start), opener.indent),
      start: opener.start,
      end: closer.end,
    });
    index = closerIndex;
  }
  return blocks;
}

/**
 * For each line the one that would close the block it opens: the next bare one of the same mark that is
 * at least as wide. From the end, beside a stack of those not hidden by a wider one before them, so that
 * many fences without an end cost no more than their length.
 */
function closersOf(lines: readonly FenceLine[]): (number | undefined)[] {
  const stacks: Record<string, number[]> = { '`': [], '~': [] };
  const closers = Array.from<number | undefined>({ length: lines.length });
  for (let index = lines.length - 1; index >= 0; index -= 1) {
    const line = lines[index];
    const stack = stacks[line?.mark ?? ''];
    if (line === undefined || stack === undefined) continue;
    const opens = line.mark === '~' || !line.info.includes('`');
    if (opens) closers[index] = nearestAtLeast(lines, stack, line.width);
    if (line.info.trim() !== '') continue;
    while (widthAt(lines, stack.at(-1)) <= line.width) stack.pop();
    stack.push(index);
  }
  return closers;
}

/** The last entry of a stack whose widths fall towards its end that is wide enough. */
function nearestAtLeast(
  lines: readonly FenceLine[],
  stack: readonly number[],
  width: number,
): number | undefined {
  let [low, high] = [0, stack.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (widthAt(lines, stack[middle]) >= width) low = middle + 1;
    else high = middle;
  }
  return stack[low - 1];
}

const widthAt = (lines: readonly FenceLine[], index: number | undefined): number =>
  index === undefined ? Number.POSITIVE_INFINITY : (lines[index]?.width ?? 0);

function languageOf(info: string): string {
  return (
    info
      .trim()
      .slice(0, 100)
      .split(/[\s:{]/)[0]
      ?.toLowerCase() ?? ''
  );
}

/** Without the line break behind the opening fence, and without what the block is indented by. */
function withoutIndent(between: string, indent: number): string {
  const code = between.replace(/^(?:\r\n|\n|\r)/, '');
  return indent === 0 ? code : code.replaceAll(new RegExp(`^ {1,${indent}}`, 'gm'), '');
}
