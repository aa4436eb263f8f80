/** What the launcher is asked to do, as one line of JSON on its standard input. */
export type Job =
  | {
      kind: 'run';
      program: string;
      args: readonly string[];
      /** Made for it, and removed afterwards with everything in it. */
      directory: string;
      /** What the program finds in its scratch folder and on its standard input. */
      file: { name: string; content: string };
      timeoutMs: number;
      /** All of its environment. */
      environment: Record<string, string>;
    }
  /** Ends what a launcher that was killed has left. */
  | { kind: 'sweep'; directory: string };

/** What became of a program, as one line of JSON on the launcher's standard output. */
export type JobResult =
  | { status: 'exited'; code: number | null; output: string }
  | { status: 'timed-out'; output: string }
  | { status: 'not-found' }
  | { status: 'failed'; message: string };
