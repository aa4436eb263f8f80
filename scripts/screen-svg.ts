import type { IBufferCell, Terminal as Screen } from '@xterm/headless';

const cellWidth = 8.4;
const lineHeight = 18;
const margin = 16;
const foreground = '#c8ccd4';
const paper = '#14161b';

/** A piece of a line whose cells look the same. */
type Run = { column: number; text: string; width: number; style: string; background?: string };

/** What a terminal shows, as a picture: text and colours from its buffer. */
export function svgOf(screen: Screen): string {
  const width = screen.cols * cellWidth + 2 * margin;
  const height = screen.rows * lineHeight + 2 * margin;
  const lines = Array.from({ length: screen.rows }, (_, row) => lineOf(screen, row));
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, monospace" font-size="14">
<rect width="100%" height="100%" rx="8" fill="${paper}"/>
${lines.flat().join('\n')}
</svg>
`;
}

function lineOf(screen: Screen, row: number): string[] {
  const y = margin + row * lineHeight;
  return runsOf(screen, row).flatMap(({ column, text, width, style, background }) => {
    const x = (margin + column * cellWidth).toFixed(1);
    const length = (width * cellWidth).toFixed(1);
    const rect =
      background === undefined
        ? []
        : [
            `<rect x="${x}" y="${y}" width="${length}" height="${lineHeight}" fill="${background}"/>`,
          ];
    if (text.trim() === '') return rect;
    return [
      ...rect,
      `<text x="${x}" y="${y + 13}" textLength="${length}" lengthAdjust="spacingAndGlyphs" xml:space="preserve" ${style}>${escaped(text)}</text>`,
    ];
  });
}

function runsOf(screen: Screen, row: number): Run[] {
  const line = screen.buffer.active.getLine(screen.buffer.active.viewportY + row);
  const runs: Run[] = [];
  for (let column = 0; column < screen.cols; column += 1) {
    const cell = line?.getCell(column);
    if (cell === undefined || cell.getWidth() === 0) continue;
    const style = `fill="${colourOf(cell, 'front') ?? foreground}"${cell.isBold() ? ' font-weight="bold"' : ''}`;
    const background = colourOf(cell, 'back');
    const text = cell.getChars() || ' ';
    const last = runs.at(-1);
    if (last?.style === style && last.background === background) {
      last.text += text;
      last.width += cell.getWidth();
    } else {
      runs.push({
        column,
        text,
        width: cell.getWidth(),
        style,
        ...(background === undefined ? {} : { background }),
      });
    }
  }
  return runs;
}

/** True colours as they are; the program is asked for these. */
function colourOf(cell: IBufferCell, layer: 'front' | 'back'): string | undefined {
  const isSet = layer === 'front' ? cell.isFgRGB() : cell.isBgRGB();
  if (!isSet) return undefined;
  const colour = layer === 'front' ? cell.getFgColor() : cell.getBgColor();
  return `#${colour.toString(16).padStart(6, '0')}`;
}

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
