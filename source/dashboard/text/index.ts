export { fittedTable, table } from './table.ts';
export {
  type Align,
  asciiText,
  charactersOf,
  cleanText,
  cutEnd,
  cutMiddle,
  pad,
  startOf,
  widthOf,
} from './width.ts';
export { fittedLines, wrapText } from './wrap.ts';
