/** Asks a terminal for the colour of its background (OSC 11, ended so that no terminal rings). */
export const backgroundQuery = '\u001B]11;?\u001B\\';

/**
 * Whether the answer to `backgroundQuery` (`11;rgb:RR/GG/BB`, each one to four hexadecimal digits) is a light
 * colour; nothing where it is no such answer. Brightness by the weights of ITU-R BT.601.
 */
export function isLightBackground(answer: string): boolean | undefined {
  const found = /^11;rgba?:([\da-f]{1,4})\/([\da-f]{1,4})\/([\da-f]{1,4})/i.exec(answer);
  if (found === null) return undefined;
  const [red = 0, green = 0, blue = 0] = found
    .slice(1)
    .map((digits) => Number.parseInt(digits, 16) / (16 ** digits.length - 1));
  return 0.299 * red + 0.587 * green + 0.114 * blue > 0.5;
}
