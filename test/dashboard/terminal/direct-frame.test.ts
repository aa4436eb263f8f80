import fc from 'fast-check';
import stringWidth from 'string-width';
import { describe, expect, it } from 'vitest';
import Output from '../../../node_modules/ink/build/output.js';
import {
  createDirectFrames,
  type Operation,
  type Write,
} from '../../../source/dashboard/terminal/direct-frame.ts';
import { newScreen } from '../../support/terminal.ts';

const frameOf = createDirectFrames((line) => ({ text: line, width: stringWidth(line) }));

const size = { width: 40, height: 4 };
const write = (
  x: number,
  y: number,
  text: string,
  transformers: Write['transformers'] = [],
): Write => ({
  type: 'write',
  x,
  y,
  text,
  transformers,
});

const unbounded = { x1: undefined, x2: undefined, y1: undefined, y2: undefined };

/** What Ink itself makes of the same texts. */
function inkFrame(operations: readonly Operation[]): string {
  const output = new Output(size);
  for (const operation of operations) {
    if (operation.type === 'clip') output.clip({ ...unbounded, ...operation.clip });
    else if (operation.type === 'unclip') output.unclip();
    else {
      const { x, y, text, transformers } = operation;
      output.write(x, y, text, { transformers: [...transformers] });
    }
  }
  return output.get().output;
}

/** What a terminal shows of a frame, cell by cell with its looks. */
async function cellsOf(frame: string): Promise<string[][]> {
  const screen = newScreen(size.width, size.height);
  await new Promise<void>((resolve) => {
    screen.write(frame.replaceAll('\n', '\r\n'), resolve);
  });
  return Array.from({ length: size.height }, (_, row) =>
    Array.from({ length: size.width }, (__, column) => {
      const cell = screen.buffer.active.getLine(row)?.getCell(column);
      const styles = [cell?.isBold(), cell?.getFgColor(), cell?.getBgColor()];
      return `${cell?.getChars() || ' '} ${styles.join()}`;
    }),
  );
}

describe('A frame put together from its texts', () => {
  const style = fc.constantFrom('', '1', '31', '1;38;5;10', '38;2;1;2;3;48;5;7');
  const characters = fc.constantFrom('a', ' ', '0', '│', '█', '▁', '…', '名', 'é');
  const part = fc
    .tuple(style, fc.string({ unit: characters, maxLength: 4 }))
    .map(([code, text]) => (code === '' || text === '' ? text : `\u001B[${code}m${text}\u001B[0m`));
  const line = fc.array(part, { maxLength: 2 }).map((parts) => parts.join(''));
  const row = fc.integer({ min: 0, max: 4 });
  const block = fc.array(line, { minLength: 1, maxLength: 4 }).map((lines) => lines.join('\n'));

  it('shows the same cells as the grid that Ink makes of them', async () => {
    await fc.assert(
      fc.asyncProperty(block, block, row, row, async (left, right, y, y2) => {
        const writes: Operation[] = [
          { type: 'clip', clip: { x1: 20, x2: 40, y1: 0, y2 } },
          write(20, y, right),
          { type: 'unclip' },
          write(0, 0, left),
        ];
        const frame = frameOf(writes, size);
        expect(frame).toBeDefined();
        expect(await cellsOf(frame ?? '')).toEqual(await cellsOf(inkFrame(writes)));
      }),
      { numRuns: 200 },
    );
  });

  it('applies what changes a line as it is drawn', () => {
    const numbered = (text: string, index: number): string => `${index}${text}`;
    expect(frameOf([write(0, 1, 'a\nb', [numbered])], size)).toBe('\n0a\n1b\n');
  });

  it('leaves to Ink what covers another, leaves the frame, or keeps a style open', () => {
    expect(frameOf([write(0, 0, 'abc'), write(2, 0, 'x')], size)).toBeUndefined();
    expect(frameOf([write(38, 0, 'abc')], size)).toBeUndefined();
    expect(frameOf([write(-1, 0, 'abc')], size)).toBeUndefined();
    const clip: Operation = { type: 'clip', clip: { x1: 0, x2: 2 } };
    expect(frameOf([clip, write(0, 0, 'abc')], size)).toBeUndefined();
    expect(frameOf([write(0, 0, '\u001B[31mabc')], size)).toBeUndefined();
    expect(frameOf([write(0, 0, '\u001B[31mabc\nabc\u001B[39m')], size)).toBeUndefined();
  });

  it('drops rows below the frame', () => {
    expect(frameOf([write(0, 3, 'a\nb')], size)).toBe('\n\n\na');
  });
});
