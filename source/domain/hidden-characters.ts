/** Printable ASCII: most names, checked without the tables of Unicode. */
const plain = /^[ -~]*$/;

/**
 * Controls, ends of lines, what turns the direction of text (U+202E), and what takes no room (U+200B). In a
 * name, all of them make one thing look like another.
 */
const hidden = /[\p{Cc}\p{Zl}\p{Zp}\p{Cf}\p{Default_Ignorable_Code_Point}]/u;

/** Of those, what changes how its neighbours look: within emoji, in Arabic letters, after an Indic mark. */
const joiners =
  /(?<=[\p{Extended_Pictographic}\p{Emoji_Modifier}\uFE0F])\u200D(?=\p{Extended_Pictographic})|(?<=\p{Extended_Pictographic})\uFE0F|(?<=[\p{Script=Arabic}\p{M}])[\u200C\u200D](?=\p{L})/gu;

/** Whether a text has characters that nobody sees; names that come in from outside must have none. */
export const hasHiddenCharacters = (text: string): boolean =>
  !plain.test(text) && hidden.test(text.replaceAll(joiners, ''));
