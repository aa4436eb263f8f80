export { asciiText, cleanText } from './clean.ts';
export { cutEnd, cutMiddle, pad, startOf, type Align } from './width.ts';
export { fittedTable, table } from './table.ts';
export { charactersOf, widthOf } from './width.ts';
export { fittedLines, wrapText } from './wrap.ts';
