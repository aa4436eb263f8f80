/**
 * Characters of which every one takes one column by itself and joins with no other, as the inside of a
 * pattern's brackets: what the screens are drawn with. A test holds string-width to it.
 */
export const plainCharacters =
  '\\u0020-\\u007E\\u00A1-\\u00AC\\u00AE-\\u02FF\\u2010-\\u2027\\u2030-\\u205E\\u2190-\\u21FF\\u2200-\\u22FF\\u23CE\\u2500-\\u25FC\\u25FF\\u2713\\u2717\\u276F';
