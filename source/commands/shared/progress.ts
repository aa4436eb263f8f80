import { printProgress, type TextStream } from '../../dashboard/output/print.ts';

export type Progress = {
  /** Shows how far a stage is, as a share in [0, 1]; repaints only when a whole percent was gained. */
  show(stage: string, share: number): void;
  /** Takes the bar off the screen. */
  clear(): void;
};

const width = 30;

/** A bar on one line of a terminal; nothing where the stream is none. */
export function createProgress(stream: TextStream): Progress {
  let shown = '';
  return {
    show(stage, share) {
      if (!stream.isTTY) return;
      const percent = Math.floor(share * 100);
      const filled = Math.round((share * width * 100) / 100);
      const text = `${stage} ${'█'.repeat(filled)}${'░'.repeat(width - filled)} ${percent}%`;
      if (text === shown) return;
      shown = text;
      printProgress(stream, text);
    },
    clear() {
      if (shown !== '') printProgress(stream, '');
      shown = '';
    },
  };
}
