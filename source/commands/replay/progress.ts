export type Progress = {
  /** Shows how far a stage is, as a share in [0, 1]; repaints only when a whole percent was gained. */
  show(stage: string, share: number): void;
  /** Takes the bar off the screen. */
  clear(): void;
};

const width = 30;

/** A bar on one line of a terminal; nothing where the stream is none. */
export function createProgress(stream: {
  isTTY?: boolean;
  write(text: string): boolean;
}): Progress {
  let shown = '';
  return {
    show(stage, share) {
      if (!stream.isTTY) return;
      const percent = Math.floor(share * 100);
      const filled = Math.round((share * width * 100) / 100);
      const text = `${stage} ${'█'.repeat(filled)}${'░'.repeat(width - filled)} ${percent}%`;
      if (text === shown) return;
      shown = text;
      stream.write(`\r\u{1B}[2K${text}`);
    },
    clear() {
      if (shown !== '') stream.write('\r\u{1B}[2K');
      shown = '';
    },
  };
}
