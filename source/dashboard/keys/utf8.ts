/** Stands for bytes that are no UTF-8. */
export const invalidCodePoint = 0xff_fd;

/**
 * Decodes UTF-8 byte by byte, in any number of reads. Bytes that begin nothing come back as
 * {@link invalidCodePoint}; 0x80 to 0x9F among them as themselves: as single bytes they are the C1
 * controls, by which a terminal may introduce its sequences.
 */
export function createUtf8Decoder(): (byte: number, take: (codePoint: number) => void) => void {
  let value = 0;
  let missing = 0;
  /** The smallest code point of that many bytes: a shorter one written longer is invalid. */
  let least = 0;
  return (byte, take) => {
    const isContinuation = (byte & 0xc0) === 0x80;
    if (missing > 0 && isContinuation) {
      value = (value << 6) | (byte & 0x3f);
      missing -= 1;
      if (missing === 0) take(isScalar(value) && value >= least ? value : invalidCodePoint);
      return;
    }
    if (missing > 0) {
      missing = 0;
      take(invalidCodePoint);
    }
    if (byte < 0x80) take(byte);
    else if (isContinuation || byte < 0xc2 || byte > 0xf4) {
      take(byte < 0xa0 ? byte : invalidCodePoint);
    } else {
      missing = byte < 0xe0 ? 1 : byte < 0xf0 ? 2 : 3;
      least = [0, 0x80, 0x8_00, 0x1_00_00][missing] ?? 0;
      value = byte & (0x3f >> missing);
    }
  };
}

const isScalar = (value: number): boolean =>
  value <= 0x10_ff_ff && (value < 0xd8_00 || value > 0xdf_ff);
