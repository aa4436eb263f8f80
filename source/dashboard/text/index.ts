export { fittedTable, table } from './table.ts';
export { type Align, asciiText, cleanText, cutEnd, cutMiddle, pad, widthOf } from './width.ts';
export { fittedLines, wrapText } from './wrap.ts';
