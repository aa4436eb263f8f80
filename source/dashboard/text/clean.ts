import { stripVTControlCharacters } from 'node:util';

const ascii = /^[ -~]*$/;

/** Built for the first text that is not ASCII: they take milliseconds that most starts need not spend. */
let patterns: ReturnType<typeof buildPatterns> | undefined;

const buildPatterns = () => ({
  /** Text without any of what {@link cleanText} changes. */
  harmless:
    /^[^\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{M}\p{Default_Ignorable_Code_Point}\p{Emoji_Modifier}\p{Regional_Indicator}]*$/u,
  /** Moves the cursor or breaks the line. */
  controls: /[\p{Cc}\p{Zl}\p{Zp}]+/gu,
  /**
   * Turns the direction of text, takes no room, or takes a different room in every terminal: bidi
   * marks, joiners, variation selectors, tags, skin tones.
   */
  invisible: /[\p{Cf}\p{Default_Ignorable_Code_Point}\p{Emoji_Modifier}]/gu,
});

const firstFlagLetter = 0x1f1e6;

/**
 * Text from outside, made safe to draw: no escape sequence survives, and every terminal agrees with
 * us on its width. Pure and idempotent; plain text comes back as it is.
 */
export function cleanText(text: string): string {
  if (ascii.test(text)) return text;
  patterns ??= buildPatterns();
  const { harmless, controls, invisible } = patterns;
  if (harmless.test(text)) return text;
  return (
    stripVTControlCharacters(text)
      .toWellFormed()
      .replace(controls, ' ')
      .replace(invisible, '')
      // Flags are pairs of letters, and terminals differ on the width of the pair.
      .replace(/\p{Regional_Indicator}/gu, (letter) =>
        String.fromCodePoint((letter.codePointAt(0) ?? 0) - firstFlagLetter + 0x41),
      )
      // Stacks of combining marks grow into the lines above and below.
      .replace(/(\p{M}{2})\p{M}+/gu, '$1')
  );
}

/** For terminals that only know ASCII: an accent is left out, whatever else is not ASCII becomes `?`. */
export function asciiText(text: string): string {
  return cleanText(text)
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/[^ -~]/gu, '?');
}
